"""Rows in an order in which the answer wanders, and moments at which an organisation may have kept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._fresh_tables import FRESH_TABLES

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Rng = np.random.Generator
Columns = Mapping[str, Sequence[object]]

_STRONG, _MODERATE = 0.6, 1.2  # noise beside a drift of 1
_OPENS, _HOURS_OPEN = 7.0, 12.0


def is_mixed(table: FrozenTable) -> bool:
    """Return whether the rows of the table's file come in any order: so in every second table."""
    return FRESH_TABLES.index(table) % 2 == 1


def order_by_drift(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Return the rows in the order of time: the answer's mean, or its classes' shares, wander."""
    is_strong = FRESH_TABLES.index(table) // 2 % 2 == 0
    profile = _profile(len(frame), rng)
    wanted = profile + (_STRONG if is_strong else _MODERATE) * rng.normal(size=len(frame))
    order = np.empty(len(frame), dtype=np.int64)
    order[np.argsort(wanted)] = np.argsort(_ranks(table, frame, rng))
    return frame.iloc[order].reset_index(drop=True)


def _profile(n_rows: int, rng: Rng) -> NDArray[np.float64]:
    """Return a trend, steps, or a walk, with a spread of 1."""
    at = np.arange(n_rows) / n_rows
    shape = rng.integers(3)
    if shape == 0:
        found = at * rng.choice([-1.0, 1.0])
    elif shape == 1:
        n_steps = int(rng.integers(5, 10))
        levels = np.cumsum(rng.choice([-1.0, 1.0], n_steps) * rng.uniform(0.5, 1.5, n_steps))
        found = levels[np.minimum((at * n_steps).astype(int), n_steps - 1)]
    else:
        found = np.interp(at, np.linspace(0, 1, 13), np.cumsum(rng.normal(size=13)))
    return np.asarray((found - found.mean()) / found.std())


def _ranks(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> NDArray[np.float64]:
    """Return the place of each answer; equal answers, and the order of classes, by chance."""
    answer = frame[table.target]
    if table.problem == "numbers":
        codes = answer.astype(float).rank(method="dense").to_numpy()
    else:
        raw, classes = pd.factorize(answer.astype(str))
        codes = rng.permutation(len(classes))[raw].astype(float)
    return codes + rng.uniform(0, 0.5, len(frame))


def moments(n_rows: int, rng: Rng, *, n_days: int, workdays: bool = True) -> pd.DatetimeIndex:
    """Return when the rows were written, one after the other: by day, in busier and quieter weeks."""
    busy = np.cumsum(rng.gamma(2.0, size=n_days // 7 + 1))
    shares = np.sort(rng.uniform(0, busy[-1], n_rows))
    days = np.interp(shares, np.concatenate([[0.0], busy]), np.arange(len(busy) + 1) * 7.0)
    start = np.datetime64("2013-01-02") + int(rng.integers(0, 2_200))
    whole = np.floor(days).astype(int)
    dates = np.busday_offset(start, whole * 5 // 7, roll="forward") if workdays else start + whole
    within = np.empty(n_rows)
    for place in np.split(np.arange(n_rows), np.flatnonzero(np.diff(dates)) + 1):
        within[place] = np.sort(rng.uniform(size=len(place)))
    hours = _OPENS + _HOURS_OPEN * within if workdays else 24 * within
    return pd.DatetimeIndex(pd.DatetimeIndex(dates) + pd.to_timedelta((hours * 3_600).astype(int), unit="s"))


def add_columns(frame: pd.DataFrame, columns: Columns, rng: Rng) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with ``columns`` side by side at some place, and the names that they got."""
    taken = {str(name).lower() for name in frame.columns}
    names = []
    place = int(rng.integers(0, frame.shape[1] + 1))
    wider = frame.copy()
    for name, values in columns.items():
        free = name if name.lower() not in taken else f"{name}_2"
        wider.insert(place + len(names), free, pd.Series(list(values), index=frame.index))
        names.append(free)
    return wider, tuple(names)
