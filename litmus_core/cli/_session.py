"""The frame of all commands: shared options, output, and the exit status of expected errors."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, get_type_hints

import typer

from litmus_core.cli._options import READING
from litmus_core.cli._records import build_record, record_parameters
from litmus_core.errors import LitmusError, machine_message
from litmus_core.types import ReadOptions

if TYPE_CHECKING:
    from litmus_core.experiments import Studio

P = ParamSpec("P")

CANNOT_SAY = 2  # the exit status of a command that was called wrongly, or could not do what it was called for
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", help="The workspace's folder. Default: $LITMUS_HOME, then ~/.litmus."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout and nothing else.")]


@dataclass(frozen=True, slots=True)
class Session:
    """The open workspace of a command, and whether the command prints JSON."""

    studio: Studio
    as_json: bool

    def show(self, value: Any, *, text: Callable[[], str]) -> None:
        """Print ``value`` as JSON, or as the text for people."""
        show(value, as_json=self.as_json, text=text)


def studio_command(work: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Return ``work`` as a command that opens ``--workspace`` and obeys ``--json``.

    The command has the parameters of ``work`` without the session, which comes first. A record's fields
    become options; those of ``ReadOptions`` are the options for reading a file.
    """
    hints = get_type_hints(work, include_extras=True)
    _, *parameters = inspect.signature(work).parameters.values()
    reads = next((parameter.name for parameter in parameters if hints[parameter.name] is ReadOptions), None)
    records = {
        parameter.name: hints[parameter.name]
        for parameter in parameters
        if parameter.name != reads and is_dataclass(hints[parameter.name])
    }

    def command(*, workspace: Path | None, as_json: bool, **arguments: Any) -> None:
        if reads is not None:
            arguments[reads] = ReadOptions(**{name: arguments.pop(name) for name in READING})
        built = {name: build_record(record, arguments) for name, record in records.items()}
        from litmus_core.experiments import Studio

        with reporting(as_json=as_json), Studio.open(workspace) as studio:
            work(Session(studio, as_json), **arguments, **built)  # type: ignore[call-arg]

    shown: list[inspect.Parameter] = []
    for other in parameters:
        if other.name == reads:
            shown += [_parameter(name, kind, None) for name, kind in READING.items()]
        elif other.name in records:
            shown += record_parameters(records[other.name])
        else:
            shown.append(_parameter(other.name, hints[other.name], other.default))
    shown += [_parameter("workspace", WorkspaceOption, None), _parameter("as_json", JsonOption, False)]
    command.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    command.__wrapped__ = work  # type: ignore[attr-defined]
    command.__doc__, command.__name__, command.__module__ = work.__doc__, work.__name__, work.__module__
    return command


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


class FailedWork(Exception):  # noqa: N818 - the work failed; its error says why
    """Ends a command that was called rightly and whose work ended with ``error``, with status 1."""

    def __init__(self, error: LitmusError) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def reporting(*, as_json: bool) -> Iterator[None]:
    """End the command with the message and hint of an expected error; bugs keep their traceback.

    The exit status is 2: status 1 is a command's own "no", such as a bar that is missed or work that failed.
    """
    try:
        with machine_message():
            yield
    except (LitmusError, FailedWork) as raised:
        error, status = (raised.error, 1) if isinstance(raised, FailedWork) else (raised, CANNOT_SAY)
        if as_json:
            kind = type(error).__name__
            print_json({"error": {"type": kind, "message": error.message, "hint": error.hint}})
        say(error.message if not error.hint else f"{error.message}\n{error.hint}")
        raise typer.Exit(status) from None


def show(value: Any, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print ``value`` as JSON, or as the text for people."""
    if as_json:
        print_json(value)
    else:
        typer.echo(text())


def print_json(value: Any) -> None:
    """Print one JSON value on stdout; NaN and infinities become null."""
    typer.echo(json.dumps(_finite(value), ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Print a message for people on stderr."""
    print(text, file=sys.stderr, flush=True)


def table(rows: list[dict[str, Any]]) -> str:
    """Format rows as an aligned text table; the keys of the first row are the columns."""
    if not rows:
        return "(nothing yet)"
    names = list(rows[0])
    cells = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(names))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return plain_number(value)
    return str(value)


def plain_number(value: float) -> str:
    """Write four figures, without an exponent from a thousandth on: 10740 is "10,740"."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
