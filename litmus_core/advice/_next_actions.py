"""The list of next actions, with gains predicted from quick trials and earlier outcomes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace

from litmus_core.advice import _learning_curve
from litmus_core.advice._actions.class_weights import propose_class_weights
from litmus_core.advice._actions.collect_rows import (
    propose_class_rows,
    propose_segment_rows,
    saturated_classes,
    saturated_note,
)
from litmus_core.advice._actions.compression import propose_compression
from litmus_core.advice._actions.data_fixes import propose_data_fixes
from litmus_core.advice._actions.decision_rules import propose_decision_rules
from litmus_core.advice._actions.drop_columns import propose_dropping_columns
from litmus_core.advice._actions.feature_engineering import propose_feature_engineering
from litmus_core.advice._actions.larger_sample import propose_larger_sample
from litmus_core.advice._actions.longer_run import (
    FOLDS,
    TIMES,
    propose_more_models,
    propose_more_time,
    with_unchanged_folds,
)
from litmus_core.advice._actions.model_families import propose_families
from litmus_core.advice._actions.obstacles import propose_removing_obstacles
from litmus_core.advice._actions.settle import settling
from litmus_core.advice._actions.stacking import propose_stacking
from litmus_core.advice._derived_plans import folds_as_run
from litmus_core.advice._gain_calibration import calibrate_gain, clip_to_perfect
from litmus_core.advice._situation import Situation
from litmus_core.advice._summary import unmet_limits
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._trials.runner import TrialResults, best_setting, run_trials
from litmus_core.types import Action, ActionCost, ActionKind, ActionList, RowsToCollect, Statement, Tuning

_MORE_ROWS = 1.5
# Changes to the training data: they take one short run, and all later runs keep them.
_LASTING: frozenset[ActionKind] = frozenset({"balanced", "columns", "labels", "made columns"})
_LASTING_FACTOR = 4.0
# Collecting rows takes people days, the other actions minutes.
_COLLECTED: frozenset[ActionKind] = frozenset({"rows", "class rows", "segment rows"})
_COLLECTED_FACTOR = 0.25


def next_actions(situation: Situation, data: TrialData, *, seconds: float, seed: int = 0) -> ActionList:
    """Return the possible actions after a run, the most promising first; takes about ``seconds``."""
    began = time.monotonic()
    actions = [*propose_more_time(situation), *situation.plugin_actions]
    actions += propose_decision_rules(situation, situation.predictions)
    left = max(0.5 * seconds, seconds - (time.monotonic() - began))
    trials = run_trials(data, seconds=left, seed=seed)
    if trials is not None:
        n_rows = len(data.frame)
        actions += [
            *propose_more_models(situation, trials, n_rows=n_rows),  # before folds, which include it
            *_propose_folds(situation, trials, n_rows),
            *_propose_tuning(situation, trials, n_rows),
            *(propose_larger_sample if situation.sample.n_drawn else _propose_rows)(situation, trials, data),
            *propose_families(situation, trials, n_rows=n_rows),
            *propose_dropping_columns(situation, trials, n_rows=n_rows),
            *propose_segment_rows(situation, trials, data),
            *propose_data_fixes(situation, trials, data),
            *propose_class_weights(situation, trials, n_rows=n_rows),
            *propose_stacking(situation, trials, n_rows=n_rows),
            *propose_feature_engineering(situation, trials, n_rows=n_rows),
        ]
    if (score := situation.chosen.validation) is not None:
        actions = [replace(action, gain=clip_to_perfect(action.gain, score)) for action in actions]
    actions.sort(
        key=lambda action: (action.kind == "abstain", -_rank_value(action))
    )  # actions that need people come last
    # What makes the score untrue makes all gains untrue; a model outside the budget cannot be used; and while
    # nobody can tell whether the bar is met, nobody can tell whether a gain is needed.
    first = [*propose_removing_obstacles(situation, data, trials), *propose_compression(situation)]
    actions = [*first, *settling(situation, n_rows=len(data.frame)), *actions]
    return ActionList(
        run_id=situation.run.id,
        actions=tuple(actions),
        metric=situation.task.metric,
        limits=unmet_limits(situation, actions, data if trials else None),
        n_rows=0 if trials is None else len(trials.surrogate.data.frame),
        seconds=round(time.monotonic() - began, 2),
    )


def _rank_value(action: Action) -> float:
    """Return the value by which actions are ranked.

    It is the gain, higher if later runs keep the change, lower for rows that people have to collect.
    """
    factor = 1.0
    if action.kind in _LASTING and action.plan:
        factor = _LASTING_FACTOR
    if action.kind in _COLLECTED and not action.plan:
        factor = _COLLECTED_FACTOR
    return factor * action.gain.value


def _propose_folds(situation: Situation, trials: TrialResults, n_rows: int) -> Iterator[Action]:
    measured = trials.better("bag", "single")
    if situation.n_folds or not situation.may_fold or measured is None:
        return
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
    needed = 1.2 * FOLDS * situation.time.fit_s
    limit = min(max(situation.time.limit_s, needed), 10 * situation.time.limit_s)
    yield Action(
        key="folds",
        kind="folds",
        title=Statement.of("folds", "title", n_folds=FOLDS),
        statements=(Statement.of("folds", "do", n_folds=FOLDS),),
        evidence=(
            Statement.of("shared", "stand-in", gain=float(measured.value), metric=situation.task.metric),
        ),
        gain=calibrate_gain("folds", expected, situation.outcomes),
        cost=ActionCost(minutes=limit / 60, latency_factor=float(FOLDS), size_factor=float(FOLDS)),
        plan=replace(
            situation.plan,
            folds=replace(folds_as_run(situation.run, FOLDS), n_folds=FOLDS),
            compute=replace(situation.plan.compute, time_limit_s=limit),
        ),
    )


def _propose_tuning(situation: Situation, trials: TrialResults, n_rows: int) -> Iterator[Action]:
    best = best_setting(trials)
    if best is None or situation.plan.tuning is not None:
        return
    _, measured = best
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
    limit = TIMES * situation.time.limit_s
    plan = with_unchanged_folds(situation, limit_s=limit)
    chose = bool(plan.algorithms or plan.models)  # a person, rather than Litmus, chose the models
    yield Action(
        key="tune",
        kind="tune",
        title=Statement.of("tune", "title"),
        statements=(Statement.of("tune", "do"),),
        evidence=(Statement.of("tune", "tried", gain=float(measured.value), metric=situation.task.metric),),
        gain=calibrate_gain("tune", expected, situation.outcomes),
        cost=ActionCost(
            minutes=limit / 60,
            latency_factor=None,  # other settings may mean more trees, or fewer
            size_factor=None,
        ),
        plan=replace(plan, families=plan.families if chose else situation.families.keys, tuning=Tuning()),
    )


def _propose_rows(situation: Situation, trials: TrialResults, data: TrialData) -> Iterator[Action]:
    last = trials.better("single", "half")
    if last is None:
        return
    share, unsure = _learning_curve.next_doubling_share(trials)
    more = math.log2(_MORE_ROWS)
    n_more = round((_MORE_ROWS - 1) * len(data.frame), 1 - math.floor(math.log10(len(data.frame))))
    difference = _learning_curve.extrapolate_gain(last, trials, share, n_rows=len(data.frame))
    measured = _learning_curve.doublings(difference, share, more)
    yield Action(
        key="rows",
        kind="rows",
        title=Statement.of("rows", "title"),
        statements=(Statement.of("rows", "do", n_rows=int(n_more)),),
        evidence=(
            Statement.of("shared", "more rows", gain=float(last.value), metric=situation.task.metric),
            *saturated_note(saturated_classes(trials, data)),
        ),
        gain=calibrate_gain("rows", measured, situation.outcomes, more=unsure * abs(measured.value)),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        curve=_learning_curve.learning_curve(trials, share),
        page="data",
        collect=RowsToCollect(n_rows=int(n_more)),
    )
    yield from propose_class_rows(situation, trials, data)
