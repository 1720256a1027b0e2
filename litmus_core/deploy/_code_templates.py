"""The Python code that repeats a model's run."""

from __future__ import annotations

from dataclasses import dataclass, fields
from keyword import iskeyword
from typing import Any

from litmus_core.runtime import part_text, portable
from litmus_core.types import (
    Algorithm,
    Compression,
    DatasetVersion,
    Folds,
    Hyperparameter,
    PluginRef,
    Resources,
    RunPlan,
    SplitPlan,
    Task,
    Tuning,
    WarmStart,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSources:
    """The addresses of a run's tables, as ``litmus_core.train`` takes them, its workspace and its name.

    ``models``: custom models are written by their references, otherwise by their modules in the bundle.
    """

    data: str
    validation: str | None = None
    test: str | None = None
    workspace: str | None = None
    name: str | None = None
    models: bool = False


class GeneratedCode(str):
    """A text whose ``repr`` is the text itself, for values that are written as Python code."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def reproduce_code(
    task: Task, dataset: DatasetVersion | None, plan: RunPlan | None, places: RunSources | None = None
) -> str:
    """Return a script that repeats the training: the same columns and settings, the same seed.

    Without ``places`` the table has the name that strangers may read, and separate validation and test files
    get placeholder names, since a bundle does not know where they are.
    """
    has_file = dataset is not None and dataset.source != dataset.IN_MEMORY
    places = places or RunSources(
        data=dataset.public_source if dataset is not None and has_file else "YOUR_TABLE.csv",
        validation="YOUR_VALIDATION_ROWS.csv" if task.validation_version_id else None,
        test="YOUR_TEST_ROWS.csv" if task.test_version_id else None,
    )
    plan = plan or RunPlan()
    if (compression := plan.origin_as(Compression)) is not None:
        return compression_code(compression)
    if (warm_start := plan.origin_as(WarmStart)) is not None:
        return warm_start_code(warm_start, dataset)
    call = [
        "handle = litmus_core.train(",
        *_argument("", _data(task, places)),
        f"    {task.target!r},",
        *_argument("goal", _goal(task, plan)),
        *_argument("algorithm", _algorithms(plan, by_reference=places.models)),
        *_argument("training", _training(plan, by_reference=places.models)),
        *_argument("folds", _folds(plan.folds)),
        *_argument("compute", _compute(task, plan)),
        *_argument("name", places.name),
        *_argument("workspace", places.workspace),
        ")",
    ]
    return "\n".join([*_imports(call), "", *call, "print(handle.wait().sentence)", ""])


def _argument(name: str, value: Any) -> list[str]:
    """Return the lines of an argument of the call; none where it says nothing."""
    if value in (None, [], {}):
        return []
    lines = value.lines() if isinstance(value, _Record) else [repr(value)]
    lines[0] = f"{name}={lines[0]}" if name else lines[0]
    return [f"    {line}" for line in [*lines[:-1], f"{lines[-1]},"]]


@dataclass(frozen=True, slots=True)
class _Record:
    """A call that builds a record, with a line for each field that is set."""

    name: str
    first: Any
    values: dict[str, Any]

    def lines(self) -> list[str]:
        """Return the call's lines."""
        arguments = [f"    {name}={value!r}," for name, value in self.values.items()]
        if not arguments:
            return [repr(self.first) if self.name == "Data" else f"{self.name}({self.first!r})"]
        first = [] if self.first is None else [f"    {self.first!r},"]
        return [f"{self.name}(", *first, *arguments, ")"]


def _record(name: str, first: Any = None, **values: Any) -> _Record | None:
    fields = {key: value for key, value in values.items() if value not in (None, [], {}, (), False)}
    return _Record(name, first, fields) if fields or first is not None else None


def warm_start_code(
    continues: WarmStart, dataset: DatasetVersion | None, *, workspace: str | None = None
) -> str:
    """Return a script that continues from the same candidate on the same version of its table.

    Both must be in the workspace, since the candidate was trained there.
    """
    wishes: dict[str, Any] = {"retrain": False, "workspace": workspace}
    wishes |= {"old_per_new": continues.old_per_new} if continues.old_per_new != 1.0 else {}
    arguments = [f"    {name}={value!r}," for name, value in wishes.items() if value is not None]
    version = "YOUR_VERSION" if dataset is None else dataset.id
    call = [
        "handle = litmus_core.continue_training(",
        f"    {continues.candidate_id!r},",
        f"    {version!r},",
    ]
    lines = ["import litmus_core", "", *call, *arguments, ")", "print(handle.wait().sentence)", ""]
    return "\n".join(lines)


def compression_code(refines: Compression, *, workspace: str | None = None) -> str:
    """Return a script that makes faster variants of the same candidate, which must be in the workspace."""
    origin = f"{refines.run_id!r}, {refines.candidate_id!r}"
    lines = [
        "import litmus_core",
        "from litmus_core.experiments import TrainingHandle",
        "",
        f"studio = litmus_core.Studio.open({'' if workspace is None else repr(workspace)})",
        f"run = studio.compression.start({origin}, shares={refines.shares!r})",
        "print(TrainingHandle(studio, run.id).wait().sentence)",
        "",
    ]
    return "\n".join(lines)


def _data(task: Task, places: RunSources) -> _Record | None:
    kind = task.task_type
    problem_type = task.problem_type if kind is None else part_text(kind if places.models else portable(kind))
    return _record(
        "Data",
        places.data,
        task=problem_type,
        positive_class=task.positive_class,
        weight=task.weight,
        only=list(task.features),
        validation=places.validation,
        test=places.test,
        split=_split(task.split),
        seed=task.seed,
    )


def _goal(task: Task, plan: RunPlan) -> _Record | str | None:
    budget = task.budget
    also_validation, also_test = plan.scoring.also_validation, plan.scoring.also_test
    metrics: Any = [task.metric, *also_validation]
    if also_validation != also_test:
        metrics = {"validation": metrics, "test": [task.metric, *also_test]}
    elif not also_validation:
        metrics = task.metric
    bar = str(task.bar) if task.bar else None
    limits = {
        "max_latency_ms": budget.max_latency_ms,
        "batch_rows": budget.batch_rows if budget.batch_rows != 1 else None,
        "max_size_mb": budget.max_size_mb,
        "monotone": dict(task.monotone),
    }
    return _record("Goal", bar, metrics=metrics, **limits)


def _compute(task: Task, plan: RunPlan) -> _Record | None:
    wanted = plan.compute
    phases = {"train": wanted.train, "tune": wanted.tune, "predict": wanted.predict}
    groups_of = {
        name: GeneratedCode(_constructor_code("Resources", phase)) for name, phase in phases.items() if phase
    }
    return _record(
        "Compute",
        where=wanted.where if wanted.where != "here" else None,
        **groups_of,
        time_limit_s=wanted.time_limit_s or task.time_limit_s,
    )


def _split(split: SplitPlan) -> str:
    if SplitPlan(kind=split.kind, column=split.column, finer=split.finer) != split:
        return GeneratedCode(_constructor_code("SplitPlan", split))
    return f"{split.kind}:{split.by}" if split.column else split.kind


def _custom_names(plan: RunPlan, *, by_reference: bool) -> dict[str, str]:
    """Return the name of each custom model in the code, by its reference."""
    return {
        model.reference: model.reference if by_reference else f"{model.module}:{model.name}"
        for model in plan.models
    }


def _algorithms(plan: RunPlan, *, by_reference: bool) -> list[list[str]] | None:
    custom_names = _custom_names(plan, by_reference=by_reference)
    return (
        [[GeneratedCode(_algorithm(algorithm, custom_names)) for algorithm in plan.algorithms]]
        if plan.algorithms
        else None
    )


def _training(plan: RunPlan, *, by_reference: bool) -> _Record | None:
    keys = {algorithm.key for algorithm in plan.algorithms}
    custom_names = _custom_names(plan, by_reference=by_reference)

    def parts(refs: tuple[PluginRef, ...]) -> list[str]:
        return [part_text(ref if by_reference else portable(ref)) for ref in refs]

    return _record(
        "Training",
        models=[*plan.families, *(name for reference, name in custom_names.items() if reference not in keys)],
        preprocess=parts(plan.preprocess),
        tuning=GeneratedCode(_constructor_code("Tuning", plan.tuning)) if plan.tuning else None,
        postprocess=parts(plan.postprocess),
        **{field.name: getattr(plan.training, field.name) for field in fields(plan.training)},
    )


def _folds(folds: Folds | None) -> int | str | None:
    """Return folds as ``train`` takes them: as a number if the rest is default."""
    if folds is None or folds == Folds(folds.n_folds, refit=folds.n_folds > 0):
        return None if folds is None else folds.n_folds
    return GeneratedCode(_constructor_code("Folds", folds))


def _constructor_code(name: str, value: Folds | Tuning | SplitPlan | Resources) -> str:
    """Return the constructor call of a frozen value, without arguments that have their defaults."""
    arguments = [
        f"{field.name}={getattr(value, field.name)!r}"
        for field in fields(value)
        if getattr(value, field.name) != field.default
    ]
    return f"{name}({', '.join(arguments)})"


def _algorithm(algorithm: Algorithm, names: dict[str, str]) -> str:
    arguments = [
        f"**{{{parameter.name!r}: {_hyperparameter(parameter)}}}"
        if iskeyword(parameter.name)  # LightGBM's lambda
        else f"{parameter.name}={_hyperparameter(parameter)}"
        for parameter in algorithm.hyperparameters
    ]
    return f"Algorithm({', '.join([repr(names.get(algorithm.key, algorithm.key)), *arguments])})"


def _hyperparameter(hyperparameter: Hyperparameter) -> str:
    return str(hyperparameter).partition("=")[2]


def _imports(call: list[str]) -> list[str]:
    """Return the imports that the call needs."""
    text = "\n".join(call)
    names = (
        *("Algorithm", "Choices", "Compute", "Data", "Floats", "Folds", "Goal", "Integers"),
        *("Resources", "Training", "Tuning"),
    )
    used = [name for name in names if f"{name}(" in text]
    lines = ["import litmus_core"]
    if used:
        lines.append(f"from litmus_core import {', '.join(used)}")
    if "SplitPlan(" in text:
        lines.append("from litmus_core.types import SplitPlan")
    return lines
