"""The surrogate's predictions after fixing the table: without leaks, without rows with doubtful labels."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

NO_LEAKS, LEAKS, NO_DOUBTS = "without leaks", "with leaks", "without doubtful rows"


def try_data_fixes(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return predictions for the held-out rows, which are not fixed, after learning from a fixed table.

    Leaks are columns: a surrogate that reads words reads columns here, with leaks and without.
    """
    values: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    leaks = np.array(
        [at for at, name in enumerate(surrogate.names) if name in surrogate.data.leaks], dtype=np.int64
    )
    if 0 < len(leaks) < len(surrogate.names):
        columns = surrogate.reading(words=False)
        without = columns.without(leaks)
        values[LEAKS] = [clock.timed(lambda: columns.fit(rest, stop, rows))]
        values[NO_LEAKS] = [clock.timed(lambda: without.fit(rest, stop, rows))]
    doubtful = surrogate.data.doubtful
    if doubtful is not None and doubtful[learn].any() and clock.has_time_for(2):
        a, b = rest[~doubtful[rest]], stop[~doubtful[stop]]
        values[NO_DOUBTS] = [clock.timed(lambda: surrogate.fit(a, b, rows))]
    return values
