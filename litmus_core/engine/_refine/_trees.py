"""Cut models to their first trees by each library's own means, so that they predict as it would."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litmus_core.engine._families.xgboost import used_trees

_LIGHTGBM = "autogluon.tabular.models.lgb.lgb_model.LGBModel"
_XGBOOST = "autogluon.tabular.models.xgboost.xgboost_model.XGBoostModel"
_XGBOOST_CATEGORIES = "litmus_core.engine._autogluon.xgboost_categories.XGBoostCategoriesModel"
_CATBOOST = "autogluon.tabular.models.catboost.catboost_model.CatBoostModel"
_FORESTS = (
    "autogluon.tabular.models.rf.rf_model.RFModel",
    "autogluon.tabular.models.xt.xt_model.XTModel",
)


@dataclass(frozen=True, slots=True)
class _Cutter:
    """A library's model: its number of boosting rounds, and a function that keeps the first ``n``."""

    count: Callable[[Any], int]
    cut: Callable[[Any, int], Any]


def n_rounds(model: Any) -> int:
    """Return how many rounds of trees a fitted AutoGluon model uses; 0 if it has no trees."""
    cutter = _cutter(model)
    return 0 if cutter is None else cutter.count(model.model)


def cut(model: Any, share: float) -> None:
    """Keep the first ``share`` of a fitted model's rounds of trees, at least one.

    The library's own model object stays whole; a model without trees is unchanged.
    """
    cutter = _cutter(model)
    if cutter is None or share >= 1.0:
        return
    n_trees = max(1, round(share * cutter.count(model.model)))
    model.model = cutter.cut(model.model, n_trees)


def _cutter(model: Any) -> _Cutter | None:
    cls = type(model)
    name = f"{cls.__module__}.{cls.__qualname__}"
    if name in _FORESTS and not hasattr(model.model, "estimators_"):
        return None
    if name == _LIGHTGBM and "boosting: dart" in model.model.model_to_string(num_iteration=1):
        return None  # later trees of such a booster rescale earlier ones
    return _CUTTERS.get(name)


def _count_lightgbm(booster: Any) -> int:
    return int(booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration())


def _cut_lightgbm(booster: Any, n_trees: int) -> Any:
    import lightgbm

    return lightgbm.Booster(model_str=booster.model_to_string(num_iteration=n_trees))


def _count_xgboost(model: Any) -> int:
    return int(used_trees(model).num_boosted_rounds())


def _cut_xgboost(model: Any, n_trees: int) -> Any:
    copied = copy.deepcopy(model)
    booster = used_trees(model)[:n_trees]
    booster.set_attr(best_iteration=str(n_trees - 1))
    copied._Booster = booster
    return copied


def _cut_catboost(model: Any, n_trees: int) -> Any:
    copied = model.copy()
    copied.shrink(ntree_end=n_trees)
    return copied


def _cut_forest(forest: Any, n_trees: int) -> Any:
    copied = copy.copy(forest)
    copied.estimators_ = list(forest.estimators_[:n_trees])
    copied.n_estimators = n_trees
    return copied


_CUTTERS = {
    _LIGHTGBM: _Cutter(_count_lightgbm, _cut_lightgbm),
    _XGBOOST: _Cutter(_count_xgboost, _cut_xgboost),
    _XGBOOST_CATEGORIES: _Cutter(_count_xgboost, _cut_xgboost),
    _CATBOOST: _Cutter(lambda model: int(model.tree_count_), _cut_catboost),
    **{name: _Cutter(lambda model: len(model.estimators_), _cut_forest) for name in _FORESTS},
}
