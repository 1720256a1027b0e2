"""Time in a table: a date, a calendar over several columns, or a number that counts rows in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from litmus_core.checks._flattery import Flattery, drift_along, flattery_of_time
from litmus_core.data import (
    as_numbers,
    find_calendar,
    holds_moments,
    moments,
    names_a_things_year,
    trailing_numbers,
)
from litmus_core.types import SplitPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from litmus_core.checks._table import Table
    from litmus_core.types import Column

_TIME = re.compile(
    r"(^|[\W_\d])(year|yr|date|month|week|quarter|period|time|day|jahr|datum|monat|ann[ée]e|mois|semaine|a[ñn]o"
    r"|fecha|anno|mese|jaar)([\W_\d]|$)",
    re.IGNORECASE,
)
_FEWEST_MOMENTS = 12
_TRIED = 3
_PROVES_TIME = 3.0  # standard errors by which answers change along what may be a time
TimeKind = Literal["date", "calendar", "counter"]


@dataclass(frozen=True)
class Drift:
    """Columns that tell the time of a row, the split by them, and what a random one flatters by.

    ``is_left_out``: a random split flatters only models that see the counter, which Litmus leaves out itself.
    """

    kind: TimeKind
    split: SplitPlan
    flattery: Flattery
    is_left_out: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, the coarsest first."""
        return self.split.columns


@dataclass(frozen=True)
class _Time:
    """Columns that may tell the time of a row; where it is not sure, only a drift along them proves it."""

    kind: TimeKind
    names: tuple[str, ...]
    is_sure: bool = True


def find_drifts(table: Table) -> tuple[Drift, ...]:
    """Return what tells the time of a row, three times at most, and what a random split flatters by."""
    drifts = (_drift(table, each) for each in list(_times(table))[:_TRIED])
    return tuple(each for each in drifts if each is not None)


def _times(table: Table) -> Iterator[_Time]:
    calendar = find_calendar(table.sample, table.columns)
    if calendar and len(np.unique(moments(table.sample, calendar))) >= _FEWEST_MOMENTS:
        yield _Time("calendar", calendar)
    else:
        calendar = ()
    possible = [
        _Time("date", (each.name,), is_sure=sure == "surely")
        for each in table.columns
        if each.name not in calendar and (sure := _tells_time(table, each)) != "no"
    ]
    yield from sorted(possible, key=lambda each: not each.is_sure)
    if not table.is_sorted:
        for name in table.followers:
            if _has_order(table, name):
                yield _Time("counter", (name,), is_sure=False)


def _has_order(table: Table, name: str) -> bool:
    if table.version.column(name).storage in ("BIGINT", "DOUBLE"):
        return True
    return trailing_numbers(table.sample[name]) is not None


def _drift(table: Table, time: _Time) -> Drift | None:
    names = time.names
    split = SplitPlan(kind="time", column=names[0], finer=names[1:])
    times = moments(table.sample, names)
    if not time.is_sure and drift_along(table, times) < _PROVES_TIME:
        return None
    flattery = flattery_of_time(table, times, also=names)
    if flattery is None or not (time.is_sure or flattery.is_material):
        return None
    if time.kind == "counter" and names[0] not in table.suggestion.features:
        hidden = flattery_of_time(table, times)
        if hidden is None or not hidden.is_material:
            return Drift(time.kind, split, flattery, is_left_out=True)
        return Drift(time.kind, split, hidden)
    return Drift(time.kind, split, flattery)


def _tells_time(table: Table, column: Column) -> Literal["surely", "maybe", "no"]:
    if column.n_distinct < _FEWEST_MOMENTS or names_a_things_year(column.name):
        return "no"
    if column.kind == "date":
        return "surely"
    if column.storage not in ("BIGINT", "DOUBLE"):
        return "no"
    if column.kind == "number" and _TIME.search(column.name) and _are_years(table, column):
        return "surely"
    return holds_moments(table.sample[column.name].to_numpy(dtype=np.float64), column.name)


def _are_years(table: Table, column: Column) -> bool:
    numbers = as_numbers(table.sample[column.name].to_numpy())
    known = numbers[~np.isnan(numbers)]
    return bool(len(known)) and bool(((known >= 1800) & (known <= 2200)).all())
