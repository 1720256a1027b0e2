"""Numbers and booleans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._encoders.encoder import Expressed, Outputs
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values import raw_values
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values.raw_values import Raw

# Models that compute in float32 must neither overflow nor lose an identity-like number's last digits.
_FLOAT32_MAX = 3e38
_FLOAT32_EXACT = 2.0**24


class NumberEncoder:
    """One double, NaN where missing; infinities become the extreme finite values seen in fit.

    Numbers that are all large (timestamps in seconds, identifiers) are measured from the smallest one, so
    that models working in float32 can still tell them apart.
    """

    kind = "number"
    reads: Dtype = "number"

    def __init__(self, column: Column, *, low: float = 0.0, high: float = 0.0, origin: float = 0.0) -> None:
        self.column, self.low, self.high, self.origin = column, low, high, origin

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> NumberEncoder:
        """Learn the finite range of the column."""
        values = raw_values.numbers(raw, column)
        finite = np.clip(values[np.isfinite(values)], -_FLOAT32_MAX, _FLOAT32_MAX)
        if not finite.size:
            return cls(column)
        low, high = float(finite.min()), float(finite.max())
        far = low > _FLOAT32_EXACT and high < 2.0**63
        return cls(column, low=low, high=high, origin=low if far else 0.0)

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(numbers=("",))

    def express(self, raw: Lazy) -> Expressed:
        """Return the numbers, made finite."""
        values = raw.bound(_FLOAT32_MAX, low=self.low, high=self.high)
        return Expressed(numbers=(values - self.origin if self.origin else values,))

    def state(self) -> dict[str, Any]:
        """Return the finite range and the origin."""
        return {"low": self.low, "high": self.high, "origin": self.origin}


class BooleanEncoder:
    """One double: 1 true, 0 false, NaN missing."""

    kind = "boolean"
    reads: Dtype = "number"

    def __init__(self, column: Column) -> None:
        self.column = column

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> BooleanEncoder:
        """Check that the values are booleans; there is nothing to learn."""
        raw_values.booleans(raw, column)
        return cls(column)

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(numbers=("",))

    def express(self, raw: Lazy) -> Expressed:
        """Return 1, 0 or NaN."""
        return Expressed(numbers=(raw,))

    def state(self) -> dict[str, Any]:
        """Return an empty state: the column contains everything."""
        return {}
