"""Ensemble weights that few rows do not lead astray: the mean of selections on resampled rows.

Greedy selection (Caruana et al., *Ensemble selection from libraries of models*, ICML 2004) on some hundred
predictions fits their noise: its ensemble is often worse on new rows than its best member. The same authors
repeat it on bootstrap samples and average, which spreads the weights as far as the rows leave the choice
open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from litmus_core.task_types import get_task_type

_MOST_ROWS = 5_000  # beyond, the weights hardly differ, and each selection takes longer
_BAGS, _STEPS = 10, 12
_LEAST_WEIGHT = 0.04  # a member with less weight is not worth its time


@contextmanager
def bagged_selection() -> Iterator[None]:
    """Within the block AutoGluon weighs the members of an ensemble by bagged selection, if rows are few."""
    from autogluon.core.models.greedy_ensemble.ensemble_selection import EnsembleSelection

    plain = EnsembleSelection.fit

    def fit(selection: Any, predictions: list[Any], labels: Any, *args: Any, **kwargs: Any) -> Any:
        truth, weights = np.asarray(labels), kwargs.pop("sample_weight", None)
        if len(truth) > _MOST_ROWS or len(predictions) < 2:
            kwargs["sample_weight"] = weights
            return plain(selection, predictions, labels, *args, **kwargs)
        has_classes = get_task_type(selection.problem_type).has_classes
        rng, drawn_weights = np.random.default_rng(0), []
        selection.ensemble_size = min(_STEPS, int(selection.ensemble_size))
        for _ in range(_BAGS):
            rows = _resample(truth if has_classes else np.zeros(len(truth)), rng)
            kwargs["sample_weight"] = None if weights is None else np.asarray(weights)[rows]
            plain(selection, [values[rows] for values in predictions], truth[rows], *args, **kwargs)
            drawn_weights.append(selection.weights_)
            selection.ensemble_size = _STEPS
        selection.weights_ = _without_small(np.mean(drawn_weights, axis=0))
        selection.ensemble_size = int((selection.weights_ > 0).sum())
        return selection

    with patch.object(EnsembleSelection, "fit", fit):
        yield


def _resample(strata: NDArray[Any], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return (n,) positions drawn with replacement, as many of each stratum as there are."""
    places = (np.flatnonzero(strata == stratum) for stratum in np.unique(strata))
    return np.concatenate([rng.choice(stratum, len(stratum)) for stratum in places])


def _without_small(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights without those below the least; the largest always stays.

    >>> _without_small(np.array([0.5, 0.48, 0.02])).round(2).tolist()
    [0.51, 0.49, 0.0]
    """
    remaining: NDArray[np.float64] = np.where(weights >= min(_LEAST_WEIGHT, weights.max()), weights, 0.0)
    remaining /= remaining.sum()
    return remaining
