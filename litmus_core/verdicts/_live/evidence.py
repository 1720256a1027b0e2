"""Evidence that a score has fallen below its bar, valid at every evaluation.

It is an e-process, a bet against "the score meets the bar" whose expected gain is never positive while that
is true: its chance of ever exceeding 20 is at most 5 %, by Ville's inequality. Stakes are mixed over a grid,
as in Waudby-Smith and Ramdas (2024, "Estimating means of bounded random variables by betting"). They are also
mixed over the row at which the fall began, as in the e-detectors of Shin, Ramdas and Rinaldo (2022). The
weights of all starting rows add up to 1, so an endpoint's false alarms have a chance of at most 5 % in its
whole life.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from litmus_core.verdicts._live.increments import Floats, Increments

ALARM = float(np.log(20.0))
_FROM_THE_START = 0.25  # the weight of a fall at the first row: the score never met the bar
_OCTAVE_ROWS = 1_000  # the first octave of rows; later octaves get smaller weights
_STAKES = 0.9 * 0.6 ** np.arange(11)  # shares of the largest stake that cannot lose all


@dataclass(frozen=True, slots=True, kw_only=True)
class FallEvidence:
    """The logarithm of the evidence after each increment (m,), and the fall's likeliest start ``began``."""

    log: Floats
    began: int

    @property
    def now(self) -> float:
        """The logarithm of the evidence at the end."""
        return float(self.log[-1])

    @property
    def alarm(self) -> int | None:
        """The increment at which the evidence first exceeded 20; None if it never did."""
        beyond = np.flatnonzero(self.log >= ALARM)
        return int(beyond[0]) if len(beyond) else None


def evidence_of_fall(increments: Increments) -> FallEvidence:
    """Return the evidence of a fall in ``increments``, whose mean is at most 0 while the bar is met."""
    shares = _STAKES / increments.lower
    gains = np.log1p(np.maximum(np.multiply.outer(shares, increments.values), -1.0 + 1e-9))
    wealth = np.cumsum(gains, axis=1)
    weights = np.log(weights_of_starts(increments.ends))
    before = np.concatenate([np.zeros((len(shares), 1)), wealth[:, :-1]], axis=1)
    begun = weights - before  # (stakes, m): the wealth of bets that start before each increment
    mixed = wealth + np.logaddexp.accumulate(begun, axis=1)
    log = np.logaddexp.reduce(mixed, axis=0) - np.log(len(shares)) + np.log(increments.share)
    best = int(np.argmax(np.logaddexp.reduce(begun + wealth[:, -1:], axis=0)))
    starts = np.concatenate([[0], increments.ends[:-1]])
    return FallEvidence(log=log, began=int(starts[best]))


def weights_of_starts(ends: np.ndarray) -> Floats:
    """Return the weights (m,) of falls that start at the increments, which are known after the rows
    ``ends``."""
    starts = np.concatenate([[0], ends[:-1]]).astype(np.float64)
    spread = (1.0 - _FROM_THE_START) * (_mass_before(ends.astype(np.float64)) - _mass_before(starts))
    spread[0] += _FROM_THE_START
    return np.asarray(spread)


def _mass_before(rows: Floats) -> Floats:
    """Return the share of all weight before each row: octaves weigh 1/2, 1/6, 1/12 … of it."""
    octave = np.floor(np.log2(rows / _OCTAVE_ROWS + 1.0))
    first = _OCTAVE_ROWS * (2.0**octave - 1.0)
    inside = (rows - first) / (_OCTAVE_ROWS * 2.0**octave)
    return np.asarray(octave / (octave + 1.0) + inside / ((octave + 1.0) * (octave + 2.0)))
