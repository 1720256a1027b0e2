"""Numbers and booleans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import _values
from litmus_core.frame._encoder import Encoded, Outputs
from litmus_core.frame._values import Floats
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values import Raw

# Models that compute in float32 must neither overflow nor lose an identity-like number's last digits.
_FLOAT32_MAX = 3e38
_FLOAT32_EXACT = 2.0**24


class NumberEncoder:
    """One double, NaN where missing; infinities become the extreme finite values seen in fit.

    Numbers that are all large (times in seconds, identifiers) are counted from the smallest one, so
    that models working in float32 still tell them apart.
    """

    kind = "number"

    def __init__(self, column: Column, *, low: float = 0.0, high: float = 0.0, origin: float = 0.0) -> None:
        self.column, self.low, self.high, self.origin = column, low, high, origin

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> NumberEncoder:
        """Learn the finite range of the column."""
        values = _clipped(_values.numbers(raw, column))
        finite = values[np.isfinite(values)]
        if not finite.size:
            return cls(column)
        low, high = float(finite.min()), float(finite.max())
        far = low > _FLOAT32_EXACT and high < 2.0**63
        return cls(column, low=low, high=high, origin=low if far else 0.0)

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(numbers=("",))

    def encode(self, raw: Raw) -> Encoded:
        """Return the numbers, made finite."""
        values = _clipped(_values.numbers(raw, self.column))
        infinite = np.isinf(values)
        if infinite.any():
            values = np.where(infinite, np.where(values > 0, self.high, self.low), values)
        return Encoded(numbers=[values - self.origin if self.origin else values])

    def state(self) -> dict[str, Any]:
        """Return the finite range and the origin."""
        return {"low": self.low, "high": self.high, "origin": self.origin}


class BooleanEncoder:
    """One double: 1 true, 0 false, NaN missing."""

    kind = "boolean"

    def __init__(self, column: Column) -> None:
        self.column = column

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> BooleanEncoder:
        """Check that the values are booleans; nothing is learned."""
        _values.booleans(raw, column)
        return cls(column)

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(numbers=("",))

    def encode(self, raw: Raw) -> Encoded:
        """Return 1, 0 or NaN."""
        return Encoded(numbers=[_values.booleans(raw, self.column)])

    def state(self) -> dict[str, Any]:
        """Return nothing: the column says it all."""
        return {}


def _clipped(values: Floats) -> Floats:
    """Bring finite values beyond float32's range to its edge; infinities stay for the caller."""
    huge = np.abs(values) > _FLOAT32_MAX
    if not huge.any():
        return values
    clipped = np.clip(values, -_FLOAT32_MAX, _FLOAT32_MAX)
    return np.where(huge & np.isfinite(values), clipped, values)
