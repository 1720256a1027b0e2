"""The surrogate's predictions with a second level that reads columns and out-of-fold predictions."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, mean_of, parts_of

STACKED = "stacked"


def try_stacked(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return the predictions of both levels together for the held-out rows, which neither of them saw.

    The first level consists of the bag's models: each predicts the rows that it left out. Out-of-fold scores
    of a second level are optimistic (benchmarks/README.md), so they do not judge it.
    """
    if surrogate.words or not clock.has_time_for(2):
        return {}
    parts = parts_of(learn, seed=seed)
    first = np.zeros((len(surrogate.matrix), max(1, len(surrogate.data.classes))))
    singles = []
    for stop in parts:
        prediction = surrogate.fit(
            np.setdiff1d(learn, stop, assume_unique=True), stop, np.concatenate([stop, rows])
        )
        first[stop] = prediction[: len(stop)].reshape(len(stop), -1)
        singles.append(prediction[len(stop) :])
    bag = mean_of(singles)
    first[rows] = bag.reshape(len(rows), -1)
    rest = np.setdiff1d(learn, parts[0], assume_unique=True)
    second = clock.timed(lambda: surrogate.with_columns(first).fit(rest, parts[0], rows))
    return {STACKED: [mean_of([bag, second])]}
