"""Calibration: make probabilities match how often such predictions are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 1e-9  # a probability of 0 has no logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrate:
    """Probabilities to the ``power``, times a factor for each class (``shifts`` are the logarithms),
    normalised to sum to 1.

    A power below 1 makes a model less confident, one above 1 more. Source: Platt scaling for two classes; for
    more, vector scaling with one slope (Guo et al. 2017, On Calibration of Modern Neural Networks).
    """

    reference: ClassVar[str] = "calibrate"
    power: float
    shifts: Sequence[float]

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n, k) probabilities."""
        scores = np.log(np.maximum(np.ascontiguousarray(predictions), LEAST))
        scores = scores * self.power + np.asarray(self.shifts, dtype=np.float64)
        shares: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"power": self.power, "shifts": list(self.shifts)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Calibrate:
        """Restore what :meth:`state` returned."""
        return cls(power=float(state["power"]), shifts=tuple(float(shift) for shift in state["shifts"]))
