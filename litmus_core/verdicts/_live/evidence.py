"""Evidence that a score has fallen below its bar, valid however often it is looked at.

A bet against "the score meets the bar" that can never be expected to gain while that is true (an e-process):
its chance of ever exceeding 20 is at most 5 %, by Ville's inequality. Stakes are mixed over a grid, as in the
betting of Waudby-Smith and Ramdas (2024, "Estimating means of bounded random variables by betting"), and over
the row at which the fall began, as in the e-detectors of Shin, Ramdas and Rinaldo (2022); the weights of all
beginnings add up to 1, so that the whole life of an endpoint costs one false alarm in twenty at most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from litmus_core.verdicts._live.increments import Floats, Increments

ALARM = float(np.log(20.0))
_FROM_THE_START = 0.25  # the weight of a score that never met the bar
_OCTAVE_ROWS = 1_000  # a fall in the first thousand rows is as likely as one in the next two thousand, nearly
_STAKES = 0.9 * 0.6 ** np.arange(11)  # shares of the largest stake that cannot lose everything


@dataclass(frozen=True, slots=True, kw_only=True)
class FallEvidence:
    """The logarithm of the evidence after each increment (m,), and where the fall most likely began.

    ``began`` is the row from which the evidence at the end is best explained.
    """

    log: Floats
    began: int

    @property
    def now(self) -> float:
        """The logarithm of the evidence at the end."""
        return float(self.log[-1])

    @property
    def alarm(self) -> int | None:
        """The increment at which it first exceeded 20; None if it never did."""
        beyond = np.flatnonzero(self.log >= ALARM)
        return int(beyond[0]) if len(beyond) else None


def evidence_of_fall(increments: Increments) -> FallEvidence:
    """Return the evidence in ``increments``, whose mean is at most 0 while the bar is met."""
    shares = _STAKES / increments.lower
    gains = np.log1p(np.maximum(np.multiply.outer(shares, increments.values), -1.0 + 1e-9))
    wealth = np.cumsum(gains, axis=1)
    weights = np.log(weights_of_starts(increments.ends))
    before = np.concatenate([np.zeros((len(shares), 1)), wealth[:, :-1]], axis=1)
    begun = weights - before  # (stakes, m): a bet that is begun before each increment
    mixed = wealth + np.logaddexp.accumulate(begun, axis=1)
    log = np.logaddexp.reduce(mixed, axis=0) - np.log(len(shares))
    best = int(np.argmax(np.logaddexp.reduce(begun + wealth[:, -1:], axis=0)))
    starts = np.concatenate([[0], increments.ends[:-1]])
    return FallEvidence(log=log, began=int(starts[best]))


def weights_of_starts(ends: np.ndarray) -> Floats:
    """Return the weight of each increment's beginning (m,), from the rows after which each is known."""
    starts = np.concatenate([[0], ends[:-1]]).astype(np.float64)
    spread = (1.0 - _FROM_THE_START) * (_mass_before(ends.astype(np.float64)) - _mass_before(starts))
    spread[0] += _FROM_THE_START
    return np.asarray(spread)


def _mass_before(rows: Floats) -> Floats:
    """Return which share of all weight lies before each row: octaves weigh 1/2, 1/6, 1/12 … of it."""
    octave = np.floor(np.log2(rows / _OCTAVE_ROWS + 1.0))
    first = _OCTAVE_ROWS * (2.0**octave - 1.0)
    inside = (rows - first) / (_OCTAVE_ROWS * 2.0**octave)
    return np.asarray(octave / (octave + 1.0) + inside / ((octave + 1.0) * (octave + 2.0)))
