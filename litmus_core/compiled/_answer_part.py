"""What a step that combines answers reads of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep

Array = np.ndarray[Any, Any]


class AnswerPart:
    """One of the inputs of a step: ``settings["columns"]`` says which of its columns, None for all.

    A single column is its position and (n,), several are [first, end].
    """

    def __init__(self, name: str, columns: Any) -> None:
        self._name = name
        self._columns: Any = slice(*columns) if isinstance(columns, list) else columns

    @classmethod
    def all_of(cls, step: PlanStep) -> list[AnswerPart]:
        """Return a step's parts in order."""
        columns = step.settings.get("columns", [None] * len(step.of))
        return [cls(*column) for column in zip(step.of, columns, strict=True)]

    def of(self, predictions: Mapping[str, Array]) -> Array:
        """Return the part."""
        answer = predictions[self._name]
        return answer if self._columns is None else answer[:, self._columns]

    def row(self, predictions: Mapping[str, Array], cells: dict[str, list[float]]) -> list[float]:
        """Return one row's part in single precision; ``cells`` are outputs that were read before."""
        values = cells.get(self._name)
        if values is None:
            (values,) = predictions[self._name].astype(np.float32, copy=False).tolist()
            cells[self._name] = values
        return values if self._columns is None else values[self._columns]

    def value(self, predictions: Mapping[str, Array]) -> float:
        """Return the part's only value in single precision."""
        answer = predictions[self._name]
        value = answer.item() if self._columns is None else answer.item(self._columns)
        return value if answer.dtype == np.float32 else float(np.float32(value))
