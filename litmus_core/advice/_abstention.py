"""What is left when the least certain rows go to people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._surrogate import Floats, Ints
from litmus_core.advice._trials.runner import TrialDifference
from litmus_core.errors import DataError
from litmus_core.runtime import decide

if TYPE_CHECKING:
    from litmus_core.engine import Scored

_DRAWS = 100
_MOST_ROWS = 4_000  # that draws are made of
_FEWEST_LEFT = 30


@dataclass(frozen=True, kw_only=True)
class LeftToPeople:
    """A share ``left`` of the rows, of confidence ``below`` that, goes to people; ``gain`` is of the rest."""

    below: float
    left: float
    gain: TrialDifference


def left_to_people(
    said: StoredPredictions, share: float, *, threshold: float | None = None
) -> LeftToPeople | None:
    """Return what the score gains where the least certain ``share`` of rows is left to people.

    None where nothing is told from the others: all rows are as sure, or too few would stay.
    """
    answered, below = least_certain(said.scored, share, threshold=threshold)
    left = 1.0 - float(answered.mean())
    if left <= 0 or answered.sum() < _FEWEST_LEFT:
        return None
    try:
        drawn = _drawn(said, answered, threshold=threshold)
    except DataError:  # undefined on the rows that stay
        return None
    return LeftToPeople(below=below, left=left, gain=TrialDifference(said.sign * drawn))


def least_certain(scored: Scored, share: float, *, threshold: float | None) -> tuple[np.ndarray, float]:
    """Return (n,) which rows stay answered, and the confidence from which they do, as it is written down."""
    info = scored.info
    places = decide(scored.answers, positive=info.positive_index, threshold=threshold, costs=info.costs)
    sure = scored.answers[np.arange(len(places)), places]
    below = math.floor(1e6 * float(np.quantile(sure, share))) / 1e6  # rounded up, it would take ties along
    return sure >= below, below


def _drawn(said: StoredPredictions, answered: NDArray[np.bool_], *, threshold: float | None) -> Floats:
    """Return (1 + draws,) differences of the score of answered rows to that of all."""
    scored, n_rows = said.scored, len(answered)
    random = np.random.default_rng([said.seed, 43])
    drawn = [_difference(scored, np.arange(n_rows), answered, threshold=threshold)]
    n_drawn = min(n_rows, _MOST_ROWS)
    for _ in range(_DRAWS):
        at = random.integers(0, n_rows, n_drawn)
        drawn.append(_difference(scored, at, answered, threshold=threshold))
    found = np.array(drawn)
    found[1:] = found[0] + (found[1:] - found[0]) * np.sqrt(n_drawn / n_rows)
    return found


def _difference(scored: Scored, at: Ints, answered: NDArray[np.bool_], *, threshold: float | None) -> float:
    info = scored.info

    def score(rows: Ints) -> float:
        return scored.metric.score(
            scored.truth[rows],
            scored.answers[rows],
            classes=info.classes,
            positive_class=info.positive_class,
            threshold=threshold,
        )

    return score(at[answered[at]]) - score(at)
