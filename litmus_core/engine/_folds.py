"""Folds for bagging: stratified, group-aware, and never without a class to learn from."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._cards import n_cells
from litmus_core.errors import UsageError
from litmus_core.types import Column, Task

_MOST_FOLDS = 50
_FEW_ROWS = 2_000
_LEAST_S, _MOST_CELLS_PER_S = 20.0, 20_000
Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


def choose_folds(*, task: Task, columns: Sequence[Column], n_rows: int) -> int:
    """Return into how many folds Litmus would part ``n_rows`` training and validation rows (0: none).

    Few rows make one validation part too noisy to choose by; but folds fit each model as many times, so
    little time, or many cells for it, would leave no model finished. A split by time or a validation table
    says itself which rows validate.
    """
    if n_rows >= _FEW_ROWS or task.split.kind == "time" or task.validation_version_id is not None:
        return 0
    affordable = n_cells(columns, n_rows) <= _MOST_CELLS_PER_S * task.time_limit_s
    return 5 if task.time_limit_s >= _LEAST_S and affordable else 0


def check_folds(folds: int, task: Task) -> None:
    """Raise UsageError when ``task`` cannot be trained in so many folds (0: none)."""
    if folds < 0 or folds == 1:
        raise UsageError(f"{folds} folds cannot be made.", hint="Use 0 (no folds) or at least 2.")
    if folds > _MOST_FOLDS:
        raise UsageError(f"{folds:,} folds are too many.", hint=f"Use 5 or 10; at most {_MOST_FOLDS}.")
    if folds and task.split.kind == "time":
        raise UsageError(
            "A split by time is judged on the rows just before the test part, so it takes no folds.",
            hint="Leave the number of folds at 0.",
        )
    if folds and task.validation_version_id is not None:
        raise UsageError(
            "Folds make validation rows of the training rows, so the validation table would be unused.",
            hint="Give 0 folds, or leave the validation table out.",
        )


def plan_folds(
    target: NDArray[Any], *, n_folds: int, groups: NDArray[Any] | None, seed: int, stratify: bool
) -> list[Fold]:
    """Return (train, test) positions per fold of the (n,) rows.

    With ``groups`` all rows of a group are tested in one fold. A row whose class would otherwise be absent
    from its fold's training rows stays in training there and is never tested: models cannot be fitted
    without a class, and what they would say of one they never saw is known to be wrong.
    """
    n_units = len(np.unique(groups)) if groups is not None else len(target)
    n_folds = max(2, min(n_folds, n_units))
    number = _fold_numbers(target, n_folds=n_folds, groups=groups, seed=seed, stratify=stratify)
    folds = [_without_lost_classes(number == at, target if stratify else None) for at in range(n_folds)]
    return [(np.flatnonzero(~tested), np.flatnonzero(tested)) for tested in folds if tested.any()]


def _fold_numbers(
    target: NDArray[Any], *, n_folds: int, groups: NDArray[Any] | None, seed: int, stratify: bool
) -> NDArray[np.int64]:
    """Return (n,) the fold in which each row is tested."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    enough = not stratify or np.unique(target, return_counts=True)[1].max() >= n_folds
    splitter: Any
    if groups is not None and stratify and enough:
        splitter = StratifiedGroupKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    elif groups is not None:
        splitter = GroupKFold(n_splits=n_folds)
    elif stratify and enough:
        splitter = StratifiedKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    else:
        splitter = KFold(n_splits=n_folds, shuffle=True, random_state=seed)
    number = np.zeros(len(target), dtype=np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # classes smaller than the folds: handled by the caller
        for at, (_, tested) in enumerate(splitter.split(np.zeros(len(target)), target, groups)):
            number[tested] = at
    return number


def _without_lost_classes(tested: NDArray[np.bool_], target: NDArray[Any] | None) -> NDArray[np.bool_]:
    if target is None:
        return tested
    lost = np.setdiff1d(target[tested], target[~tested])
    return tested & ~np.isin(target, lost)
