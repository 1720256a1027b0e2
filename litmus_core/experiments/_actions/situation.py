"""The input of the list of actions: the run, its data, and families that it could also have trained."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.advice import FamiliesTried
from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._actions.check_findings import findings_for_actions
from litmus_core.experiments._actions.history import past_outcomes
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.compression import compression_plan
from litmus_core.experiments._runs.diagnosis import diagnostics
from litmus_core.experiments._runs.lineage import plan_that_trains, trained_run
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.experiments._tasks import chosen_families
from litmus_core.types import (
    Algorithm,
    CandidateTrained,
    Column,
    Event,
    Resources,
    Run,
    RunEnded,
    RunPlan,
    RunStage,
    Task,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.advice import LongerRun, OtherFamily, Situation, TrialData
    from litmus_core.jobs import RunData

_log = logging.getLogger(__name__)
_MOST_SEGMENTS, _MOST_OF_ALL = 3, 0.5  # largest share of the rows in a segment
_MOST_TIMES = 10.0  # longest time limit of a longer run, as a multiple of the run's
_ROOM = 2.0  # folds take up to twice the estimate; a run that finishes earlier ends earlier
_TRAINS = ("features", "fit")


def situation_of(context: Context, run: Run, data: TrialData) -> Situation:
    """Return the facts about a run from which actions are proposed."""
    from litmus_core.advice import Situation, TimeSpent
    from litmus_core.engine import n_folds

    task = context.experiment(run.experiment_id).task
    trained = trained_run(context, run)
    events = context.journal.events(number=0, run_id=trained.id)
    seconds = next(
        (event.fact.seconds or {} for event in reversed(events) if isinstance(event.fact, RunEnded)), {}
    )
    return Situation(
        run=run,
        task=task,
        chosen=context.chosen(run.id),
        time=TimeSpent(
            limit_s=trained.plan.compute.time_limit_s or task.time_limit_s,
            fit_s=seconds.get("fit", 0.0),
            story=_story(context, trained, events),
            tail_s=sum(value for name, value in seconds.items() if name not in _TRAINS),
        ),
        n_folds=n_folds(context.workspace.run_dir(run.id)),
        may_fold=task.split.kind != "time" and task.validation_version_id is None,
        outcomes=past_outcomes(context, task),
        candidates=tuple(context.candidates(run.id)),
        faster=_faster(context, run),
        predictions=predictions_of(context, context.chosen(run.id)),
        families=_families(context, trained, task, data),
        trains=plan_that_trains(context, run),
    )


def _faster(context: Context, run: Run) -> RunPlan | None:
    """Return the plan for faster variants if a model exceeds the budget."""
    if all(candidate.in_budget is not False for candidate in context.candidates(run.id)):
        return None
    try:
        return compression_plan(context, run.id)
    except LitmusError as refused:
        _log.info("Nothing faster is offered: %s", refused)
        return None


def _families(context: Context, run: Run, task: Task, rows: TrialData) -> FamiliesTried:
    """Return the families that a run trained, and those that it could have trained as well."""
    from litmus_core.advice import FamiliesTried, OtherFamily
    from litmus_core.engine import available_families, model_families

    families = {family.key: family for family in model_families()}
    tried = dict.fromkeys(
        candidate.family for candidate in context.candidates(run.id) if candidate.family in families
    )
    version = context.dataset(task.dataset_version_id)
    columns = [version.column(name) for name in task.features]
    allowed = available_families(task.problem_type, columns, needs=task.needs)
    other = {
        family.key: OtherFamily(key=family.key, title=family.title, kind=family.kind)
        for family in allowed
        if family.key not in tried and not family.stock and (family.may_be_monotone or not task.monotone)
    }
    return FamiliesTried(
        keys=run.plan.families or tuple(tried),
        trained=tuple(dict.fromkeys(families[key].kind for key in tried)),
        offered=tuple(other.values()),
        longer=_longer(context, run, task, other, rows),
    )


def _longer(
    context: Context, run: Run, task: Task, other: dict[str, OtherFamily], data: TrialData
) -> LongerRun | None:
    """Return the longer run in which Litmus would train more models; None if there is none."""
    from litmus_core.advice import LongerRun, longer_run_seconds
    from litmus_core.engine import choose_folds, folds_duration_s, second_models

    plan, is_open = run.plan, run.plan.folds is None
    if plan.families or plan.algorithms or plan.models:
        return None
    took = plan.compute.time_limit_s or task.time_limit_s
    size: dict[str, Any] = {"columns": data.columns, "n_rows": len(data.frame)}
    size |= {"n_classes": len(data.classes), "resources": plan.compute.train or Resources()}
    limit = least = longer_run_seconds(took)
    if is_open:
        limit = max(least, min(_MOST_TIMES * took, _ROOM * folds_duration_s(**size)))
    folds = choose_folds(task=replace(task, time_limit_s=limit), **size) if is_open else 0
    limit = limit if folds else least
    chosen = chosen_families(context, replace(task, time_limit_s=limit))
    added = tuple(other[key] for key in chosen if key in other)
    more = second_models(
        chosen,
        problem_type=task.problem_type,
        n_rows=size["n_rows"],
        n_classes=size["n_classes"],
        seconds=limit,
    )
    if not added and _are_trained(context, run, more):
        return None
    return LongerRun(limit_s=limit, families=added, folds=folds)


def _are_trained(context: Context, run: Run, models: Sequence[Algorithm]) -> bool:
    """Return whether a run trained these second models of its families, all of them."""
    names = (candidate.model.split("_BAG_")[0] for candidate in context.candidates(run.id))
    trained = {name.removesuffix("_FULL") for name in names}
    return trained.issuperset(f"{model.key}-{model.name}" for model in models)


def _story(context: Context, run: Run, events: list[Event]) -> tuple[tuple[float, float], ...]:
    """Return the times since the start of fitting at which the best validation score improved."""
    from litmus_core.metrics import get_metric

    began = next(
        (one.at for one in events if isinstance(one.fact, RunStage) and one.fact.stage == "fit"), None
    )
    scores = {
        candidate.id: candidate.validation for candidate in context.candidates(run.id) if candidate.validation
    }
    story: list[tuple[float, float]] = []
    for event in events:
        if not isinstance(event.fact, CandidateTrained) or began is None:
            continue
        score = scores.get(event.fact.candidate.id)
        if score is None:
            continue
        value = score.value if get_metric(score.metric).greater_is_better else -score.value
        if not story or value > story[-1][1]:
            story.append(((_timestamp(event.at) - _timestamp(began)), value))
    return tuple(story)


def _timestamp(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def trial_data(context: Context, run: Run, data: RunData) -> TrialData:
    """Return the rows for trials, with the findings of the checks and the diagnosis."""
    from litmus_core.jobs import trial_data_of

    task = context.experiment(run.experiment_id).task
    rows_for_trials = trial_data_of(data, task)
    leaks, doubtful = findings_for_actions(context, run, task)
    return replace(
        rows_for_trials,
        leaks=leaks,
        doubtful=np.isin(rows_for_trials.frame.index, doubtful) if doubtful else None,
        segments=_segments(context, run, rows_for_trials.frame, data.columns),
    )


def larger_plan(plan: RunPlan) -> RunPlan | None:
    """Return the plan with twice the memory; None if this machine has less."""
    from litmus_core.engine import check_resources

    resources = plan.compute.train
    if resources is None or resources.memory_gb is None:
        return None
    twice = replace(resources, memory_gb=2 * resources.memory_gb)
    try:
        check_resources("train", twice)
    except UsageError:
        return None
    return replace(plan, compute=replace(plan.compute, train=twice))


def _segments(
    context: Context, run: Run, frame: pd.DataFrame, columns: tuple[Column, ...]
) -> tuple[tuple[str, NDArray[np.bool_]], ...]:
    """Return the column values on which the run's model is worst, according to its diagnosis."""
    from litmus_core.diagnostics import value_rows

    report = diagnostics(context, run.id)
    by_name = {column.name: column for column in columns if column.traits.is_choice}
    worse = [] if report is None else [row for row in report.segments.rows if row.worse_by > 0]
    parts = (
        (f"{row.column} is {row.segment}", value_rows(frame[row.column], row.segment))
        for row in worse
        if row.column in by_name
    )
    return tuple(part for part in parts if part[1].mean() <= _MOST_OF_ALL)[:_MOST_SEGMENTS]
