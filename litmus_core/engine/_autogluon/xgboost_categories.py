"""AutoGluon's XGBoost with native categories, prevented from changing its input rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autogluon.tabular.models import XGBoostModel

if TYPE_CHECKING:
    import pandas as pd


class XGBoostCategoriesModel(XGBoostModel):  # type: ignore[misc]
    """AutoGluon 1.6 writes its codes into the input frame unless other columns are dropped.

    The next reader of that frame (the next fold, the next model) would find every category missing.
    """

    def _preprocess(self, X: pd.DataFrame, **options: Any) -> Any:
        return super()._preprocess(X=X.copy(deep=False), **options)
