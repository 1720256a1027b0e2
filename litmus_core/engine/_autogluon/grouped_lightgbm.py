"""LightGBM with groups of rows, which the labels carry. Import this module late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._autogluon.grouped_labels import unpack_labels
from litmus_core.engine._autogluon.monotone_models import MonotoneLightGBMModel

if TYPE_CHECKING:
    import pandas as pd


class GroupedLightGBMModel(MonotoneLightGBMModel):
    """LightGBM on datasets with groups: rows are sorted by group, as the library requires."""

    def generate_datasets(self, X: pd.DataFrame, y: pd.Series[Any], params: Any, **others: Any) -> Any:
        X, y, sizes, others["sample_weight"] = _sorted(X, y, others.get("sample_weight"))
        sizes_of = [sizes]
        for part in ("val", "test"):
            if others.get(f"X_{part}") is None:
                continue
            names = f"X_{part}", f"y_{part}", f"sample_weight_{part}"
            X_part, y_part, sizes, weights = _sorted(*(others.get(name) for name in names))
            others |= dict(zip(names, (X_part, y_part, weights), strict=True))
            sizes_of.append(sizes)
        datasets = super().generate_datasets(X=X, y=y, params=params, **others)
        present = [dataset for dataset in datasets if dataset is not None]
        for dataset, sizes in zip(present, sizes_of, strict=True):
            dataset.set_group(sizes)
        return datasets

    def _get_stopping_metric_internal(self) -> tuple[str, str]:
        """Return the library's own metric of the objective, and its name.

        It counts by groups, and unlike the task's metric needs no call of another process in each round.
        """
        objective = self._get_model_params()["objective"]
        return objective, _name_of_metric(objective)


def _name_of_metric(objective: str) -> str:
    """Return LightGBM's name for the last score of an objective's own metric, from two pairs of rows."""
    import lightgbm

    options = {"objective": objective, "metric": objective, "verbose": -1}
    rows = lightgbm.Dataset(np.zeros((4, 1)), label=[0, 1, 0, 1], group=[2, 2], params=options)
    *_, last = lightgbm.Booster(options, rows).eval_train()
    return str(last[1])


def _sorted(X: Any, y: Any, weights: Any) -> tuple[Any, Any, Any, Any]:
    """Return rows, labels and weights sorted by group, and the groups' sizes."""
    numbers, groups = unpack_labels(y)
    order = np.argsort(groups, kind="stable")
    _, sizes = np.unique(groups, return_counts=True)
    weights = None if weights is None else np.asarray(weights)[order]
    return X.iloc[order], type(y)(numbers[order], index=y.index[order]), sizes, weights
