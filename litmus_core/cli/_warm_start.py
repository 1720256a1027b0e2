"""``litmus continue``: continue training a model on new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, say, studio_command, table
from litmus_core.cli._training import candidate_report, train_report
from litmus_core.types import Candidate, Run

if TYPE_CHECKING:
    from litmus_core.experiments import Comparison


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("continue")(continue_training)


@studio_command
def continue_training(
    session: Session,
    candidate: Annotated[str, typer.Argument(help="The candidate's id, as the leaderboard shows it.")],
    data: Annotated[
        str | None,
        typer.Option(help="A version of its table with rows appended (dv_…). Default: the newest."),
    ] = None,
    old_per_new: Annotated[
        float, typer.Option(min=0, help="The number of old rows to learn from for each new row.")
    ] = 1.0,
    retrain: Annotated[
        bool,
        typer.Option("--retrain/--no-retrain", help="Also train it from scratch on all rows, to compare."),
    ] = True,
) -> None:
    """Add trees to a boosted model on new rows, and compare the result with retraining."""
    from litmus_core.experiments import TrainingHandle

    runs = session.studio.warm_start.start(candidate, data, old_per_new=old_per_new, retrain=retrain)
    ended = []
    for run in runs:
        say(f"{run.title}: {run.id}")
        ended.append(watch(TrainingHandle(session.studio, run.id)))
    both = session.studio.warm_start.comparison(runs[0].id)
    report = {
        "experiment": runs[0].experiment_id,
        "sentence": "" if both is None else both.sentence,
        "runs": [train_report(session.studio, run) for run in ended],
    }
    session.show(report, text=lambda: as_text(both, ended))
    fail_with(*ended)


def as_text(both: Comparison | None, runs: list[Run]) -> str:
    """Format both candidates for people, with the messages of their ``runs``."""
    sides = [] if both is None else [("continued", both.continued), ("retrained", both.retrained)]
    rows = [_row(how, figures) for how, figures in sides if figures is not None]
    sentence = "" if both is None else both.sentence
    notes = [f"{run.title}: {run.message}" for run in runs if run.message]
    best = "" if both is None or both.continued is None else both.continued.id
    then = f"Next: litmus export {best} --to model.zip" if best else ""
    return "\n\n".join(filter(None, [sentence, table(rows), *notes, then]))


def _row(how: str, candidate: Candidate) -> dict[str, Any]:
    report = candidate_report(candidate)
    return {
        "": how,
        "model": report["name"],
        "validation": report["validation"],
        "test": report["test"],
        "trained in, s": candidate.fit_s,
        "candidate": candidate.id,
    }
