"""From probabilities to a class: the one rule that scores, pages and served models share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def decide(
    probabilities: NDArray[np.float64], *, positive: int, threshold: float | None
) -> NDArray[np.int64]:
    """Return (n,) class indices for probabilities of shape (n, n_classes).

    The likeliest class; of two classes the positive one from its threshold (None: 0.5) on.

    >>> decide(np.array([[0.6, 0.4], [0.7, 0.3]]), positive=1, threshold=0.4).tolist()
    [1, 0]
    """
    if probabilities.shape[1] != 2:
        return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)
    bound = 0.5 if threshold is None else threshold
    return np.where(probabilities[:, positive] >= bound, positive, 1 - positive).astype(np.int64)
