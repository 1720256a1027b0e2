"""``litmus compress``: faster and smaller variants of a trained model, each measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, say, studio_command, table
from litmus_core.cli._training import candidate_report, train_report
from litmus_core.types import Candidate, Compression, Run

if TYPE_CHECKING:
    from litmus_core.experiments import Studio

_ROWS = (1, 1_000)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compress")(compress)


@studio_command
def compress(
    session: Session,
    run: Annotated[str, typer.Argument(help="The run's id.")],
    candidate: Annotated[
        str | None, typer.Option(help="The candidate to start from. Default: the best by validation.")
    ] = None,
    share: Annotated[
        list[float] | None,
        typer.Option(help="The share of its answering time to aim at, such as 0.25 (repeat)."),
    ] = None,
) -> None:
    """Make faster variants of a run's best model: fewer members, trees or columns, or a small model."""
    from litmus_core.experiments import TrainingHandle

    started = session.studio.compression.start(run, candidate, **({"shares": share} if share else {}))
    say(f"{started.title}: {started.id}")
    ended = watch(TrainingHandle(session.studio, started.id))
    parent, variants = _parent_and_variants(session.studio, ended)
    report = {
        "experiment": ended.experiment_id,
        "compressed": candidate_report(parent),
        "variants": [candidate_report(variant) for variant in variants],
        "run": train_report(session.studio, ended),
    }
    session.show(report, text=lambda: as_text(parent, variants, ended))
    fail_with(ended)


def _parent_and_variants(studio: Studio, run: Run) -> tuple[Candidate, list[Candidate]]:
    from litmus_core.advice import ranked

    compression = run.plan.origin_as(Compression)
    parent = studio.candidates.get(compression.candidate_id if compression else run.chosen_id or "")
    return parent, ranked(studio.candidates.list(run.id))


def as_text(parent: Candidate, variants: Sequence[Candidate], run: Run) -> str:
    """Format the variants below their parent model."""
    from litmus_core.verdicts import verdict_sentence

    rows = [_row(variant) for variant in (parent, *variants)]
    verdict = verdict_sentence(run.verdict) if run.verdict else ""
    hint = f"Next: litmus export {run.chosen_id} --to model.zip" if run.chosen_id else ""
    return "\n\n".join(filter(None, [table(rows), verdict, run.message, hint]))


def _row(candidate: Candidate) -> dict[str, Any]:
    report = candidate_report(candidate)
    figures = {n_rows: candidate.latency_at(n_rows) for n_rows in _ROWS}
    times = {
        f"{n_rows:,} row{'s' if n_rows > 1 else ''}, ms": None if figure is None else round(figure.p50_ms, 3)
        for n_rows, figure in figures.items()
    }
    return {"model": report["name"], "validation": report["validation"], **times, "candidate": candidate.id}
