"""Time in a table: a date, a calendar over several columns, or a counter in row order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.order_drift import drift_over_order
from litmus_core.checks._context.row_order import are_in_order, find_followers, is_sorted
from litmus_core.checks._context.split_optimism import SplitOptimism, time_optimism
from litmus_core.data import (
    as_numbers,
    find_calendar,
    holds_moments,
    may_count,
    moments,
    names_cohort,
    names_rows,
    names_time,
    names_year_of_a_thing,
    text_order,
    times_of,
)
from litmus_core.types import SplitPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.data import TextOrder
    from litmus_core.types import Column

_FEWEST_MOMENTS, _FEWEST_YEARS, _LAST_YEAR = 12, 4, 2200
_TRIED = 3
_PROVES_TIME = 3.0  # standard errors by which the target changes along what may be a time
TimeKind = Literal["date", "calendar", "counter", "number", "rows"]
ONLY_MAY_COUNT: tuple[TimeKind, ...] = ("number", "rows")


@dataclass(frozen=True)
class Drift:
    """Columns that date a row, the split by them, and the optimism of a random split.

    ``is_left_out``: a random split is optimistic only for models that use the counter, and Litmus leaves it
    out.
    """

    kind: TimeKind
    split: SplitPlan
    optimism: SplitOptimism
    is_left_out: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, the coarsest first."""
        return self.split.columns


@dataclass(frozen=True)
class Time:
    """Columns that may date a row; if that is uncertain, only a drift along them proves it."""

    kind: TimeKind
    names: tuple[str, ...]
    is_sure: bool = True

    @property
    def may_do_harm(self) -> bool:
        """Whether it can lead to more than a warning; a column that may only count rows cannot."""
        return self.kind not in ONLY_MAY_COUNT


def find_times(table: CheckContext) -> tuple[Time, ...]:
    """Return at most three columns, or sets of columns, that may date rows."""
    return tuple(islice(_candidate_times(table), _TRIED))


def _candidate_times(table: CheckContext) -> Iterator[Time]:
    """Yield what may date rows: certain times first, then those along which the target drifts most."""
    calendar = find_calendar(table.sample, table.columns)
    if calendar and len(np.unique(moments(table.sample, calendar))) >= _FEWEST_MOMENTS:
        yield Time("calendar", calendar)
    else:
        calendar = ()
    possible = [
        time
        for column in table.columns
        if column.name not in calendar and column.name not in table.once(find_leaks).same
        for time in _times_of_column(table, column)
    ]
    yield from (time for time in possible if time.is_sure)
    proved = {
        time: drift_over_order(table, moments(table.sample, time.names))
        for time in possible
        if not time.is_sure
    }
    yield from sorted(
        (time for time, drift in proved.items() if drift >= _PROVES_TIME), key=lambda time: -proved[time]
    )


def _times_of_column(table: CheckContext, column: Column) -> Iterator[Time]:
    """Yield the time in a single column, if any."""
    name, is_number = column.name, column.stores_numbers
    order = text_order(table.sample[name], name) if column.stores_text else None
    sure, follows = _time_evidence(table, column, order), name in table.once(find_followers)
    if sure != "surely" and follows and table.once(is_sorted):
        return  # the rows were sorted by the target and then numbered
    if sure != "no":
        yield Time("date", (name,), is_sure=sure == "surely")
    elif follows:
        if is_number or order is not None:
            yield Time(_kind_of_follower(table, name), (name,), is_sure=False)
    elif (
        name not in table.once(find_leaks).columns
        and not names_year_of_a_thing(name)
        and (is_number or (order is not None and order.unit is None))
    ):
        values = times_of(table.sample[name], name) if order is None else order.numbers
        if may_count(values, name, is_id=column.traits.is_identifier):
            yield Time("number", (name,), is_sure=False)


def _kind_of_follower(table: CheckContext, name: str) -> TimeKind:
    """Return what a column that follows the rows is; one that numbers a file's rows tells no time itself."""
    if are_in_order(table):
        return "number"
    return "rows" if names_rows(name) else "counter"


def drift_optimism(table: CheckContext, names: Iterable[str]) -> list[Drift]:
    """Return the optimism of a random split along any of the columns ``names``."""
    named = set(names)
    optimisms = (
        table.once(find_drift, time) for time in table.once(find_times) if named.intersection(time.names)
    )
    return [optimism for optimism in optimisms if optimism is not None]


def find_drift(table: CheckContext, time: Time) -> Drift | None:
    """Return the optimism of a random split; None if ``time`` proves not to be a time."""
    names = time.names
    split = SplitPlan(kind="time", column=names[0], finer=names[1:])
    times = moments(table.sample, names)
    optimism = time_optimism(table, times, time_columns=names)
    if optimism is None or not (time.is_sure or optimism.is_material or optimism.deserves_warning):
        return None
    if time.kind in ("counter", *ONLY_MAY_COUNT) and names[0] not in table.suggestion.features:
        without_counter = time_optimism(table, times)
        if without_counter is None or not without_counter.is_material:
            return Drift(time.kind, split, optimism, is_left_out=True)
        return Drift(time.kind, split, without_counter)
    return Drift(time.kind, split, optimism)


def _time_evidence(
    table: CheckContext, column: Column, order: TextOrder | None
) -> Literal["surely", "maybe", "no"]:
    if names_year_of_a_thing(column.name) and not _is_month_of_cohort(table, column, order):
        return "no"
    if _is_year(table, column):
        return "surely"
    if order is not None and order.tells_time != "no" and column.n_distinct >= _FEWEST_YEARS:
        return order.tells_time
    if column.n_distinct < _FEWEST_MOMENTS:
        return "no"
    if column.traits.is_moment:
        return "surely"
    if column.stores_text:
        if order is None or order.unit is not None:
            return "no"
        return "no" if holds_moments(order.numbers, column.name) == "no" else "maybe"
    if not column.stores_numbers:
        return "no"
    return holds_moments(table.sample[column.name].to_numpy(dtype=np.float64), column.name)


def _is_month_of_cohort(table: CheckContext, column: Column, order: TextOrder | None) -> bool:
    """Return whether the name is a cohort's and values are finer than years: 201708, Apr 2018."""
    if not names_cohort(column.name):
        return False
    if order is not None:
        return len(order.units) > 1
    return column.name in table.ranges and table.ranges[column.name][0] > _LAST_YEAR


def _is_year(table: CheckContext, column: Column) -> bool:
    """Return whether the column's name means a year, and it holds years."""
    if column.n_distinct < _FEWEST_YEARS or not column.stores_numbers:
        return False
    if not names_time(column.name):
        return False
    numbers = as_numbers(table.sample[column.name].to_numpy())
    present = numbers[~np.isnan(numbers)]
    return bool(len(present)) and bool(((present >= 1800) & (present <= _LAST_YEAR)).all())
