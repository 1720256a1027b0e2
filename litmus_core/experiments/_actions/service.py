"""What to do next after a run, doing it by one call, and what it brought in the end."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._actions.background import KEPT, Advising, check_chosen
from litmus_core.experiments._actions.check_findings import found_by_checks, notes_of_checks, without_fine
from litmus_core.experiments._actions.collected_rows_gain import gains_of_rows
from litmus_core.experiments._actions.history import past_outcomes
from litmus_core.experiments._actions.plugins import asked_actions, own_actions
from litmus_core.experiments._actions.runs import applied
from litmus_core.experiments._handoffs.service import HandOffs
from litmus_core.experiments._recipes.background import Followed
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.experiments._runs.lineage import plan_that_trains, trained_run
from litmus_core.experiments._runs.paired_comparison import leading_of, validation_gain
from litmus_core.experiments._runs.postprocess import After
from litmus_core.experiments._runs.predictions import said_of
from litmus_core.experiments._runs.tuning import Tunes
from litmus_core.types import (
    ActionList,
    ActionOutcome,
    Candidate,
    CandidateTrained,
    Column,
    Event,
    Follows,
    Resources,
    Run,
    RunEnded,
    RunPlan,
    RunStage,
    Task,
    to_plain,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.advice import Known, Longer, OtherCard, Situation
    from litmus_core.experiments._studio import Studio
    from litmus_core.jobs import RunData

_log = logging.getLogger(__name__)
_SHARE, _LEAST_S, _MOST_S = 0.1, 8.0, 14.0  # of the run's time, that trying things out may take
_TRYING = 0.75  # of the seconds of a list, less what reading took; telling what came takes the rest
_MOST_SEGMENTS, _MOST_OF_ALL = 3, 0.5  # what most rows are in is no segment
_MOST_TIMES = 10.0  # a longer run's time, in the run's own
_ROOM = 2.0  # folds take up to twice what they are thought to take; a run that is done ends
_TRAINS = ("features", "fit")


class Improving(Advising, After, Followed, HandOffs, Tunes):
    """The part of a Studio that says what to do next."""

    def actions(
        self,
        run_id: str,
        *,
        seconds: float | None = None,
        on_progress: Callable[[str], None] | None = None,
    ) -> ActionList:
        """Return what may be done after a run, most promising first, each with the gain to expect.

        Things are tried out on the run's training and validation rows, never on its test part, for about
        ``seconds`` (None: a tenth of the run's time, 8 to 20 s); actions of one's own are asked, too. The
        list is kept in the run's folder until other actions of one's own are ready. ``on_progress`` is told
        what is being done. Raises UsageError while the run has no model.
        """
        return _actions(cast("Studio", self), run_id, seconds, on_progress)

    def leader_of(self, run_ids: Sequence[str]) -> Candidate | None:
        """Return the best of what runs chose, all asked the same, by validation; None: none chose any.

        Runs are compared on the validation rows that both were scored on, in the order given.
        """
        studio = cast("Studio", self)
        runs = [studio.run(each) for each in run_ids]
        chosen = [studio.candidate(run.chosen_id) for run in runs if run.chosen_id is not None]
        if not chosen:
            return None
        return leading_of(studio, studio.experiment(chosen[0].experiment_id).task, chosen)

    def apply_action(self, run_id: str, key: str, *, most_s: float | None = None) -> Run:
        """Start the run that an action of ``run_id``'s list is; it remembers the gain that was predicted.

        ``most_s`` bounds it in seconds, where the action would take longer. Raises UnknownNameError for a key
        that is not in the list, UsageError for an action that is no run, or not in so little time.
        """
        return applied(cast("Studio", self), run_id, key, most_s)

    def action_outcomes(self, experiment_id: str | None = None) -> list[ActionOutcome]:
        """Return the actions that were taken, oldest first, with what was predicted and what came.

        Of one experiment, or (None) of the whole workspace.
        """
        studio = cast("Studio", self)
        runs = sorted(studio.store.runs(experiment_id), key=lambda run: run.queued_at)
        return [_outcome(studio, run, run.plan.follows) for run in runs if run.plan.follows is not None]


def _actions(
    studio: Studio, run_id: str, seconds: float | None, on_progress: Callable[[str], None] | None
) -> ActionList:
    run = studio.run(run_id)
    check_chosen(run)
    kept = studio.kept_actions(run_id) if seconds is None else None
    is_current = kept is not None and kept.plugins == asked_actions(studio)
    return kept if kept and is_current else _listed(studio, run, seconds, on_progress or (lambda _: None))


def _outcome(studio: Studio, run: Run, follows: Follows) -> ActionOutcome:
    before = _run_or_none(studio, follows.run_id)
    now, then = _chosen_or_none(studio, run), _chosen_or_none(studio, before)
    is_known = now is not None and then is not None
    gain = test = None
    if now is not None and then is not None:
        if follows.n_asked or follows.n_came:
            gain, test = gains_of_rows(studio, now, then, follows.kind)
        else:
            gain, test = validation_gain(studio, now, then), _gained_in_test(now, then)
    return ActionOutcome(
        run_id=run.id,
        follows_run_id=follows.run_id,
        key=follows.key,
        kind=follows.kind,
        predicted=follows.gain,
        validation=gain,
        test=test,
        validated_alike=not is_known or gain is not None,
        n_asked=follows.n_asked,
        n_came=follows.n_came,
        before_gone=before is None,
    )


def _chosen_or_none(studio: Studio, run: Run | None) -> Candidate | None:
    return None if run is None or not run.chosen_id else studio.candidate(run.chosen_id)


def _run_or_none(studio: Studio, run_id: str) -> Run | None:
    return next((run for run in studio.store.runs() if run.id == run_id), None)


def _gained_in_test(now: Candidate, before: Candidate) -> float | None:
    from litmus_core.metrics import get_metric

    if now.test is None or before.test is None:
        return None
    sign = 1.0 if get_metric(now.test.metric).greater_is_better else -1.0
    return float(sign * (now.test.value - before.test.value))


def _listed(
    studio: Studio, run: Run, seconds: float | None, on_progress: Callable[[str], None]
) -> ActionList:
    from litmus_core.advice import next_actions

    began = time.monotonic()
    on_progress("Reading what the run learned from…")
    data = run_data(studio, run)
    run = without_fine(studio, run)
    known = _known(studio, run, data)
    situation = _situation(studio, run, known)
    if data.places is not None:
        sampled = {"n_drawn": len(data.places), "n_there": data.n_there, "roomier": _roomier(situation.plan)}
        situation = replace(situation, **sampled)  # type: ignore[arg-type]
    seed = situation.task.seed
    own, notes = own_actions(studio, situation, known)
    spend = min(_MOST_S, max(_LEAST_S, _SHARE * situation.time_limit_s))
    if seconds is not None:
        spend = max(0.5 * seconds, _TRYING * seconds - (time.monotonic() - began))
    on_progress(
        f"Training small stand-ins on {len(known.frame):,} rows that are not test rows, {spend:.0f} s or so…"
    )
    found = next_actions(replace(situation, own=own), known, seconds=spend, seed=seed)
    taken = round(time.monotonic() - began, 2)
    notes = (*notes, *notes_of_checks(studio, situation.task))
    found = replace(found, plugins=asked_actions(studio), notes=notes, seconds=taken)
    partial = studio.workspace.run_dir(run.id) / f"{KEPT}.partial"
    partial.write_text(json.dumps(to_plain(found)), encoding="utf-8")
    partial.replace(partial.with_name(KEPT))
    return found


def _situation(studio: Studio, run: Run, known: Known) -> Situation:
    from litmus_core.advice import Situation
    from litmus_core.engine import n_folds

    task = studio.experiment(run.experiment_id).task
    trained = trained_run(studio, run)
    events = studio.events(trained.id)
    seconds = next(
        (each.fact.seconds or {} for each in reversed(events) if isinstance(each.fact, RunEnded)), {}
    )
    return Situation(
        run=run,
        task=task,
        chosen=studio.chosen(run.id),
        time_limit_s=trained.plan.time_limit_s or task.time_limit_s,
        fit_s=seconds.get("fit", 0.0),
        n_folds=n_folds(studio.workspace.run_dir(run.id)),
        may_fold=task.split.kind != "time" and task.validation_version_id is None,
        story=_story(studio, trained, events),
        outcomes=past_outcomes(studio, task),
        candidates=tuple(studio.candidates(run.id)),
        faster=_faster(studio, run),
        said=said_of(studio, studio.chosen(run.id)),
        **_cards(studio, trained, task, known),
        tail_s=sum(value for name, value in seconds.items() if name not in _TRAINS),
        trains=plan_that_trains(studio, run),
    )


def _faster(studio: Studio, run: Run) -> RunPlan | None:
    """Return the plan that makes faster variants, where some model is outside the budget."""
    if all(each.in_budget is not False for each in studio.candidates(run.id)):
        return None
    try:
        return studio.refined_plan(run.id)
    except LitmusError as refused:
        _log.info("Nothing faster is offered: %s", refused)
        return None


def _cards(studio: Studio, run: Run, task: Task, rows: Known) -> dict[str, Any]:
    """Return the cards and families that a run trained, and the cards that it could have trained as well."""
    from litmus_core.advice import OtherCard
    from litmus_core.engine import available_cards, cards

    known = {each.key: each for each in cards()}
    tried = dict.fromkeys(each.card for each in studio.candidates(run.id) if each.card in known)
    version = studio.dataset(task.dataset_version_id)
    allowed = available_cards(task.problem_type, [version.column(name) for name in task.features])
    other = {
        each.key: OtherCard(key=each.key, title=each.title, family=each.family)
        for each in allowed
        if each.key not in tried and not each.stock
    }
    return {
        "cards": run.plan.cards or tuple(tried),
        "families": tuple(dict.fromkeys(known[key].family for key in tried)),
        "offered": tuple(other.values()),
        "longer": _longer(studio, run, task, other, rows),
    }


def _longer(studio: Studio, run: Run, task: Task, other: dict[str, OtherCard], known: Known) -> Longer | None:
    """Return the longer run in which Litmus would train more cards; None where it chose none, or has all."""
    from litmus_core.advice import Longer, longer_s
    from litmus_core.engine import choose_folds, folds_take_s

    plan, is_open = run.plan, run.plan.folds is None and run.plan.kfold is None
    if plan.cards or plan.algorithms or plan.models:
        return None
    took = plan.time_limit_s or task.time_limit_s
    size: dict[str, Any] = {"columns": known.columns, "n_rows": len(known.frame)}
    size |= {"n_classes": len(known.classes), "resources": plan.train or Resources()}
    limit = least = longer_s(took)
    if is_open:
        limit = max(least, min(_MOST_TIMES * took, _ROOM * folds_take_s(**size)))
    folds = choose_folds(task=replace(task, time_limit_s=limit), **size) if is_open else 0
    limit = limit if folds else least
    chosen = studio.chosen_cards(replace(task, time_limit_s=limit))
    added = tuple(other[key] for key in chosen if key in other)
    return Longer(limit_s=limit, cards=added, folds=folds) if added else None


def _story(studio: Studio, run: Run, events: list[Event]) -> tuple[tuple[float, float], ...]:
    """Return when the best validation score so far rose, from the fit's beginning on."""
    from litmus_core.metrics import get_metric

    began = next(
        (each.at for each in events if isinstance(each.fact, RunStage) and each.fact.stage == "fit"), None
    )
    scores = {each.id: each.validation for each in studio.candidates(run.id) if each.validation}
    story: list[tuple[float, float]] = []
    for each in events:
        if not isinstance(each.fact, CandidateTrained) or began is None:
            continue
        score = scores.get(each.fact.candidate.id)
        if score is None:
            continue
        value = score.value if get_metric(score.metric).greater_is_better else -score.value
        if not story or value > story[-1][1]:
            story.append(((_moment(each.at) - _moment(began)), value))
    return tuple(story)


def _moment(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _known(studio: Studio, run: Run, data: RunData) -> Known:
    from litmus_core.jobs import known_of

    task = studio.experiment(run.experiment_id).task
    known = known_of(data, task)
    leaks, doubtful = found_by_checks(studio, run, task)
    return replace(
        known,
        leaks=leaks,
        doubtful=np.isin(known.frame.index, doubtful) if doubtful else None,
        segments=_segments(studio, run, known.frame, data.columns),
    )


def _roomier(plan: RunPlan) -> RunPlan | None:
    """Return the plan with twice the memory that it gives; None where this machine has not as much."""
    from litmus_core.engine import check_resources

    given = plan.train
    if given is None or given.memory_gb is None:
        return None
    twice = replace(given, memory_gb=2 * given.memory_gb)
    try:
        check_resources("train", twice)
    except UsageError:
        return None
    return replace(plan, train=twice)


def _segments(
    studio: Studio, run: Run, frame: pd.DataFrame, columns: tuple[Column, ...]
) -> tuple[tuple[str, NDArray[np.bool_]], ...]:
    """Return the values of columns at which the run's model is worst, by its diagnosis."""
    from litmus_core.diagnostics import value_rows

    found = studio.diagnostics(run.id)
    by_name = {each.name: each for each in columns if each.kind in ("category", "boolean")}
    worse = [] if found is None else [each for each in found.segments.rows if each.worse_by > 0]
    parts = (
        (f"{each.column} is {each.segment}", value_rows(frame[each.column], each.segment))
        for each in worse
        if each.column in by_name
    )
    return tuple(part for part in parts if part[1].mean() <= _MOST_OF_ALL)[:_MOST_SEGMENTS]
