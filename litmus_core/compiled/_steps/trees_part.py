"""One member's columns of the output that trees of several models share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]


class TreesPart:
    """One member's output: ``settings["columns"]`` columns from ``start`` on; (n,) if it is one.

    In float32, unless ``settings["in_doubles"]``: a later step rounds then.
    """

    def __init__(self, step: PlanStep) -> None:
        (self._of,) = step.of
        start, columns = step.settings["start"], step.settings["columns"]
        self._columns: Any = start if columns == 1 else slice(start, start + columns)
        self._in_doubles = step.settings.get("in_doubles", False)

    def run(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return the columns."""
        picked: Array = predictions[self._of][:, self._columns]
        return picked if self._in_doubles else picked.astype(np.float32, copy=False)


RUNNER = TreesPart
