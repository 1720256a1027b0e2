"""Growing boosters: each library's own way to add trees to a model, stopped early by validation rows.

The result predicts exactly like the library's own continued model: nothing else of the model changes.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_LIGHTGBM = "autogluon.tabular.models.lgb.lgb_model.LGBModel"
_XGBOOST = "autogluon.tabular.models.xgboost.xgboost_model.XGBoostModel"
_XGBOOST_CATEGORIES = "litmus_core.engine._autogluon.xgboost_categories.XGBoostCategoriesModel"
_CATBOOST = "autogluon.tabular.models.catboost.catboost_model.CatBoostModel"
_MOST_ROUNDS = 10_000  # validation rows stop it long before


@dataclass(frozen=True, slots=True, kw_only=True)
class BoosterRows:
    """Rows after the booster's own pre-processing: (n, columns) and (n,) codes or values.

    ``limit_s`` is the total time (None: no limit); ``patience`` is AutoGluon's early-stopping patience.
    """

    X: pd.DataFrame
    y: pd.Series[Any]
    X_val: pd.DataFrame
    y_val: pd.Series[Any]
    limit_s: float | None
    n_cpus: int
    patience: Any


def grower_of(cls: type) -> Callable[[Any, BoosterRows], Any] | None:
    """Return what adds trees to models of exactly this AutoGluon class; None if nothing can.

    It takes the fitted model and rows, and returns the replacement of ``model.model``.
    """
    return {
        _LIGHTGBM: grow_lightgbm,
        _XGBOOST: grow_xgboost,
        _XGBOOST_CATEGORIES: grow_xgboost,
        _CATBOOST: grow_catboost,
    }.get(f"{cls.__module__}.{cls.__qualname__}")


def obstacle_to_growing(model: Any) -> str:
    """Return why a booster's settings keep it from growing; "" if they do not."""
    params = model._get_model_params()
    kind = next(
        (params[name] for name in ("boosting", "boosting_type", "boost", "booster") if name in params), ""
    )
    if kind in ("dart", "rf", "random_forest", "gblinear"):
        return f"trees cannot be added to a booster of the kind '{kind}'"
    return ""


def grow_lightgbm(before: Any, rows: BoosterRows) -> Any:
    """Return a LightGBM booster: the trees of ``before``, and more (``init_model``)."""
    import lightgbm
    from autogluon.tabular.models.lgb.callbacks import early_stopping_custom
    from autogluon.tabular.models.lgb.hyperparameters.parameters import get_lgb_objective

    params = before._get_model_params()
    n_rounds = params.pop("num_boost_round", _MOST_ROUNDS)
    params |= {"num_threads": rows.n_cpus, "verbose": -1}
    params.setdefault("objective", get_lgb_objective(problem_type=before.problem_type))
    if before.problem_type == "multiclass":
        params.setdefault("num_classes", before.num_classes)
    metric, name = before._get_stopping_metric_internal()
    own_metric = None if isinstance(metric, str) else metric
    if own_metric is None:
        params["metric"] = metric
    stop = early_stopping_custom(
        rows.patience,
        metrics_to_use=[("valid_set", name)],
        start_time=time.time(),
        time_limit=rows.limit_s,
        ignore_dart_warning=True,
        verbose=False,
        manual_stop_file=False,
    )
    train = lightgbm.Dataset(rows.X, rows.y)
    return lightgbm.train(
        params,
        train,
        num_boost_round=n_rounds,
        init_model=lightgbm.Booster(model_str=before.model.model_to_string()),  # without unused trees
        valid_sets=[lightgbm.Dataset(rows.X_val, rows.y_val, reference=train)],
        valid_names=["valid_set"],
        feval=own_metric,
        callbacks=[stop],
    )


def grow_xgboost(before: Any, rows: BoosterRows) -> Any:
    """Return a scikit-learn style XGBoost model: the trees of ``before``, and more (``xgb_model``)."""
    from autogluon.tabular.models.xgboost.callbacks import EarlyStoppingCustom

    grown = copy.deepcopy(before.model)
    metric = before.get_eval_metric()
    stop = EarlyStoppingCustom(
        rows.patience,
        start_time=time.time(),
        time_limit=rows.limit_s,
        metric_name=metric if isinstance(metric, str) else metric.__name__,
        data_name="validation_0",
    )
    grown.set_params(n_jobs=rows.n_cpus, eval_metric=metric, callbacks=[stop])
    grown.fit(
        rows.X, rows.y, eval_set=[(rows.X_val, rows.y_val)], verbose=False, xgb_model=used_trees(before.model)
    )
    grown.set_params(eval_metric=None, callbacks=None)
    return grown


def used_trees(model: Any) -> Any:
    """Return the booster of a scikit-learn style XGBoost model without the rounds after its best one."""
    booster = model.get_booster()
    best = booster.attr("best_iteration")
    return booster if best is None else booster[: int(best) + 1]


def grow_catboost(before: Any, rows: BoosterRows) -> Any:
    """Return a CatBoost model: the trees of ``before``, and more (``init_model``)."""
    from autogluon.tabular.models.catboost.callbacks import EarlyStoppingCallback, TimeCheckCallback
    from catboost import Pool

    params = before.model.get_params() | {"thread_count": rows.n_cpus}
    categories = list(before._category_features or ())
    callbacks = [EarlyStoppingCallback(stopping_rounds=rows.patience, eval_metric=params["eval_metric"])]
    if rows.limit_s is not None:
        callbacks.append(TimeCheckCallback(time_start=time.time(), time_limit=rows.limit_s))
    grown = type(before.model)(**params)
    grown.fit(
        Pool(rows.X, label=rows.y, cat_features=categories),
        eval_set=Pool(rows.X_val, label=rows.y_val, cat_features=categories),
        use_best_model=True,
        init_model=before.model,
        callbacks=callbacks,
        verbose=False,
    )
    return grown
