"""A task type's training loss or objectives: which families support it, and with which settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litmus_core.engine._catalog.selection import (
    Hyperparameters,
    family_of_algorithm,
    get_model_family,
    model_families,
)
from litmus_core.errors import UsageError
from litmus_core.task_types import RowNeeds
from litmus_core.text import join_names
from litmus_core.types import Task


def with_loss(hyperparameters: Hyperparameters, task: Task) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` with the task's loss for the families that support it.

    Others learn by the squared error of the same numbers; a user's own settings take precedence. A task
    type's own objectives always apply, with the model class that reads groups if the task has some.
    """
    needs = task.needs
    if needs.objectives:
        return _by_objective(hyperparameters, needs)
    if not needs.loss:
        return hyperparameters
    return {
        model: [{**_settings(setting["ag_args"].get("name"), needs), **setting} for setting in settings]
        for model, settings in hyperparameters.items()
    }


def _settings(name: str | None, needs: RowNeeds) -> dict[str, object]:
    if name is None:  # a model of AutoGluon's own mix
        return {}
    family = get_model_family(family_of_algorithm(name))
    return dict(family.hyperparameters.losses.get(needs.loss, {})) if family.hyperparameters else {}


def _by_objective(hyperparameters: Hyperparameters, needs: RowNeeds) -> Hyperparameters:
    objectives = dict(needs.objectives)
    chosen: Hyperparameters = {}
    for model, settings in hyperparameters.items():
        for setting in settings:
            key = family_of_algorithm(setting["ag_args"]["name"])
            kind = _grouped_class(key) if needs.group else model
            chosen.setdefault(kind, []).append({**setting, "objective": objectives[key]})
    return chosen


def _grouped_class(key: str) -> Any:
    hyperparameters = get_model_family(key).hyperparameters
    if hyperparameters is None or hyperparameters.grouped_class is None:
        return None
    return hyperparameters.grouped_class()


def objectives_problem(needs: RowNeeds) -> str:
    """Return why a family that a task type names cannot learn by its objective; "" if all can."""
    families = {family.key: family.hyperparameters for family in model_families() if family.training}
    able = [key for key, values in families.items() if values is not None and values.grouped_class]
    for key in dict(needs.objectives):
        if key not in families:
            return f"it has {key} learn, and the model families are {join_names(families)}"
        if needs.group and key not in able:
            return f"it has {key} learn within groups, which only {join_names(able)} can"
    return ""


def check_learnable(keys: Sequence[str], task: Task, *, has_custom: bool = False) -> None:
    """Raise UsageError if a family, or a custom model, cannot learn by the task type's objectives."""
    objectives = dict(task.needs.objectives)
    if not objectives:
        return
    name = "" if task.task_type is None else task.task_type.name
    hint = f"Choose {join_names(objectives)}, or let Litmus choose."
    if problem := objectives_problem(task.needs):
        raise UsageError(f"The kind of question '{name}' cannot be learned: {problem}.", hint=hint)
    others = [get_model_family(key).title for key in keys if key not in objectives]
    if others or has_custom:
        subject = others[0] if others else "A model of your own"
        raise UsageError(f"{subject} cannot learn '{name}': it has no objective for it.", hint=hint)
