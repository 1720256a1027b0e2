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
    Hyperparameter,
    KFold,
    Resources,
    RunPlan,
    SplitPlan,
    Task,
    Tuning,
    WarmStart,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the run's tables are, as ``litmus_core.train`` takes them, and which workspace and name it had.

    ``models`` are the classes of one's own by their references; else by the modules that lie in a bundle.
    """

    data: str
    validation: str | None = None
    test: str | None = None
    workspace: str | None = None
    name: str | None = None
    models: bool = False


class GeneratedCode(str):
    """A value that is written as Python code instead of a text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def code_that_repeats(
    task: Task, dataset: DatasetVersion | None, plan: RunPlan | None, places: Places | None = None
) -> str:
    """Return a script that asks for the same training of the same columns with the same seed.

    Without ``places`` own validation and test files are named by a place to fill in: the bundle does not
    know where they are.
    """
    places = places or Places(
        data=dataset.source if dataset is not None else "YOUR_TABLE.csv",
        validation="YOUR_VALIDATION_ROWS.csv" if task.validation_version_id else None,
        test="YOUR_TEST_ROWS.csv" if task.test_version_id else None,
    )
    plan = plan or RunPlan()
    if plan.refines is not None:
        return code_that_refines(plan.refines)
    if plan.continues is not None:
        return code_that_continues(plan.continues, dataset)
    wishes = _of_task(task, plan, by_reference=places.models) | _of_plan(plan, by_reference=places.models)
    wishes |= {"validation": places.validation, "test": places.test}
    wishes |= {"name": places.name, "workspace": places.workspace}
    told = [f"    {name}={value!r}," for name, value in wishes.items() if value not in (None, [], {})]
    call = ["handle = litmus_core.train(", f"    {places.data!r},", f"    {task.target!r},", *told, ")"]
    return "\n".join([*_imports(call), "", *call, "print(handle.wait().sentence)", ""])


def code_that_continues(
    continues: WarmStart, dataset: DatasetVersion | None, *, workspace: str | None = None
) -> str:
    """Return a script that goes on with the same candidate on the same version of its table.

    Both must be in the workspace: a candidate is what was trained there.
    """
    wishes: dict[str, Any] = {"anew": False, "workspace": workspace}
    wishes |= {"old_per_new": continues.old_per_new} if continues.old_per_new != 1.0 else {}
    told = [f"    {name}={value!r}," for name, value in wishes.items() if value is not None]
    version = "YOUR_VERSION" if dataset is None else dataset.id
    call = [
        "handle = litmus_core.continue_training(",
        f"    {continues.candidate_id!r},",
        f"    {version!r},",
    ]
    lines = ["import litmus_core", "", *call, *told, ")", "print(handle.wait().sentence)", ""]
    return "\n".join(lines)


def code_that_refines(refines: Compression, *, workspace: str | None = None) -> str:
    """Return a script that makes faster variants of the same candidate, which must be in the workspace."""
    asked = f"{refines.run_id!r}, {refines.candidate_id!r}"
    lines = [
        "import litmus_core",
        "from litmus_core.experiments import TrainingHandle",
        "",
        f"studio = litmus_core.Studio.open({'' if workspace is None else repr(workspace)})",
        f"run = studio.compression.start({asked}, shares={refines.shares!r})",
        "print(TrainingHandle(studio, run.id).wait().sentence)",
        "",
    ]
    return "\n".join(lines)


def _of_task(task: Task, plan: RunPlan, *, by_reference: bool) -> dict[str, Any]:
    kind = task.task_type
    return {
        "only": list(task.features),
        "problem_type": task.problem_type if kind is None else None,
        "task_type": None if kind is None else part_text(kind if by_reference else portable(kind)),
        "positive_class": task.positive_class,
        **_of_metrics(task.metric, plan),
        "bar": str(task.bar) if task.bar else None,
        "max_latency_ms": task.budget.max_latency_ms,
        "batch_rows": task.budget.batch_rows if task.budget.batch_rows != 1 else None,
        "max_size_mb": task.budget.max_size_mb,
        "split": _split(task.split),
        "time_limit_s": plan.time_limit_s or task.time_limit_s,
        "seed": task.seed,
    }


def _of_metrics(metric: str, plan: RunPlan) -> dict[str, Any]:
    on_validation, on_test = ([metric, *also] for also in (plan.also_validation, plan.also_test))
    if len(on_validation) == len(on_test) == 1:
        return {"metric": metric}
    same = on_validation == on_test
    return {"metrics": on_validation if same else {"validation": on_validation, "test": on_test}}


def _split(split: SplitPlan) -> str:
    if SplitPlan(kind=split.kind, column=split.column, finer=split.finer) != split:
        return GeneratedCode(_made("SplitPlan", split))
    return f"{split.kind}:{split.by}" if split.column else split.kind


def _of_plan(plan: RunPlan, *, by_reference: bool) -> dict[str, Any]:
    asked = {each.key for each in plan.algorithms}
    own = {
        each.reference: each.reference if by_reference else f"{each.module}:{each.name}"
        for each in plan.models
    }
    resources = {
        phase: {field.name: getattr(wanted, field.name) for field in fields(Resources)}
        for phase, wanted in (("train", plan.train), ("tune", plan.tune), ("predict", plan.predict))
        if wanted is not None
    }
    return {
        "cards": list(plan.cards),
        "folds": plan.folds if plan.kfold is None else None,
        "k_fold": GeneratedCode(_made("KFold", plan.kfold)) if plan.kfold else None,
        "on": plan.on if plan.on != "here" else None,
        "models": [name for reference, name in own.items() if reference not in asked],
        "algorithm": [[GeneratedCode(_algorithm(each, own)) for each in plan.algorithms]] if asked else None,
        "tuning": GeneratedCode(_made("Tuning", plan.tuning)) if plan.tuning else None,
        "resources": {
            phase: {name: value for name, value in wanted.items() if value is not None}
            for phase, wanted in resources.items()
        },
        "preprocess": [part_text(each if by_reference else portable(each)) for each in plan.preprocess],
        "postprocess": [part_text(each if by_reference else portable(each)) for each in plan.postprocess],
        "balanced": plan.balanced or None,
        "without_rows": list(plan.without_rows),
        "stack": plan.stack or None,
        "hooks": [part_text(each if by_reference else portable(each)) for each in plan.hooks],
    }


def _made(name: str, value: KFold | Tuning | SplitPlan) -> str:
    """Return a frozen value as the call that makes it; defaults are left out."""
    told = [
        f"{field.name}={getattr(value, field.name)!r}"
        for field in fields(value)
        if getattr(value, field.name) != field.default
    ]
    return f"{name}({', '.join(told)})"


def _algorithm(algorithm: Algorithm, own: dict[str, str]) -> str:
    told = [
        f"**{{{each.name!r}: {_hyperparameter(each)}}}"
        if iskeyword(each.name)  # LightGBM's lambda
        else f"{each.name}={_hyperparameter(each)}"
        for each in algorithm.hyperparameters
    ]
    return f"Algorithm({', '.join([repr(own.get(algorithm.key, algorithm.key)), *told])})"


def _hyperparameter(given: Hyperparameter) -> str:
    return repr(given.value) if given.space is None else str(given.space)


def _imports(call: list[str]) -> list[str]:
    """Return the imports of what the call names."""
    text = "\n".join(call)
    names = ("Algorithm", "Choices", "Floats", "Integers", "KFold", "Tuning")
    used = [name for name in names if f"{name}(" in text]
    lines = ["import litmus_core"]
    if used:
        lines.append(f"from litmus_core import {', '.join(used)}")
    if "SplitPlan(" in text:
        lines.append("from litmus_core.types import SplitPlan")
    return lines
