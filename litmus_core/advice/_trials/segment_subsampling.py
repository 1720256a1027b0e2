"""The surrogate's predictions after learning from fewer rows of one segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of
from litmus_core.advice._trials.class_subsampling import part_way, thinned

FEWEST = 16  # rows of a segment, so that half of them can be left out
_MOST_SEGMENTS = 3


def segment_way(at: int, left: int = 2) -> str:
    """Return the name of a segment's trial with a ``left``-th of its rows."""
    return part_way(f"segment {at}", left)


def try_segments(
    probe: Surrogate,
    learn: Ints,
    rows: Ints,
    clock: Clock,
    *,
    seed: int,
    only: Sequence[int] | None = None,
    left: int = 2,
) -> dict[str, list[Floats]]:
    """Return predictions for the held-out rows with a ``left``-th of one segment's rows, worst segments
    first.

    For the first segments, or only those in ``only``. Rows are removed at random: class shares within the
    segment stay, so no correction is needed.
    """
    values: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    for at in range(min(len(probe.data.segments), _MOST_SEGMENTS)) if only is None else only:
        _, inside = probe.data.segments[at]
        if inside[rest].sum() < FEWEST or not clock.has_time_for(2):
            continue
        fewer = thinned(rest, inside[rest], left, seed=at)
        values[segment_way(at, left)] = [clock.timed(lambda a=fewer: probe.fit(a, stop, rows))]  # type: ignore[misc]
    return values
