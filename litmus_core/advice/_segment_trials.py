"""What the stand-in answers where it learned from half as many rows of one segment."""

from __future__ import annotations

import numpy as np

from litmus_core.advice._probe import Clock, Floats, Ints, Probe, parts_of

FEWEST = 16  # rows of a segment, half of which can be gone without
_MOST_SEGMENTS = 3


def segment_way(at: int) -> str:
    """Return what a segment's trial is called among the answers."""
    return f"segment {at}"


def try_segments(
    probe: Probe, learn: Ints, held: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return what it answers to the held rows without half of each segment's rows, the worst segments first.

    Rows go at random: the answers' shares within the segment stay, so that nothing has to be brought back.
    """
    found: dict[str, list[Floats]] = {}
    stop = parts_of(learn, seed=seed)[0]
    rest = np.setdiff1d(learn, stop, assume_unique=True)
    for at, (_, inside) in enumerate(probe.known.segments[:_MOST_SEGMENTS]):
        own = rest[inside[rest]]
        if len(own) < FEWEST or not clock.has_time_for(2):
            continue
        gone = np.random.default_rng([seed, at, 59]).permutation(own)[: len(own) // 2]
        fewer = np.setdiff1d(rest, gone, assume_unique=True)
        found[segment_way(at)] = [clock.timed(lambda a=fewer: probe.fit(a, stop, held))]  # type: ignore[misc]
    return found
