"""The decision from probabilities to a class: one rule for scores, pages and served models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

UNSURE = -1


def decide(
    probabilities: NDArray[np.float64],
    *,
    positive: int,
    threshold: float | NDArray[np.float64] | None,
    costs: Sequence[Sequence[float]] | NDArray[np.float64] | None = None,
    below: float | None = None,
) -> NDArray[np.int64]:
    """Return (n,) class indices for probabilities of shape (n, n_classes).

    The likeliest class; for two classes the positive one from its threshold on (None: 0.5; an array (n,): one
    threshold per row). With ``costs`` (n_classes, n_classes) of truth and prediction, and no threshold: the
    class with the lowest expected cost. UNSURE (-1) if the probability of that class is lower than ``below``.

    >>> decide(np.array([[0.6, 0.4], [0.7, 0.3]]), positive=1, threshold=0.4).tolist()
    [1, 0]
    >>> decide(np.array([[0.9, 0.1]]), positive=1, threshold=None, costs=[[0, 1], [20, 0]]).tolist()
    [1]
    >>> decide(np.array([[0.9, 0.1], [0.6, 0.4]]), positive=1, threshold=None, below=0.7).tolist()
    [0, -1]
    """
    places = _likeliest(probabilities, positive=positive, threshold=threshold, costs=costs)
    if below is None:
        return places
    sure = probabilities[np.arange(len(places)), places] >= below
    return np.where(sure, places, UNSURE)


def _likeliest(
    probabilities: NDArray[np.float64],
    *,
    positive: int,
    threshold: float | NDArray[np.float64] | None,
    costs: Sequence[Sequence[float]] | NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    if costs is not None and len(costs) and threshold is None:
        return np.asarray(_expected(probabilities, costs).argmin(axis=1), dtype=np.int64)
    if probabilities.shape[1] != 2:
        return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)
    bound = 0.5 if threshold is None else threshold
    return np.where(probabilities[:, positive] >= bound, positive, 1 - positive).astype(np.int64)


def _expected(
    probabilities: NDArray[np.float64], costs: Sequence[Sequence[float]] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return (n, n_classes) expected costs; each row is added up the same way alone and in a batch."""
    table = np.asarray(costs, dtype=np.float64)
    expected = np.zeros(probabilities.shape)
    for at, row in enumerate(table):
        expected += probabilities[:, at : at + 1] * row
    return expected
