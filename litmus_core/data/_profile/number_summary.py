"""Numbers and dates of one column: range, mean, spread, quartiles, distinct values, histogram."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._profile.distinct_counts import Distinct
from litmus_core.data._profile.histogram import as_days, as_moment, bin_counts, histogram
from litmus_core.data._profile.profile_types import DateRange, Histogram, NumberFigures, ValueCount
from litmus_core.data._rows.arrow import values_of
from litmus_core.data._rows.cells import as_text
from litmus_core.types import StoredType

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_VALUES = 1 << 22  # values; beyond that every second (fourth, eighth …) one is kept
_Array = np.ndarray[Any, Any]


class Numbers:
    """Collects a column of integers, numbers or dates (``storage`` BIGINT, DOUBLE or TIMESTAMP)."""

    def __init__(self, storage: str, *, n_bins: int, n_top: int, n_stored: int = _MOST_VALUES) -> None:
        self.needs_second_pass = False
        self._stored, self._n_bins, self._n_top, self._n_kept = StoredType(storage), n_bins, n_top, n_stored
        self._moments = _Moments()
        self._order = _Order()
        self._values_stored: list[_Array] = []
        self._step = 1  # one of this many values is kept
        self._distinct: Distinct | None = None
        self._counts: _Array | None = None

    def add(self, values: pa.ChunkedArray) -> None:
        """Add the next row group's values."""
        block = self._plain(values)
        if not len(block):
            return
        first = -self._moments.n % self._step
        self._moments.add(block if self._stored.stores_times else block.astype(np.float64, copy=False))
        self._order.add(block)
        self._values_stored.append(block[first :: self._step])
        if self._distinct is not None:
            self._distinct.add(block)
        while sum(map(len, self._values_stored)) > self._n_kept:
            self._thin_out()

    def second_pass(self, values: pa.ChunkedArray) -> None:
        """Count the values in bins once the range is known, for columns that were too long to keep."""
        counts = self._bins(self._plain(values))
        self._counts = counts if self._counts is None else self._counts + counts

    def summary(self) -> dict[str, Any]:
        """Return the summary fields."""
        n_values = self._moments.n
        if not n_values:
            return {"n_values": 0, "n_distinct": 0}
        values = np.concatenate(self._values_stored)
        self._values_stored = []
        if self._counts is None:
            self._counts = self._bins(values)
        values.sort()
        n_distinct = self._n_distinct(values)
        fields: dict[str, Any] = {
            "n_values": n_values,
            "n_distinct": n_distinct,
            "is_in_order": self._order.is_monotone,
            "histogram": self._histogram(),
            "top": self._top(values, n_distinct),
        }
        is_exact = self._distinct is None or self._distinct.is_exact or self._order.is_strict
        estimated = set() if is_exact else {"n_distinct"}
        if self._stored.stores_times:
            first, last = self._order.low, self._order.high
            dates = DateRange(first=as_moment(first).isoformat(), last=as_moment(last).isoformat())
            fields |= {"dates": dates}
        else:
            fields |= self._measures(values)
            estimated |= {"quartiles"} if self._step > 1 else set()
        return {**fields, "estimated": frozenset(estimated)}

    def _plain(self, values: pa.ChunkedArray) -> _Array:
        import pyarrow as pa

        if self._stored.stores_times:
            values = values.cast(pa.timestamp("us")).cast(pa.int64())
        return values_of(values.drop_null().combine_chunks())

    def _thin_out(self) -> None:
        """Keep every second value, and from now on count distinct values by their keys."""
        if self._distinct is None:
            self._distinct = Distinct()
            for block in self._values_stored:
                self._distinct.add(block)
            self.needs_second_pass = True
        values = np.concatenate(self._values_stored)
        self._values_stored, self._step = [values[::2].copy()], 2 * self._step

    def _n_distinct(self, ordered: _Array) -> int:
        if self._order.is_strict:
            return self._moments.n
        if self._distinct is not None:
            return min(self._distinct.count(), self._moments.n)
        return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))

    def _measures(self, ordered: _Array) -> dict[str, Any]:
        low, high = self._order.low, self._order.high
        places = [_quantile(ordered, share) for share in (0.25, 0.5, 0.75)]
        return {
            "numbers": NumberFigures(
                low=float(low),
                high=float(high),
                mean=finite(self._moments.mean),
                std=finite(self._moments.std),
                quartiles=(finite(places[0]), finite(places[1]), finite(places[2])),
            ),
            "span": int(high) - int(low) + 1 if self._stored.stores_whole_numbers else 0,
        }

    def _range(self) -> tuple[float, float]:
        if self._stored.stores_times:
            low, high = as_days(np.array([self._order.low, self._order.high]))
            return float(low), float(high)
        return float(self._order.low), float(self._order.high)

    def _bins(self, values: _Array) -> _Array:
        low, high = self._range()
        shown = as_days(values) if self._stored.stores_times else values
        return bin_counts(shown, low=low, high=high, n_bins=self._n_bins)

    def _histogram(self) -> Histogram | None:
        if self._counts is None:
            return None
        low, high = self._range()
        return histogram(self._counts, low=low, high=high, is_number=not self._stored.stores_times)

    def _top(self, ordered: _Array, n_distinct: int) -> tuple[ValueCount, ...]:
        """Return the most frequent values: of numbers if they are few, of dates if they repeat."""
        n_values = self._moments.n
        most = max(0.5 * n_values, self._n_bins) if self._stored.stores_times else self._n_bins
        if n_distinct > most or self._step > 1:
            return ()
        return most_frequent(ordered, self._stored.storage, n_top=self._n_top)


def most_frequent(ordered: _Array, storage: str, *, n_top: int) -> tuple[ValueCount, ...]:
    """Return the most frequent of sorted values (n,), the smallest among equals."""
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(begins, len(ordered)))
    chosen = np.argsort(-counts, kind="stable")[:n_top]
    values, n_rows = ordered[begins[chosen]].tolist(), counts[chosen].tolist()
    if StoredType(storage).stores_times:
        values = [as_moment(value) for value in values]
    return tuple(ValueCount(value=as_text(value), n_rows=n) for value, n in zip(values, n_rows, strict=True))


class _Moments:
    """Mean and standard deviation, block by block (Chan, Golub and LeVeque's update)."""

    def __init__(self) -> None:
        self.n, self.mean, self._squares = 0, 0.0, 0.0

    @property
    def std(self) -> float | None:
        return None if self.n < 2 else math.sqrt(self._squares / (self.n - 1))

    def add(self, block: _Array) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(block.mean())
            squares = float(np.square(block - mean).sum())
            n, shift = self.n + len(block), mean - self.mean
            self._squares += squares + float(np.square(shift)) * self.n * len(block) / n
            self.mean += shift * len(block) / n
        self.n = n


class _Order:
    """The range of values seen, and whether they only rise or only fall."""

    def __init__(self) -> None:
        self.low: Any = None
        self.high: Any = None
        self._n = 0
        self._last: Any = None
        self._rises = self._falls = True
        self._is_strict = True

    @property
    def is_monotone(self) -> bool:
        """Whether at least two values only rise or only fall (or stay equal)."""
        return self._n > 1 and (self._rises or self._falls)

    @property
    def is_strict(self) -> bool:
        """Whether values are monotone and no two are equal."""
        return self.is_monotone and self._is_strict

    def add(self, block: _Array) -> None:
        low, high = block.min().item(), block.max().item()
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)
        self._n += len(block)
        if self._rises or self._falls:
            linked = block if self._last is None else np.concatenate(([self._last], block))
            before, following = linked[:-1], linked[1:]
            self._rises = self._rises and bool((following >= before).all())
            self._falls = self._falls and bool((following <= before).all())
            self._is_strict = self._is_strict and not bool((following == before).any())
        self._last = block[-1]


def _quantile(ordered: _Array, share: float) -> float:
    """Return the quantile at ``share``, interpolated linearly."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    first, then = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    return first + (then - first) * (place - below)


def finite(value: float | None) -> float | None:
    """Return ``value``, or None if sums of very large numbers overflowed."""
    return value if value is not None and math.isfinite(value) else None
