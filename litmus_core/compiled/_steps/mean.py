"""The mean of several predictions, in single precision, as AutoGluon computes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.compiled._step_input import StepInput
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]


class Mean:
    """The plain mean of the inputs, such as the folds of a bagged model."""

    def __init__(self, step: PlanStep) -> None:
        self._parts = StepInput.all_of(step)

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return the mean, added up in the order of the inputs."""
        total = self._parts[0].of(predictions).astype(np.float32)
        for part in self._parts[1:]:
            total += part.of(predictions).astype(np.float32, copy=False)
        total /= np.float32(len(self._parts))
        return total


RUNNER = Mean
