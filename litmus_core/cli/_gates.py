"""``litmus gate`` and the options of other commands that end with an exit status for CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from litmus_core.cli._junit import write_junit
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.verdicts import Gate, GateOutcome

_STATUS: dict[GateOutcome, int] = {"held": 0, "not met": 1, "undecided": 3}

Require = Literal["meets", "probably-meets"]
RequireOption = Annotated[
    Require | None,
    typer.Option(
        help="End with status 1 where the model does not meet the bar, 3 where that is undecided. "
        "probably-meets: a chance of two thirds is enough."
    ),
]
JunitOption = Annotated[Path | None, typer.Option(help="Write what was judged as JUnit XML to this file.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gate")(gate)


def gate(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="An experiment (its leading run), a run, or a candidate.")
    ],
    require: Annotated[
        Require,
        typer.Option(help="The outcome that passes; probably-meets: a chance of two thirds."),
    ] = "meets",
    junit: JunitOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a model meets its bar: exit status 0 if so, 1 if not, 2 without a bar, 3 if undecided."""
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json):
        with Studio.open(workspace) as studio:
            judged = studio.decisions.gate(id_, require)
        write_junit(judged, junit, name=f"litmus gate {id_}")
        show(gate_report(judged), as_json=as_json, text=lambda: judged.sentence)
        end_with(judged)


def gate_report(judged: Gate) -> dict[str, Any]:
    """Return a gate's facts as ``--json`` prints them."""
    return {"outcome": judged.outcome, "sentence": judged.sentence, "checks": to_plain(judged.checks)}


def end_with(judged: Gate) -> None:
    """End the command with the status of a gate that does not hold."""
    if not judged.is_held:
        raise typer.Exit(_STATUS[judged.outcome])
