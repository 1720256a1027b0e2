"""Models of one's own, as tests train them: NumPy alone, and every way to go wrong."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class NearestMean:
    """Says how near each class's mean is."""

    def fit(self, X: Array, y: Array) -> NearestMean:
        print("noise\n" * 300_000)
        self.classes_ = np.unique(y)
        self.means_ = np.array([X[y == each].mean(axis=0) for each in self.classes_])
        return self

    def predict_proba(self, X: Array) -> Array:
        far = ((X[:, None, :] - self.means_[None]) ** 2).sum(axis=2)
        near = np.exp(far.min(axis=1, keepdims=True) - far)
        return near / near.sum(axis=1, keepdims=True)

    def predict(self, X: Array) -> Array:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class LeastSquares:
    """Fits a plane; takes data frames, so it picks and fills its own columns."""

    takes_frames = True

    def fit(self, X: Any, y: Array) -> LeastSquares:
        self.weights_ = np.linalg.lstsq(self._numbers(X), y, rcond=None)[0]
        return self

    def predict(self, X: Any) -> Array:
        return self._numbers(X) @ self.weights_

    def _numbers(self, X: Any) -> Array:
        numbers = X.select_dtypes("float").fillna(0.0).to_numpy()
        return np.column_stack([numbers, np.ones(len(X))])


def small_forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=20)


class Raises(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        raise ValueError("no luck")


class Exits(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        sys.exit(3)


class Crashes(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        os.kill(os.getpid(), signal.SIGSEGV)
        return self


class Eats(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        self.kept = [np.ones(1 << 40)]
        return self


class Loops(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        while True:
            time.sleep(1)


class GivesOneColumnTooMany(NearestMean):
    def predict_proba(self, X: Array) -> Array:
        return np.ones((len(X), 3))


class CannotBeKept(NearestMean):
    def fit(self, X: Array, y: Array) -> NearestMean:
        self.why = lambda: None
        return super().fit(X, y)


class FailsOnManyRows(NearestMean):
    """Answers the validation rows of a test, and then no more."""

    most = 100

    def predict_proba(self, X: Array) -> Array:
        if len(X) > self.most:
            raise RuntimeError("that many rows")
        return super().predict_proba(X)
