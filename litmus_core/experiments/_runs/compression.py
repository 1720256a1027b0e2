"""Make faster and smaller variants of a trained model, as a separate run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.placement import follow
from litmus_core.experiments._runs.service import RunsService
from litmus_core.text import quote_names
from litmus_core.types import Budget, Candidate, Compression, Folds, Run, RunPlan, Task

_NAME = "Faster variants"
SHARES = (0.5, 0.25, 0.1)


@dataclass(frozen=True, slots=True)
class CompressionService:
    """Faster and smaller variants of trained models."""

    context: Context
    runs: RunsService

    def start(self, run_id: str, candidate_id: str | None = None, *, shares: Sequence[float] = SHARES) -> Run:
        """Queue a run that makes faster variants of a candidate of ``run_id``, on the same rows and split.

        Each variant is a candidate of that run: scored, compiled, measured and exported like any other.
        ``candidate_id`` is the one to start from (None: the best by validation score); ``shares``, each
        between 0 and 1, are target shares of its latency. Raises UsageError before anything starts if nothing
        can be left out.
        """
        plan = self.plan(run_id, candidate_id, shares=shares)
        started = self.runs.start(self.context.run(run_id).experiment_id, plan)
        self.runs.rename(started.id, _NAME)
        return self.context.run(started.id)

    def plan(
        self, run_id: str, candidate_id: str | None = None, *, shares: Sequence[float] = SHARES
    ) -> RunPlan:
        """Return the plan of such a run. Raises the errors of :meth:`start`."""
        return compression_plan(self.context, run_id, candidate_id, shares=shares)


def compression_plan(
    context: Context, run_id: str, candidate_id: str | None = None, *, shares: Sequence[float] = SHARES
) -> RunPlan:
    """Return the plan of a run that makes faster variants. Raises the errors of starting it."""
    from litmus_core.engine import check_refinable, fitted_folds
    from litmus_core.jobs import check_judged_by_test_set

    if not shares or not all(0.0 < share < 1.0 for share in shares):
        raise UsageError(
            "Shares of the answering time lie between 0 and 1.", hint="0.25 is a quarter of the time."
        )
    run = context.run(run_id)
    if not run.is_settled:
        raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
    candidate = _candidate(context, run, candidate_id)
    task = context.experiment(run.experiment_id).task
    _check_rules(task)
    folder = context.workspace.run_dir(run.id)
    check_judged_by_test_set(folder)
    check_refinable(folder, candidate.model)
    plan, folds = run.plan, run.plan.folds or Folds(fitted_folds(folder))
    variants = RunPlan(
        postprocess=plan.postprocess,
        folds=replace(folds, parallel=None, refit=False),  # without models that would be trained besides them
        scoring=replace(plan.scoring, metric=None, reported=(), task_type=None),
        compute=replace(plan.compute, tune=None),
        training=replace(plan.training, stack=False),
        origin=Compression(
            candidate_id=candidate.id,
            run_id=run.id,
            model=candidate.model,
            shares=tuple(sorted(shares, reverse=True)),
        ),
    )
    return follow(variants)


def _check_rules(task: Task) -> None:
    """Raise UsageError if a faster variant would not learn as the task requires."""
    if task.weight is not None:
        raise UsageError(
            f"Its rows were weighted by '{task.weight}'; a faster variant would learn from them as they are.",
            hint="Train a faster family in its place: 'linear', or 'lightgbm' with fewer trees.",
        )
    if task.read_columns:
        raise UsageError(
            f"It answers by {quote_names(task.read_columns)} of each row; a faster variant would not.",
            hint="Train a faster family in its place: 'linear', or 'lightgbm' with fewer trees.",
        )
    if task.monotone:
        raise UsageError(
            f"Its predictions only rise or fall with {quote_names(name for name, _ in task.monotone)}; "
            "a faster variant would not keep to that.",
            hint="Train a faster family in its place: 'lightgbm' with fewer trees.",
        )


def _candidate(context: Context, run: Run, candidate_id: str | None) -> Candidate:
    """Return the candidate to start from, without steps; for one trained on all rows, that of its folds."""
    from litmus_core.advice import choose

    candidates = {other.id: other for other in context.candidates(run.id)}
    if candidate_id is None:
        offered = [other for other in candidates.values() if not other.postprocess and not other.refit_of]
        task = replace(context.experiment(run.experiment_id).task, budget=Budget())
        return candidates[choose(offered, task)[0]]
    if candidate_id not in candidates:
        raise UsageError(
            f"{run.title} has no candidate '{candidate_id}'.",
            hint=f"'litmus leaderboard {run.experiment_id}' lists them.",
        )
    candidate = candidates[candidate_id]
    if candidate.postprocess:  # the steps are fitted again, after each variant
        candidate = candidates[candidate.parents[0]]
    return candidates.get(candidate.refit_of, candidate)
