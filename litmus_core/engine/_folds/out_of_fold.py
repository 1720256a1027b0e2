"""Out-of-fold predictions: each scored row is predicted by a model that was not trained on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._autogluon.native_executor import NativeExecutor
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._fit.refit import folds_of
from litmus_core.engine._fit.target_scale import open_scale
from litmus_core.engine._run_folder.folder import read_rows
from litmus_core.engine._run_folder.open_candidate import open_candidate
from litmus_core.runtime import Post, Predictor
from litmus_core.types import ProblemType

if TYPE_CHECKING:
    import pandas as pd


def open_for_validation(
    folder: Path, model: str, *, threshold: float | None = None, post: Post | None = None
) -> Predictor:
    """Return a predictor for the run's scored rows, even with changed values.

    Without folds it is :func:`open_candidate`'s. With folds, a frame's index has the rows' labels, as in
    ``validation_predictions``. Each row is predicted by the folds that tested it, also for a model on all
    rows: unchanged rows get their out-of-fold predictions. Raises as :func:`open_candidate` does.
    """
    predictor = open_candidate(folder, model, threshold=threshold, post=post)
    rows = read_rows(folder)
    if not rows.folds:
        return predictor
    executor = _OutOfFoldExecutor(open_trainer(folder), folds_of(model), problem_type=predictor.problem_type)
    scale = open_scale(folder)
    executor.shares = rows.shares if scale is None else np.array([scale.constant])
    tested_in = rows.fold.reshape(len(rows.fold), -1)  # one column for each repeat
    fold_of = dict(zip(rows.index.tolist(), tested_in.tolist(), strict=True))
    return _OutOfFoldPredictor(predictor, executor, fold_of)


def fold_executor(trainer: Any, model: str, problem_type: ProblemType, *, fold: int) -> NativeExecutor:
    """Return an executor of one fold's models only, for any rows; ``model`` was fitted in folds."""
    return _FoldExecutor(trainer, model, problem_type=problem_type, number=fold)


class _FoldExecutor(NativeExecutor):
    """Runs only the ``number``-th fold's models."""

    def __init__(self, trainer: Any, model: str, *, problem_type: ProblemType, number: int) -> None:
        super().__init__(trainer, folds_of(model), problem_type=problem_type)
        self._number = number

    def _output_of(self, model: Any, features: pd.DataFrame) -> NDArray[Any]:
        return np.asarray(model.load_child(model.models[self._number]).predict_proba(features))


class _OutOfFoldPredictor(Predictor):
    """Tells its executor which fold each row belongs to, by the row's label."""

    def __init__(
        self, predictor: Predictor, executor: _OutOfFoldExecutor, fold_of: dict[int, list[int]]
    ) -> None:
        super().__init__(predictor.info, predictor.pipeline, executor, post=predictor.post)
        self._folds, self._fold_of = executor, fold_of

    def _execute(self, rows: Any) -> tuple[NDArray[Any], Any]:
        self._folds.fold = np.array([self._fold_of[label] for label in rows.index], dtype=np.int64)
        return super()._execute(rows)


class _OutOfFoldExecutor(NativeExecutor):
    """Runs bagged models one fold at a time; ``fold`` (n, repeats) are the rows' folds."""

    fold: NDArray[np.int64]
    shares: NDArray[np.float64]

    def predict_proba(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Return (n, k) probabilities or (n,) values; class shares if no fold tested the row."""
        probabilities = super().predict_proba(features)
        probabilities[(self.fold < 0).all(axis=1)] = self.shares
        return probabilities

    def _output_of(self, model: Any, features: pd.DataFrame) -> NDArray[Any]:
        return np.asarray(np.mean([self._fold_output(model, features, fold) for fold in self.fold.T], axis=0))

    def _fold_output(self, model: Any, features: pd.DataFrame, fold: NDArray[np.int64]) -> NDArray[Any]:
        at = np.maximum(fold, 0)
        predictions: NDArray[Any] | None = None
        for number in np.unique(at):
            part = np.asarray(model.load_child(model.models[number]).predict_proba(features[at == number]))
            if predictions is None:
                predictions = np.empty((len(at), *part.shape[1:]), dtype=part.dtype)
            predictions[at == number] = part
        return np.empty(0) if predictions is None else predictions
