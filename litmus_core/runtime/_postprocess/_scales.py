"""Scales on which models learn numbers, and their inverse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LARGEST = 700.0  # the largest number with a finite exponential


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Positive numbers on a logarithmic scale: twice as much is as far as half as much.

    ``offset`` is added first if a number may be 0 or below.
    """

    reference: ClassVar[str] = "ratio"
    offset: float = 0.0

    def encode(self, values: Floats) -> Floats:
        """Return (n,) logarithms; not finite for numbers without a logarithm."""
        with np.errstate(divide="ignore", invalid="ignore"):
            coded: Floats = np.log(np.asarray(values, dtype=np.float64) + self.offset)
        return coded

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n,) numbers from the logarithms ``predictions``."""
        decoded: Floats = np.exp(np.minimum(predictions, _LARGEST)) - self.offset
        return decoded

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"offset": self.offset}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Ratio:
        """Restore what :meth:`state` returned."""
        return cls(offset=float(state["offset"]))
