"""Harmful columns: no more informative than noise, and a model without them does better."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

WITHOUT = "without columns"
_FEWEST_LEFT = 2
_DRAWS = 2  # of noise


def useless(probe: Surrogate, learn: Ints, *, seed: int) -> Ints:
    """Return the positions of the columns that help trees less than their own shuffled values.

    Found on ``learn`` only, so that other rows can show whether a model without them does better.
    """
    n_columns = probe.matrix.shape[1]
    if n_columns <= _FEWEST_LEFT:
        return np.empty(0, dtype=np.int64)
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    gains_of, noise = np.zeros(n_columns), np.zeros(n_columns)
    for draw in range(_DRAWS):
        order = np.random.default_rng([seed, draw, 53]).permutation(len(probe.matrix))
        gains = probe.with_noise(order).gains(rest, stop)
        gains_of, noise = gains_of + gains[:n_columns], noise + gains[n_columns:]
    line = max(float(np.quantile(noise, 0.9)), 0.0)
    columns = np.flatnonzero(gains_of <= line)
    return columns if n_columns - len(columns) >= _FEWEST_LEFT else np.empty(0, dtype=np.int64)


def try_without(
    probe: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return the surrogate's predictions for the held-out rows without columns useless on the others."""
    if not clock.has_time_for(4):
        return {}
    columns = clock.timed(lambda: useless(probe, learn, seed=seed))
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    without = probe.without(columns)
    return {WITHOUT: [clock.timed(lambda: without.fit(rest, stop, rows))]}


def useless_names(probe: Surrogate, *, seed: int) -> tuple[str, ...]:
    """Return the names of the columns that are useless on all rows."""
    places = useless(probe, np.arange(len(probe.matrix)), seed=seed)
    return tuple(probe.names[at] for at in places)
