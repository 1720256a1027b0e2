"""The weighted sum of several predictions, in single precision, as AutoGluon computes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.compiled._step_input import StepInput
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]


class Weighted:
    """The weighted sum of the inputs (``arrays["weights"]``, (parts,))."""

    def __init__(self, step: PlanStep) -> None:
        self._parts = list(zip(StepInput.all_of(step), step.arrays["weights"].tolist(), strict=True))

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return the weighted sum, added up in the order of the inputs."""
        first = self._parts[0][0].of(predictions)
        if first.shape == (1,):
            total_so_far = 0.0
            for part, weight in self._parts:
                total_so_far += part.value(predictions) * weight
            return np.array([total_so_far], dtype=np.float32)
        if len(first) == 1:
            return self._of_row(predictions)
        total = np.zeros(first.shape)
        for part, weight in self._parts:
            total += part.of(predictions).astype(np.float32, copy=False) * np.float64(weight)
        return total.astype(np.float32)

    def _of_row(self, predictions: Mapping[str, Array]) -> Array:
        """Return the same for one row: three NumPy calls a part take longer than all products."""
        cells: dict[str, list[float]] = {}
        (first, weight), *others = self._parts
        totals = [value * weight for value in first.row(predictions, cells)]
        for part, weight in others:
            cells_of = part.row(predictions, cells)
            totals = [total + value * weight for total, value in zip(totals, cells_of, strict=True)]
        return np.array([totals], dtype=np.float32)


RUNNER = Weighted
