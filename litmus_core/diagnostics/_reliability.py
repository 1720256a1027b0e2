"""Reliability: the probabilities that a model predicts against how often it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_BINS = 10
_FEWEST_ROWS = 10  # for a share to be worth showing
_SURE = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Rows with similar predicted probabilities.

    ``predicted`` is their mean, ``observed`` the observed share, with a 95 % interval (Wilson's) from ``low``
    to ``high``. All are shares from 0 to 1.
    """

    predicted: float
    observed: float
    low: float
    high: float
    n_rows: int


def reliability(
    truth: ArrayLike,
    probabilities: ArrayLike,
    *,
    classes: Sequence[Any],
    positive_class: Any = None,
) -> tuple[ReliabilityBin, ...]:
    """Return how well (n, k) ``probabilities`` in the order of ``classes`` fit the (n,) ``truth``.

    With two classes, it is for the probability of the positive one (None: the last); with more, for that of
    the most probable class. Bins are tenths of the scale; those with fewer than ten rows are left out.

    >>> (low, high) = reliability(["a"] * 15 + ["b"] * 15, [[0.9, 0.1]] * 15 + [[0.2, 0.8]] * 15,
    ...                           classes=["a", "b"])
    >>> round(low.predicted, 2), low.observed, round(low.high, 2), round(high.predicted, 2), high.observed
    (0.1, 0.0, 0.2, 0.8, 1.0)
    """
    every = np.asarray(probabilities, dtype=np.float64)
    names = np.array([str(label) for label in classes], dtype=object)
    labels = np.array([str(label) for label in np.asarray(truth, dtype=object)], dtype=object)
    if len(names) == 2:
        at = 1 if positive_class is None else names.tolist().index(str(positive_class))
        predicted, is_true = every[:, at], labels == names[at]
    else:
        best = every.argmax(axis=1)
        predicted, is_true = every[np.arange(len(best)), best], labels == names[best]
    places = np.minimum((predicted * _BINS).astype(int), _BINS - 1)
    bins = [(predicted[places == place], is_true[places == place]) for place in range(_BINS)]
    return tuple(
        _bin(predictions, outcomes) for predictions, outcomes in bins if len(predictions) >= _FEWEST_ROWS
    )


def _bin(predicted: Any, is_true: Any) -> ReliabilityBin:
    n, share = len(predicted), float(is_true.mean())
    middle = (share + _SURE**2 / (2 * n)) / (1 + _SURE**2 / n)
    half = _SURE / (1 + _SURE**2 / n) * math.sqrt(share * (1 - share) / n + _SURE**2 / (4 * n**2))
    return ReliabilityBin(
        predicted=float(predicted.mean()),
        observed=share,
        low=max(0.0, middle - half),
        high=min(1.0, middle + half),
        n_rows=n,
    )
