"""Steps that combine or correct other steps' outputs: folds, ensembles, calibration.

They compute and return single precision, as AutoGluon does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_NEAR = 1e-7  # probabilities closer to 0 or 1 are moved away from it


class _Part:
    """One of the inputs of a step: ``settings["columns"]`` says which of its columns, None for all.

    A single column is its position and (n,), several are [first, end].
    """

    def __init__(self, name: str, columns: Any) -> None:
        self._name = name
        self._columns: Any = slice(*columns) if isinstance(columns, list) else columns

    @classmethod
    def all_of(cls, step: PlanStep) -> list[_Part]:
        """Return a step's parts in order."""
        columns = step.settings.get("columns", [None] * len(step.of))
        return [cls(*each) for each in zip(step.of, columns, strict=True)]

    def of(self, answers: Mapping[str, Array]) -> Array:
        """Return the part."""
        answer = answers[self._name]
        return answer if self._columns is None else answer[:, self._columns]

    def row(self, answers: Mapping[str, Array], known: dict[str, list[float]]) -> list[float]:
        """Return one row's part in single precision; ``known`` are outputs that were read before."""
        values = known.get(self._name)
        if values is None:
            (values,) = answers[self._name].astype(np.float32, copy=False).tolist()
            known[self._name] = values
        return values if self._columns is None else values[self._columns]

    def value(self, answers: Mapping[str, Array]) -> float:
        """Return the part's only value in single precision."""
        answer = answers[self._name]
        value = answer.item() if self._columns is None else answer.item(self._columns)
        return value if answer.dtype == np.float32 else float(np.float32(value))


class Mean:
    """The plain mean of the inputs, such as the folds of a bagged model."""

    def __init__(self, step: PlanStep) -> None:
        self._parts = _Part.all_of(step)

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the mean, added up in the order of the parts."""
        total = self._parts[0].of(answers).astype(np.float32)
        for part in self._parts[1:]:
            total += part.of(answers).astype(np.float32, copy=False)
        total /= np.float32(len(self._parts))
        return total


class Weighted:
    """The weighted sum of the inputs (``arrays["weights"]``, (parts,))."""

    def __init__(self, step: PlanStep) -> None:
        self._parts = list(zip(_Part.all_of(step), step.arrays["weights"].tolist(), strict=True))

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the weighted sum, added up in the order of the parts."""
        first = self._parts[0][0].of(answers)
        if first.shape == (1,):
            alone = 0.0
            for part, weight in self._parts:
                alone += part.value(answers) * weight
            return np.array([alone], dtype=np.float32)
        if len(first) == 1:
            return self._of_row(answers)
        total = np.zeros(first.shape)
        for part, weight in self._parts:
            total += part.of(answers).astype(np.float32, copy=False) * np.float64(weight)
        return total.astype(np.float32)

    def _of_row(self, answers: Mapping[str, Array]) -> Array:
        """Return the same for one row: three NumPy calls a part take longer than all products."""
        known: dict[str, list[float]] = {}
        (first, weight), *others = self._parts
        totals = [value * weight for value in first.row(answers, known)]
        for part, weight in others:
            own = part.row(answers, known)
            totals = [total + value * weight for total, value in zip(totals, own, strict=True)]
        return np.array([totals], dtype=np.float32)


class OffEdges:
    """Probabilities moved off 0 and 1, which some metrics do not allow; converts doubles to float32."""

    def __init__(self, step: PlanStep) -> None:
        (self._of,) = step.of

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the probabilities inside the allowed range; rows already inside are unchanged."""
        answer = answers[self._of]
        if answer.ndim == 1:
            return _two_off_edges(answer)
        if len(answer) == 1 and min(answer[0].tolist()) >= _NEAR:
            return answer.astype(np.float32, copy=False)
        low = answer.min(axis=1)
        if not (low < _NEAR).any():
            return answer.astype(np.float32, copy=False)
        moved = answer.astype(np.float64) - np.minimum(low, 0.0)[:, np.newaxis]
        moved = np.maximum(moved, _NEAR)
        moved /= moved.sum(axis=1, keepdims=True)
        return np.where((low < _NEAR)[:, np.newaxis], moved, answer).astype(np.float32)


def _two_off_edges(answer: Array) -> Array:
    if len(answer) == 1 and _NEAR <= answer.item() <= 1.0 - _NEAR:
        return answer.astype(np.float32, copy=False)
    moved = answer.astype(np.float64)
    high, low = moved > 1.0 - _NEAR, moved < _NEAR
    moved[high] = 1.0 - _NEAR * np.exp(-(moved[high] - (1.0 - _NEAR)))
    moved[low] = _NEAR * np.exp(-(_NEAR - moved[low]))
    return moved.astype(np.float32)


class Temperature:
    """Probabilities whose logarithms are divided by ``settings["temperature"]``."""

    def __init__(self, step: PlanStep) -> None:
        (self._of,) = step.of
        self._temperature = np.float32(step.settings["temperature"])

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the probabilities, sharpened or softened."""
        answer = answers[self._of].astype(np.float32)
        both = np.column_stack([1 - answer, answer]) if answer.ndim == 1 else answer
        with np.errstate(divide="ignore"):
            scaled = np.log(both) / self._temperature
        raised: Array = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        raised /= raised.sum(axis=1, keepdims=True)
        return raised[:, 1] if answer.ndim == 1 else raised
