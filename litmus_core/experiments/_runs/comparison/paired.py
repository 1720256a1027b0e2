"""Which of two runs' models is better: on the validation rows that both answered."""

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

_FEWEST = 20  # shared rows that a difference is told from
_DRAWS = 200  # that say how far chance goes
_DOUBT = 0.05  # where the chance to be ahead is smaller, a model is worse beyond chance
_Side = tuple[str, float | None]  # a run's folder, and where its model's yes begins


def validation_gain(context: Context, now: Candidate, before: Candidate) -> float | None:
    """Return by how much one run's chosen model scores better than another's, in validation.

    In the metric's unit, positive is better, on the rows that both were scored on: a model in folds answers
    all rows, one with a validation part those of the part, and scores on different rows are no comparison.
    Where answers were not kept, are someone's own measure's or are left to people it is the difference of
    their scores, if both are of such a part or both in folds; else None, as where the rows are not the same.
    """
    from litmus_core.engine import n_folds
    from litmus_core.jobs import has_validated

    tasks = [context.experiment(each.experiment_id).task for each in (now, before)]
    if _rows_of(tasks[0]) != _rows_of(tasks[1]) or now.validation is None or before.validation is None:
        return None
    folders = [context.workspace.run_dir(each.run_id) for each in (now, before)]
    gain = None
    if all(map(has_validated, folders)) and now.abstained is before.abstained is None:
        found = _compared(tasks[0], *(_side(context, each) for each in (now, before)), n=1)
        gain = None if found is None else found.value
    if gain is None and (n_folds(folders[0]) > 0) == (n_folds(folders[1]) > 0):
        gain = _scored(tasks[0], now, before)
    return gain


def _rows_of(task: Task) -> tuple[object, ...]:
    """Return what decides which rows validate, and by what measure."""
    asked = (task.target, task.problem_type, task.task_type, task.metric, task.positive_class)
    return *asked, task.dataset_version_id, task.validation_version_id, task.split, task.seed


def _sign(task: Task) -> float:
    from litmus_core.metrics import get_metric

    return 1.0 if get_metric(task.metric).greater_is_better else -1.0


def _side(context: Context, model: Candidate) -> _Side:
    return str(context.workspace.run_dir(model.run_id)), model.threshold


@lru_cache(maxsize=512)
def _compared(task: Task, now: _Side, before: _Side, *, n: int) -> PairedDifference | None:
    """Compare what two runs' folders keep, which never changes, by ``n`` draws; None: it cannot be told."""
    from litmus_core.engine import read_model_info
    from litmus_core.jobs import read_validated
    from litmus_core.metrics import get_metric, paired_difference

    metric = get_metric(task.metric)
    if metric.is_own:
        return None
    one, other = (read_validated(Path(folder)) for folder, _ in (now, before))
    _, *places = np.intersect1d(one.index, other.index, return_indices=True)
    if len(places[0]) < _FEWEST:
        return None
    named: dict[str, Any] = {}
    if task.type.has_classes:
        mine, its = ([str(each) for each in read_model_info(Path(at))["classes"]] for at, _ in (now, before))
        if mine != its:
            return None
        named = {"classes": mine, "positive_class": task.positive_class}
    answers = [kept.answers[at] for kept, at in zip((one, other), places, strict=True)]
    limits = (now[1], before[1])
    truth = one.truth[places[0]]
    found = paired_difference(metric, truth, *answers, thresholds=limits, seed=task.seed, n=n, **named)
    return None if np.isnan(found.value) else found


def leader_of(context: Context, run_ids: Sequence[str]) -> Candidate | None:
    """Return the best of what runs chose, all asked the same, by validation; None: none chose any.

    Runs are compared on the validation rows that both were scored on, in the order given.
    """
    runs = [context.run(each) for each in run_ids]
    chosen = [context.candidate(run.chosen_id) for run in runs if run.chosen_id is not None]
    if not chosen:
        return None
    return leading_of(context, context.experiment(chosen[0].experiment_id).task, chosen)


def leading_of(context: Context, task: Task, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the best of several runs' chosen models, in the order of the runs; None where none is scored.

    Inside the budget comes first, then what is better in validation; where that is no comparison, the scores
    as they are. A model in folds answers with the mean of its members and is scored by one at a time, which
    leaves out what the mean brings; one with a part is flattered there by having learned on it when to stop.
    So folds lead unless they are worse beyond chance (19 times in 20) on the shared rows, and by score, too.
    One that leaves rows to people counts by its score on all of them: else it would lead by the easy ones.
    """
    from litmus_core.advice import choose

    by_id = {each.id: each for each in candidates}
    best: Candidate | None = None
    for each in (_on_all_rows(context, one) for one in candidates):
        if each.validation is None:
            continue
        ahead = None
        if best is not None and each.in_budget == best.in_budget:
            ahead = _is_ahead(context, task, each, best)
        if best is None or ahead:
            best = each
        elif ahead is None:
            best = next(one for one in (best, each) if one.id == choose((best, each), task)[0])
    return None if best is None else by_id[best.id]


def _on_all_rows(context: Context, model: Candidate) -> Candidate:
    """Return a model that leaves rows to people with its score on all; any other as it is."""
    from litmus_core.engine import post_report

    if model.abstained is None:
        return model
    report = post_report(context.workspace.run_dir(model.run_id), model.id)  # None: its files were removed
    return model if report is None else replace(model, validation=report.all_rows)


def _is_ahead(context: Context, task: Task, now: Candidate, before: Candidate) -> bool | None:
    """Say whether a model is better in validation, in doubt the one in folds; None: no telling."""
    from litmus_core.engine import n_folds

    gain = validation_gain(context, now, before)
    in_folds = [n_folds(context.workspace.run_dir(each.run_id)) > 0 for each in (now, before)]
    if not gain or in_folds[0] == in_folds[1]:
        return None if not gain else gain > 0.0
    found = _compared(task, *(_side(context, each) for each in (now, before)), n=_DRAWS)
    chance = float(gain > 0.0) if found is None else found.chance
    scored = _scored(task, now, before)
    return chance >= _DOUBT or scored > 0.0 if in_folds[0] else chance > 1.0 - _DOUBT and scored > 0.0


def _scored(task: Task, now: Candidate, before: Candidate) -> float:
    """Return the difference of two scores in validation, each of rows of its own; positive is better."""
    values = [0.0 if each.validation is None else each.validation.value for each in (now, before)]
    return _sign(task) * (values[0] - values[1])
