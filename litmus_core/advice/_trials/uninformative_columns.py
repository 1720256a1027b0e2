"""Harmful columns: no more informative than noise, and the surrogate does better without them."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

WITHOUT = "without columns"
_FEWEST_LEFT = 2
_DRAWS = 2  # of noise


def useless(surrogate: Surrogate, learn: Ints, *, seed: int) -> Ints:
    """Return the positions of the columns that help trees less than their own shuffled values.

    They are found on ``learn`` only, so that other rows can show whether a model does better without them.
    """
    n_columns = surrogate.matrix.shape[1]
    if n_columns <= _FEWEST_LEFT:
        return np.empty(0, dtype=np.int64)
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    gains_of, noise = np.zeros(n_columns), np.zeros(n_columns)
    for draw in range(_DRAWS):
        order = np.random.default_rng([seed, draw, 53]).permutation(len(surrogate.matrix))
        gains = surrogate.with_noise(order).gains(rest, stop)
        gains_of, noise = gains_of + gains[:n_columns], noise + gains[n_columns:]
    line = max(float(np.quantile(noise, 0.9)), 0.0)
    columns = np.flatnonzero(gains_of <= line)
    return columns if n_columns - len(columns) >= _FEWEST_LEFT else np.empty(0, dtype=np.int64)


def try_without(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return the surrogate's predictions for the held-out rows, without columns useless on the other rows."""
    if not clock.has_time_for(4):
        return {}
    columns = clock.timed(lambda: useless(surrogate, learn, seed=seed))
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    without = surrogate.without(columns)
    return {WITHOUT: [clock.timed(lambda: without.fit(rest, stop, rows))]}


def useless_names(surrogate: Surrogate, *, seed: int) -> tuple[str, ...]:
    """Return the names of the columns that are useless on all rows."""
    places = useless(surrogate, np.arange(len(surrogate.matrix)), seed=seed)
    return tuple(surrogate.names[at] for at in places)
