"""A loaded bundle as a fitted scikit-learn estimator. Importing it loads scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_array

if TYPE_CHECKING:
    from litmus_core.runtime._predictor import Predictor


class BundleEstimator(BaseEstimator):  # type: ignore[misc]
    """A trained model that cannot be fitted again: ``fit`` and ``clone`` return the estimator unchanged.

    So a cross-validation scores this same model on each part, even on rows that it was trained on.
    """

    def __init__(self, bundle: Predictor) -> None:
        self.bundle = bundle

    @property
    def n_features_in_(self) -> int:
        """The number of columns that the model reads."""
        return len(self.bundle.columns)

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """The names of the columns that the model reads, in the order of an array's columns."""
        return np.array([column.name for column in self.bundle.columns], dtype=object)

    def fit(self, X: Any, y: Any = None, **_: Any) -> Self:
        """Return the estimator unchanged: the bundle holds a trained model."""
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the label or value (n,) of each row of a frame, or of an array with the bundle's columns."""
        return self.bundle.predict(self._rows(X))

    def _rows(self, X: Any) -> Any:
        """Return an array as a frame with the bundle's columns, anything else unchanged."""
        if not isinstance(X, np.ndarray):
            return X
        import pandas as pd

        values = check_array(X, dtype=None, ensure_all_finite=False, ensure_min_samples=0)
        if values.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {values.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input: {', '.join(self.feature_names_in_)}."
            )
        return pd.DataFrame(values, columns=self.feature_names_in_).infer_objects()

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_clone__(self) -> Self:
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


class BundleClassifier(ClassifierMixin, BundleEstimator):  # type: ignore[misc]
    """A bundle that predicts labels."""

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels in ascending order, as scikit-learn's metrics expect; the bundle's order may differ."""
        return np.sort(np.array(self.bundle.classes))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return (n, k) probabilities, a column for each of ``classes_``.

        :meth:`predict` decides by the model's own threshold.
        """
        return self.bundle.predict_proba(self._rows(X))[:, np.argsort(np.array(self.bundle.classes))]


class BundleRegressor(RegressorMixin, BundleEstimator):  # type: ignore[misc]
    """A bundle that predicts numbers."""


def estimator_of(bundle: Predictor) -> BundleClassifier | BundleRegressor:
    """Return the bundle as an estimator of its task type."""
    return (BundleClassifier if bundle.task_type.has_classes else BundleRegressor)(bundle)
