"""What every command shares: options, output, and how deliberate errors end it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from litmus_core.errors import LitmusError, machine_message

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", help="The workspace's folder. Default: $LITMUS_HOME, then ~/.litmus."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout and nothing else.")]


@contextmanager
def reporting(*, as_json: bool) -> Iterator[None]:
    """End the command with a deliberate error's message and hint; a bug stays a bug."""
    try:
        with machine_message():
            yield
    except LitmusError as error:
        if as_json:
            kind = type(error).__name__
            print_json({"error": {"type": kind, "message": error.message, "hint": error.hint}})
        say(error.message if not error.hint else f"{error.message}\n{error.hint}")
        raise typer.Exit(1) from None


def show(value: Any, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print ``value`` as JSON, or the text for people."""
    if as_json:
        print_json(value)
    else:
        typer.echo(text())


def print_json(value: Any) -> None:
    """Print one JSON value on stdout; a number that JSON has no word for becomes null."""
    typer.echo(json.dumps(_finite(value), ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Tell a person something on stderr."""
    print(text, file=sys.stderr, flush=True)


def table(rows: list[dict[str, Any]]) -> str:
    """Lay rows out as an aligned text table; the first row's keys are the columns."""
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
        return f"{value:.4g}"
    return str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
