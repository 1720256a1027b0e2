"""Scales that numbers are learned on, and the way back to the numbers that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LARGEST = 700.0  # whose exponential is still a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Positive numbers on the scale of their logarithms: twice as much is as far as half as much.

    ``offset`` is added first, where a number may be 0 or below.
    """

    reference: ClassVar[str] = "ratio"
    offset: float = 0.0

    def encode(self, values: Floats) -> Floats:
        """Return (n,) logarithms; those of numbers that have none are not finite."""
        with np.errstate(divide="ignore", invalid="ignore"):
            coded: Floats = np.log(np.asarray(values, dtype=np.float64) + self.offset)
        return coded

    def apply(self, answers: Floats, rows: Any) -> Floats:
        """Return (n,) numbers of the logarithms ``answers``."""
        decoded: Floats = np.exp(np.minimum(answers, _LARGEST)) - self.offset
        return decoded

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"offset": self.offset}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Ratio:
        """Rebuild what :meth:`state` gave."""
        return cls(offset=float(state["offset"]))
