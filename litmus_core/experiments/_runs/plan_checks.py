"""Check a run's plan before anything starts."""

from __future__ import annotations

import math
from dataclasses import replace

from litmus_core.cluster import Needs, check_place, inspect_machine, place_of
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._permissions import CUSTOM_CODE, check_permission
from litmus_core.experiments._plugins import source_copies
from litmus_core.experiments._runs import postprocess_checks
from litmus_core.types import Column, Folds, Resources, RunPlan, Task

_SHORTEST_S = 5.0


def bounded(plan: RunPlan, task: Task, most_s: float | None) -> RunPlan:
    """Return the plan with at most that many seconds; None: unchanged."""
    limit = task.time_limit_s if plan.compute.time_limit_s is None else plan.compute.time_limit_s
    if most_s is None or most_s >= limit:
        return plan
    return replace(plan, compute=replace(plan.compute, time_limit_s=most_s))


def check_code(context: Context, task: Task, plan: RunPlan | None = None) -> None:
    """Raise NotPermittedError if the task or plan names code of a file that the person may not run."""
    if source_copies.has_custom_question(task, home=context.workspace.path) or (
        plan is not None and source_copies.has_custom_files(plan)
    ):
        check_permission(context.person, CUSTOM_CODE)


def check_plan(context: Context, task: Task, plan: RunPlan) -> None:
    """Raise an error with similar valid values if a run of ``task`` cannot use this plan."""
    check_code(context, task, plan)
    from litmus_core.data import with_task_target
    from litmus_core.engine import (
        check_algorithms,
        check_encoders,
        check_families,
        check_folds,
        check_tuning,
        is_custom,
    )

    limit_s = plan.compute.time_limit_s
    if limit_s is not None and not _SHORTEST_S <= limit_s < math.inf:
        raise UsageError(
            f"A run of {limit_s:g} s is not possible.", hint=f"Give it at least {_SHORTEST_S:g} s."
        )
    version = context.dataset(task.dataset_version_id)
    _check_learning(plan, task, n_rows=version.n_rows)
    columns = [version.column(name) for name in task.features]
    keys = (*plan.families, *(algorithm.key for algorithm in plan.algorithms if not is_custom(algorithm)))
    if keys:
        check_families(keys, task.problem_type, columns)
        check_encoders(plan.families, plan.algorithms)
    check_tuning(plan)
    check_algorithms(
        plan.algorithms, task.problem_type, is_tuned=True
    )  # with a search space the value is tuned
    _check_place(plan)
    _check_resources("train", plan.compute.train, elsewhere=place_of(plan.compute.where).on_ray)
    _check_resources("tune", plan.compute.tune, elsewhere=place_of(plan.compute.where).on_ray)
    _check_resources("predict", plan.compute.predict)
    _check_metrics(plan, task, with_task_target(context.workspace, version, task).column(task.target))
    if plan.folds is not None:
        check_folds(plan.folds, task)
        if plan.folds.n_folds or plan.folds.has_time_gap:
            _check_fold_rows(context, task, plan.folds)
    postprocess_checks.check(context.workspace, version, task, plan.postprocess, columns)
    source_copies.check(plan, task, home=context.workspace.path)
    _check_memory(plan)


def _check_learning(plan: RunPlan, task: Task, *, n_rows: int) -> None:
    from litmus_core.engine import (
        check_balanced,
        check_learnable,
        check_monotone_plan,
        check_stack,
        is_custom,
    )

    keys = (*plan.families, *(algorithm.key for algorithm in plan.algorithms if not is_custom(algorithm)))
    check_learnable(keys, task, has_custom=bool(plan.models) or any(map(is_custom, plan.algorithms)))
    check_balanced(plan, task)
    check_monotone_plan(plan, task)
    if plan.training.stack:
        check_stack(plan, task)
    beyond = next((row for row in plan.training.without_rows if not 0 <= row < n_rows), None)
    if beyond is not None:
        raise UsageError(
            f"There is no row {beyond:,} to leave out.", hint=f"Rows are counted from 0 to {n_rows - 1:,}."
        )


def _check_place(plan: RunPlan) -> None:
    place = place_of(plan.compute.where)
    if place.on_ray:
        check_place(place, purpose="Training on Ray")


def _check_memory(plan: RunPlan) -> None:
    """Check that a machine of the cluster has the requested resources: Ray would wait for ever."""
    needs = [
        Needs.of(resources) for resources in (plan.compute.train, plan.compute.tune) if resources is not None
    ]
    if place_of(plan.compute.where).on_ray and any(need != Needs() for need in needs):
        machines = inspect_machine(plan.compute.where)
        for one in needs:
            one.check(machines)


def _check_resources(phase: str, resources: Resources | None, *, elsewhere: bool = False) -> None:
    from litmus_core.engine import check_resources

    if resources is None:
        return
    check_resources(phase, resources, elsewhere=elsewhere)
    if phase == "predict" and (resources.gpus or resources.memory_gb is not None):
        raise UsageError(
            "Answering is measured on processors: 'predict' takes cpus alone.",
            hint="Leave the rest out; a certificate (litmus certify) holds a bundle to an amount of memory.",
        )


def _check_metrics(plan: RunPlan, task: Task, target: Column) -> None:
    from litmus_core.data import check_metric

    for name in (*plan.scoring.also_validation, *plan.scoring.also_test):
        check_metric(replace(task, metric=name, bar=None), target, labels=None)


def _check_fold_rows(context: Context, task: Task, folds: Folds) -> None:
    """Check the rows for folds: all except the test set."""
    import numpy as np

    from litmus_core.data import as_labels, group_codes, labels_of, moments, read_rows, split, time_gap
    from litmus_core.engine import check_fold_rows, check_pairs, columns_of, kind_of, read_folds

    version = context.dataset(task.dataset_version_id)
    if folds.stored:
        check_pairs(read_folds(context.workspace.path, folds.stored), n_rows=version.n_rows)
        return
    columns, kind = columns_of(folds, task), kind_of(folds, task)
    for column in columns:
        if column not in version.column_names:
            raise UnknownNameError(kind="column", name=column, names=version.column_names)
    wanted = dict.fromkeys((task.target, *task.split.columns, *columns))
    frame = read_rows(context.workspace, version, columns=list(wanted))
    frame[task.target] = labels_of(context.workspace, version, frame[task.target], task)
    if task.test_version_id is not None:
        rows = frame[frame[task.target].notna()]
    else:
        parts = split(frame, task)
        rows = frame.iloc[np.sort(np.concatenate([parts.train, parts.validation]))]
    gap = time_gap(folds, frame[columns[0]] if len(columns) == 1 else None)
    if not folds.n_folds:
        return
    check_fold_rows(
        folds,
        task,
        labels=as_labels(rows[task.target]).astype(str).tolist(),
        groups=group_codes(rows[columns[0]]) if kind == "group" and columns else None,
        times=moments(rows, columns) if kind == "time" and columns else None,
        gap=gap,
    )
