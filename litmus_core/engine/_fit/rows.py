"""A fit's classes, features and folds, built or reused from an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._autogluon.grouped_labels import carries_groups, pack_labels
from litmus_core.engine._fit.sample_weights import (
    combine_weights,
    folds_without,
    have_labels,
    positions_without,
    row_groups,
    row_weights,
)
from litmus_core.engine._fit.target_scale import TargetScale, put_on_scale, write_scored
from litmus_core.engine._folds.custom import custom_folding
from litmus_core.engine._folds.splitters import Fold, Folding, fold_rows
from litmus_core.engine._preprocess import check_monotone_columns, fit_pipeline
from litmus_core.engine._run_folder.folder import ScoredRows
from litmus_core.engine._target import Target
from litmus_core.engine._warm_start import check_same_rows, learned, warm_start_refreshing, warm_start_state
from litmus_core.errors import UsageError
from litmus_core.text import format_count

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.engine._fit.request import FitRequest
    from litmus_core.runtime import Pipeline
    from litmus_core.types import Task


def fitted_state(request: FitRequest, labels: pd.Series[Any]) -> tuple[Target, Pipeline, tuple[str, ...]]:
    """Return the classes, the fitted features, and notes about pre-processing."""
    if request.warm_start is not None:
        pipeline, target = warm_start_state(request.warm_start)
        check_same_rows(target.encode(labels), labels, target)
        return target, pipeline, ()
    target = Target.fit(labels, request.task)
    pipeline, notes = fit_pipeline(
        request.preprocess,
        columns=[column for column in request.columns if column.name not in request.task.read_columns],
        train=request.train,
        target=labels,
        folder=request.folder,
        weights=row_weights(request.train, labels.index, request.task),
        seed=request.task.seed,
        deadline=request.deadline,
    )
    return target, pipeline, (*notes, *check_monotone_columns(pipeline, request.train, request.task, notes))


def folds_of(request: FitRequest, codes: NDArray[Any]) -> tuple[Folding, list[Fold]]:
    """Return the folds, with each one's training and test rows."""
    folding, folds = _folds_of(request, codes)
    if request.training.without_rows:
        folds = folds_without(folds, codes, have_labels(request.train.index, request.training.without_rows))
    _check_groups(folds, row_groups(request.train, request.task), request.task)
    return folding, folds


def _check_groups(folds: list[Fold], groups: NDArray[np.int64] | None, task: Task) -> None:
    """Raise UsageError if a fold splits a group, as custom folds may."""
    if groups is None:
        return
    for learned_at, tested in folds:
        if n_split := len(np.intersect1d(groups[learned_at], groups[tested])):
            raise UsageError(
                f"The folds split {format_count(n_split, 'group')} of '{task.needs.group}', whose rows "
                "belong together.",
                hint="Let Litmus make the folds, or put all rows of a group into one.",
            )


def _folds_of(request: FitRequest, codes: NDArray[Any]) -> tuple[Folding, list[Fold]]:
    task, source, keys = request.task, request.warm_start, request.fold_keys
    if source is None and keys.places is not None:
        folding = custom_folding(keys.pairs, keys.places, codes if task.type.has_classes else None)
        return folding, folding.folds
    if source is None:
        folding = fold_rows(request.folding, task, codes, groups=keys.groups, times=keys.times, gap=keys.gap)
        return folding, folding.folds
    index = request.train.index.to_numpy()
    folding = warm_start_refreshing(source, codes, index, groups=request.fold_keys.groups, seed=task.seed)
    if request.refined is not None:
        return folding, folding.folds
    learns = learned(source, codes, index, folding.folds, seed=task.seed)
    return folding, [(rows, tested) for rows, (_, tested) in zip(learns, folding.folds, strict=True)]


def learned_rows(request: FitRequest, train: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the training rows of a fit that has no folds."""
    codes = train[label].to_numpy()
    if request.training.without_rows:
        is_left_out = have_labels(train.index, request.training.without_rows)
        train = train.iloc[positions_without(np.arange(len(train)), codes, is_left_out)]
        codes = train[label].to_numpy()
    if request.warm_start is None or request.refined is not None:
        return train
    index = train.index.to_numpy()
    return train.iloc[learned(request.warm_start, codes, index, None, seed=request.task.seed)[0]]


def scored_rows(
    request: FitRequest,
    target: Target,
    trained: pd.Series[Any],
    scored: pd.Series[Any],
    weights: NDArray[np.float64] | None,
    *,
    n_extra: int,
    folding: Folding | None = None,
) -> ScoredRows:
    """Return the rows that models are scored on.

    ``scored`` (n,) are codes or values; class shares or the mean come from ``trained``.
    """
    task, shares = request.task, np.array([float(np.average(trained, weights=weights))])
    if target.classes:
        counted = np.bincount(trained, weights=weights, minlength=len(target.classes))
        shares = counted / counted.sum()
    raw = request.validation if folding is None else request.train
    return ScoredRows(
        index=scored.index.to_numpy(),
        truth=scored.to_numpy(),
        weights=row_weights(raw, scored.index, task),
        groups=None if raw is None else row_groups(raw.loc[scored.index], task),
        shares=shares,
        folds=request.folds.n_folds,
        n_extra=n_extra,
        fold=np.full(len(scored), -1) if folding is None else folding.tested_in(),
        scored=np.ones(len(scored), dtype=bool) if folding is None else folding.scored,
    )


def scale_rows(
    request: FitRequest, label: str, train: pd.DataFrame, validation: pd.DataFrame | None, rows: ScoredRows
) -> TargetScale | None:
    """Scale the target of all rows, if the run scales it."""
    frames, scored = [(train, request.train)], request.train
    if validation is not None and request.validation is not None:
        frames.append((validation, request.validation))
        scored = request.validation
    scale = put_on_scale(request.folder, request.scale, label, frames, request.columns)
    write_scored(request.folder, scale, scored.loc[rows.index])
    if scale is not None and carries_groups(request.task.needs):
        for frame, raw in frames:
            groups = row_groups(raw.loc[frame.index], request.task)
            if groups is not None:
                packed = pack_labels(frame[label].to_numpy(), groups)
                frame.isetitem(list(frame.columns).index(label), packed)
    return scale


def scaled_weights(
    scale: TargetScale | None, learned: NDArray[np.float64] | None, scored: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return the weights of training rows and scored rows, multiplied by the scale's."""
    if scale is None:
        return learned, scored
    return combine_weights(learned, scale.weights[0]), combine_weights(scored, scale.weights[-1])


def bagging_arguments(splits: Sequence[Fold] | None, *, seed: int) -> dict[str, Any]:
    """Return AutoGluon's arguments for bags over ``splits``; None: no bags."""
    if splits is None:
        return {"num_bag_folds": 0}
    return {
        "num_bag_folds": len(splits),
        "num_bag_sets": 1,
        "ag_args_ensemble": {
            "fold_fitting_strategy": "sequential_local",  # unless our workers fit them
            "custom_splits": splits,
            "model_random_seed": seed,
        },
    }
