"""AutoGluon's XGBoost that reads categories itself, kept from writing into the rows it is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autogluon.tabular.models import XGBoostModel

if TYPE_CHECKING:
    import pandas as pd


class XGBoostCategoriesModel(XGBoostModel):  # type: ignore[misc]
    """AutoGluon 1.6 puts its codes into the frame it is given, where it needs no other columns left out.

    Whoever reads that frame next (the next fold, the next model) would find every category missing.
    """

    def _preprocess(self, X: pd.DataFrame, **told: Any) -> Any:
        return super()._preprocess(X=X.copy(deep=False), **told)
