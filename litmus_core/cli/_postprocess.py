"""``litmus postprocess``: add steps after a trained model."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, say, studio_command
from litmus_core.cli._training import train_report


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("postprocess")(postprocess)


@studio_command
def postprocess(
    session: Session,
    candidate: Annotated[str, typer.Argument(help="The candidate's id, as the leaderboard shows it.")],
    steps: Annotated[list[str], typer.Argument(help="Such as 'threshold(at=0.3)', in their order.")],
) -> None:
    """Add steps after a trained model, in a run that trains nothing, and judge the result."""
    from litmus_core.experiments import TrainingHandle
    from litmus_core.verdicts import verdict_sentence

    run = session.studio.candidates.postprocess(candidate, steps)
    say(f"{run.title}: {run.id}")
    ended = watch(TrainingHandle(session.studio, run.id))
    message = verdict_sentence(ended.verdict) if ended.verdict else ended.message
    session.show(train_report(session.studio, ended), text=lambda: message)
    fail_with(ended)
