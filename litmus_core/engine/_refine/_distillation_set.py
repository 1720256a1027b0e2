"""Training data of students: a candidate's predictions of training rows and of generated rows.

A teacher's predictions of rows that it learned from are partly memory. So rows are generated as well: some
values of a training row come from another one. A student is scored on rows that it did not learn from. With
folds that is not enough, since predictions carry what their teacher learned. So the k-th student learns
from the k-th models, which never saw the rows that it is scored on. It learns from no row generated from
these either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._autogluon.native_executor import NativeExecutor
from litmus_core.engine._autogluon.trainer_folder import open_trainer, quiet
from litmus_core.engine._folds.out_of_fold import fold_executor
from litmus_core.engine._run_folder.folder import ScoredRows, read_model_info, read_rows

if TYPE_CHECKING:
    import pandas as pd

_GENERATED_PER_ROW = 2  # generated rows for a training row
_MOST_ROWS = 50_000  # at most, of either kind
_SWAPPED = 0.25  # share of a generated row's values that come from another row
_BATCH_ROWS = 1_000  # predicted at a time
Predictions = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DistillationSet:
    """``features`` of n rows, and ``predictions`` (m, n, k), or values (m, n), of m teachers, one per fold.

    ``origin`` (n,) are the labels of the training rows that they come from, ``is_generated`` (n,) whether
    they were changed. ``tested_in`` is the fold in which the training rows with ``labels`` are tested.
    Values are on the models' scale.
    """

    features: pd.DataFrame
    predictions: Predictions
    origin: NDArray[np.int64]
    is_generated: NDArray[np.bool_]
    labels: NDArray[np.int64]
    tested_in: NDArray[np.int64]

    def for_student(self, labels: NDArray[Any], *, is_synthetic: bool) -> tuple[pd.DataFrame, Predictions]:
        """Return rows, with generated ones if ``is_synthetic``, and predictions, for a student of ``labels``.

        ``labels`` are those of the student's training rows. The predictions are by the fold that tests none
        of these rows; if each fold tests some, as for a student of all rows, the mean of all.
        """
        tested = np.unique(self.tested_in[np.isin(self.labels, labels)])
        unseen = np.setdiff1d(np.arange(len(self.predictions)), tested)
        targets = self.predictions[unseen[0]] if len(unseen) else self.predictions.mean(axis=0)
        chosen = np.isin(self.origin, labels) & (is_synthetic | ~self.is_generated)
        return self.features[chosen], targets[chosen]


def build_distillation_set(
    folder: Path,
    model: str,
    raw: pd.DataFrame,
    *,
    features_of: Callable[[pd.DataFrame], pd.DataFrame],
    seconds: float,
    seed: int,
) -> DistillationSet:
    """Predict the ``raw`` training rows, and rows generated from them, by ``model`` of a run's folder.

    As many as ``seconds`` allow, at random, training rows first.
    """
    import pandas as pd

    rows, until = read_rows(folder), time.perf_counter() + seconds
    teachers = _teachers(folder, open_trainer(folder), model, rows)
    rng = np.random.default_rng([seed, 22])
    plain = rng.permutation(len(raw))[:_MOST_ROWS]
    synthetic, origin = _synthetic_rows(raw, min(_GENERATED_PER_ROW * len(raw), _MOST_ROWS), rng)
    features = features_of(pd.concat([raw.iloc[plain], synthetic], ignore_index=True))
    predictions = []
    with quiet():
        for start in range(0, len(features), _BATCH_ROWS):
            part = features.iloc[start : start + _BATCH_ROWS]
            predictions.append(np.stack([teacher(part) for teacher in teachers]))
            if time.perf_counter() > until:
                break
    stacked = np.concatenate(predictions, axis=1)
    n_outputs = stacked.shape[1]
    return DistillationSet(
        features=features.iloc[:n_outputs],
        predictions=stacked,
        origin=raw.index.to_numpy()[np.concatenate([plain, origin])[:n_outputs]],
        is_generated=np.arange(n_outputs) >= len(plain),
        labels=rows.index,
        tested_in=rows.fold,
    )


def _synthetic_rows(
    raw: pd.DataFrame, n_rows: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return generated rows, each one of ``raw`` with some values of another, and the positions of the
    former.
    """
    import pandas as pd

    one, other = rng.integers(0, len(raw), (2, n_rows))
    columns = {
        name: raw[name].take(np.where(rng.random(n_rows) < _SWAPPED, other, one)).array
        for name in raw.columns
    }
    return pd.DataFrame(columns), one


def _teachers(folder: Path, trainer: Any, model: str, rows: ScoredRows) -> list[Any]:
    """Return executors of the model; with folds, of each fold's models."""
    problem_type = read_model_info(folder)["problem_type"]
    if not rows.folds:
        return [NativeExecutor(trainer, model, problem_type=problem_type).predict_proba]
    return [
        fold_executor(trainer, model, problem_type, fold=fold).predict_proba
        for fold in range(int(rows.fold.max()) + 1)
    ]
