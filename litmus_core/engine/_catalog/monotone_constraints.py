"""Monotone constraints: which models of a plan support them, and the models' settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from litmus_core.engine._catalog.algorithms import is_custom
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._catalog.selection import (
    Hyperparameters,
    family_of_algorithm,
    get_model_family,
    model_class,
    model_families,
)
from litmus_core.errors import UsageError
from litmus_core.text import join_names, quote_names
from litmus_core.types import Algorithm, CustomModel, Direction, ProblemType, RunPlan, Task

_SIGNS: dict[Direction, int] = {"increasing": 1, "decreasing": -1}


def may_be_monotone(key: str) -> bool:
    """Return whether a family supports monotone constraints."""
    return ":" not in key and get_model_family(key).may_be_monotone


def with_constraints(hyperparameters: Hyperparameters, task: Task) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` with the task's monotone constraints, by column name."""
    if not task.monotone:
        return hyperparameters
    signs = {column: _SIGNS[direction] for column, direction in task.monotone}
    limited: Hyperparameters = {}
    for settings in hyperparameters.values():
        for setting in settings:
            family = get_model_family(family_of_algorithm(setting["ag_args"]["name"]))
            setting = {**setting, "monotone_constraints": signs}
            limited.setdefault(model_class(family, setting), []).append(setting)
    return limited


def unconstrained_message(
    task: Task, families: Sequence[str], algorithms: Sequence[Algorithm], custom: Sequence[CustomModel]
) -> str:
    """Return a sentence that names the models that cannot keep the task's constraints; "" if all can."""
    if not task.monotone:
        return ""
    keys = [*families, *(algorithm.key for algorithm in algorithms if not is_custom(algorithm))]
    titles = [get_model_family(key).title for key in keys if not may_be_monotone(key)]
    names = list(dict.fromkeys([*titles, *(model.name for model in custom)]))
    if not names:
        return ""
    columns = quote_names([column for column, _ in task.monotone])
    were, they = ("was", "it cannot") if len(names) == 1 else ("were", "they cannot")
    return f"{join_names(names)} {were} left out: {they} be held to rising or falling with {columns}."


def check_monotone_plan(plan: RunPlan, task: Task) -> None:
    """Raise UsageError where a plan would break the task's monotone constraints."""
    if not task.monotone:
        return
    named = [*plan.families, *(algorithm.key for algorithm in plan.algorithms), *_references(plan)]
    if named and not any(may_be_monotone(key) for key in named):
        raise UsageError(
            "None of these models can be held to rising or falling with "
            f"{quote_names(column for column, _ in task.monotone)}.",
            hint=f"Add one that can, such as {join_names(_able())}; or leave monotone out.",
        )
    if plan.training.stack:
        raise UsageError(
            "A second level learns from other models' predictions, which may turn a direction around.",
            hint="Train without stack, or without monotone.",
        )
    for algorithm in plan.algorithms:
        if may_be_monotone(algorithm.key):
            _check_values(algorithm, task.problem_type)


def _references(plan: RunPlan) -> Iterator[str]:
    return (model.reference for model in plan.models)


def _able() -> list[str]:
    return [family.key for family in model_families() if family.may_be_monotone]


def _check_values(algorithm: Algorithm, problem_type: ProblemType) -> None:
    family = get_model_family(algorithm.key)
    rules = family.hyperparameters
    breaking = {} if rules is None or rules.monotone is None else rules.monotone
    main = list_hyperparameters(algorithm.key, problem_type).main if breaking else {}
    for parameter in algorithm.hyperparameters:
        values = parameter.space.choices if parameter.space is not None else (parameter.value,)
        for value in values:
            if value in breaking.get(main.get(parameter.name, parameter.name), ()):
                raise UsageError(
                    f"{algorithm.key} with {parameter.name}={value!r} cannot be held to rising or falling.",
                    hint=f"Leave {parameter.name} as it is, or leave monotone out.",
                )
