"""What the stand-in answers where it learned from fewer rows of one segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of
from litmus_core.advice._trials.class_subsampling import part_way, thinned

FEWEST = 16  # rows of a segment, half of which can be gone without
_MOST_SEGMENTS = 3


def segment_way(at: int, left: int = 2) -> str:
    """Return what a segment's trial with a ``left``-th of its rows is called among the answers."""
    return part_way(f"segment {at}", left)


def try_segments(
    probe: Surrogate,
    learn: Ints,
    held: Ints,
    clock: Clock,
    *,
    seed: int,
    only: Sequence[int] | None = None,
    left: int = 2,
) -> dict[str, list[Floats]]:
    """Return what it answers to the held rows with a ``left``-th of one segment's, the worst segments first.

    Of the first segments, or of ``only`` these. Rows go at random: the answers' shares within the segment
    stay, so that nothing has to be brought back.
    """
    found: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    for at in range(min(len(probe.known.segments), _MOST_SEGMENTS)) if only is None else only:
        _, inside = probe.known.segments[at]
        if inside[rest].sum() < FEWEST or not clock.has_time_for(2):
            continue
        fewer = thinned(rest, inside[rest], left, seed=at)
        found[segment_way(at, left)] = [clock.timed(lambda a=fewer: probe.fit(a, stop, held))]  # type: ignore[misc]
    return found
