"""Compare the models of two runs on the validation rows that both predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.experiments._context import Context
from litmus_core.types import Candidate, Task

if TYPE_CHECKING:
    from litmus_core.metrics import PairedDifference

_FEWEST = 20  # shared rows needed for a comparison
_DRAWS = 200  # bootstrap draws
_DOUBT = 0.05  # a model whose chance to be ahead is smaller is significantly worse
_Side = tuple[str, float | None]  # the run's folder and its model's decision threshold


def validation_gain(context: Context, now: Candidate, before: Candidate) -> float | None:
    """Return the validation gain of one run's chosen model over another's, positive is better.

    It is in the metric's unit, on the rows that both were scored on: a model with folds predicts all rows, a
    model with a validation set only that set. Scores on different rows are not comparable. If predictions
    were not stored, use a custom metric or abstain, it is the difference of the scores. Then both need a
    validation set, or both folds. None otherwise, and for different rows.
    """
    tasks = [context.experiment(candidate.experiment_id).task for candidate in (now, before)]
    return _gain(context, tasks, now, before)


def _gain(context: Context, tasks: Sequence[Task], now: Candidate, before: Candidate) -> float | None:
    from litmus_core.engine import n_folds
    from litmus_core.jobs import has_validated

    if (
        _comparison_key(tasks[0]) != _comparison_key(tasks[1])
        or now.validation is None
        or before.validation is None
    ):
        return None
    folders = [context.workspace.run_dir(candidate.run_id) for candidate in (now, before)]
    gain = None
    if all(map(has_validated, folders)) and now.abstained is before.abstained is None:
        difference = _compare(
            tasks[0], *(_stored_side(context, candidate) for candidate in (now, before)), n=1
        )
        gain = None if difference is None else difference.value
    if gain is None and (n_folds(folders[0]) > 0) == (n_folds(folders[1]) > 0):
        gain = _score_difference(tasks[0], now, before)
    return gain


def _comparison_key(task: Task) -> tuple[object, ...]:
    """Return what determines the validation rows and the metric."""
    key = (task.target, task.problem_type, task.task_type, task.metric, task.positive_class)
    return *key, task.weight, task.dataset_version_id, task.validation_version_id, task.split, task.seed


def _sign(task: Task) -> float:
    from litmus_core.metrics import get_metric

    return 1.0 if get_metric(task.metric).greater_is_better else -1.0


def _stored_side(context: Context, model: Candidate) -> _Side:
    return str(context.workspace.run_dir(model.run_id)), model.threshold


@lru_cache(maxsize=512)
def _compare(task: Task, now: _Side, before: _Side, *, n: int) -> PairedDifference | None:
    """Compare the stored predictions of two runs with ``n`` draws; None if that is impossible."""
    from litmus_core.engine import read_model_info
    from litmus_core.jobs import read_validated
    from litmus_core.metrics import get_metric, paired_difference

    metric = get_metric(task.metric)
    if metric.is_custom:
        return None
    one, other = (read_validated(Path(folder)) for folder, _ in (now, before))
    _, *places = np.intersect1d(one.index, other.index, return_indices=True)
    if len(places[0]) < _FEWEST:
        return None
    named: dict[str, Any] = {}
    if task.type.has_classes:
        mine, its = (
            [str(label) for label in read_model_info(Path(at))["classes"]] for at, _ in (now, before)
        )
        if mine != its:
            return None
        named = {"classes": mine, "positive_class": task.positive_class}
    predictions = [side.predictions[at] for side, at in zip((one, other), places, strict=True)]
    limits = (now[1], before[1])
    truth = one.truth[places[0]]
    weights = None if one.weights is None else one.weights[places[0]]
    named["blocks"] = None if one.blocks is None else one.blocks[places[0]]
    difference = paired_difference(
        metric.weighted(weights), truth, *predictions, thresholds=limits, seed=task.seed, n=n, **named
    )
    return None if np.isnan(difference.value) else difference


def leader_of(context: Context, run_ids: Sequence[str]) -> Candidate | None:
    """Return the best of the runs' chosen candidates by validation score; None if there is none.

    The runs must have the same task, and are compared on common validation rows, in the given order.
    """
    chosen_by_run = context.store.chosen(run_ids)
    for run_id in run_ids:
        if run_id not in chosen_by_run:
            context.run(run_id)  # raises NotFoundError if there is none
    chosen = [chosen_by_run[run_id] for run_id in run_ids if run_id in chosen_by_run]
    if not chosen:
        return None
    return leading_of(context, context.experiment(chosen[0].experiment_id).task, chosen)


def leading_of(context: Context, task: Task, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the best of several runs' chosen models, in the order of the runs; None if none is scored.

    All are models of ``task``. Models within the budget come first, then better validation; without a
    comparison, the scores alone decide. A model with folds predicts with the mean of its members but is
    scored by single members, which is pessimistic. A model with a validation set is flattered, because early
    stopping used that set. So folds lead unless they are significantly worse (19 times in 20) on the shared
    rows, and by score, too. A model that abstains counts by its score on all rows: otherwise it would lead by
    the easy ones.
    """
    from litmus_core.advice import choose

    by_id = {candidate.id: candidate for candidate in candidates}
    best: Candidate | None = None
    for entry in (_on_all_rows(context, one) for one in candidates):
        if entry.validation is None:
            continue
        ahead = None
        if best is not None and entry.in_budget == best.in_budget:
            ahead = _is_ahead(context, task, entry, best)
        if best is None or ahead:
            best = entry
        elif ahead is None:
            best = next(one for one in (best, entry) if one.id == choose((best, entry), task)[0])
    return None if best is None else by_id[best.id]


def _on_all_rows(context: Context, model: Candidate) -> Candidate:
    """Return a model that abstains with its score on all rows; others unchanged."""
    from litmus_core.engine import post_report

    if model.abstained is None:
        return model
    report = post_report(context.workspace.run_dir(model.run_id), model.id)  # None if its files were removed
    return model if report is None else replace(model, validation=report.all_rows)


def _is_ahead(context: Context, task: Task, now: Candidate, before: Candidate) -> bool | None:
    """Return whether a model is better in validation, in doubt the one with folds; None if unknown."""
    from litmus_core.engine import n_folds

    gain = _gain(context, (task, task), now, before)
    in_folds = [n_folds(context.workspace.run_dir(candidate.run_id)) > 0 for candidate in (now, before)]
    if not gain or in_folds[0] == in_folds[1]:
        return None if not gain else gain > 0.0
    difference = _compare(task, *(_stored_side(context, candidate) for candidate in (now, before)), n=_DRAWS)
    chance = float(gain > 0.0) if difference is None else difference.chance
    scored = _score_difference(task, now, before)
    return chance >= _DOUBT or scored > 0.0 if in_folds[0] else chance > 1.0 - _DOUBT and scored > 0.0


def _score_difference(task: Task, now: Candidate, before: Candidate) -> float:
    """Return the difference of two validation scores on different rows; positive is better."""
    values = [
        0.0 if candidate.validation is None else candidate.validation.value for candidate in (now, before)
    ]
    return _sign(task) * (values[0] - values[1])
