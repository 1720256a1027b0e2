"""The inputs of steps that combine predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep

Array = np.ndarray[Any, Any]


class StepInput:
    """The columns that a combining step reads from one earlier output.

    ``settings["columns"]`` has an entry for each input: None for all columns, a position for one, which is
    (n,), or [first, end].
    """

    def __init__(self, name: str, columns: Any) -> None:
        self._name = name
        self._columns: Any = slice(*columns) if isinstance(columns, list) else columns

    @classmethod
    def all_of(cls, step: PlanStep) -> list[StepInput]:
        """Return a step's inputs in order."""
        columns = step.settings.get("columns", [None] * len(step.of))
        return [cls(*column) for column in zip(step.of, columns, strict=True)]

    def of(self, predictions: Mapping[str, Array]) -> Array:
        """Return the input's columns."""
        answer = predictions[self._name]
        return answer if self._columns is None else answer[:, self._columns]

    def row(self, predictions: Mapping[str, Array], cells: dict[str, list[float]]) -> list[float]:
        """Return one row's values in single precision; ``cells`` caches outputs that were already read."""
        values = cells.get(self._name)
        if values is None:
            (values,) = predictions[self._name].astype(np.float32, copy=False).tolist()
            cells[self._name] = values
        return values if self._columns is None else values[self._columns]

    def value(self, predictions: Mapping[str, Array]) -> float:
        """Return the only value in single precision."""
        answer = predictions[self._name]
        value = answer.item() if self._columns is None else answer.item(self._columns)
        return value if answer.dtype == np.float32 else float(np.float32(value))
