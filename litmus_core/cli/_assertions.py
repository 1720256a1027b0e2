"""``litmus assertions``: set and test conditions on a model's predictions, besides its score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from litmus_core.cli._decisions import ByOption
from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import UsageError
from litmus_core.types import AssertionResult, to_plain

_STATUSES = {"held": 0, "broken": 1, "open": 3}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assertions")(assertions)


@studio_command
def assertions(
    session: Session,
    id: Annotated[  # noqa: A002 - the word people type
        str, typer.Argument(help="An experiment (its leading model), a run (its chosen one), or a candidate.")
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help='What must hold, such as "rises with area" (repeat); replaces earlier ones.'
        ),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="A text file of assertions, one a line.")] = None,
    by: ByOption = "",
) -> None:
    """Say what must hold of an experiment's models, and try it: status 0 it holds, 1 not, 3 open."""
    if set_ is not None or file is not None:
        if set_ and file:
            raise UsageError("--set and --file both say what must hold.", hint="Give only one of the two.")
        session.studio.assertions.set(id, file or set_ or (), by=by)
    results = session.studio.assertions.check(id)
    session.show(
        [_result_facts(result) for result in results],
        text=lambda: "\n".join(map(assertion_line, results)) or "Nothing is asserted.",
    )
    if status := assertions_status(results):
        raise typer.Exit(status)


def assertions_status(results: tuple[AssertionResult, ...]) -> int:
    """Return exit status 1 if an assertion is broken, 3 if an assertion is open, 0 otherwise."""
    statuses = {_STATUSES[result.state] for result in results}
    return next((status for status in (1, 3) if status in statuses), 0)


def assertion_line(result: AssertionResult) -> str:
    """Return a line with an assertion and its result."""
    from litmus_core.verdicts import assertion_text

    return f"{result.state}: {assertion_text(result.assertion)}. {result.sentence}"


def _result_facts(result: AssertionResult) -> dict[str, Any]:
    from litmus_core.verdicts import assertion_text

    plain: dict[str, Any] = to_plain(result)
    return plain | {"text": assertion_text(result.assertion)}
