"""Built-in steps that change predictions alone or by one column: cap, round, thresholds, class shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from litmus_core.frame import RawColumn
from litmus_core.types import Column, from_plain, to_plain

Floats = NDArray[np.float64]
MISSING = "(missing)"
_LINE = 0.5
_BELOW = math.nextafter(_LINE, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Limits for values: lower ones become ``low``, higher ones ``high``; None: no limit."""

    reference: ClassVar[str] = "cap"
    low: float | None = None
    high: float | None = None

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n,) values within the limits."""
        if self.low is not None:
            predictions = np.maximum(predictions, self.low)
        return predictions if self.high is None else np.minimum(predictions, self.high)

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"low": self.low, "high": self.high}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Cap:
        """Restore what :meth:`state` returned."""
        return cls(low=state["low"], high=state["high"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Rounding of values to the nearest multiple of ``step``; halves go up."""

    reference: ClassVar[str] = "round"
    step: float = 1.0
    _decimals: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Determine the decimals of a multiple, so that none becomes 0.30000000000000004."""
        exponent = Decimal(repr(self.step)).as_tuple().exponent
        object.__setattr__(self, "_decimals", max(0, -int(exponent)))

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n,) multiples of the step."""
        rounded: Floats = np.round(np.floor(predictions / self.step + 0.5) * self.step, self._decimals) + 0.0
        return rounded

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"step": self.step}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Round:
        """Restore what :meth:`state` returned."""
        return cls(step=state["step"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Decision thresholds for the positive class of two, which depend on the value of ``column``.

    Probabilities are stretched on both sides of the threshold so that it lies at 0.5: within a segment their
    order stays, and 0.5 decides everywhere. ``fallback`` is for values without a threshold.
    """

    reference: ClassVar[str] = "thresholds_by_segment"
    column: Column
    positive: int
    fallback: float
    by_value: Mapping[str, float]
    _reader: RawColumn = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare to read the column."""
        object.__setattr__(self, "_reader", RawColumn(self.column))

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n, 2) probabilities for which 0.5 decides."""
        keys = segment_keys(self._reader.of(rows))
        line = np.array([self.by_value.get(key, self.fallback) for key in keys], dtype=np.float64)
        share = predictions[:, self.positive]
        reached = share >= line
        moved = np.where(
            reached,
            _LINE + (share - line) * (_LINE / (1.0 - line)),
            np.minimum(share * (_LINE / line), _BELOW),  # stays below the line when rounded
        )
        result = np.empty_like(predictions)
        result[:, self.positive] = np.clip(moved, 0.0, 1.0)
        result[:, 1 - self.positive] = 1.0 - result[:, self.positive]
        return result

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "column": to_plain(self.column),
            "positive": self.positive,
            "fallback": self.fallback,
            "by_value": dict(self.by_value),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Thresholds:
        """Restore what :meth:`state` returned."""
        return cls(
            column=from_plain(Column, state["column"]),
            positive=int(state["positive"]),
            fallback=float(state["fallback"]),
            by_value={str(key): float(value) for key, value in state["by_value"].items()},
        )


def segment_keys(values: NDArray[Any]) -> list[str]:
    """Return the segment of each raw value as text, missing ones together."""
    if values.dtype.kind == "f":
        return [MISSING if value != value else f"{value:.15g}" for value in values.tolist()]
    return [MISSING if value is None else str(value) for value in values.tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftClasses:
    """Factors for probabilities, where class shares differ from training."""

    reference: ClassVar[str] = "shift_classes"
    factors: Sequence[float]

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return (n, k) probabilities."""
        shifted = np.ascontiguousarray(predictions * np.asarray(self.factors, dtype=np.float64))
        sums = shifted.sum(axis=1, keepdims=True)
        # A row that is certain of an impossible class keeps the model's own probabilities.
        return np.where(sums > 0, shifted / np.where(sums > 0, sums, 1.0), predictions)

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"factors": list(self.factors)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Restore what :meth:`state` returned."""
        return cls(factors=tuple(float(factor) for factor in state["factors"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighClasses(ShiftClasses):
    """Weights for the probabilities of each class, learned so that the likeliest class suits the metric."""

    reference: ClassVar[str] = "weigh_classes"
