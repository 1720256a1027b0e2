"""Which columns of a table could be times, values and series, and which of them to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.forecasting import SeriesColumns
from litmus_core.types import Column, DatasetVersion

if TYPE_CHECKING:
    import pandas as pd

_YEARS = range(1000, 3000)
_NAMES_OF_TIMES = ("year", "time", "date", "step", "period")
_HARDLY = 0.75  # of doubled times, that a column has to leave fewer of
_MOST_SERIES = 0.5  # of the rows: a column that tells more apart than that names rows, not series


def time_columns(version: DatasetVersion) -> tuple[str, ...]:
    """Return the columns that may be times: dates first, then years and numbered steps."""
    dates = [column.name for column in version.columns if column.traits.is_moment]
    return (*dates, *(column.name for column in version.columns if _counts_time(column)))


def value_columns(version: DatasetVersion) -> tuple[str, ...]:
    """Return the columns of numbers, those that are not times first."""
    numbers = [column for column in version.columns if column.traits.is_quantity]
    return tuple(column.name for column in sorted(numbers, key=_counts_time))


def propose_columns(version: DatasetVersion, table: pd.DataFrame) -> SeriesColumns | None:
    """Return what to begin with; None where no column is a time or none a number.

    Columns that never change within one are static; those that go on where the values end are known ahead.
    """
    times = time_columns(version)
    values = [name for name in value_columns(version) if name not in times]
    if not times or not values:
        return None
    time, value = times[0], values[0]
    series = _telling(version, table, time, value)
    others = [column.name for column in version.columns if column.name not in (time, value, series)]
    ahead = table[table[value].isna()]
    known_future = tuple(name for name in others if len(ahead) and ahead[name].notna().all())
    static: tuple[str, ...] = ()
    if series is not None:
        counts = table.groupby(series, observed=True)[others].nunique(dropna=False).max()
        static = tuple(name for name in others if counts[name] == 1 and table[name].nunique() > 1)
    return SeriesColumns(
        time=time,
        value=value,
        id=series,
        known_future=tuple(name for name in known_future if name not in static),
        static=static,
    )


def _telling(version: DatasetVersion, table: pd.DataFrame, time: str, value: str) -> str | None:
    """Return the column that tells series apart: of fewest values, where no time is left twice in a series.

    Where rows are doubled, it is the column that leaves the fewest of them; None: it hardly matters. Numbers
    that leave any are amounts, such as the days to pay in.
    """
    rows = table[table[value].notna()]
    n_doubled = int(rows[time].duplicated().sum())
    best: tuple[str | None, float] = (None, _HARDLY * n_doubled)
    for column in sorted(version.columns, key=lambda column: column.n_distinct):
        is_one = column.name not in (time, value) and column.n_distinct > 1
        is_fit = column.n_distinct <= _MOST_SERIES * len(rows) and not column.traits.is_moment
        if is_one and is_fit and best[1]:
            n_left = int(rows.duplicated([column.name, time]).sum())
            if n_left and column.traits.is_quantity:
                continue
            best = min(best, (column.name, n_left), key=lambda choice: choice[1])
    return best[0]


def _counts_time(column: Column) -> bool:
    """Return whether a column holds years, with decimals too, or numbered steps, as name and examples say."""
    if not any(word in column.name.lower() for word in _NAMES_OF_TIMES):
        return False
    if "INT" in column.storage:
        return all(_is_step(text) for text in column.examples)
    return column.traits.is_quantity and all(_is_decimal_year(text) for text in column.examples)


def _is_decimal_year(text: str) -> bool:
    try:
        return _YEARS.start <= float(text) < _YEARS.stop
    except ValueError:
        return False


def _is_step(text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return number == int(number) and (int(number) in _YEARS or number >= 0)
