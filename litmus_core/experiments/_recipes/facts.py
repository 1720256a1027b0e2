"""The facts that the conditions of a recipe can refer to."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from litmus_core.advice import choose
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs import diagnosis
from litmus_core.experiments._runs.comparison.paired import leader_of
from litmus_core.recipes import Leader, class_facts, run_facts, table_facts
from litmus_core.runtime import label_text
from litmus_core.store import Workspace
from litmus_core.types import Budget, Candidate, DatasetVersion, Run, Task

Facts = dict[str, float | bool | None]


def of_table(context: Context, task: Task) -> Facts:
    """Return the facts about the table and the task before any run."""
    version = context.dataset(task.dataset_version_id)
    shares = class_shares(context.workspace, version, task)
    return table_facts(task, n_rows=version.n_rows, columns=version.columns, shares=shares)


def of_experiment(context: Context, task: Task, runs: list[Run]) -> Facts:
    """Return all facts that conditions can refer to."""
    leader = leading(context, runs)
    facts = of_table(context, task) | run_facts(task, runs, leader)
    return facts | _of_classes(context, leader)


def leading(context: Context, runs: list[Run]) -> Leader | None:
    """Return the best of all runs' chosen candidates; None if there is none."""
    by_run = {run.id: run for run in runs if run.chosen_id is not None}
    best = leader_of(context, list(by_run))
    if best is None:
        return None
    return Leader(
        candidate=best, verdict=by_run[best.run_id].verdict, held_back=_is_over_budget(context, best)
    )


def _is_over_budget(context: Context, leader: Candidate) -> bool:
    """Return whether a better model of the leader's run exceeds the budget."""
    candidates = context.candidates(leader.run_id)
    task = replace(context.experiment(leader.experiment_id).task, budget=Budget())
    best, _ = choose(candidates, task)
    return (
        next(candidate for candidate in candidates if candidate.id == best).in_budget is False
        and best != leader.id
    )


def leading_family(context: Context, task: Task, runs: list[Run]) -> Candidate | None:
    """Return the best single model of a built-in family by validation."""
    from litmus_core.engine import model_families

    keys = {family.key for family in model_families() if not family.stock}
    singles = [
        candidate
        for run in runs
        for candidate in context.candidates(run.id)
        if candidate.family in keys and not candidate.postprocess and candidate.validation is not None
    ]
    if not singles:
        return None
    best, _ = choose(singles, task)
    return next(candidate for candidate in singles if candidate.id == best)


def _of_classes(context: Context, leader: Leader | None) -> Facts:
    if leader is None:
        return {}
    report = diagnosis.diagnostics(context, leader.candidate.run_id)
    if report is None or report.candidate_id not in ("", leader.candidate.id):
        return {}
    return class_facts(report.confusion)


@lru_cache(maxsize=256)
def class_shares(workspace: Workspace, version: DatasetVersion, task: Task) -> dict[str, float]:
    """Return each class's share of the labelled rows, largest first; empty where the answer is a number."""
    import numpy as np

    from litmus_core.data import as_labels, count_values, read_labels

    if not task.type.has_classes:
        return {}
    if task.labels_are_stored:
        values, counts = count_values(workspace, version, task.target)
    else:
        per_label = read_labels(workspace, version, task).value_counts()
        values, counts = per_label.index.to_series(), per_label.to_numpy().astype(np.int64)
    present = values.notna().to_numpy()
    total = int(counts[present].sum())
    labels = as_labels(values[present]).tolist()
    shares = {label_text(label): n / total for label, n in zip(labels, counts[present].tolist(), strict=True)}
    return dict(sorted(shares.items(), key=lambda share: -share[1]))
