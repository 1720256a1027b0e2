"""Models of one's own of each kind that has parameters: classes, a function, and one of AutoGluon's."""

from __future__ import annotations

from typing import Any

import numpy as np
from autogluon.core.models import AbstractModel

Array = np.ndarray[Any, Any]


class Logit:
    """A logistic curve over one class's share, pulled to the middle: the smaller ``C``, the more."""

    def __init__(self, C: float = 1.0, name: str = "plain", steps: int = 3, flat: bool = False) -> None:
        self.C, self.name, self.steps, self.flat = C, name, steps, flat

    def fit(self, X: Array, y: Array) -> Logit:
        self.classes_ = np.unique(y)
        self.direction_ = X[y == self.classes_[-1]].mean(axis=0) - X[y == self.classes_[0]].mean(axis=0)
        return self

    def predict_proba(self, X: Array) -> Array:
        yes = 1 / (1 + np.exp(-min(self.C, 1.0) * (X @ self.direction_)))
        return np.column_stack([1 - yes, yes])


def logit(C: float = 1.0) -> Logit:
    """Return one: a function makes models as a class does."""
    return Logit(C=C, name="made")


class Forgets(Logit):
    """Takes a value, and goes on with another one."""

    def fit(self, X: Array, y: Array) -> Logit:
        self.C = 1.0
        return super().fit(X, y)


class Tells(Logit):
    """Says of its parameters what scikit-learn's models say."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"C": self.C, "name": self.name, "steps": self.steps, "flat": self.flat}


class Opaque(Logit):
    """Keeps what it was made with where nobody looks."""

    __slots__ = ()

    def __init__(self, C: float = 1.0) -> None:
        super().__init__(C=1.0)
        del self.C
        self.strength = C

    def predict_proba(self, X: Array) -> Array:
        self.C = self.strength
        try:
            return super().predict_proba(X)
        finally:
            del self.C


class Halves(AbstractModel):
    """One of AutoGluon's: answers by which side of ``share`` of the first number a row is on."""

    ag_key = "HALVES"
    ag_name = "Halves"

    def _fit(self, X: Any, y: Any, X_val: Any = None, y_val: Any = None, **kwargs: Any) -> None:
        first = X.iloc[:, 0].fillna(0)
        self.cut = float(first.quantile(self._get_model_params().get("share", 0.5)))
        self.model = [float(y[first <= self.cut].mean()), float(y[first > self.cut].mean())]

    def _predict_proba(self, X: Any, **kwargs: Any) -> Any:
        return np.where(X.iloc[:, 0].fillna(0) > self.cut, self.model[1], self.model[0])
