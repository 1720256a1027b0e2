"""The surrogate's predictions after learning from fewer rows of one segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of
from litmus_core.advice._trials.class_subsampling import part_way, thinned

FEWEST = 16  # fewest rows of a segment of which half can be left out
_MOST_SEGMENTS = 3


def segment_way(at: int, left: int = 2) -> str:
    """Return the name of the trial with one ``left``-th of the rows of a segment."""
    return part_way(f"segment {at}", left)


def try_segments(
    surrogate: Surrogate,
    learn: Ints,
    rows: Ints,
    clock: Clock,
    *,
    seed: int,
    only: Sequence[int] | None = None,
    left: int = 2,
) -> dict[str, list[Floats]]:
    """Return predictions for the held-out rows with one ``left``-th of the rows of one segment.

    Tried for the worst segments, or only for those in ``only``. Rows are removed at random, so class shares
    within the segment stay, and no correction is needed.
    """
    values: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    for at in range(min(len(surrogate.data.segments), _MOST_SEGMENTS)) if only is None else only:
        _, inside = surrogate.data.segments[at]
        if inside[rest].sum() < FEWEST or not clock.has_time_for(2):
            continue
        fewer = thinned(rest, inside[rest], left, seed=at)
        values[segment_way(at, left)] = [clock.timed(lambda a=fewer: surrogate.fit(a, stop, rows))]  # type: ignore[misc]
    return values
