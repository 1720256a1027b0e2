"""Find, check and copy custom code for a run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from litmus_core.errors import writing
from litmus_core.plugins import (
    PLUGINS,
    PluginDescription,
    PlugInState,
    copy_parts,
    find_plugin,
    inspect_file,
    ready_at,
    resolve_part,
    store_run_metrics,
)
from litmus_core.runtime import MODULES
from litmus_core.types import Algorithm, CustomModel, PluginRef, RunPlan, Scalar, Task


def has_custom_files(plan: RunPlan) -> bool:
    """Return whether a plan names code by its file or module, other than a plug-in of the workspace."""
    parts = (*plan.preprocess, *plan.postprocess, *plan.hooks)
    models = [model.reference for model in plan.models]
    names = [*models, *(part.reference for part in parts), *(algorithm.key for algorithm in plan.algorithms)]
    return any(":" in name and not _is_workspace_plugin(name) for name in names)


def has_custom_question(task: Task, *, home: Path) -> bool:
    """Return whether a task's kind is named by its file or module, other than a plug-in that can be used."""
    ready = {described.reference for described in ready_at(home, "task_type")} if task.task_type else set()
    return any(
        part.reference not in ready and not _is_workspace_plugin(part.reference)
        for part in _custom_task_type(task)
    )


def _is_workspace_plugin(reference: str) -> bool:
    folders = Path(reference.rpartition(":")[0]).parts
    return folders[:1] == (PLUGINS,) and ".." not in folders


def check(plan: RunPlan, task: Task, *, home: Path) -> None:
    """Raise UsageError if custom code cannot be found, imported or constructed."""
    if _has_custom_parts(plan, task):
        with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
            _copy_sources(plan, Path(scratch), task, home)


@contextmanager
def stored_source(plan: RunPlan, folder: Path, task: Task, *, home: Path) -> Iterator[RunPlan]:
    """Copy the source of models and plug-ins into a run's folder, and yield the plan that refers to it.

    The workspace's ready hooks are added. If the ``with`` block or a check fails, the folder is deleted.
    ``home`` is the workspace's folder, whose ``plugins`` may be named. Raises UsageError.
    """
    plan = _with_hooks(_with_absolute_paths(plan), home)
    if not _has_custom_parts(plan, task):
        yield plan
        return
    try:
        with writing(folder):
            folder.mkdir(parents=True)
            brought = _copy_sources(plan, folder, task, home)
        yield brought
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _with_hooks(plan: RunPlan, home: Path) -> RunPlan:
    """Return the plan with the workspace's ready hooks, which observe every run."""
    named = {part.reference.rpartition(":")[2] for part in plan.hooks}
    more = [described.part() for described in ready_at(home, "hook") if described.name not in named]
    return replace(plan, hooks=(*plan.hooks, *more))


def _with_absolute_paths(plan: RunPlan) -> RunPlan:
    """Return the plan with absolute folders of encoders, since runs have their own working directory."""
    if not plan.algorithms:
        return plan
    from litmus_core.engine import with_absolute_folders

    return replace(plan, algorithms=with_absolute_folders(plan.algorithms))


def _has_custom_parts(plan: RunPlan, task: Task) -> bool:
    parts = (*plan.models, *plan.preprocess, *plan.postprocess, *plan.hooks, *_custom_task_type(task))
    return (
        bool(parts)
        or any(":" in algorithm.key for algorithm in plan.algorithms)
        or any(map(_is_custom_metric, _metric_names(plan, task)))
    )


def _custom_task_type(task: Task) -> tuple[PluginRef, ...]:
    from litmus_core.data import is_custom_task_type

    return (task.task_type,) if task.task_type is not None and is_custom_task_type(task.task_type) else ()


def _metric_names(plan: RunPlan, task: Task) -> list[str]:
    """Return the metrics that the run computes, the deciding one first."""
    return list(dict.fromkeys((task.metric, *plan.scoring.also_validation, *plan.scoring.also_test)))


def _is_custom_metric(name: str) -> bool:
    from litmus_core.metrics import get_metric

    return get_metric(name).is_custom


def _copy_sources(plan: RunPlan, folder: Path, task: Task, home: Path) -> RunPlan:
    """Copy all sources together, so that they share one hash.

    The returned models include custom algorithm classes.
    """
    from litmus_core.engine import check_models, check_plugin_steps, check_preprocessing
    from litmus_core.jobs import custom_models

    modules, base = folder / MODULES, Path.cwd()
    metrics = _metrics(plan, task, folder, home)
    parts = [resolve_part(home, hook) for hook in (*plan.preprocess, *plan.postprocess, *plan.hooks)]
    _refuse_unknown([*parts], home)
    refs = [*parts, *metrics.values(), *_custom_task_type(task)]
    plan_models = _models_of(plan)
    copy_parts(plan_models, base=base, to=modules, home=home)
    brought = copy_parts(refs, base=base, to=modules, home=home)
    models = copy_parts(plan_models, base=base, to=modules, home=home)  # with the hash of all copied files
    _check_trusted([*brought, *models], home)
    path_of = {old.reference: new.reference for old, new in zip(plan_models, models, strict=True)}
    algorithms = tuple(
        replace(algorithm, key=path_of.get(algorithm.key, algorithm.key)) for algorithm in plan.algorithms
    )
    check_models(
        custom_models(replace(plan, models=models, algorithms=algorithms)), modules, task.problem_type
    )
    n_pre, n_post = len(plan.preprocess), len(plan.postprocess)
    check_preprocessing(brought[:n_pre], modules)
    looked = inspect_file(brought, modules)
    judged = dict(zip(metrics, looked[len(parts) :], strict=False))
    inspect_file(_as_parts(algorithms, models), modules)
    check_plugin_steps(brought[n_pre : n_pre + n_post], modules)
    return replace(
        plan,
        models=models,
        algorithms=algorithms,
        preprocess=looked[:n_pre],
        postprocess=looked[n_pre : n_pre + n_post],
        hooks=looked[n_pre + n_post : len(parts)],
        scoring=replace(
            plan.scoring,
            metric=judged.pop(task.metric, None),
            reported=tuple(judged.values()),
            task_type=looked[-1] if _custom_task_type(task) else None,
        ),
    )


def _as_parts(algorithms: Sequence[Algorithm], models: Sequence[CustomModel]) -> list[PluginRef]:
    """Return custom algorithms as parts, so that their parameters are validated."""
    by_reference = {model.reference: model for model in models}
    return [
        PluginRef(
            point="algorithm",
            reference=algorithm.key,
            parameters=tuple(
                (one.name, cast(Scalar, one.value))  # a marked plug-in refuses a list
                for one in algorithm.hyperparameters
                if one.space is None
            ),
            module=by_reference[algorithm.key].module,
            name=by_reference[algorithm.key].name,
            sha256=by_reference[algorithm.key].sha256,
        )
        for algorithm in algorithms
        if algorithm.key in by_reference
    ]


def _models_of(plan: RunPlan) -> tuple[CustomModel, ...]:
    references = {model.reference for model in plan.models}
    named = dict.fromkeys(
        algorithm.key
        for algorithm in plan.algorithms
        if ":" in algorithm.key and algorithm.key not in references
    )
    return (*plan.models, *(CustomModel(reference=reference) for reference in named))


def _metrics(plan: RunPlan, task: Task, folder: Path, home: Path) -> dict[str, PluginRef]:
    """Return the run's custom metrics as parts, by name, and store their descriptions."""
    from litmus_core.metrics import get_metric

    parts: dict[str, PluginRef] = {}
    all_described: dict[str, PluginDescription] = {}
    for name in filter(_is_custom_metric, _metric_names(plan, task)):
        metric = get_metric(name)
        described: PluginDescription | None = find_plugin(home, "metric", metric.family).described
        if described is not None:
            all_described[metric.family] = described
            parts[name] = described.part(**_integer_values(described, dict(metric.parameters)))
    if all_described:
        store_run_metrics(folder, list(all_described.values()))
    return parts


def _integer_values(described: PluginDescription, values: dict[str, Any]) -> dict[str, Any]:
    folders = {parameter.name for parameter in described.parameters if parameter.kind == "int"}
    return {name: int(value) if name in folders else value for name, value in values.items()}


def _refuse_unknown(parts: list[PluginRef], home: Path) -> None:
    """Refuse a bare name without a plug-in, at extension points without built-in ones."""
    for part in parts:
        if part.point != "postprocess" and ":" not in part.reference:
            find_plugin(home, part.point, part.reference)  # raises an error with the reason


def _check_trusted(parts: list[PluginRef | CustomModel], home: Path) -> None:
    state = PlugInState(home)
    for part in parts:
        file = Path(part.reference.rpartition(":")[0])
        if file.suffix == ".py":
            state.check_trusted(file)
