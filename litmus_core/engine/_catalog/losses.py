"""The loss that a task type has models learn by: which of them can, and how."""

from __future__ import annotations

from litmus_core.engine._catalog.selection import Hyperparameters, family_of_algorithm, get_model_family
from litmus_core.task_types import Loss
from litmus_core.types import Task


def with_loss(hyperparameters: Hyperparameters, task: Task) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` with the task's loss for the families that can learn by it.

    Others learn by the squared error of the same numbers; a user's own settings hold.
    """
    loss: Loss = "" if task.task_type is None else task.task_type.needs.loss
    if not loss:
        return hyperparameters
    return {
        model: [{**_settings(setting["ag_args"].get("name"), loss), **setting} for setting in settings]
        for model, settings in hyperparameters.items()
    }


def _settings(name: str | None, loss: Loss) -> dict[str, object]:
    if name is None:  # a model of AutoGluon's own mix
        return {}
    family = get_model_family(family_of_algorithm(name))
    return dict(family.hyperparameters.losses.get(loss, {})) if family.hyperparameters else {}
