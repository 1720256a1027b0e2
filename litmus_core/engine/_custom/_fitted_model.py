"""The stored form of a custom model: the fitted object, and how features reach it."""

from __future__ import annotations

import importlib
import inspect
import random
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._custom._numeric_view import NumericView
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.plugins import PluginFailedError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.task_types import ProblemType


def find_maker(module: str, name: str) -> Any:
    """Import ``module`` and return its class or function ``name``; raises AttributeError if it has none."""
    return getattr(importlib.import_module(module), name)


def is_autogluon(maker: Any) -> bool:
    """Return whether a class is an AutoGluon model."""
    import sys

    models = sys.modules.get("autogluon.core.models")  # any subclass of it has imported it
    return isinstance(maker, type) and models is not None and issubclass(maker, models.AbstractModel)


def accepts_frames(maker: Any, estimator: Any) -> bool:
    """Return whether a model takes data frames instead of an array of numbers."""
    return bool(getattr(maker, "takes_frames", False) or getattr(estimator, "takes_frames", False))


class CustomEstimator:
    """A fitted custom model. It is pickled by the names of its own modules."""

    def __init__(
        self,
        estimator: Any,
        view: NumericView | None,
        *,
        problem_type: ProblemType,
        n_classes: int,
        settings: dict[str, Any],
    ) -> None:
        self.estimator, self.view = estimator, view
        self.problem_type, self.n_classes = problem_type, n_classes
        self.made_with = settings

    def reported(self) -> dict[str, Any]:
        """Return the parameters that it was created with, as the fitted estimator reports them."""
        has = parameters_of(self.estimator)
        return {name: has.get(name, value) for name, value in self.made_with.items()}

    def answer(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Return (n, k) probabilities in the classes' order; regression: (n,) values.

        Raises PluginFailedError for a result of another shape; the model's own errors are passed on.
        """
        rows = X if self.view is None else self.view.of(X)
        if MODEL_OUTPUTS.of(self.problem_type).method == "predict":
            return _values(self.estimator.predict(rows), len(X))
        return self._probabilities(np.asarray(self.estimator.predict_proba(rows), dtype=np.float64), len(X))

    def _probabilities(self, predictions: NDArray[np.float64], n_rows: int) -> NDArray[np.float64]:
        if predictions.ndim == 2 and predictions.shape[1] == 1:
            predictions = predictions[:, 0]
        if predictions.ndim == 1 and self.n_classes == 2:
            predictions = np.column_stack([1 - predictions, predictions])
        classes = getattr(self.estimator, "classes_", None)
        places = np.arange(self.n_classes) if classes is None else np.asarray(classes).astype(np.int64)
        if predictions.shape != (n_rows, len(places)):
            raise PluginFailedError(
                f"predict_proba gave an array of shape {predictions.shape} for {n_rows} rows of "
                f"{len(places)} classes, not ({n_rows}, {len(places)})"
            )
        answer = np.zeros((n_rows, self.n_classes))
        answer[:, places] = predictions
        sums = answer.sum(axis=1)
        if not np.isfinite(answer).all() or (answer < 0).any() or (sums <= 0).any():
            raise PluginFailedError("predict_proba gave values that are not probabilities")
        normal: NDArray[np.float64] = answer / sums[:, None]
        return normal


def _values(predictions: Any, n_rows: int) -> NDArray[np.float64]:
    values = np.asarray(predictions, dtype=np.float64)
    if values.shape == (n_rows, 1):
        values = values[:, 0]
    if values.shape != (n_rows,):
        raise PluginFailedError(f"predict gave an array of shape {values.shape}, not ({n_rows},)")
    if not np.isfinite(values).all():
        raise PluginFailedError("predict gave values that are not finite numbers")
    return values


class _AutoGluonEstimator:
    """One of AutoGluon's models with scikit-learn's interface."""

    def __init__(self, model: Any, *, reads_text: bool) -> None:
        self.model, self.reads_text = model, reads_text

    def predict_proba(self, X: pd.DataFrame) -> Any:
        """Return (n, k) probabilities, of two classes (n,) the second's; regression: (n,) values."""
        return self.model.predict_proba(X if self.reads_text else _without_text(X))

    predict = predict_proba  # AutoGluon's own name for values, too


def fit_model(
    maker: Any,
    rows: dict[str, Any],
    *,
    problem_type: ProblemType,
    n_classes: int,
    seed: int,
    folder: str,
    options: dict[str, Any],
    parameters: dict[str, Any],
) -> CustomEstimator:
    """Create a model with ``parameters`` and fit it on ``rows``.

    ``rows`` are X, y and, if there are any, X_val and y_val; ``y`` (n,) are class codes from 0 or values.
    ``options`` are passed to an AutoGluon model's fit, which may write into ``folder``.
    """
    parameters = with_tuples(maker, parameters)
    np.random.seed(seed)  # the random state of scikit-learn style models
    random.seed(seed)
    if is_autogluon(maker):
        model = maker(
            path=folder, name="custom", problem_type=problem_type, hyperparameters=parameters or None
        )
        estimator = _fit_autogluon(model, rows, options)
        return CustomEstimator(
            estimator, None, problem_type=problem_type, n_classes=n_classes, settings=dict(parameters)
        )
    estimator = maker(**parameters)
    _check_methods(estimator, problem_type)
    _seed(estimator, seed)
    X, y = rows["X"], rows["y"].to_numpy()
    view = None if accepts_frames(maker, estimator) else NumericView().fit(X)
    fitted = estimator.fit(X if view is None else view.of(X), y)
    if fitted is not None and hasattr(fitted, "predict"):
        estimator = fitted
    return CustomEstimator(
        estimator, view, problem_type=problem_type, n_classes=n_classes, settings=dict(parameters)
    )


def with_tuples(maker: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters, with a tuple in place of a list where the maker's own default is a tuple."""
    try:
        has = inspect.signature(maker).parameters
    except (TypeError, ValueError):
        return parameters
    return {
        name: tuple(value)
        if isinstance(value, list) and name in has and isinstance(has[name].default, tuple)
        else value
        for name, value in parameters.items()
    }


def parameters_of(estimator: Any) -> dict[str, Any]:
    """Return an estimator's parameters, by get_params, AutoGluon's method or its attributes."""
    if isinstance(estimator, _AutoGluonEstimator):
        return {**estimator.model.params, **estimator.model.params_trained}
    get = getattr(estimator, "get_params", None)
    parameters = get(deep=False) if callable(get) else getattr(estimator, "__dict__", {})
    return dict(parameters) if isinstance(parameters, dict) else {}


def _check_methods(estimator: Any, problem_type: ProblemType) -> None:
    """Raise PluginFailedError if the object lacks a method that its class may have promised."""
    for method in ("fit", MODEL_OUTPUTS.of(problem_type).method):
        if not callable(getattr(estimator, method, None)):
            raise PluginFailedError(f"with these parameters {type(estimator).__name__} has no {method}")


def _seed(estimator: Any, seed: int) -> None:
    """Give an estimator without a random state the run's seed."""
    get = getattr(estimator, "get_params", None)
    if callable(get) and get(deep=False).get("random_state", 0) is None:
        estimator.set_params(random_state=seed)


def _fit_autogluon(model: Any, rows: dict[str, Any], options: dict[str, Any]) -> _AutoGluonEstimator:
    arguments, reads_text = dict(rows), accepts_frames(model, None)
    if not reads_text:
        arguments |= {name: _without_text(arguments[name]) for name in ("X", "X_val") if name in arguments}
    model.fit(**arguments, num_gpus=0, verbosity=0, **options)
    return _AutoGluonEstimator(model, reads_text=reads_text)


def _without_text(X: pd.DataFrame) -> pd.DataFrame:
    return X[[name for name in X if X[name].dtype == "category" or X[name].dtype.kind != "O"]]
