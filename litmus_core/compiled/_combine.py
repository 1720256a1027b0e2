"""Steps that combine other steps' answers, or set one right: folds, ensembles, calibration.

They compute as AutoGluon does, in single precision, and return it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import Step
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_NEAR = 1e-7  # a probability nearer to 0 or 1 is moved off it


class Mean:
    """The plain mean of the answers, as of a bag's folds."""

    def __init__(self, step: Step) -> None:
        self._of = step.of

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the mean, added up in the order of the parts."""
        total = answers[self._of[0]].astype(np.float32)
        for part in self._of[1:]:
            total += answers[part].astype(np.float32, copy=False)
        total /= np.float32(len(self._of))
        return total


class Weighted:
    """The sum of the answers, each times its weight (``arrays["weights"]``, (parts,))."""

    def __init__(self, step: Step) -> None:
        self._parts = list(zip(step.of, step.arrays["weights"].tolist(), strict=True))

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the weighted sum, added up in the order of the parts."""
        first = answers[self._parts[0][0]]
        if first.shape == (1,):
            alone = 0.0
            for part, weight in self._parts:
                alone += float(np.float32(answers[part].item())) * weight
            return np.array([alone], dtype=np.float32)
        total = np.zeros(first.shape)
        for part, weight in self._parts:
            total += answers[part].astype(np.float32, copy=False) * np.float64(weight)
        return total.astype(np.float32)


class OffEdges:
    """Probabilities moved a little off 0 and 1, which some metrics cannot take."""

    def __init__(self, step: Step) -> None:
        (self._of,) = step.of

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the answer with every probability inside; rows that are inside stay as they are."""
        answer = answers[self._of]
        if answer.ndim == 1:
            return _two_off_edges(answer)
        low = answer.min(axis=1)
        if not (low < _NEAR).any():
            return answer
        moved = answer.astype(np.float64) - np.minimum(low, 0.0)[:, np.newaxis]
        moved = np.maximum(moved, _NEAR)
        moved /= moved.sum(axis=1, keepdims=True)
        return np.where((low < _NEAR)[:, np.newaxis], moved, answer).astype(np.float32)


def _two_off_edges(answer: Array) -> Array:
    if len(answer) == 1 and _NEAR <= answer.item() <= 1.0 - _NEAR:
        return answer
    moved = answer.astype(np.float64)
    high, low = moved > 1.0 - _NEAR, moved < _NEAR
    moved[high] = 1.0 - _NEAR * np.exp(-(moved[high] - (1.0 - _NEAR)))
    moved[low] = _NEAR * np.exp(-(_NEAR - moved[low]))
    return moved.astype(np.float32)


class Temperature:
    """Probabilities whose logarithms are divided by ``settings["temperature"]``."""

    def __init__(self, step: Step) -> None:
        (self._of,) = step.of
        self._temperature = np.float32(step.settings["temperature"])

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the answer, less or more sure of itself."""
        answer = answers[self._of].astype(np.float32)
        both = np.column_stack([1 - answer, answer]) if answer.ndim == 1 else answer
        with np.errstate(divide="ignore"):
            scaled = np.log(both) / self._temperature
        raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        raised /= raised.sum(axis=1, keepdims=True)
        return raised[:, 1] if answer.ndim == 1 else raised
