"""The surrogate's predictions with engineered columns: counts, crosses, pairs, cyclic dates."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of
from litmus_core.advice._trials.feature_crosses import strongest_groups, with_groups
from litmus_core.builtin_preprocessors import Counts, Pairs, RoundDates, pairs_of
from litmus_core.frame import FeaturePipeline

COUNTS, CROSSES, PAIRS = "counts", "crosses", "pairs"
DATES, DATE_PARTS = "round dates", "date parts"
_MOST_NUMBERS, _MOST_PAIRS = 6, 2  # numbers among which pairs are searched, and pairs used


def try_features(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return predictions for the held-out rows with each kind of engineered columns.

    Steps are fitted on the other rows. ``round dates`` are compared with ``date parts``, the date parts that
    every model gets.
    """
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    values: dict[str, list[Floats]] = {}

    def fit(way: str, more: Surrogate) -> None:
        values[way] = [clock.timed(lambda: more.fit(rest, stop, rows))]

    if has_categories(surrogate) and clock.has_time_for(2):
        fit(COUNTS, with_step(surrogate, Counts(), rest))
    if clock.has_time_for(4):
        groups = strongest_groups(surrogate, learn, seed=seed)
        if groups:
            fit(CROSSES, with_groups(surrogate, groups, rest, seed=seed))
    if len(numbers_of(surrogate)) > 1 and clock.has_time_for(4):
        names = clock.timed(lambda: strongest(surrogate, rest, stop))
        if len(names) > 1:
            fit(PAIRS, with_step(surrogate, Pairs(columns=pairs_of(names)), rest))
    if dates_of(surrogate) and clock.has_time_for(3):
        plain = surrogate.with_columns(_date_parts(surrogate, rest))
        fit(DATE_PARTS, plain)
        fit(DATES, with_step(plain, RoundDates(), rest))
    return values


def strongest(surrogate: Surrogate, learn: Ints, stop: Ints) -> tuple[str, ...]:
    """Return the numeric columns whose pairs have the highest gain in trees, in table order."""
    gains = dict(zip(surrogate.names, surrogate.gains(learn, stop), strict=True))
    used = sorted((name for name in numbers_of(surrogate) if gains[name] > 0), key=lambda name: -gains[name])
    if len(used) < 2:
        return ()
    names = used[:_MOST_NUMBERS]
    more = with_step(surrogate, Pairs(columns=pairs_of(names)), learn)
    gains_made = (
        more.gains(learn, stop)[len(surrogate.names) :].reshape(-1, 2).sum(axis=1)
    )  # ratio and difference
    pairs = list(combinations(names, 2))
    best = {name for at in np.argsort(-gains_made)[:_MOST_PAIRS] if gains_made[at] > 0 for name in pairs[at]}
    return tuple(name for name in surrogate.names if name in best)


def strongest_names(surrogate: Surrogate, *, seed: int) -> tuple[str, ...]:
    """Return the names of these columns, found on all rows."""
    stop, *rest = parts_of(np.arange(len(surrogate.matrix)), seed=seed)
    return strongest(surrogate, np.concatenate(rest), stop)


def numbers_of(surrogate: Surrogate) -> tuple[str, ...]:
    """Return the numeric columns."""
    kinds = {column.name: column.traits for column in surrogate.data.columns}
    return tuple(name for name in surrogate.names if kinds[name].is_quantity)


def dates_of(surrogate: Surrogate) -> tuple[str, ...]:
    """Return the date columns."""
    return tuple(column.name for column in surrogate.data.columns if column.traits.is_moment)


def has_categories(surrogate: Surrogate) -> bool:
    """Return whether some category has values that can be counted."""
    try:
        Counts().fit(surrogate.raw, None)
    except ValueError:
        return False
    return True


def with_step(surrogate: Surrogate, step: Any, learn: Ints) -> Surrogate:
    """Return the surrogate with a step's columns, fitted on the rows ``learn``."""
    raw = surrogate.raw
    step.fit(raw.iloc[learn], None)
    columns = step.transform(raw).iloc[:, raw.shape[1] :]
    return surrogate.with_columns(columns.to_numpy(dtype=np.float64))


def _date_parts(surrogate: Surrogate, learn: Ints) -> Floats:
    """Return the date parts that every model gets."""
    dates = [column for column in surrogate.data.columns if column.traits.is_moment]
    pipeline = FeaturePipeline(dates).fit(surrogate.data.frame.iloc[learn])
    return np.asarray(pipeline.transform(surrogate.data.frame), dtype=np.float64)
