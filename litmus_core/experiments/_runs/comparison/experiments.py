"""Compare two experiments: whether they are comparable, and their difference on the same test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison.leader import leading_run
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.types import Candidate, Run, Task

if TYPE_CHECKING:
    from litmus_core.jobs import RunData, TestPredictions
    from litmus_core.metrics import PairedDifference

_HINT = "Their own scores with their intervals still stand."


def why_incomparable(task: Task, other: Task) -> str:
    """Return why the scores of two tasks cannot be compared row by row; "" if they can.

    They can if test rows, their weights, labels and metric are the same.
    """
    if task.target != other.target or task.type is not other.type:
        return "They answer different questions."
    if task.task_type != other.task_type:
        return "They ask for the target in different terms."
    if task.metric != other.metric:
        return "They are judged by different measures."
    if task.positive_class != other.positive_class:
        return f"One looks for '{task.positive_class}', the other for '{other.positive_class}'."
    if task.weight != other.weight:
        return "Their rows have different weights."
    version_ids, others = (
        (one.dataset_version_id if one.test_version_id is None else one.test_version_id)
        for one in (task, other)
    )
    if version_ids != others:
        return "They are tested on different tables, or on different versions of one."
    if (task.test_version_id is None) != (other.test_version_id is None):
        return "They are tested on different rows."
    if task.test_version_id is None and _split_key(task) != _split_key(other):
        return "Their test rows were set aside in different ways."
    return ""


def _split_key(task: Task) -> tuple[object, ...]:
    split = task.split
    return split.kind, split.columns, split.test_fraction, split.grown_from, task.seed


def paired(context: Context, left_id: str, right_id: str) -> PairedDifference:
    """Score both experiments' chosen models on the same test rows and the same bootstrap draws."""
    from litmus_core.metrics import get_metric, paired_difference

    task, other = (context.experiment(id_).task for id_ in (left_id, right_id))
    reason = why_incomparable(task, other)
    metric = get_metric(task.metric)
    if not reason and metric.is_custom:
        reason = "Their metric is a plug-in's, and it would have to run thousands of times."
    if reason:
        raise UsageError(f"These two cannot be compared row by row. {reason}", hint=_HINT)
    chosen = [_judged_model(context, id_) for id_ in (left_id, right_id)]
    data = [run_data(context, run) for run, _ in chosen]
    predictions = [_predictions(context, *side, rows) for side, rows in zip(chosen, data, strict=True)]
    if predictions[0].classes != predictions[1].classes:
        raise UsageError("These two models know different answers.", hint=_HINT)
    places = [rows.places_of(prediction.index) for rows, prediction in zip(data, predictions, strict=True)]
    _, *at = np.intersect1d(places[0], places[1], return_indices=True)
    truths = [
        rows.frame[rows.target].to_numpy()[prediction.index[here]]
        for rows, prediction, here in zip(data, predictions, at, strict=True)
    ]
    if len(at[0]) < min(map(len, places)) or not np.array_equal(truths[0].astype(str), truths[1].astype(str)):
        raise UsageError("These two were tested on different rows.", hint=_HINT)
    left, right = (prediction.at(here) for prediction, here in zip(predictions, at, strict=True))
    return paired_difference(
        data[0].metric(task.metric, left.index),
        truths[0],
        left.raw,
        right.raw,
        thresholds=(left.threshold, right.threshold),
        classes=left.classes,
        positive_class=task.positive_class,
        blocks=data[0].blocks_of(left.index),
        seed=task.seed,
    )


def _judged_model(context: Context, experiment_id: str) -> tuple[Run, Candidate]:
    """Return an experiment's leading run, and the model of its verdict."""
    run = leading_run(context, experiment_id)
    if run is None or run.verdict is None:
        raise NotFoundError(
            kind="verdict in experiment", id=experiment_id, hint="Train it first; then compare the two."
        )
    return run, context.candidate(run.verdict.candidate_id)


def _predictions(context: Context, run: Run, candidate: Candidate, data: RunData) -> TestPredictions:
    from litmus_core.jobs import predictions_on_test

    if candidate.abstained is not None:
        raise UsageError(
            f"{candidate.name} leaves some rows to people, so the two are not scored on the same rows.",
            hint=_HINT,
        )
    return predictions_on_test(context.workspace.run_dir(run.id), data, candidate, procedure=True)
