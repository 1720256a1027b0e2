"""Calibrate a candidate's intervals or label sets on unseen rows, and measure their coverage."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import LitmusError
from litmus_core.jobs._outer.predictions import FoldPredictions, read_folds
from litmus_core.jobs._stages.stored_predictions import has_validated, read_validated

if TYPE_CHECKING:
    from pathlib import Path

    from litmus_core.engine import ScoredPredictions
    from litmus_core.jobs._judging.scores import TestPredictions
    from litmus_core.jobs._run_data import RunData
    from litmus_core.runtime import Calibration, CalibrationSource
    from litmus_core.types import Candidate, Coverage

_log = logging.getLogger(__name__)
LEVEL = 0.9  # of the coverage that a verdict reports


def calibrate_candidate(folder: Path, data: RunData, candidate: Candidate, *, metric: str) -> Calibration:
    """Return the calibration of a candidate of the run in ``folder``, as it is deployed.

    It comes from predictions for rows that the judged model did not learn from: those of outer folds, else
    out-of-fold or validation predictions. A final model has learned from all of these, so it uses the judged
    model's margins.
    """
    from litmus_core.engine import calibrate

    rows, source = _unseen_rows(folder, data, candidate, metric=metric)
    return calibrate(
        rows,
        source=source,
        by=candidate.interval_by,
        is_final=candidate.is_final_used,
        learned=_learned_truth(data),
    )


def judged_coverage(
    folder: Path, data: RunData, chosen: Candidate, predictions: TestPredictions, *, metric: str
) -> Coverage | None:
    """Return the 90 % coverage of the chosen candidate's intervals or sets on the rows that the verdict uses.

    With outer folds, each fold's rows are covered by the calibration of the other folds. None if there are
    too few rows for the level, and for a model that leaves rows to people.
    """
    from litmus_core.engine import calibrate, measure_coverage

    if chosen.abstained is not None:
        return None
    try:
        rows, source = _unseen_rows(folder, data, chosen, metric=metric)
        if source == "outer folds":
            return _across_folds(folder, rows, source, by=chosen.interval_by)
        judging = _scored_rows(folder, data, chosen, predictions.index, predictions.raw, metric=metric)
        calibration = calibrate(rows, source=source, by=chosen.interval_by, learned=_learned_truth(data))
        return measure_coverage(calibration, judging, level=LEVEL)
    except (LitmusError, OSError) as error:  # the verdict stands without the coverage
        _log.info("Intervals could not be measured: %s", error)
        return None


def _learned_truth(data: RunData) -> np.ndarray:
    """Return the truth of the rows that the model learned from."""
    truth: np.ndarray = data.frame[data.target].to_numpy()[data.index("train")]
    return truth


def _across_folds(folder: Path, rows: ScoredPredictions, source: CalibrationSource, *, by: str) -> Coverage:
    from litmus_core.engine import calibrate, count_coverage, coverage_of

    folds = read_folds(folder)
    numbers = np.repeat(list(folds), [len(fold.index) for fold in folds.values()])
    counted = [
        count_coverage(
            calibrate(rows.at(np.flatnonzero(numbers != number)), source=source, by=by),
            rows.at(np.flatnonzero(numbers == number)),
            level=LEVEL,
        )
        for number in folds
    ]
    covered, sizes = (np.concatenate(counts) for counts in zip(*counted, strict=True))
    return coverage_of(covered, sizes, level=LEVEL, of_labels=rows.info.task_type.has_classes)


def _unseen_rows(
    folder: Path, data: RunData, candidate: Candidate, *, metric: str
) -> tuple[ScoredPredictions, CalibrationSource]:
    """Return the rows that the judged model did not learn from, with its predictions for them."""
    from litmus_core.engine import n_folds, post_predictions, validation_predictions

    folds = read_folds(folder) if data.outer is not None else {}
    names = {number: _name_in_fold(fold, candidate) for number, fold in folds.items()}
    if len(folds) > 1 and all(names.values()):
        index = np.concatenate([fold.index for fold in folds.values()])
        predictions = np.concatenate([fold.predictions[names[number]] for number, fold in folds.items()])
        return _scored_rows(folder, data, candidate, index, predictions, metric=metric), "outer folds"
    if (
        candidate.chosen and not candidate.postprocess and has_validated(folder)
    ):  # reads predictions without loading a training library
        stored = read_validated(folder)
        predictions = stored.predictions
        index = stored.index if data.places is None else np.searchsorted(data.places, stored.index)
    else:
        index, predictions = validation_predictions(folder, candidate.model)
        predictions = post_predictions(folder, candidate.id) if candidate.postprocess else predictions
    scored = _scored_rows(folder, data, candidate, index, predictions, metric=metric)
    return scored, "out of fold" if n_folds(folder) else "validation"


def _name_in_fold(fold: FoldPredictions, candidate: Candidate) -> str:
    """Return the candidate's name in a fold: the fold's own choice ("") for the chosen one, else the same."""
    if candidate.chosen:
        return fold.chosen
    name = candidate.id.removeprefix(candidate.run_id)
    return name if name in fold.predictions else ""


def _scored_rows(
    folder: Path,
    data: RunData,
    candidate: Candidate,
    index: np.ndarray,
    predictions: np.ndarray,
    *,
    metric: str,
) -> ScoredPredictions:
    from litmus_core.engine import ScoredPredictions, read_model_info
    from litmus_core.runtime import ModelInfo

    return ScoredPredictions(
        predictions=predictions,
        rows=data.frame.iloc[index][[column.name for column in data.columns]],
        truth=data.frame[data.target].to_numpy()[index],
        info=replace(ModelInfo.of(read_model_info(folder)), threshold=candidate.threshold),
        metric=data.metric(metric, index),
    )
