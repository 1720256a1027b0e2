"""Sample weights: equal class weights, and rows left out of training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._families.registry import unweighed_models
from litmus_core.engine._folds.splitters import Fold
from litmus_core.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from litmus_core.engine._run_folder.folder import ScoredRows
    from litmus_core.engine._target import Target
    from litmus_core.types import RunPlan, Task, TrainingOptions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def check_balanced(plan: RunPlan, task: Task) -> None:
    """Raise UsageError if equal class weights are requested without classes."""
    if plan.training.balanced and not task.type.has_classes:
        raise UsageError(
            "A number has no classes that could weigh the same.", hint="Train without balanced=True."
        )


def row_groups(rows: pd.DataFrame, task: Task) -> NDArray[np.int64] | None:
    """Return (n,) codes of the groups of these rows that belong together; None where the task has none."""
    group = task.needs.group
    return np.unique(rows[group].to_numpy(), return_inverse=True)[1] if group else None


def row_weights(rows: pd.DataFrame | None, labels: pd.Index[Any], task: Task) -> Floats | None:
    """Return how much the rows with these ``labels`` (n,) of the index count, 1 on average.

    None: all the same. Raises DataError where all of them weigh 0.
    """
    if rows is None or task.weight is None:
        return None
    weights = rows[task.weight].loc[labels].to_numpy(dtype=np.float64)
    if not weights.sum() > 0:
        raise DataError(
            f"All {len(weights):,} rows of a part weigh 0 by '{task.weight}'.",
            hint="Choose another split, or give some of these rows a weight above 0.",
        )
    return np.asarray(weights / weights.mean())


def class_weights(codes: NDArray[Any], target: Target, weights: Floats | None) -> Floats:
    """Return (n,) weights that give each class the same total weight; 1 on average.

    Within a class rows keep their ``weights`` (n,) among each other.
    """
    counted = np.ones(len(codes)) if weights is None else weights
    sizes = np.bincount(codes, weights=counted, minlength=len(target.classes))
    share = (sizes > 0).sum() * sizes
    factors = np.divide(counted.sum(), share, out=np.zeros(len(sizes)), where=sizes > 0)
    return np.asarray(counted * factors[codes])


def balanced_weights(
    training: TrainingOptions, codes: NDArray[Any], target: Target, weights: Floats | None
) -> Floats | None:
    """Return :func:`class_weights` if they were requested, else ``weights``."""
    return class_weights(codes, target, weights) if training.balanced else weights


def combine_weights(one: Floats | None, other: Floats | None) -> Floats | None:
    """Return the product of two weights of rows (n,), 1 on average; None where all rows count alike.

    Raises DataError where all of them weigh 0.
    """
    weights = other if one is None else one if other is None else one * other
    if weights is None or weights is one:
        return weights
    if not weights.sum() > 0:
        raise DataError("All rows of a part weigh 0.", hint="Choose another split.")
    return np.asarray(weights / weights.mean())


class EncodedRows(Protocol):
    """Rows as a fit has them; ``weights`` (n,) are of the training rows, ``scored_weights`` of the others.

    None: all count the same.
    """

    @property
    def train(self) -> pd.DataFrame: ...

    @property
    def validation(self) -> pd.DataFrame | None: ...

    @property
    def rows(self) -> ScoredRows: ...

    @property
    def weights(self) -> Floats | None: ...

    @property
    def scored_weights(self) -> Floats | None: ...


def weighted_rows(prepared: EncodedRows) -> tuple[pd.DataFrame, pd.DataFrame | None, str | None]:
    """Return training and validation rows with a column of weights, and its name (None: no weights)."""
    train, validation, rows = prepared.train, prepared.validation, prepared.rows
    if prepared.weights is None:
        return train, validation, None
    name = "weight"
    while name in train.columns:
        name += "_"
    if validation is not None and prepared.scored_weights is not None:
        validation = validation.assign(**{name: prepared.scored_weights[~rows.unknown]})
    return train.assign(**{name: prepared.weights}), validation, name


def positions_without(positions: Ints, codes: NDArray[Any], is_left_out: NDArray[np.bool_]) -> Ints:
    """Return the positions except those of rows that ``is_left_out`` (n,); no class loses all its rows."""
    remaining = positions[~is_left_out[positions]]
    if codes.dtype.kind == "f":
        return remaining if len(remaining) else positions
    lost = np.setdiff1d(codes[positions], codes[remaining])
    return positions[~is_left_out[positions] | np.isin(codes[positions], lost)]


def folds_without(folds: list[Fold], codes: NDArray[Any], is_left_out: NDArray[np.bool_]) -> list[Fold]:
    """Return folds that do not train on rows that ``is_left_out`` (n,), with unchanged test rows."""
    return [(positions_without(learned, codes, is_left_out), tested) for learned, tested in folds]


def have_labels(index: pd.Index[Any], labels: Sequence[int]) -> NDArray[np.bool_]:
    """Return (n,) whether each row has one of these labels."""
    return np.asarray(index.isin(list(labels)))


def models_without_weights(trainer: Any) -> tuple[str, ...]:
    """Return a sentence for each model that ignored row weights in learning or early stopping."""
    if trainer.sample_weight is None:
        return ()
    models = {name: trainer.load_model(name) for name in trainer.get_model_names()}
    ignored = [
        f"{title_of(name)} learned from the rows as they are: it takes no weights."
        for name, model in models.items()
        if _key_of(model) in unweighed_models()
    ]
    stopped = [
        f"{title_of(name)} learned with weights, and stopped by a score that counts rows alike."
        for name, model in models.items()
        if trainer.weight_evaluation and _stops_by_rows(model)
    ]
    return (*ignored, *stopped)


def _stops_by_rows(model: Any) -> bool:
    """Return whether AutoGluon gives a model no weights of the rows that it stops by.

    XGBoost never gets them; LightGBM does where its own library computes the score.
    """
    if _key_of(model) == "XGB":
        return True
    if not hasattr(_type_of(model), "_get_stopping_metric_internal"):
        return False
    from autogluon.tabular.models.lgb.lgb_utils import convert_ag_metric_to_lgbm

    return convert_ag_metric_to_lgbm(model.stopping_metric.name, model.problem_type) is None


def _key_of(model: Any) -> str:
    return str(_type_of(model).ag_key)


def _type_of(model: Any) -> Any:
    """Return a model's class, and of a bag that of its models."""
    return getattr(model, "_child_type", None) or type(model)
