"""Contributions of columns to one fitted model's margin, from the model's own library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.task_types import get_task_type

Array = NDArray[Any]
MarginScale = Literal["value", "log value", "log odds", "log odds of each class", "probability"]


@dataclass(frozen=True, eq=False, kw_only=True)
class MarginParts:
    """Contributions of model columns to the margin of n rows and k outputs.

    ``added`` is (n, columns, k) and ``base`` (k,): together they are the ``margin`` (n, k). ``columns`` are
    the names of the model's columns, ``scale`` is the scale of the margin.
    """

    added: Array
    base: Array
    margin: Array
    columns: tuple[str, ...]
    scale: MarginScale


_LOGS = ("poisson", "tweedie", "gamma")


def _scale_of(model: Any, objective: str) -> MarginScale:
    if not get_task_type(model.problem_type).has_classes:
        return "log value" if any(name in objective.lower() for name in _LOGS) else "value"
    return "log odds" if get_task_type(model.problem_type).has_positive_class else "log odds of each class"


def _wide(values: Any) -> Array:
    """Return a library's (n,) or (n, k) values as (n, k)."""
    array = np.asarray(values, dtype=np.float64)
    return array.reshape(len(array), -1)


def lightgbm_parts(model: Any, features: Any, background: Any, columns: Sequence[str]) -> MarginParts:
    """Return LightGBM's own contributions."""
    del background
    X = model.preprocess(features)
    margin = _wide(model.model.predict(X, raw_score=True))
    parts = np.asarray(model.model.predict(X, pred_contrib=True), dtype=np.float64)
    parts = parts.reshape(len(X), margin.shape[1], -1).transpose(0, 2, 1)
    return MarginParts(
        added=parts[:, :-1],
        base=parts[0, -1],
        margin=margin,
        columns=tuple(columns),
        scale=_scale_of(model, str(model.model.params.get("objective", ""))),
    )


def catboost_parts(model: Any, features: Any, background: Any, columns: Sequence[str]) -> MarginParts:
    """Return CatBoost's own contributions."""
    from catboost import Pool

    del background
    X = model.preprocess(features)
    margin = _wide(model.model.predict(X, prediction_type="RawFormulaVal"))
    pool = Pool(X, cat_features=list(X.select_dtypes(include="category").columns))
    parts = np.asarray(model.model.get_feature_importance(pool, type="ShapValues"), dtype=np.float64)
    parts = parts.reshape(len(X), margin.shape[1], -1).transpose(0, 2, 1)
    return MarginParts(
        added=parts[:, :-1],
        base=parts[0, -1],
        margin=margin,
        columns=tuple(columns),
        scale=_scale_of(model, str(model.model.get_all_params().get("loss_function", ""))),
    )


def xgboost_parts(model: Any, features: Any, background: Any, columns: Sequence[str]) -> MarginParts:
    """Return XGBoost's own contributions; those of a category's one-hot columns are added up.

    XGBoost adds in single precision: the rounding error is spread over the contributions by their size.
    """
    from xgboost import DMatrix

    del background
    X = model.preprocess(features)
    booster = model.model.get_booster()
    best = booster.attr("best_iteration")
    options = {"iteration_range": (0, int(best) + 1 if best is not None else 0), "strict_shape": True}
    matrix = DMatrix(X, enable_categorical=not model._ohe)
    margin = _wide(booster.predict(matrix, output_margin=True, **options))
    parts = np.asarray(booster.predict(matrix, pred_contribs=True, **options), dtype=np.float64)
    parts = parts.transpose(0, 2, 1)
    sizes = np.abs(parts) * (np.arange(parts.shape[1]) < parts.shape[1] - 1)[:, np.newaxis]
    lost = margin - parts.sum(axis=1)
    parts = parts + sizes * (lost / np.maximum(sizes.sum(axis=1), 1e-300))[:, np.newaxis]
    if model._ohe:
        columns = tuple(_one_hot_columns(model._ohe_generator))
    return MarginParts(
        added=parts[:, :-1],
        base=parts[0, -1],
        margin=margin,
        columns=tuple(columns),
        scale=_scale_of(model, str(model.model.objective)),
    )


def _one_hot_columns(generator: Any) -> Iterator[str]:
    """Yield the source column of each of AutoGluon's one-hot columns."""
    if generator.cat_cols:
        encoder = generator.ohe_encs
        for name, categories, rare in zip(
            generator.cat_cols, encoder.categories_, encoder.infrequent_indices_, strict=True
        ):
            yield from [name] * (len(categories) - len(rare) + bool(len(rare)))
    yield from generator.other_cols


def forest_parts(model: Any, features: Any, background: Any, columns: Sequence[str]) -> MarginParts:
    """Return the columns' contributions to the average of a forest's trees."""
    from litmus_core.engine._explain.tree_shapley import tree_shapley

    del background
    X, forest = model.preprocess(features), model.model
    classes = get_task_type(model.problem_type).has_classes
    margin = _wide(forest.predict_proba(X) if classes else forest.predict(X))
    if get_task_type(model.problem_type).has_positive_class:
        margin = margin[:, 1:]
    added: Array = np.zeros((len(X), X.shape[1], margin.shape[1]))
    base = np.zeros(margin.shape[1])
    for estimator in forest.estimators_:
        values = estimator.tree_.value[:, 0, :]
        if classes:
            values = values / values.sum(axis=1, keepdims=True)
        of_tree, of_none = tree_shapley(estimator.tree_, X, values[:, -margin.shape[1] :])
        added += of_tree / len(forest.estimators_)
        base += of_none / len(forest.estimators_)
    return MarginParts(
        added=added,
        base=base,
        margin=margin,
        columns=tuple(columns),
        scale="probability" if classes else "value",
    )


def linear_parts(model: Any, features: Any, background: Any, columns: Sequence[str]) -> MarginParts:
    """Return a linear model's coefficients times its inputs' distances from the background's means."""
    del columns
    X, other = (_dense(model.preprocess(rows)) for rows in (features, background))
    weights = np.atleast_2d(model.model.coef_).T  # (inputs, k)
    mean = other.mean(axis=0)
    base = np.atleast_1d(model.model.intercept_) + mean @ weights
    has_classes = get_task_type(model.problem_type).has_classes
    margin = _wide(model.model.decision_function(X) if has_classes else model.model.predict(X))
    return MarginParts(
        added=(X - mean)[:, :, np.newaxis] * weights,
        base=base,
        margin=margin,
        columns=_linear_columns(model, X.shape[1]),
        scale=_scale_of(model, ""),
    )


def _linear_columns(model: Any, n_inputs: int) -> tuple[str, ...]:
    """Return the source column of each of a linear model's inputs."""
    from litmus_core.engine._compile.first_layer import imputed

    names = [""] * n_inputs
    for part, transformer, columns in model._pipeline.transformers_:
        if not len(columns) or part == "remainder":
            continue
        if part == "cats":
            encoder = transformer.named_steps["generator"].encoder_
            sizes = [len(values) for values in encoder._ohe.categories_]
            named = [name for name, size in zip(columns, sizes, strict=True) for _ in range(size)]
        elif part == "bool":
            named = list(columns)
        else:
            named, _ = imputed(transformer.named_steps["imputer"], list(columns))
        names[model._pipeline.output_indices_[part]] = named
    return tuple(names)


def _dense(X: Any) -> Array:
    return np.asarray(X.todense() if hasattr(X, "todense") else X, dtype=np.float64)
