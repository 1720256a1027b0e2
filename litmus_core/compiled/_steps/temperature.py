"""Temperature scaling of probabilities, in single precision, as AutoGluon computes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]


class Temperature:
    """Probabilities whose logarithms are divided by ``settings["temperature"]``."""

    def __init__(self, step: PlanStep) -> None:
        (self._of,) = step.of
        self._temperature = np.float32(step.settings["temperature"])

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return the probabilities, sharpened or softened."""
        answer = predictions[self._of].astype(np.float32)
        both = np.column_stack([1 - answer, answer]) if answer.ndim == 1 else answer
        with np.errstate(divide="ignore"):
            scaled = np.log(both) / self._temperature
        raised: Array = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        raised /= raised.sum(axis=1, keepdims=True)
        return raised[:, 1] if answer.ndim == 1 else raised


RUNNER = Temperature
