"""Quotes of a training before it starts, and the outcomes of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core import jobs
from litmus_core.experiments._context import Context
from litmus_core.types import Folds, Quote, QuoteBasis, QuoteOutcome, RunEnded, RunPlan, RunQuoted, Task

if TYPE_CHECKING:
    from litmus_core.data import QuickReference
    from litmus_core.types import DatasetVersion

# Least time and memory of a run, measured with two to eight families on 300 rows. A network needs torch,
# which takes longer to import than trees to train.
_LEAST_S, _FAMILY_S, _NETWORK_S, _AFTER_S = 4.0, 1.5, 15.0, 8.0
_LEAST_MB, _FAMILY_MB, _NETWORK_MB = 300.0, 38.0, 215.0
_OUTER_SHARE = 0.55  # memory of each parallel outer fold as a share of the run's; measured with two
_TIMES = 8.0  # multiple of the rows in pandas, as measured in jobs/_memory_budget.py
_ONE_PART = 0.3  # share of the time of five folds


def quote(context: Context, task: Task, plan: RunPlan | None = None) -> Quote:
    """Return the expected time, memory and score of a run of ``task``; it takes seconds and starts nothing.

    Raises DataError or UsageError as :meth:`TasksService.baselines` does.
    """
    from litmus_core.advice import quote_of
    from litmus_core.data import quick_reference
    from litmus_core.metrics import score_unit

    version = context.dataset(task.dataset_version_id)
    separate, test = (
        None if version_id is None else context.dataset(version_id)
        for version_id in (task.validation_version_id, task.test_version_id)
    )
    reference = quick_reference(context.workspace, version, task, validation=separate, test=test)
    basis = _basis(context, version, task, plan or RunPlan(), reference)
    return quote_of(
        task.metric,
        basis,
        quote_outcomes(context),
        limit_s=task.time_limit_s,
        extra_s=_AFTER_S,
        unit=score_unit(task, version.column(task.target)),
    )


def _basis(
    context: Context, version: DatasetVersion, task: Task, plan: RunPlan, reference: QuickReference
) -> QuoteBasis:
    from litmus_core.data import bytes_per_row
    from litmus_core.engine import choose_families, choose_folds, folds_duration_s

    columns = [version.column(name) for name in task.features]
    n_rows, n_classes = reference.n_known, max(2, reference.n_classes)
    folds = plan.folds or Folds(
        choose_folds(task=task, columns=columns, n_rows=n_rows, n_classes=n_classes),
        outer=jobs.usual_outer_folds(plan, task, columns=columns, n_rows=version.n_rows),
    )
    five = folds_duration_s(columns=columns, n_rows=n_rows, n_classes=n_classes)
    share = folds.n_folds * folds.repeats / 5 if folds.n_folds else _ONE_PART
    times = 1 + jobs.rounds(plan, folds.outer)
    named = {*plan.families, *(algorithm.key for algorithm in plan.algorithms), *plan.models}
    families = named or choose_families(
        task=task,
        columns=columns,
        n_rows=n_rows,
        n_classes=reference.n_classes,
        seconds=task.time_limit_s / times,
    )
    n_networks = int("network" in families)
    row = bytes_per_row(context.workspace, version, columns=[*task.features, task.target])
    error = (reference.quick.high - reference.quick.low) / 3.92
    n_judging = n_rows + reference.n_test if folds.outer else reference.n_test or reference.quick.n_rows
    n_parallel = jobs.at_once(plan, folds.outer) if folds.outer else 0
    return QuoteBasis(
        constant=reference.constant,
        quick=reference.quick.value,
        noise=error * (1.0 + reference.quick.n_rows / n_judging) ** 0.5,
        seconds=times * (_LEAST_S + _FAMILY_S * len(families) + _NETWORK_S * n_networks + share * five),
        memory_mb=(1 + _OUTER_SHARE * n_parallel)
        * (
            _LEAST_MB
            + _FAMILY_MB * len(families)
            + _NETWORK_MB * n_networks
            + _TIMES * version.n_rows * row / 1e6
        ),
    )


def quote_outcomes(context: Context) -> list[QuoteOutcome]:
    """Return the quotes of the workspace's finished runs, oldest first, with their outcomes."""
    quoted: dict[str, Quote] = {}
    ended: dict[str, RunEnded] = {}
    for event in context.journal.events(types=[RunQuoted, RunEnded]):
        if isinstance(event.fact, RunQuoted):
            quoted.setdefault(event.fact.run_id, event.fact.quote)
        elif isinstance(event.fact, RunEnded):
            ended[event.fact.run_id] = event.fact
    runs = {run.id: run for run in context.store.runs()}
    outcomes = []
    for run_id, quoted_run in quoted.items():
        end, run = ended.get(run_id), runs.get(run_id)
        if end is None or run is None or end.status != "finished":
            continue
        verdict = run.verdict
        outcomes.append(
            QuoteOutcome(
                run_id=run_id,
                quote=quoted_run,
                minutes=sum(end.seconds.values()) / 60 if end.seconds else None,
                memory_mb=end.peak_mb,
                score=None if verdict is None else verdict.score.value,
            )
        )
    return outcomes
