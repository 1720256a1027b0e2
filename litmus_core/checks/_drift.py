"""Time in a table: a date, a calendar over several columns, or a number that counts rows in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from litmus_core.checks._flattery import Flattery, flattery_of_time
from litmus_core.data import as_numbers, find_calendar, moments, names_a_things_year
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


def find_drifts(table: Table) -> tuple[Drift, ...]:
    """Return what tells the time of a row, three times at most, and what a random split flatters by."""
    found = []
    for kind, names in list(_times(table))[:_TRIED]:
        drift = _drift(table, kind, names)
        if drift is not None:
            found.append(drift)
    return tuple(found)


def _times(table: Table) -> Iterator[tuple[TimeKind, tuple[str, ...]]]:
    calendar = find_calendar(table.sample, table.columns, table.rows)
    if calendar and len(np.unique(moments(table.sample, calendar))) >= _FEWEST_MOMENTS:
        yield "calendar", calendar
    else:
        calendar = ()
    for each in table.columns:
        if each.name not in calendar and _is_time(table, each):
            yield "date", (each.name,)
    if not table.is_sorted:
        for name in table.followers:
            if table.version.column(name).storage in ("BIGINT", "DOUBLE"):
                yield "counter", (name,)


def _drift(table: Table, kind: TimeKind, names: tuple[str, ...]) -> Drift | None:
    split = SplitPlan(kind="time", column=names[0], finer=names[1:])
    times = as_numbers(table.sample[names[0]].to_numpy()) if len(names) == 1 else moments(table.sample, names)
    flattery = flattery_of_time(table, times, also=() if kind == "counter" else names)
    if flattery is None:
        return None
    if kind == "counter" and not flattery.is_material:
        seen = flattery_of_time(table, times, also=names)
        if seen is None or not seen.is_material:
            return None  # a counter without a drift is no time
        return Drift(kind, split, seen, is_left_out=names[0] not in table.suggestion.features)
    return Drift(kind, split, flattery)


def _is_time(table: Table, column: Column) -> bool:
    if column.n_distinct < _FEWEST_MOMENTS or names_a_things_year(column.name):
        return False
    if column.kind == "date":
        return True
    return column.kind == "number" and bool(_TIME.search(column.name)) and _are_years(table, column)


def _are_years(table: Table, column: Column) -> bool:
    numbers = as_numbers(table.sample[column.name].to_numpy())
    known = numbers[~np.isnan(numbers)]
    return bool(len(known)) and bool(((known >= 1800) & (known <= 2200)).all())
