"""One or many series of one frequency, without gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._series.frequency import Frequency

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Values (n,) from position ``start`` on; ``is_filled`` (n,) says where a gap was filled.

    ``covariates`` (n + m, k) are columns known ahead, for m positions beyond the last value, too.
    ``static`` (s,) are numbers or codes that never change.
    """

    name: str
    start: int
    values: Array
    is_filled: Array
    covariates: Array
    static: Array

    def __len__(self) -> int:
        return len(self.values)

    @property
    def end(self) -> int:
        """The position after the last value."""
        return self.start + len(self.values)

    def until(self, n: int) -> Series:
        """Return the first ``n`` values; what is known ahead stays."""
        return replace(self, values=self.values[:n], is_filled=self.is_filled[:n])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """Series of one frequency. ``season`` is the number of values in a season (1: none).

    ``known_columns`` and ``static_columns`` name the columns of :class:`Series`; ``codes`` are the texts of
    those that are not numbers, by column, in the order of their codes. ``is_count``: all are whole numbers of
    zero or more; ``is_positive``: none is negative.
    """

    frequency: Frequency
    season: int
    series: tuple[Series, ...]
    known_columns: tuple[str, ...] = ()
    static_columns: tuple[str, ...] = ()
    codes: dict[str, tuple[str, ...]]

    @property
    def is_positive(self) -> bool:
        """Whether no value is negative."""
        return all((series.values >= 0).all() for series in self.series)

    def until(self, n_left: int) -> Panel:
        """Return the panel without the last ``n_left`` values of its series."""
        return replace(self, series=tuple(one.until(len(one) - n_left) for one in self.series))


def seasonal_scale(values: Array, season: int) -> float:
    """Return the mean absolute difference between values a season apart: the unit of MASE.

    A series shorter than a season goes by neighbours. 0 where it repeats itself.

    >>> seasonal_scale(np.array([1.0, 5.0, 2.0, 6.0]), 2)
    1.0
    """
    lag = season if len(values) > season else 1
    return float(np.mean(np.abs(values[lag:] - values[:-lag]))) if len(values) > lag else 0.0
