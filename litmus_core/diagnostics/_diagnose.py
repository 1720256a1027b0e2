"""All diagnostics of one candidate, which a run's worker writes to diagnostics.json."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.diagnostics._importance import importance
from litmus_core.diagnostics._mistakes import confusion, misplaced, mistakes, residuals
from litmus_core.diagnostics._scoring import Array, PredictorLike, scorer_for
from litmus_core.diagnostics._segments import segments
from litmus_core.diagnostics._types import Diagnostics
from litmus_core.metrics import Metric, get_metric
from litmus_core.task_types import get_task_type

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Task

_SEGMENTS_SHARE = 0.3


def diagnose(
    *,
    predictor: PredictorLike,
    frame: pd.DataFrame,
    y: Array,
    prediction: Array,
    metric: Metric | str,
    task: Task,
    seconds: float,
    seed: int,
    out_of_fold: bool = False,
) -> Diagnostics:
    """Diagnose a candidate on validation or (``out_of_fold``) training rows, in about ``seconds``.

    ``frame`` (n rows) holds at least the feature columns, ``y`` (n,) the truth, ``prediction`` ((n, k)
    probabilities in the order of ``predictor.classes``, or (n,) values) the candidate's predictions for rows
    it was not trained on. Importance calls ``predictor`` itself on rows that keep their index: it must not
    have been trained on those either.
    """
    measure = get_metric(metric) if isinstance(metric, str) else metric
    frame = frame.drop(columns=[task.target], errors="ignore")
    numbered = frame.reset_index(drop=True)
    y, prediction = np.asarray(y), np.asarray(prediction, dtype=float)
    scorer = scorer_for(predictor, measure)
    segments_s, causes_s = _SEGMENTS_SHARE * seconds, (1 - _SEGMENTS_SHARE) * seconds
    columns = predictor.columns
    weak_segments = segments(
        numbered, y, prediction, scorer=scorer.of_groups(), columns=columns, seconds=segments_s, seed=seed
    )
    used = importance(predictor, frame, y, metric=measure, seconds=causes_s, seed=seed)
    shown = tuple(row for row in used.columns if row.column != task.needs.group)  # no model reads that column
    return Diagnostics(
        metric=measure.name,
        n_rows=len(y),
        score=scorer.score(y, prediction),
        out_of_fold=out_of_fold,
        importance=replace(used, columns=shown),
        segments=weak_segments,
        **(
            {"mistakes": misplaced(numbered, y, prediction, groups=measure.groups), "is_order": True}
            if task.needs.is_order
            else _errors(predictor, numbered, y, prediction, seed=seed)
        ),
    )


def _errors(
    predictor: PredictorLike, frame: pd.DataFrame, y: Array, prediction: Array, *, seed: int
) -> dict[str, Any]:
    """Return the mistakes, and the confusion matrix or residuals, as fields of Diagnostics."""
    if not get_task_type(predictor.problem_type).has_classes:
        return {
            "mistakes": mistakes(frame, y, prediction),
            "residuals": residuals(y, prediction, seed=seed),
        }
    options = {
        "classes": predictor.classes,
        "positive_class": predictor.positive_class,
        "threshold": predictor.threshold,
        "costs": predictor.costs,
    }
    return {
        "mistakes": mistakes(frame, y, prediction, **options),
        "confusion": confusion(y, prediction, **options),
    }
