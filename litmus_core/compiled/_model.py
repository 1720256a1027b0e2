"""A compiled model, ready to predict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.compiled._plan import Plan, read_plan
from litmus_core.compiled._runners import runner_of
from litmus_core.frame import Features
from litmus_core.task_types import get_task_type

Array = np.ndarray[Any, Any]


class CompiledModel:
    """Runs a plan's steps in order. Safe to use from several threads.

    Features made only of the raw columns ``unread`` are not read.
    """

    def __init__(self, plan: Plan) -> None:
        self.problem_type, self.n_classes, self.unread = plan.problem_type, plan.n_classes, plan.unread
        self._answers_one_probability = get_task_type(plan.problem_type).has_one_probability
        self._steps = [(step.id, runner_of(step)) for step in plan.steps]

    def predict_features(self, features: Features) -> Array:
        """Return (n, k) probabilities in class order, or (n,) values; n >= 1."""
        predictions: dict[str, Array] = {}
        answer = np.empty(0)
        for name, runner in self._steps:
            answer = predictions[name] = runner.run(features, predictions)
        if not self._answers_one_probability:
            return answer.astype(np.float64, copy=False)
        if len(answer) == 1:
            second = answer.item()
            return np.array([[1.0 - second, second]])
        both = np.empty((len(answer), 2))
        both[:, 1] = answer
        np.subtract(1.0, both[:, 1], out=both[:, 0])
        return both


def load_compiled(folder: Path) -> CompiledModel:
    """Return the model that ``write_plan`` wrote to ``folder``; raises BundleError if it is incomplete."""
    return CompiledModel(read_plan(folder))
