"""``litmus repeat``: a run carried out again, bit by bit."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, say, show
from litmus_core.cli._training import train_report


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("repeat")(repeat)


def repeat(
    run: Annotated[str, typer.Argument(help="The run's id.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Carry out again what a run did, without a clock, and say whether its models answer the same."""
    from litmus_core.experiments import Studio, TrainingHandle

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        again = studio.runs.repeat(run)
        say(f"{again.title}: {again.id}")
        ended = watch(TrainingHandle(studio, again.id))
        show(train_report(studio, ended), as_json=as_json, text=lambda: ended.message)
        fail_with(ended)
