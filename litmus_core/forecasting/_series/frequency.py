"""How often a series has a value: positions for times, and times for positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.text import join_names

Unit = Literal["month", "day", "workday", "second", "step"]
Array = NDArray[Any]
_DAY = 86_400
_WEEKS = 52
_LAST_DAY = 31
_WEEKEND = (5, 6)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_DAYS = np.arange("1970-01-01", "1970-01-08", dtype="datetime64[D]")  # a Thursday first
_NOUNS = {
    "yearly": "year",
    "half-yearly": "half-year",
    "quarterly": "quarter",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "workdays": "working day",
    "hourly": "hour",
    "half-hourly": "half-hour",
    "quarter-hourly": "quarter-hour",
    "by minute": "minute",
}
_USUAL_HORIZONS = {"yearly": 3, "half-yearly": 4, "quarterly": 4, "monthly": 12, "weekly": 13, "daily": 14,
                   "workdays": 10, "hourly": 24, "half-hourly": 48, "quarter-hourly": 96,
                   "by minute": 60}  # fmt: skip
_NAMES: dict[tuple[Unit, int], tuple[str, int, int]] = {  # name, values in a season, in a longer one
    ("month", 12): ("yearly", 1, 0),
    ("month", 6): ("half-yearly", 2, 0),
    ("month", 3): ("quarterly", 4, 0),
    ("month", 1): ("monthly", 12, 0),
    ("day", 7): ("weekly", 52, 0),
    ("day", 1): ("daily", 7, 365),
    ("workday", 1): ("workdays", 5, 260),
    ("second", 3600): ("hourly", 24, 168),
    ("second", 1800): ("half-hourly", 48, 336),
    ("second", 900): ("quarter-hourly", 96, 672),
    ("second", 60): ("by minute", 60, 1440),
    ("step", 1): ("by step", 1, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """A value every ``every`` units. ``phase`` is the first position's place in units, modulo ``every``.

    ``offset`` is what a time has beside its units: the day of the month (31: the last one), or the seconds
    after midnight. ``closed`` are the weekdays (0: Monday) that the unit "workday" leaves out.
    """

    unit: Unit
    every: int = 1
    phase: int = 0
    offset: int = 0
    closed: tuple[int, ...] = _WEEKEND

    @property
    def name(self) -> str:
        """What it is called: "monthly", or "every 2 days"."""
        if self.unit == "workday" and self.closed != _WEEKEND:
            return _name_of_days(self.closed)
        if (self.unit, self.every) in _NAMES:
            return _NAMES[self.unit, self.every][0]
        return f"every {self.every} {self.unit}s"

    @property
    def season(self) -> int:
        """How many values a season has; 1: none is usual."""
        if self.unit == "workday":
            return len(_WEEKDAYS) - len(self.closed)
        return _NAMES.get((self.unit, self.every), ("", 1, 0))[1]

    @property
    def long_season(self) -> int:
        """How many values a second, longer season has; 0: none is usual."""
        if self.unit == "workday":
            return _WEEKS * self.season
        return _NAMES.get((self.unit, self.every), ("", 1, 0))[2]

    @property
    def usual_horizon(self) -> int:
        """How many values ahead people mostly ask for."""
        if self.unit == "workday":
            return 2 * self.season
        return _USUAL_HORIZONS.get(self.name, 10)

    def positions(self, times: Array) -> Array:
        """Return where ``times`` (n,) lie, whole numbers that count by one from value to value."""
        if self.unit == "workday":
            days = times.astype("datetime64[D]")
            return np.asarray(np.busday_count(self._first_day, days, self._open), dtype=np.int64)
        return (_units(times, self.unit) - self.phase) // self.every

    def times(self, positions: Array) -> Array:
        """Return the times of ``positions``: datetime64[s], or whole numbers for steps."""
        units = np.asarray(positions, dtype=np.int64) * self.every + self.phase
        if self.unit == "step":
            return units
        if self.unit == "month":
            months = units.astype("datetime64[M]")
            days = (months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")
            within = np.minimum(days.astype(np.int64), self.offset or 1) - 1
            return np.asarray((months.astype("datetime64[D]") + within).astype("datetime64[s]"))
        if self.unit == "workday":
            days = np.busday_offset(self._first_day, units, weekmask=self._open)
            return days.astype("datetime64[s]") + self.offset
        seconds = units * (_DAY if self.unit == "day" else 1) + self.offset
        return seconds.astype("datetime64[s]")

    @property
    def _open(self) -> list[bool]:
        return [weekday not in self.closed for weekday in range(len(_WEEKDAYS))]

    @property
    def _first_day(self) -> np.datetime64:
        """The day of position 0."""
        return np.datetime64(_FIRST_DAYS[np.is_busday(_FIRST_DAYS, self._open)][0])

    def has(self, times: Array) -> Array:
        """Return (n,) whether each of ``times`` is one of this frequency's."""
        return np.asarray(self.times(self.positions(times)) == times)


def named_frequency(name: str) -> Frequency | None:
    """Return the frequency of a name: "monthly"; None where there is none.

    >>> named_frequency("hourly").name, named_frequency("hourly").every
    ('hourly', 3600)
    """
    for (unit, every), (usual, _, _) in _NAMES.items():
        if usual == name:
            # 1970-01-01 was a Thursday: weeks that begin on Mondays begin four days later.
            return Frequency(unit=unit, every=every, phase=4 if usual == "weekly" else 0)
    return None


def step_noun(name: str) -> str:
    """Return what people call one step of the frequency called ``name``.

    >>> step_noun("monthly"), step_noun("every 2 days")
    ('month', 'step')
    """
    return _NOUNS.get(name, "open day" if name.startswith("daily ") else "step")


def weekday_names(weekdays: Sequence[int]) -> tuple[str, ...]:
    """Return what weekdays are called.

    >>> weekday_names([0, 6])
    ('Monday', 'Sunday')
    """
    return tuple(_WEEKDAYS[weekday] for weekday in weekdays)


def frequency_names() -> tuple[str, ...]:
    """Return the names that ``named_frequency`` knows."""
    return tuple(name for name, _, _ in _NAMES.values())


def detect_frequency(times: Array) -> Frequency:
    """Return the commonest distance between ``times`` (n >= 2, ascending, all different) as a frequency."""
    if times.dtype.kind == "i":
        return _regular(times, "step", 0)
    days = times.astype("datetime64[D]")
    clock = (times - days).astype(np.int64)
    if (clock != clock[0]).any():
        return _regular(times.astype(np.int64), "second", 0)
    day_of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    is_last = (days + 1).astype("datetime64[M]") != days.astype("datetime64[M]")
    offset = _LAST_DAY if is_last.all() else int(day_of_month[0])
    months = days.astype("datetime64[M]").astype(np.int64)
    if (is_last.all() or (day_of_month == offset).all()) and clock[0] == 0 and (np.diff(months) > 0).all():
        return _regular(months, "month", offset)
    numbers = days.astype(np.int64)
    if _are_workdays(numbers):
        return Frequency(unit="workday", offset=int(clock[0]))
    return _regular(numbers, "day", int(clock[0]))


def _regular(units: Array, unit: Unit, offset: int) -> Frequency:
    steps, counts = np.unique(np.diff(units), return_counts=True)
    every = int(steps[np.argmax(counts)])
    phases, counts = np.unique(units % every, return_counts=True)
    return Frequency(unit=unit, every=every, phase=int(phases[np.argmax(counts)]), offset=offset)


def _name_of_days(closed: tuple[int, ...]) -> str:
    """Return the name of all days but those of some weekdays."""
    opened = [weekday for weekday in range(len(_WEEKDAYS)) if weekday not in closed]
    way, named = ("without", closed) if len(closed) < len(opened) else ("on", opened)
    return f"daily {way} {join_names(f'{day}s' for day in weekday_names(named))}"


def _are_workdays(days: Array) -> bool:
    """Whether ``days`` are Mondays to Fridays, and mostly one after the other."""
    weekdays = (days + 3) % 7
    steps = np.diff(days)
    return bool((weekdays < 5).all() and (steps == 1).mean() > 0.5 and len(set(weekdays.tolist())) == 5)


def _units(times: Array, unit: Unit) -> Array:
    if unit == "step":
        return np.asarray(times, dtype=np.int64)
    if unit == "month":
        return times.astype("datetime64[M]").astype(np.int64)
    days = times.astype("datetime64[D]")
    return days.astype(np.int64) if unit == "day" else times.astype("datetime64[s]").astype(np.int64)
