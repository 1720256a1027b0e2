"""Score a candidate on the rows that judge it: the test set, or the rows of outer folds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import DataError, NoAnswerError
from litmus_core.jobs._outer.predictions import pooled, read_folds
from litmus_core.jobs._stages.postprocess import answered_rows
from litmus_core.types import Candidate, Score, Task

if TYPE_CHECKING:
    from pathlib import Path

    from litmus_core.jobs._run_data import RunData
    from litmus_core.runtime import Predictor

_log = logging.getLogger(__name__)
_REPLICATES, _ALSO_REPLICATES = 2_000, 200


@dataclass(frozen=True, eq=False, kw_only=True)
class TestPredictions:
    """Predictions for the judging rows, at ``index`` (n,) of the run's frame: ``raw`` (n, k) or (n,).

    With outer folds each row has its ``fold`` (n,), and a ``threshold`` (n,) if the task type has one.
    ``n_rows`` also counts the rows without a prediction ("don't know").
    """

    __test__ = False  # tells pytest that this is not a test class

    index: np.ndarray
    raw: np.ndarray
    threshold: np.ndarray | float | None
    classes: tuple[Any, ...]
    n_rows: int
    fold: np.ndarray | None = None

    @property
    def n_folds(self) -> int:
        """The number of outer folds that predicted; 0 if a test set judges."""
        return 0 if self.fold is None else len(np.unique(self.fold))

    def at(self, places: np.ndarray) -> TestPredictions:
        """Return the predictions at these places of ``index``, in this order."""
        return replace(
            self,
            index=self.index[places],
            raw=self.raw[places],
            threshold=self.threshold[places] if isinstance(self.threshold, np.ndarray) else self.threshold,
            fold=None if self.fold is None else self.fold[places],
        )


def predictions_on_test(
    folder: Path,
    data: RunData,
    candidate: Candidate,
    *,
    index: np.ndarray | None = None,
    procedure: bool = False,
) -> TestPredictions:
    """Return a candidate's predictions for the judging rows; with ``index``, for those rows only.

    With outer folds they come from the same model trained in each fold or, for a ``procedure``, from each
    fold's own choice. Raises NoAnswerError if it predicts none of the rows.
    """
    if data.outer is not None:
        return _of_outer_folds(folder, candidate, index=index, procedure=procedure)
    from litmus_core.engine import name_model_in_errors

    predictor = open_chosen(folder, candidate)
    index = data.index("test") if index is None else index
    with name_model_in_errors(candidate.name):
        raw = predictor.predict_raw(data.frame.iloc[index][[column.name for column in data.columns]])
    predictions = answered_rows(
        raw, predictor.info, threshold=candidate.threshold, below=predictor.abstain_below
    )
    if not len(predictions):
        raise NoAnswerError(f"It says “{predictor.abstain_label}” to every row.")
    return TestPredictions(
        index=index[predictions],
        raw=raw[predictions],
        threshold=candidate.threshold,
        classes=tuple(predictor.classes),
        n_rows=len(index),
    )


def _of_outer_folds(
    folder: Path, candidate: Candidate, *, index: np.ndarray | None, procedure: bool
) -> TestPredictions:
    from litmus_core.engine import read_model_info

    folds = read_folds(folder)
    predictions = pooled(folds, "" if procedure else candidate.id.removeprefix(candidate.run_id))
    if predictions is None:
        raise NoAnswerError(f"{candidate.name} was not trained in every outer fold.")
    at = (
        np.arange(len(predictions.index))
        if index is None
        else np.flatnonzero(np.isin(predictions.index, index))
    )
    if not len(at):
        raise NoAnswerError(f"{candidate.name} has no answer for these rows.")
    return TestPredictions(
        index=predictions.index[at],
        raw=predictions.predictions[at],
        threshold=None if predictions.threshold is None else predictions.threshold[at],
        classes=tuple(read_model_info(folder)["classes"]),
        n_rows=sum(len(fold.index) for fold in folds.values()) if index is None else len(index),
        fold=predictions.fold[at],
    )


def open_chosen(folder: Path, candidate: Candidate) -> Predictor:
    """Open a candidate of the run in ``folder``, with its threshold and its post-processing."""
    from litmus_core.engine import open_candidate, post_of

    return open_candidate(
        folder, candidate.model, threshold=candidate.threshold, post=post_of(folder, candidate)
    )


def score_predictions(
    metric: str, task: Task, data: RunData, predictions: TestPredictions, *, n: int = _REPLICATES
) -> tuple[Score, np.ndarray]:
    """Return the score of the predictions by ``metric`` with its interval, and ``n`` bootstrap replicates."""
    from litmus_core.metrics import nested_interval, score_interval

    weighted = data.metric(metric, predictions.index)
    truth = data.frame[data.target].to_numpy()[predictions.index]
    options: dict[str, Any] = {
        "classes": predictions.classes,
        "positive_class": task.positive_class,
        "threshold": predictions.threshold,
        "blocks": data.blocks_of(predictions.index),
        "seed": task.seed,
        "n": n,
    }
    if predictions.fold is not None and predictions.n_folds > 1:
        return nested_interval(weighted, truth, predictions.raw, folds=predictions.fold, **options)
    if (
        predictions.fold is not None and predictions.threshold is not None
    ):  # the threshold of the only finished fold
        options["threshold"] = float(np.ravel(predictions.threshold)[0])
    return score_interval(weighted, truth, predictions.raw, **options)


def also_on_test(
    metrics: Sequence[str], task: Task, data: RunData, predictions: TestPredictions
) -> tuple[Score, ...]:
    """Return the test scores by the additional ``metrics``, without those undefined on these rows."""
    scores = []
    for name in metrics:
        try:
            scores.append(score_predictions(name, task, data, predictions, n=_ALSO_REPLICATES)[0])
        except DataError as error:
            _log.warning("%s could not be computed: %s", name, error)
    return tuple(scores)
