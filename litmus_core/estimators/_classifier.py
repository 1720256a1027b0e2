"""``LitmusClassifier``: a quick portfolio of classifiers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, column_or_1d

from litmus_core.errors import UsageError
from litmus_core.estimators._base import LitmusEstimator
from litmus_core.estimators._features import Floats
from litmus_core.types import ProblemType


class LitmusClassifier(ClassifierMixin, LitmusEstimator):  # type: ignore[misc]
    """Linear model, boosted trees and random trees, mixed by their out-of-fold predictions.

    It is fitted in this process, without a workspace, in seconds where rows are few;
    :func:`litmus_core.train` is for models that go to production. ``X`` is a pandas or polars frame of
    numbers, categories, dates and texts, or an array of numbers; missing values are allowed.

    ``models`` are of ``"linear"``, ``"lightgbm"`` and ``"extra_trees"`` (None: all). They are mixed by
    ``metric``, a metric's name (None: the log loss), in ``folds`` folds. A model that would not
    finish within ``time_limit_s`` seconds is left out, except the first. ``n_jobs`` are threads.

    After ``fit``: ``classes_``, ``n_features_in_``, ``feature_names_in_``, ``validation_score_`` (a Score
    with its 95 % interval, out of fold and by weights; None for fewer than ten rows), and
    ``portfolio_``. ``leaderboard()`` shows the models.

    >>> X, y = [[value] for value in range(20)], ["low"] * 10 + ["high"] * 10
    >>> model = LitmusClassifier(models=["linear"]).fit(X, y)
    >>> model.predict([[0], [19]]).tolist()
    ['low', 'high']
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit on ``X`` (n, m) and labels ``y`` (n,); ``sample_weight`` (n,) weights the rows."""
        X, y = self._read_to_fit(X, y)
        y = _labels(y)
        try:
            self.classes_, codes = np.unique(y, return_inverse=True)
        except TypeError as error:
            types = sorted({type(label).__name__ for label in y})
            raise UsageError(
                f"The labels are of several types: {', '.join(types)}.",
                hint="Make them texts: y.astype(str).",
            ) from error
        check_classification_targets(y)
        problem_type: ProblemType = "binary" if len(self.classes_) == 2 else "multiclass"
        return self._fit(
            X, codes, sample_weight, problem_type=problem_type, classes=tuple(self.classes_.tolist())
        )

    def predict_proba(self, X: Any) -> Floats:
        """Return (n, k) probabilities in the order of ``classes_``."""
        return self._predict(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the label (n,) of the largest probability."""
        places = self._predict(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[places]
        return labels


def _labels(y: Any) -> NDArray[Any]:
    import pandas as pd

    y = column_or_1d(y, warn=True)
    if y.dtype.kind == "O" and (n_missing := int(pd.isna(y).sum())):
        raise UsageError(
            f"{n_missing} of {len(y)} labels are missing.", hint="Leave these rows out of X and y."
        )
    return np.asarray(check_array(y, ensure_2d=False, dtype=None, ensure_all_finite=True))
