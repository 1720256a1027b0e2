"""Classes with a single row: AutoGluon drops such rows in bagging, unless they have a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._folds.splitters import Fold
from litmus_core.engine._target import Target

if TYPE_CHECKING:
    import pandas as pd


def singleton_rows(codes: NDArray[Any], target: Target) -> NDArray[np.int64]:
    """Return the positions of rows that are their class's only one, which AutoGluon drops in bagging."""
    if not target.task_type.has_classes:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.bincount(codes)[codes] == 1)


def duplicate_singletons(
    train: pd.DataFrame, single: NDArray[np.int64], splits: list[Fold]
) -> tuple[pd.DataFrame, list[Fold]]:
    """Append a copy of each single row, for training only, in every fold."""
    import pandas as pd

    if not len(single):
        return train, splits
    copies = train.iloc[single].copy()
    copies.index = pd.RangeIndex(int(train.index.max()) + 1, int(train.index.max()) + 1 + len(single))
    added = np.arange(len(train), len(train) + len(single))
    together = pd.concat([train, copies])
    return together, [(np.concatenate([learned, added]), tested) for learned, tested in splits]
