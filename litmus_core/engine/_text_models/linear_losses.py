"""The text family's objectives: classes, by one hinge each, or values, by a ridge."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_TOLERANCE = 0.1  # liblinear's: same measured accuracy as 1e-4, in fewer passes
_LOWEST = 1e-15


@dataclass(frozen=True, slots=True)
class Classes:
    """Codes 0 to ``n_classes - 1``; margins have one column for two classes, else one for each class."""

    n_classes: int
    seed: int

    def fit(self, joined: Any, y: Array, weight: Floats | None, *, penalty: float) -> tuple[Floats, Floats]:
        """Fit one squared hinge against the rest for each class; a class without rows is never likely."""
        from sklearn.svm import LinearSVC

        n_columns = 1 if self.n_classes == 2 else self.n_classes
        weights, offsets = np.zeros((joined.shape[1], n_columns)), np.full(n_columns, -1.0)
        present = np.unique(y)
        if present.size == 1:
            if n_columns > 1 or present[0] == 1:
                offsets[present[0] if n_columns > 1 else 0] = 1.0
            return weights, offsets
        model = LinearSVC(C=penalty, tol=_TOLERANCE, random_state=self.seed)
        with warnings.catch_warnings():
            # Stopping at liblinear's last pass is as good here: nothing depends on full convergence.
            warnings.simplefilter("ignore")
            model.fit(joined, y, sample_weight=weight)
        if n_columns == 1:
            return model.coef_.T.copy(), model.intercept_.copy()
        if present.size == 2:  # two of many: liblinear gives one margin, of the second
            sides = np.array([-1.0, 1.0])
            weights[:, present], offsets[present] = model.coef_.T * sides, model.intercept_ * sides
        else:
            weights[:, present], offsets[present] = model.coef_.T, model.intercept_
        return weights, offsets

    def calibrate(self, margins: Floats, y: Array) -> tuple[dict[str, float], float]:
        """Fit a slope (two classes: and an offset) on unseen rows by log loss, regularised towards a usual
        slope.
        """
        from scipy.optimize import minimize

        def loss_of(raw: Floats) -> float:
            settings = {"slope": float(np.exp(raw[0])), "offset": float(raw[1]) if two else 0.0}
            chosen = self.answer(margins, settings)[np.arange(len(y)), y]
            drift = float(((raw - usual) ** 2).sum())
            return -float(np.log(np.maximum(chosen, _LOWEST)).mean()) + drift / len(y)

        two = self.n_classes == 2
        usual = np.array([np.log(4.0), 0.0]) if two else np.array([np.log(4.0)])
        solution = minimize(loss_of, usual, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
        slope, offset = float(np.exp(solution.x[0])), float(solution.x[1]) if two else 0.0
        return {"slope": slope, "offset": offset}, float(solution.fun)

    def answer(self, margins: Floats, settings: Mapping[str, float]) -> Floats:
        """Return (n, n_classes) probabilities."""
        scaled = margins * settings["slope"] + settings["offset"]
        if self.n_classes == 2:
            second = 1.0 / (1.0 + np.exp(-np.clip(scaled[:, 0], -500.0, 500.0)))
            return np.column_stack([1.0 - second, second])
        raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        shares: Floats = raised / raised.sum(axis=1, keepdims=True)
        return shares

    def strata(self, y: Array) -> Array:
        """Return the classes."""
        return y


@dataclass(frozen=True, slots=True)
class LossValues:
    """Numbers between ``low`` and ``high``, the range of the training rows; margins have one column."""

    low: float
    high: float

    def fit(self, joined: Any, y: Array, weight: Floats | None, *, penalty: float) -> tuple[Floats, Floats]:
        """Fit a ridge to the standardised values."""
        from sklearn.linear_model import Ridge

        center = float(np.average(y, weights=weight))
        scale = float(np.sqrt(np.average((y - center) ** 2, weights=weight))) or 1.0
        model = Ridge(alpha=1.0 / penalty, solver="sparse_cg", tol=1e-3)
        model.fit(joined, (y - center) / scale, sample_weight=weight)
        return model.coef_.reshape(-1, 1) * scale, np.array([model.intercept_ * scale + center])

    def calibrate(self, margins: Floats, y: Array) -> tuple[dict[str, float], float]:
        """Learn nothing; return the mean squared error."""
        return {}, float(((self.answer(margins, {}) - y) ** 2).mean())

    def answer(self, margins: Floats, settings: Mapping[str, float]) -> Floats:
        """Return (n,) values."""
        del settings
        return np.clip(margins[:, 0], self.low, self.high)

    def strata(self, y: Array) -> Array:
        """Return deciles' codes, so that held-out parts cover the whole range."""
        return (np.argsort(np.argsort(y, kind="stable"), kind="stable") * 10) // max(len(y), 1)
