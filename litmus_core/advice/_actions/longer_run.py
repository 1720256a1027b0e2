"""Train longer: if training was cut short, or for families that Litmus trains only with more time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.advice import _learning_curve
from litmus_core.advice._actions.model_families import TRIED, boosters_gain, counts_for, family_gain
from litmus_core.advice._derived_plans import folds_as_run
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.runner import TrialDifference, TrialResults
from litmus_core.types import Action, ActionCost, RunPlan, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import LongerRun, OtherFamily, Situation

FOLDS = 5
# a longer run takes TIMES as long; from _ALL_S seconds on Litmus trains all families
TIMES, _ALL_S = 3.0, 60.0
# Share of what a model gains over the best constant. Six tenths of it are expected, as of a stand-in's gain;
# half of the longer runs brought more (docs/adr/0060).
_USUAL_GAIN = 0.063
_USED_UP = 0.8  # share of the time limit: if more was used, a higher limit may help


def longer_run_seconds(limit_s: float) -> float:
    """Return the time limit of a longer run, given the limit of this one.

    >>> longer_run_seconds(10.0), longer_run_seconds(100.0)
    (60.0, 300.0)
    """
    return max(TIMES * limit_s, _ALL_S)


def propose_more_time(situation: Situation) -> Iterator[Action]:
    """Propose more time if the limit was reached, with the gain of the last doubling of the time."""
    story = situation.time.story
    if situation.time.fit_s < _USED_UP * situation.time.limit_s or len(story) < 2:
        return
    ends = situation.time.fit_s
    last = story[-1][1] - _score_at(story, ends / 2)
    measured = _learning_curve.doublings(
        TrialDifference(np.full(2, max(0.0, last))), _learning_curve.USUAL_SHARE, math.log2(TIMES)
    )
    score = situation.chosen.validation
    noise = 0.0 if score is None else (score.high - score.low) / 3.92
    limit = TIMES * situation.time.limit_s
    yield Action(
        key="time",
        kind="time",
        title=Statement.of("time", "title", times=TIMES),
        statements=(Statement.of("time", "do"),),
        evidence=(Statement.of("time", "second half", gain=float(last), metric=situation.task.metric),),
        gain=calibrate_gain("time", measured, situation.outcomes, more=0.25 * noise),
        cost=ActionCost(minutes=limit / 60, latency_factor=None, size_factor=None),
        plan=with_unchanged_folds(situation, limit_s=limit),
    )


def with_unchanged_folds(situation: Situation, *, limit_s: float) -> RunPlan:
    """Return a plan with more time for the same training, without folds that Litmus would add."""
    plan = situation.plan
    folds = folds_as_run(situation.run, situation.n_folds)
    return replace(plan, folds=folds, compute=replace(plan.compute, time_limit_s=limit_s))


def propose_more_models(situation: Situation, trials: TrialResults, *, n_rows: int) -> Iterator[Action]:
    """Propose a longer run if it trains models for which this run had no time.

    Where no quick stand-in gains anything, the gain is what such runs bring as a rule.
    """
    longer = situation.families.longer
    trained = [family for family in situation.families.trained if family in TRIED]
    if longer is None or not trained:
        return
    best, counts = _best_of(_gains_added(longer, trials, families=trained))
    in_folds = trials.better("bag", "single") if longer.folds and not situation.n_folds else None
    combined = best and best.times(counts)
    measured = combined + in_folds if combined and in_folds else combined or in_folds
    if measured is not None and measured.value > 0:
        share, _ = _learning_curve.next_doubling_share(trials)
        expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
        evidence = _trial_summary(situation, best, in_folds)
    elif (learned := trials.learned()) is not None and learned.value > 0:
        expected, evidence = learned.times(_USUAL_GAIN), Statement.of("family", "usual")
    else:
        return
    yield _more_models(situation, longer, expected, evidence)


def _more_models(
    situation: Situation, longer: LongerRun, expected: TrialDifference, evidence: Statement
) -> Action:
    return Action(
        key="models",
        kind="family",
        title=Statement.of("family", "title more", seconds=float(longer.limit_s)),
        statements=(
            Statement.of(
                "family",
                "do more" if longer.families else "do again",
                families=map(_lowercase_title, longer.families),
                n_folds=longer.folds,
            ),
        ),
        evidence=(evidence,),
        gain=calibrate_gain("family", expected, situation.outcomes),
        cost=ActionCost(
            minutes=longer.limit_s / 60,
            latency_factor=None,
            size_factor=None,
            # the plan of a continued run names the families of its source
        ),
        plan=replace(
            situation.plan,
            families=(),
            algorithms=(),
            compute=replace(situation.plan.compute, time_limit_s=longer.limit_s),
        ),
    )


def _trial_summary(
    situation: Situation, best: TrialDifference | None, in_folds: TrialDifference | None
) -> Statement:
    statement = partial(
        Statement.of,
        "family",
        metric=situation.task.metric,
        folds=None if in_folds is None else float(in_folds.value),
        has_folds=in_folds is not None,
    )
    return statement("only folds") if best is None else statement("tried more", gain=float(best.value))


def _gains_added(
    longer: LongerRun, trials: TrialResults, *, families: Sequence[str]
) -> list[tuple[TrialDifference | None, float]]:
    """Return the gain of each added kind of model, and the share of it that counts.

    The gain is None if there was no time to try the kind.
    """
    added = dict.fromkeys(family.kind for family in longer.families)
    gains = {
        family: family_gain(trials, family, families=families) for family in added if family not in families
    }
    if "boosting" in families and "boosting" in added:
        gains["boosting"] = boosters_gain(trials, families=families)
    return [(gain, counts_for(family, families=families)) for family, gain in gains.items()]


def _best_of(gains: Sequence[tuple[TrialDifference | None, float]]) -> tuple[TrialDifference | None, float]:
    """Return the largest gain, at least 0, and the share of it that counts; None if nothing was tried."""
    measured = [(gain, counts) for gain, counts in gains if gain is not None]
    if not measured:
        return None, 1.0
    best, counts = max(measured, key=lambda entry: entry[1] * entry[0].value)
    return (best if best.value > 0 else best.times(0.0)), counts


def _lowercase_title(family: OtherFamily) -> str:
    return f"{family.title[0].lower()}{family.title[1:]}"


def _score_at(story: Sequence[tuple[float, float]], seconds: float) -> float:
    """Return the best score after ``seconds``; the first score if there was none by then."""
    return max((score for at, score in story if at <= seconds), default=story[0][1])
