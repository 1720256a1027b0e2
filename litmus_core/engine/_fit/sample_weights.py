"""Sample weights: equal class weights, and rows left out of training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._families.registry import unweighed_models
from litmus_core.engine._folds.splitters import Fold
from litmus_core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from litmus_core.engine._target import Target
    from litmus_core.types import RunPlan, Task

Ints = NDArray[np.int64]


def check_balanced(plan: RunPlan, task: Task) -> None:
    """Raise UsageError if equal class weights are requested without classes."""
    if plan.training.balanced and not task.type.has_classes:
        raise UsageError(
            "A number has no classes that could weigh the same.", hint="Train without balanced=True."
        )


def class_weights(codes: NDArray[Any], target: Target) -> NDArray[np.float64]:
    """Return (n,) weights that give each class the same total weight; 1 on average."""
    sizes = np.bincount(codes, minlength=len(target.classes))
    return np.asarray(len(codes) / ((sizes > 0).sum() * sizes[codes]), dtype=np.float64)


def positions_without(positions: Ints, codes: NDArray[Any], gone: NDArray[np.bool_]) -> Ints:
    """Return the positions except those of ``gone`` (n,) rows; no class loses all its rows."""
    remaining = positions[~gone[positions]]
    if codes.dtype.kind == "f":
        return remaining if len(remaining) else positions
    lost = np.setdiff1d(codes[positions], codes[remaining])
    return positions[~gone[positions] | np.isin(codes[positions], lost)]


def folds_without(folds: list[Fold], codes: NDArray[Any], gone: NDArray[np.bool_]) -> list[Fold]:
    """Return folds that do not train on ``gone`` (n,) rows, with unchanged test rows."""
    return [(positions_without(learned, codes, gone), tested) for learned, tested in folds]


def have_labels(index: pd.Index[Any], labels: Sequence[int]) -> NDArray[np.bool_]:
    """Return (n,) which rows have one of these labels."""
    return np.asarray(index.isin(list(labels)))


def models_without_weights(trainer: Any) -> tuple[str, ...]:
    """Return a sentence for each model that ignored weights, of a trainer whose rows have some."""
    if trainer.sample_weight is None:
        return ()
    names = [name for name in trainer.get_model_names() if _takes_none(trainer.load_model(name))]
    return tuple(
        f"{title_of(name)} learned from the rows as they are: it takes no weights." for name in names
    )


def _takes_none(model: Any) -> bool:
    base = getattr(model, "_child_type", None) or type(model)
    return base.ag_key in unweighed_models()
