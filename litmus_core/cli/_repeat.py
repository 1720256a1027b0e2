"""``litmus repeat``: repeat a run exactly."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, say, studio_command
from litmus_core.cli._training import train_report


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("repeat")(repeat)


@studio_command
def repeat(
    session: Session,
    run: Annotated[str, typer.Argument(help="The run's id.")],
) -> None:
    """Repeat a run without time limits, and report whether its models give the same predictions."""
    from litmus_core.experiments import TrainingHandle

    again = session.studio.runs.repeat(run)
    say(f"{again.title}: {again.id}")
    ended = watch(TrainingHandle(session.studio, again.id))
    session.show(train_report(session.studio, ended), text=lambda: ended.message)
    fail_with(ended)
