"""``LitmusRegressor``: a quick portfolio of regressors."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array, column_or_1d

from litmus_core.estimators._base import LitmusEstimator
from litmus_core.estimators._features import Floats


class LitmusRegressor(RegressorMixin, LitmusEstimator):  # type: ignore[misc]
    """Linear model, boosted trees and random trees, mixed by their out-of-fold predictions.

    As :class:`LitmusClassifier`, for numbers: the models are mixed by ``metric`` (None: the squared error).

    >>> model = LitmusRegressor(models=["linear"]).fit([[value] for value in range(20)], range(20))
    >>> model.predict([[7]]).round().tolist()
    [7.0]
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit on ``X`` (n, m) and numbers ``y`` (n,); ``sample_weight`` (n,) weights the rows."""
        X, y = self._read_to_fit(X, y)
        values = check_array(column_or_1d(y, warn=True), ensure_2d=False, dtype=np.float64)
        return self._fit(X, values, sample_weight, problem_type="regression")

    def predict(self, X: Any) -> Floats:
        """Return values (n,)."""
        return self._predict(X)
