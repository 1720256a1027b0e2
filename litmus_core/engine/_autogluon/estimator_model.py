"""scikit-learn estimators as AutoGluon models: one class for each model family that names one.

Imports AutoGluon: import this module late.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from autogluon.tabular.models.lr.hyperparameters.parameters import get_param_baseline, preprocess_params_set
from autogluon.tabular.models.lr.lr_model import LinearModel
from scipy.sparse import issparse
from sklearn.utils.validation import has_fit_parameter

from litmus_core.engine._families.registry import FAMILIES, class_name


class EstimatorModel(LinearModel):  # type: ignore[misc]  # AutoGluon has no types
    """Fits a family's estimator on numbers only, as AutoGluon's linear model sees them.

    Numbers are scaled, missing ones filled, and categories become a column for each value.
    """

    estimator: ClassVar[Any]  # from the task type to a scikit-learn class

    def _set_default_params(self) -> None:
        for name, value in get_param_baseline().items():
            if name in preprocess_params_set:
                self._set_default_param_value(name, value)

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, **kwargs: Any) -> None:
        X = self.preprocess(X, y=y, is_train=True)
        params = {name: value for name, value in self.params.items() if name not in preprocess_params_set}
        estimator = self.estimator(self.problem_type)(**params)
        weighed = sample_weight is not None and has_fit_parameter(estimator, "sample_weight")
        weights = {"sample_weight": sample_weight} if weighed else {}
        self.model = estimator.fit(X.toarray() if issparse(X) else X, y.to_numpy(), **weights)


@cache
def estimator_model(key: str) -> type[EstimatorModel]:
    """Return the class of the family ``key``, which names an estimator; raises KeyError for another one."""
    training = FAMILIES[key].training
    if training is None or training.estimator is None:
        raise KeyError(key)
    attributes = {
        "__module__": __name__,
        "estimator": staticmethod(training.estimator),
        "seed_name": training.seed_name or None,
        "ag_key": key.upper(),
        "ag_name": class_name(key),
    }
    return type(f"{class_name(key)}Model", (EstimatorModel,), attributes)


def __getattr__(name: str) -> type[EstimatorModel]:
    """Return a family's class by its name, which is how pickle finds it again."""
    for key, family in FAMILIES.items():
        if family.training and family.training.estimator and name == f"{class_name(key)}Model":
            return estimator_model(key)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
