"""The gain from collected rows, measured on rows that neither of two models learned from."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.diagnosis import open_predictor, run_data
from litmus_core.types import (
    ActionKind,
    ActionTaken,
    Candidate,
    DatasetVersion,
    RowsToCollect,
    Task,
    read_stored,
    to_plain,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


_log = logging.getLogger(__name__)
_FILE = "grown.json"  # in the later run's folder, so that each model is opened only once
_FEWEST = 20  # rows needed to measure a gain
_NEAR = 2.0  # the prediction is assessed between half and twice the requested rows
_OWN_FILES = 1 << 40  # offset of the rows of separate validation and test tables

Gains = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class _StoredGains:
    """Stored gains, and the two models they belong to."""

    models: tuple[str, str]
    validation: float | None
    test: float | None


def gains_of_rows(context: Context, now: Candidate, before: Candidate, kind: ActionKind) -> Gains:
    """Return the validation and test gain of a model that was trained on more rows; positive is better.

    Its table begins with the rows of the other model's table. The validation gain is measured on the old rows
    that both scored. The test gain is measured on the later run's test rows that the earlier model did not
    learn from. They include added rows only if rows of all kinds were collected: rows of one class or segment
    would measure the gain just there. None: too few such rows, or deleted files.
    """
    path = context.workspace.run_dir(now.run_id) / _FILE
    stored = read_stored(path, _StoredGains)
    if stored is not None and stored.models == (now.id, before.id):
        return stored.validation, stored.test
    try:
        gains = _validation_gain(context, now, before), _test_gain(context, now, before, kind)
    except (LitmusError, FileNotFoundError) as refused:
        _log.info("What more rows brought to %s cannot be told: %s", now.run_id, refused)
        return None, None
    partial = path.with_name(f"{_FILE}.partial")
    stored = _StoredGains(models=(now.id, before.id), validation=gains[0], test=gains[1])
    partial.write_text(json.dumps(to_plain(stored)), encoding="utf-8")
    partial.replace(path)
    return gains


def _validation_gain(context: Context, now: Candidate, before: Candidate) -> float | None:
    from litmus_core.jobs import has_validated, read_validated

    folders = [context.workspace.run_dir(candidate.run_id) for candidate in (now, before)]
    if not all(map(has_validated, folders)):
        return None
    late, early = map(read_validated, folders)
    _, at, earlier = np.intersect1d(
        _same_places(context, now, late.index),
        _same_places(context, before, early.index),
        return_indices=True,
    )
    predictions = (late.predictions[at], early.predictions[earlier])
    weights = None if late.weights is None else late.weights[at]
    return _gain(context, now, before, late.truth[at], predictions, weights=weights)


def _test_gain(context: Context, now: Candidate, before: Candidate, kind: ActionKind) -> float | None:
    from litmus_core.data import as_labels

    late, early = (run_data(context, context.run(candidate.run_id)) for candidate in (now, before))
    at = late.index("test")
    places = _same_places(context, now, late.places_of(at))
    unseen = np.isin(places, _same_places(context, before, early.places_of(early.index("test"))))
    task = _task(context, before)
    # the earlier model may have learned from the same groups
    if kind == "rows" and task.split.kind != "group":
        n_before = context.dataset(task.dataset_version_id).n_rows
        unseen |= (places >= n_before) & (places < _OWN_FILES)
    rows = late.frame.iloc[at[unseen]]
    if len(rows) < _FEWEST:
        return None
    features = rows[[column.name for column in late.columns]]
    predictions = [
        open_predictor(context, candidate.id, judged=True).predict_raw(features)
        for candidate in (now, before)
    ]
    truth = rows[late.target].to_numpy()
    if task.type.has_classes:
        truth = as_labels(truth).astype(str)
    weights = late.weights_of(at[unseen])
    return _gain(context, now, before, truth, (predictions[0], predictions[1]), weights=weights)


def _gain(
    context: Context,
    now: Candidate,
    before: Candidate,
    truth: NDArray[Any],
    predictions: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    weights: NDArray[np.float64] | None,
) -> float | None:
    """Return by how much the first predictions score better; None if unknown."""
    from litmus_core.engine import read_model_info
    from litmus_core.metrics import get_metric, paired_difference

    task = _task(context, now)
    metric = get_metric(task.metric)
    if len(truth) < _FEWEST or metric.is_custom or not now.abstained is before.abstained is None:
        return None
    named: dict[str, Any] = {}
    if task.type.has_classes:
        mine, its = (
            [str(name) for name in read_model_info(context.workspace.run_dir(candidate.run_id))["classes"]]
            for candidate in (now, before)
        )
        if mine != its:  # the new rows added a class
            return None
        named = {"classes": mine, "positive_class": task.positive_class}
    limits = (now.threshold, before.threshold)
    difference = paired_difference(
        metric.weighted(weights), truth, *predictions, thresholds=limits, seed=task.seed, n=1, **named
    )
    return None if np.isnan(difference.value) else difference.value


def _same_places(context: Context, model: Candidate, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return row positions that are equal in both tables; separate files come after all rows of a table."""
    n_rows = context.dataset(_task(context, model).dataset_version_id).n_rows
    return np.where(places < n_rows, places, places - n_rows + _OWN_FILES)


def _task(context: Context, model: Candidate) -> Task:
    return context.experiment(model.experiment_id).task


def count_collected_rows(
    context: Context, before: DatasetVersion, now: DatasetVersion, *, target: str, wanted: RowsToCollect
) -> int:
    """Return how many added rows are ``wanted``: of a class or a segment, or any."""
    from litmus_core.data import as_labels, read_rows
    from litmus_core.diagnostics import value_rows

    column, value = wanted.column, wanted.value
    if column not in now.column_names:
        return now.n_rows - before.n_rows
    added = read_rows(context.workspace, now, columns=[column])[column].iloc[before.n_rows :]
    if column == target:
        return sum(str(label) == value for label in as_labels(added))
    return int(value_rows(added, value).sum())


def action_for_rows(follows: ActionTaken, *, n_requested: int, n_collected: int) -> ActionTaken:
    """Return the action with the gain expected from the collected rows, by their share of the requested rows.

    With far fewer or far more rows the prediction cannot be assessed, so nothing counts as ``measured``.
    """
    if not n_requested:
        return replace(follows, n_collected=n_collected)
    share, gain = min(1.0, n_collected / n_requested), follows.gain
    tells = 1 / _NEAR <= n_collected / n_requested <= _NEAR
    scaled = replace(
        gain,
        value=share * gain.value,
        low=share * gain.low,
        high=share * gain.high,
        measured=share * gain.measured if tells else 0.0,
    )
    return replace(follows, gain=scaled, n_requested=n_requested, n_collected=n_collected)
