"""Steps that combine other steps' answers: folds and ensembles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._plan import Step
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]


class Mean:
    """The plain mean of the answers, as of a bag's folds."""

    def __init__(self, step: Step) -> None:
        self._of = step.of

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the mean, added up in the order of the parts."""
        total = answers[self._of[0]].copy()
        for part in self._of[1:]:
            total += answers[part]
        total /= len(self._of)
        return total


class Weighted:
    """The sum of the answers, each times its weight (``arrays["weights"]``, (parts,))."""

    def __init__(self, step: Step) -> None:
        self._parts = list(zip(step.of, step.arrays["weights"].tolist(), strict=True))

    def run(self, features: Features, answers: Mapping[str, Array]) -> Array:
        """Return the weighted sum, added up in the order of the parts."""
        (first, weight), *rest = self._parts
        total: Array = answers[first] * weight
        for part, weight in rest:
            total += answers[part] * weight
        return total
