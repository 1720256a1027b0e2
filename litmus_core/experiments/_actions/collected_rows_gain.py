"""What rows that were collected brought: told from rows that neither of the two runs' models learned from."""

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
    Gain,
    RowsToCollect,
    Task,
    read_stored,
    to_plain,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


_log = logging.getLogger(__name__)
_KEPT = "grown.json"  # in the later run's folder: a model is opened once for it
_FEWEST = 20  # rows that a gain is told from
_NEAR = 2.0  # times as few or as many rows as were asked for that still tell how good a prediction was
_OWN_FILES = 1 << 40  # where the places of a task's own validation and test rows begin, in both tables

Gains = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class _KeptGains:
    """What is kept: of which two models, and the gains."""

    models: tuple[str, str]
    validation: float | None
    test: float | None


def gains_of_rows(context: Context, now: Candidate, before: Candidate, kind: ActionKind) -> Gains:
    """Return by how much a model on more rows is better in validation and on test rows; positive is better.

    Its table begins with the rows of the other's. In validation they are compared on the rows that both
    were scored on, all of them old. In test the chosen models answer the later run's test rows of which the
    earlier did not learn: added ones, too, where more rows like those there are were collected; rows of one
    class or segment would tell how it does on those alone. None: too few such rows, or files are gone.
    """
    kept = context.workspace.run_dir(now.run_id) / _KEPT
    told = read_stored(kept, _KeptGains)
    if told is not None and told.models == (now.id, before.id):
        return told.validation, told.test
    try:
        found = _in_validation(context, now, before), _in_test(context, now, before, kind)
    except (LitmusError, FileNotFoundError) as refused:
        _log.info("What more rows brought to %s cannot be told: %s", now.run_id, refused)
        return None, None
    partial = kept.with_name(f"{_KEPT}.partial")
    told = _KeptGains(models=(now.id, before.id), validation=found[0], test=found[1])
    partial.write_text(json.dumps(to_plain(told)), encoding="utf-8")
    partial.replace(kept)
    return found


def _in_validation(context: Context, now: Candidate, before: Candidate) -> float | None:
    from litmus_core.jobs import has_validated, read_validated

    folders = [context.workspace.run_dir(each.run_id) for each in (now, before)]
    if not all(map(has_validated, folders)):
        return None
    late, early = map(read_validated, folders)
    _, at, there = np.intersect1d(
        _same_places(context, now, late.index),
        _same_places(context, before, early.index),
        return_indices=True,
    )
    return _gain(context, now, before, late.truth[at], (late.answers[at], early.answers[there]))


def _in_test(context: Context, now: Candidate, before: Candidate, kind: ActionKind) -> float | None:
    from litmus_core.data import as_labels

    late, early = (run_data(context, context.run(each.run_id)) for each in (now, before))
    at = late.index("test")
    places = _same_places(context, now, late.places_of(at))
    unseen = np.isin(places, _same_places(context, before, early.places_of(early.index("test"))))
    task = _task(context, before)
    if kind == "rows" and task.split.kind != "group":  # the earlier may have learned from the same groups
        n_before = context.dataset(task.dataset_version_id).n_rows
        unseen |= (places >= n_before) & (places < _OWN_FILES)
    rows = late.frame.iloc[at[unseen]]
    if len(rows) < _FEWEST:
        return None
    asked = rows[[column.name for column in late.columns]]
    answers = [open_predictor(context, each.id).predict_raw(asked) for each in (now, before)]
    truth = rows[late.target].to_numpy()
    if task.type.has_classes:
        truth = as_labels(truth).astype(str)
    return _gain(context, now, before, truth, (answers[0], answers[1]))


def _gain(
    context: Context,
    now: Candidate,
    before: Candidate,
    truth: NDArray[Any],
    answers: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> float | None:
    """Return how much better the first answers are; None where that cannot be told."""
    from litmus_core.engine import read_model_info
    from litmus_core.metrics import get_metric, paired_difference

    task = _task(context, now)
    metric = get_metric(task.metric)
    if len(truth) < _FEWEST or metric.is_own or not now.abstained is before.abstained is None:
        return None
    named: dict[str, Any] = {}
    if task.type.has_classes:
        mine, its = (
            [str(name) for name in read_model_info(context.workspace.run_dir(each.run_id))["classes"]]
            for each in (now, before)
        )
        if mine != its:  # the new rows brought another class
            return None
        named = {"classes": mine, "positive_class": task.positive_class}
    limits = (now.threshold, before.threshold)
    found = paired_difference(metric, truth, *answers, thresholds=limits, seed=task.seed, n=1, **named)
    return None if np.isnan(found.value) else found.value


def _same_places(context: Context, model: Candidate, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return places that are the same in both tables: a task's own files come after however many rows."""
    n_rows = context.dataset(_task(context, model).dataset_version_id).n_rows
    return np.where(places < n_rows, places, places - n_rows + _OWN_FILES)


def _task(context: Context, model: Candidate) -> Task:
    return context.experiment(model.experiment_id).task


def rows_that_came(
    context: Context, before: DatasetVersion, now: DatasetVersion, *, target: str, wanted: RowsToCollect
) -> int:
    """Return how many rows were added that are ``wanted``: of a class or a segment, or any."""
    from litmus_core.data import as_labels, read_rows
    from litmus_core.diagnostics import value_rows

    column, value = wanted.column, wanted.value
    if column not in now.column_names:
        return now.n_rows - before.n_rows
    added = read_rows(context.workspace, now, columns=[column])[column].iloc[before.n_rows :]
    if column == target:
        return sum(str(label) == value for label in as_labels(added))
    return int(value_rows(added, value).sum())


def of_rows(follows: ActionTaken, *, n_asked: int, n_came: int) -> ActionTaken:
    """Return the action with the gain that the rows which came should bring: their share of those asked for.

    Far fewer or far more tell nothing of how well it was predicted: nothing was ``measured`` of them then.
    """
    if not n_asked:
        return replace(follows, n_came=n_came)
    share, gain = min(1.0, n_came / n_asked), follows.gain
    tells = 1 / _NEAR <= n_came / n_asked <= _NEAR
    scaled = Gain(
        value=share * gain.value,
        low=share * gain.low,
        high=share * gain.high,
        measured=share * gain.measured if tells else 0.0,
    )
    return replace(follows, gain=scaled, n_asked=n_asked, n_came=n_came)
