"""How many test scores were seen of the rows that judge a run."""

from __future__ import annotations

from litmus_core import jobs
from litmus_core.experiments._context import Context
from litmus_core.types import Run, Verdict


def n_evaluations(context: Context, run: Run, verdict: Verdict) -> int:
    """Return how many test scores of the rows that judge a run were seen until now, in any experiment."""
    judged = jobs.JudgedRun(
        id=run.id,
        task=context.experiment(run.experiment_id).task,
        plan=run.plan,
        outer_folds=verdict.outer_folds,
    )
    versions = jobs.imported_versions(context.journal)
    others = jobs.other_evaluations(context.journal, judged, verdict.candidate_id, versions=versions)
    return max(verdict.n_evaluations, 1 + others)
