"""A model of one's own with a parameter to look for: NumPy alone."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Shrunk:
    """Says how near each class's mean is, shrunk towards saying nothing."""

    def __init__(self, shrink: float = 0.0) -> None:
        self.shrink = shrink

    def fit(self, X: Array, y: Array) -> Shrunk:
        self.classes_ = np.unique(y)
        self.means_ = np.array([X[y == each].mean(axis=0) for each in self.classes_])
        return self

    def predict_proba(self, X: Array) -> Array:
        far = ((X[:, None, :] - self.means_[None]) ** 2).sum(axis=2)
        near = np.exp(far.min(axis=1, keepdims=True) - far)
        said = near / near.sum(axis=1, keepdims=True)
        return (1 - self.shrink) * said + self.shrink / len(self.classes_)
