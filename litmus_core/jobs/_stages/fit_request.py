"""Turn a plan into a fit request: rows and folds, model families, algorithms and custom models."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.cluster import place_of
from litmus_core.jobs._stages.repeat import repeated_run_id, source_of
from litmus_core.jobs._stages.target_encoding_guard import fold_count_without_target_encoders
from litmus_core.jobs._stages.warm_start import warm_start_source
from litmus_core.text import format_count
from litmus_core.types import (
    Algorithm,
    CustomModel,
    Folds,
    ParameterValue,
    Resources,
    RunPlan,
    Task,
    from_plain,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.engine import FitRequest, FoldKeys
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData


_MUCH_LONGER = 10.0  # times the time limit


def request_of(context: RunContext, data: RunData, *, deadline: float) -> FitRequest:
    """Return the fit request for the run's plan; ``deadline`` is in time.time() seconds.

    Models that cannot keep the task's monotone constraints are left out.
    """
    return _monotone_only(requested_fit(context, data, deadline=deadline))


def _monotone_only(request: FitRequest) -> FitRequest:
    from litmus_core.engine import may_be_monotone

    if not request.task.monotone:
        return request
    return replace(
        request,
        families=tuple(filter(may_be_monotone, request.families)),
        algorithms=tuple(one for one in request.algorithms if may_be_monotone(one.key)),
        custom=(),
    )


def models_left_out(context: RunContext, data: RunData, *, deadline: float) -> tuple[str, ...]:
    """Return a sentence that names the models that cannot keep the task's monotone constraints, if any."""
    from litmus_core.engine import unconstrained_message

    task = context.experiment.task
    if not task.monotone or context.plan.origin is not None:
        return ()
    request = requested_fit(context, data, deadline=deadline)
    message = unconstrained_message(task, request.families, request.algorithms, request.custom)
    return (message,) if message else ()


def requested_fit(context: RunContext, data: RunData, *, deadline: float) -> FitRequest:
    """Return the fit request with all models that the plan names, or that Litmus would choose."""
    import pandas as pd

    from litmus_core.engine import FitRequest, FoldKeys

    task, plan = context.experiment.task, context.plan
    train = data.rows("train")
    validation: pd.DataFrame | None = data.rows("validation")
    folds, keys = inner_folds(context, data), FoldKeys()
    if folds.n_folds:
        train, validation = pd.concat([train, data.rows("validation")]), None
        keys = keys_of(folds, context, data, train)
    families, warm_start = plan.families, warm_start_source(context, data)
    algorithms = family_algorithms(plan)
    if is_open(plan) and warm_start is None:
        families, algorithms = _default_models(context, data, train, deadline=deadline)
    weight = () if data.weight is None else (data.weight,)
    wanted = list(dict.fromkeys([*(column.name for column in data.columns), task.target, *weight]))
    return FitRequest(
        folder=context.folder,
        train=train[wanted],
        validation=None if validation is None else validation[wanted],
        columns=data.columns,
        task=replace(task, task_type=plan.scoring.task_type or task.task_type),
        deadline=deadline,
        families=tuple(families),
        algorithms=algorithms,
        custom=custom_models(plan),
        preprocess=plan.preprocess,
        folds=folds,
        fold_keys=keys,
        compute=plan.compute,
        training=replace(plan.training, without_rows=data.positions_of(plan.training.without_rows)),
        source=warm_start,
    )


def is_open(plan: RunPlan) -> bool:
    """Return whether Litmus chooses the model families, since nobody chose any models."""
    return not (plan.families or plan.algorithms)


def gains_by_time(context: RunContext, data: RunData, request: FitRequest) -> bool:
    """Return whether Litmus would choose other models or other folds with a much longer time limit."""
    from litmus_core.engine import hyperparameters_for

    experiment = context.experiment
    task = replace(experiment.task, time_limit_s=_MUCH_LONGER * experiment.task.time_limit_s)
    longer = request_of(
        replace(context, experiment=replace(experiment, task=task)),
        data,
        deadline=context.started + _MUCH_LONGER * (request.deadline - context.started),
    )
    return longer.folds != request.folds or hyperparameters_for(longer) != hyperparameters_for(request)


def _default_models(
    context: RunContext, data: RunData, train: pd.DataFrame, *, deadline: float
) -> tuple[tuple[str, ...], tuple[Algorithm, ...]]:
    """Return the families, and second models of some, that Litmus chooses if nobody chose any."""
    from litmus_core.engine import choose_families, second_models

    task, plan = context.experiment.task, context.plan
    n_rows, n_classes = len(train), train[task.target].nunique() if task.type.learns_each_class else 0
    families = choose_families(
        task=task,
        columns=data.columns,
        n_rows=n_rows,
        n_classes=n_classes,
        seconds=None if data.outer is None else deadline - time.time(),
    )
    n_fits = 1 if data.outer is None else 2 + int(data.outer.max())
    return families, second_models(
        families,
        problem_type=task.problem_type,
        n_rows=n_rows,
        n_classes=n_classes,
        seconds=task.time_limit_s / n_fits,
        may_vary=not (plan.training.stack or plan.tuning),
    )


def family_algorithms(plan: RunPlan) -> tuple[Algorithm, ...]:
    """Return the algorithms that are model families with given values, without custom models."""
    return tuple(algorithm for algorithm in plan.algorithms if ":" not in algorithm.key)


def custom_models(plan: RunPlan) -> tuple[CustomModel, ...]:
    """Return the custom models, each with its algorithm's parameters, if any.

    Parameters that are still to be tuned are left out.
    """
    by_reference = {model.reference: model for model in plan.models}
    algorithms = [algorithm for algorithm in plan.algorithms if algorithm.key in by_reference]
    plain = set(by_reference) - {algorithm.key for algorithm in algorithms}
    return (
        *(model for model in plan.models if model.reference in plain),
        *(
            replace(by_reference[algorithm.key], parameters=_fixed_values(algorithm))
            for algorithm in algorithms
        ),
    )


def _fixed_values(algorithm: Algorithm) -> tuple[tuple[str, ParameterValue], ...]:
    return tuple(
        (parameter.name, parameter.value)
        for parameter in algorithm.hyperparameters
        if parameter.space is None
    )


def fold_columns(plan: RunPlan, task: Task) -> tuple[str, ...]:
    """Return the columns that folds depend on, besides the task's own."""
    from litmus_core.engine import columns_of

    return columns_of(plan.folds, task) if plan.folds else ()


def training_message(request: FitRequest) -> str:
    """Describe the training that is about to start."""
    from litmus_core.engine import algorithm_title, get_model_family, title_of

    if request.refined is not None:
        return f"Making faster variants of: {title_of(request.refined.model)}"
    if request.warm_start is not None:
        return f"Continuing with: {title_of(request.warm_start.model)}"
    titles = [get_model_family(key).title for key in request.families]
    titles += [algorithm_title(one) for one in request.algorithms if one not in request.variants]
    parts = [format_count(len(titles), "model family", "model families")] if titles else []
    parts += [f"{format_count(len(request.custom), 'model')} of your own"] if request.custom else []
    names = ", ".join([*titles, *(model.name for model in request.custom)])
    rest = ". With the time left, some of them again with other settings" if request.variants else ""
    return f"Training with {' and '.join(parts)}: {names}{rest}"


def unmet_wishes(plan: RunPlan) -> tuple[str, ...]:
    """Return a message for each request that was not met although models were trained."""
    from litmus_core.engine import folds_at_once

    folds, resources = plan.folds, plan.compute.train or Resources()
    if folds is None or not folds.parallel or place_of(plan.compute.where).on_ray:
        return ()
    if folds_at_once(folds, resources=resources) > 1:
        return ()
    why = "training has one processor, or too little free memory for two processes"
    if resources.gpus:
        why = "a GPU is not shared"
    return (f"Folds were fitted one after the other: {why}.",)


def inner_folds(context: RunContext, data: RunData) -> Folds:
    """Return the folds that the plan requests, else those that Litmus chooses; 0 folds: none."""
    chosen = _chosen_folds(context, data)
    if data.outer is None:
        return replace(chosen, outer=0)
    return replace(chosen, outer=int(data.outer.max()) + 1)


def _chosen_folds(context: RunContext, data: RunData) -> Folds:
    from litmus_core.engine import USUAL_FOLDS

    plan = context.plan
    if repeated_run_id(plan):
        from litmus_core.engine import read_executed_plan

        return from_plain(Folds, read_executed_plan(source_of(context))["folds"])
    folds = plan.folds
    if folds is None and plan.training.stack:
        folds = Folds(USUAL_FOLDS)
    if folds is None:
        n_folds = folds_of(context.experiment.task, data, plan.compute.train)
        return Folds(fold_count_without_target_encoders(context, data, n_folds, is_requested=False))
    return replace(
        folds, n_folds=fold_count_without_target_encoders(context, data, folds.n_folds, is_requested=True)
    )


def folds_of(task: Task, data: RunData, resources: Resources | None = None) -> int:
    """Return the number of folds that Litmus uses for the rows outside the test set (0: none)."""
    from litmus_core.engine import choose_folds

    return choose_folds(
        task=task,
        columns=data.columns,
        n_rows=len(data.index("train")) + len(data.index("validation")),
        n_classes=data.frame[data.target].nunique() if task.type.learns_each_class else 0,
        resources=resources or Resources(),
    )


def keys_of(folds: Folds, context: RunContext, data: RunData, train: pd.DataFrame) -> FoldKeys:
    """Return the keys of the (n,) folded rows: groups and times, or the rows of each custom fold."""
    from litmus_core.engine import FoldKeys, read_folds

    if not folds.stored:
        return fold_keys(folds, context.experiment.task, data, train)
    pairs = read_folds(context.workspace.path, folds.stored)
    return FoldKeys(pairs=pairs, places=data.places_of(train.index.to_numpy()))


def fold_keys(folds: Folds, task: Task, data: RunData, train: pd.DataFrame) -> FoldKeys:
    """Return the groups and the times of the (n,) folded rows, if folds depend on them."""
    import numpy as np

    from litmus_core.data import group_codes, moments, time_gap
    from litmus_core.engine import FoldKeys, columns_of, kind_of

    kind, columns = kind_of(folds, task), columns_of(folds, task)
    if kind == "time" and columns:
        gap = time_gap(folds, train[columns[0]] if len(columns) == 1 else None)
        return FoldKeys(times=moments(train, columns), gap=gap)
    if kind != "group" or not columns:
        return FoldKeys()
    column = columns[0]
    if task.split.kind == "group" and column == task.split.column and data.block is not None:
        return FoldKeys(groups=np.asarray(data.block[train.index.to_numpy()]))
    return FoldKeys(groups=group_codes(train[column]))
