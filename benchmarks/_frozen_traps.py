"""Traps for the frozen tables, written and kept before the checks were changed.

Time told by several columns or a counter, columns that nearly say the answer, rows that are there twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Planted:
    """The table with its trap; ``columns`` are what a finding has to name one of (none: any)."""

    frame: pd.DataFrame
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenTrap:
    """A trap: found when a finding of one of ``kinds``, a warning at least, names what was planted."""

    name: str
    kinds: tuple[str, ...]
    plant: Callable[[FrozenTable, pd.DataFrame, Rng], Planted | None]


_NAMES = (
    ("year", "month", "day", "hour"),
    ("yr", "mo", "dy", "hr"),
    ("Jahr", "Monat", "Tag", "Stunde"),
    ("col_4", "col_1", "col_3", "col_2"),
    ("obs_y", "obs_m", "obs_d", "obs_h"),
)
_FEWEST = 400


def hours(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """The target drifts from day to day; year, month, day and hour stand in four columns, anyhow named."""
    if len(frame) < _FEWEST:
        return None
    drifted, days = _drifted(table, frame, rng)
    moments = np.datetime64("2019-03-01", "h") + (24 * days).astype("timedelta64[h]")
    names = _NAMES[int(rng.integers(len(_NAMES)))]
    values = _calendar(moments)
    return _beside(drifted, dict(zip(names, values, strict=True)), rng)


def days(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """The same, with year, month and day alone."""
    if len(frame) < _FEWEST:
        return None
    drifted, when = _drifted(table, frame, rng)
    moments = np.datetime64("2019-03-01", "h") + (24 * when).astype("timedelta64[h]")
    names = _NAMES[int(rng.integers(len(_NAMES)))]
    return _beside(drifted, dict(zip(names[:3], _calendar(moments)[:3], strict=True)), rng)


def counter(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """The rows come in the order of time, and a number counts them."""
    if len(frame) < _FEWEST:
        return None
    drifted, when = _drifted(table, frame, rng)
    ordered = drifted.iloc[np.argsort(when, kind="stable")].reset_index(drop=True)
    name = ("row", "nr", "record_no", "seq", "index")[int(rng.integers(5))]
    numbers = int(rng.integers(1, 5_000)) + np.cumsum(rng.integers(1, 3, len(ordered)))
    return Planted(ordered.assign(**{name: numbers}), (name,))


def _drifted(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> tuple[pd.DataFrame, Any]:
    """Return the rows with a target that drifts over 400 days, and each row's day (with its hours)."""
    when = rng.uniform(0, 400, len(frame))
    stretch = (when // 10).astype(np.int64)
    y = frame[table.target].to_numpy(copy=True)
    if table.problem == "numbers":
        level = np.cumsum(rng.normal(size=stretch.max() + 1))
        y = y.astype(np.float64) + 1.5 * float(np.std(y.astype(np.float64))) * (level / level.std())[stretch]
    else:
        common = frame[table.target].value_counts().index[:6].to_numpy()
        label = rng.choice(common, stretch.max() + 1)
        fashion = rng.random(len(frame)) < 0.6
        y[fashion] = label[stretch[fashion]]
    return frame.assign(**{table.target: y}), when


def _calendar(moments: Any) -> list[Any]:
    import pandas as pd

    when = pd.DatetimeIndex(moments.astype("datetime64[ns]"))
    return [when.year.to_numpy(), when.month.to_numpy(), when.day.to_numpy(), when.hour.to_numpy()]


def _beside(frame: pd.DataFrame, columns: dict[str, Any], rng: Rng) -> Planted:
    """Put columns at places of their own among the others; of rows in any order."""
    frame = frame.assign(**columns)
    names = list(frame.columns)
    rng.shuffle(names)
    frame = frame[names].iloc[rng.permutation(len(frame))].reset_index(drop=True)
    return Planted(frame, tuple(columns))


def near_leak(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """A column that says the answer in 96 to 99 % of the rows (of numbers: that share of its variance)."""
    right = float(rng.uniform(0.96, 0.99))
    y = frame[table.target]
    if table.problem == "numbers":
        spread = float(y.std()) * np.sqrt((1 - right) / right)
        return Planted(frame.assign(checked=(y + rng.normal(0, spread, len(y))).round(4)), ("checked",))
    if y.value_counts(normalize=True).iloc[0] > 0.9:
        return None
    codes = {label: f"T{place}" for place, label in enumerate(sorted(y.unique(), key=str))}
    said = y.map(codes).to_numpy(dtype=object)
    wrong = rng.random(len(y)) > right
    said[wrong] = rng.choice(list(codes.values()), int(wrong.sum()))
    return Planted(frame.assign(checked=said), ("checked",))


def doubled(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """Every row is there twice, in any order."""
    import pandas as pd

    both = pd.concat([frame, frame], ignore_index=True)
    return Planted(both.iloc[rng.permutation(len(both))].reset_index(drop=True))


def some_again(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """Twelve rows in a hundred are there once more."""
    import pandas as pd

    again = frame.iloc[rng.choice(len(frame), round(0.12 * len(frame)), replace=False)]
    both = pd.concat([frame, again], ignore_index=True)
    return Planted(both.iloc[rng.permutation(len(both))].reset_index(drop=True))


TRAPS = (
    FrozenTrap("time over columns: hours", ("structure",), hours),
    FrozenTrap("time over columns: days", ("structure",), days),
    FrozenTrap("time: a counter", ("structure", "row_order"), counter),
    FrozenTrap("near leak", ("leakage",), near_leak),
    FrozenTrap("duplicates: doubled", ("duplicate_rows",), doubled),
    FrozenTrap("duplicates: some", ("duplicate_rows",), some_again),
)
