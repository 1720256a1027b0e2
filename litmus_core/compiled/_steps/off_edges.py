"""Probabilities clipped slightly away from 0 and 1, as AutoGluon does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_NEAR = 1e-7  # least distance of a probability from 0 and 1


class OffEdges:
    """Clips probabilities away from 0 and 1, which some metrics do not allow; turns doubles into float32."""

    def __init__(self, step: PlanStep) -> None:
        (self._of,) = step.of

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return the probabilities inside the allowed range; rows already inside are unchanged."""
        answer = predictions[self._of]
        if answer.ndim == 1:
            return _of_two_classes(answer)
        if len(answer) == 1 and min(answer[0].tolist()) >= _NEAR:
            return answer.astype(np.float32, copy=False)
        low = answer.min(axis=1)
        if not (low < _NEAR).any():
            return answer.astype(np.float32, copy=False)
        moved = answer.astype(np.float64) - np.minimum(low, 0.0)[:, np.newaxis]
        moved = np.maximum(moved, _NEAR)
        moved /= moved.sum(axis=1, keepdims=True)
        return np.where((low < _NEAR)[:, np.newaxis], moved, answer).astype(np.float32)


def _of_two_classes(answer: Array) -> Array:
    if len(answer) == 1 and _NEAR <= answer.item() <= 1.0 - _NEAR:
        return answer.astype(np.float32, copy=False)
    moved = answer.astype(np.float64)
    high, low = moved > 1.0 - _NEAR, moved < _NEAR
    moved[high] = 1.0 - _NEAR * np.exp(-(moved[high] - (1.0 - _NEAR)))
    moved[low] = _NEAR * np.exp(-(_NEAR - moved[low]))
    return moved.astype(np.float32)


RUNNER = OffEdges
