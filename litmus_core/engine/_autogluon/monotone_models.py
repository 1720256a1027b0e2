"""AutoGluon's boosters and forests with monotone constraints. Import this module late.

Their setting ``monotone_constraints`` has directions (1, -1) by column name. Libraries want them by
position among the columns that a model reads, which AutoGluon decides when it fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autogluon.tabular.models import CatBoostModel, LGBModel, RFModel, XTModel

from litmus_core.engine._autogluon.xgboost_categories import XGBoostCategoriesModel

if TYPE_CHECKING:
    import pandas as pd

CONSTRAINTS = "monotone_constraints"


def _by_position(params: dict[str, Any], names: list[str] | None) -> list[int]:
    """Return the direction of each of a model's columns; 0 where it has none."""
    return [params[CONSTRAINTS].get(name, 0) for name in names or ()]


class MonotoneLightGBMModel(LGBModel):  # type: ignore[misc]
    """LightGBM with constraints by column name."""

    def _get_model_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super()._get_model_params(*args, **kwargs)
        if CONSTRAINTS not in params:
            return params
        original = {new: old for old, new in (self._features_internal_map or {}).items()}
        names = [original.get(name, name) for name in self._features or ()]
        return params | {CONSTRAINTS: _by_position(params, names)}


class MonotoneXGBoostModel(XGBoostCategoriesModel):
    """XGBoost with constraints by column name, and with native categories.

    AutoGluon's one-hot rows are sparse: XGBoost takes their zeros for missing values.
    """

    def _get_model_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super()._get_model_params(*args, **kwargs)
        signs = ",".join(map(str, _by_position(params, self._features)))
        return params | {CONSTRAINTS: f"({signs})", "enable_categorical": True}

    def _preprocess(self, X: pd.DataFrame, **options: Any) -> Any:
        features = super()._preprocess(X, **options)
        features.columns = [f"column {place}" for place in range(features.shape[1])]  # it refuses [, ] and <
        return features


class MonotoneCatBoostModel(CatBoostModel):  # type: ignore[misc]
    """CatBoost with constraints by column name."""

    def _get_model_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super()._get_model_params(*args, **kwargs)
        return params | {CONSTRAINTS: _by_position(params, self._features)}


def _for_forest(params: dict[str, Any], names: list[str] | None) -> dict[str, Any]:
    """Return a forest's parameters with the directions as scikit-learn calls them."""
    signs = _by_position(params, names)
    return {name: value for name, value in params.items() if name != CONSTRAINTS} | {"monotonic_cst": signs}


class MonotoneForestModel(RFModel):  # type: ignore[misc]
    """scikit-learn's random forest with constraints by column name."""

    def _get_model_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return _for_forest(super()._get_model_params(*args, **kwargs), self._features)


class MonotoneExtraTreesModel(XTModel):  # type: ignore[misc]
    """scikit-learn's extremely random trees with constraints by column name."""

    def _get_model_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return _for_forest(super()._get_model_params(*args, **kwargs), self._features)
