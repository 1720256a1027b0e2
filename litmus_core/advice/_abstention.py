"""The score when people handle the least certain rows."""

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
    from litmus_core.engine import ScoredPredictions

_DRAWS = 100
_MOST_ROWS = 4_000  # used for bootstrap draws
_FEWEST_LEFT = 30


@dataclass(frozen=True, kw_only=True)
class LeftToPeople:
    """The share ``left`` of rows with a confidence below ``below``, which people handle instead of the model.

    ``gain`` is the gain in score on the remaining rows.
    """

    below: float
    left: float
    gain: TrialDifference


def gain_of_abstention(
    predictions: StoredPredictions, share: float, *, threshold: float | None = None
) -> LeftToPeople | None:
    """Return the gain in score when people handle the least certain ``share`` of rows.

    None if confidence does not separate rows: all are equally certain, or too few would remain.
    """
    answered, below = answered_rows_at(predictions.scored, share, threshold=threshold)
    left = 1.0 - float(answered.mean())
    if left <= 0 or answered.sum() < _FEWEST_LEFT:
        return None
    try:
        drawn = _score_differences(predictions, answered, threshold=threshold)
    except DataError:  # undefined on the remaining rows
        return None
    return LeftToPeople(below=below, left=left, gain=TrialDifference(predictions.sign * drawn))


def answered_rows_at(
    scored: ScoredPredictions, share: float, *, threshold: float | None
) -> tuple[np.ndarray, float]:
    """Return (n,) whether the model answers each row, and the confidence limit, rounded for storage."""
    info = scored.info
    places = decide(scored.predictions, positive=info.positive_index, threshold=threshold, costs=info.costs)
    sure = scored.predictions[np.arange(len(places)), places]
    below = math.floor(1e6 * float(np.quantile(sure, share))) / 1e6  # rounding up would include ties
    return sure >= below, below


def _score_differences(
    predictions: StoredPredictions, answered: NDArray[np.bool_], *, threshold: float | None
) -> Floats:
    """Return (1 + draws,) differences in score between the answered rows and all rows."""
    scored, n_rows = predictions.scored, len(answered)
    random = np.random.default_rng([predictions.seed, 43])
    drawn = [_difference(scored, np.arange(n_rows), answered, threshold=threshold)]
    n_drawn = min(n_rows, _MOST_ROWS)
    for _ in range(_DRAWS):
        at = random.integers(0, n_rows, n_drawn)
        drawn.append(_difference(scored, at, answered, threshold=threshold))
    gains = np.array(drawn)
    gains[1:] = gains[0] + (gains[1:] - gains[0]) * np.sqrt(n_drawn / n_rows)
    return gains


def _difference(
    scored: ScoredPredictions, at: Ints, answered: NDArray[np.bool_], *, threshold: float | None
) -> float:
    info = scored.info

    def score(rows: Ints) -> float:
        return scored.metric.at(rows).score(
            scored.truth[rows],
            scored.predictions[rows],
            classes=info.classes,
            positive_class=info.positive_class,
            threshold=threshold,
        )

    return score(at[answered[at]]) - score(at)
