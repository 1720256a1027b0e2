"""Actions that make the score true; they come before all other actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.data_fixes import LEAKS, NO_LEAKS
from litmus_core.builtin_preprocessors import columns_of
from litmus_core.metrics import get_metric
from litmus_core.runtime import columns_read
from litmus_core.types import Action, ActionCost, ActionKind, Caution, Gain, RunPlan, Score, Statement
from litmus_core.verdicts import caution_sentence

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation
    from litmus_core.advice._surrogate import TrialData
    from litmus_core.advice._trials.runner import TrialResults

OBSTACLES: frozenset[ActionKind] = frozenset({"copies", "leak", "split"})
_EIGHTY_OF_95 = 1.2816 / 1.96  # width of an 80 % interval relative to a 95 % interval
_UNKNOWN = Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False)
_SEEN = Statement.of("shared", "seen")


def propose_removing_obstacles(
    situation: Situation, data: TrialData, trials: TrialResults | None
) -> Iterator[Action]:
    """Propose what makes the score true: certain causes first (copies, leaks, splits), then doubtful ones.

    The facts come from the run's verdict, and the leaks from ``data``. ``trials`` show the surrogate's score
    without the leaks.
    """
    verdict = situation.run.verdict
    cautions = () if verdict is None else verdict.obstacles
    for caution in cautions:
        if caution.kind == "duplicate_rows":
            yield _copies(situation, caution)
    if data.leaks:
        yield _leaks(situation, data, trials)
    for other in cautions:
        if other.fix is not None and other.fix.split is not None:
            yield _split(situation, other)
    for other in cautions:
        is_new = not {*other.columns} <= {*data.leaks}
        if other.fix is not None and other.fix.kind == "leave_out" and is_new:
            yield _without(situation, other.columns, _doubtful_leak(situation, other))


def _copies(situation: Situation, caution: Caution) -> Action:
    plan = None
    if caution.fix is not None:  # other rows remain
        plan = replace(situation.plan, training=replace(situation.plan.training, without_rows=()))
    return Action(
        key=caution.key,
        kind="copies",
        title=Statement.of("copies", "title"),
        statements=(
            *_reason(situation, caution),
            Statement.of("copies", "check" if plan is None else "do"),
        ),
        evidence=(Statement.of("copies", "compared"),),
        gain=_score_change(situation, caution.score),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        plan=plan,
        page="data",
        fix=caution.fix,
    )


def _reason(situation: Situation, caution: Caution) -> tuple[Statement, ...]:
    """Return the finding as a statement: the check's own, or, for copies, the verdict's sentence."""
    if caution.statement is not None:
        return (caution.statement,)
    verdict = situation.run.verdict
    return () if verdict is None else (Statement.plain(caution_sentence(caution, verdict)),)


def _score_change(situation: Situation, score: Score | None) -> Gain:
    """Return the difference between the test score and the score on rows that are new to the model."""
    verdict = situation.run.verdict
    if score is None or verdict is None:
        return _UNKNOWN
    sign = 1.0 if get_metric(score.metric).greater_is_better else -1.0
    value = sign * (score.value - verdict.score.value)
    ends = sorted(value + sign * _EIGHTY_OF_95 * (end - score.value) for end in (score.low, score.high))
    return Gain(value=value, low=ends[0], high=ends[1], measured=value)


def _leaks(situation: Situation, data: TrialData, trials: TrialResults | None) -> Action:
    """Propose leaving out leaks, even though the score then usually falls."""
    measured = None if trials is None else trials.better(NO_LEAKS, LEAKS)
    action = Action(
        key="leak",
        kind="leak",
        title=Statement.of("leak", "title", columns=data.leaks),
        statements=(Statement.of("leak", "do", columns=data.leaks),),
        evidence=(
            _SEEN
            if measured is None
            else Statement.of("leak", "tried", gain=float(measured.value), metric=situation.task.metric),
        ),
        gain=_UNKNOWN if measured is None else calibrate_gain("leak", measured, situation.outcomes),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
    )
    return _without(situation, data.leaks, action)


def _doubtful_leak(situation: Situation, caution: Caution) -> Action:
    return Action(
        key=caution.key,
        kind="leak",
        title=Statement.of("leak", "title", columns=caution.columns),
        statements=(
            *_reason(situation, caution),
            Statement.of("leak", "dismiss"),
        ),
        evidence=(_SEEN,),
        gain=_UNKNOWN,
        cost=ActionCost(minutes=0.0),
    )


def _without(situation: Situation, columns: tuple[str, ...], action: Action) -> Action:
    """Return ``action`` with a plan without ``columns`` and the steps that read them."""
    plan, names = situation.plan, {*columns}
    preprocess = tuple(part for part in plan.preprocess if not names & {*columns_of(part)})
    postprocess = tuple(part for part in plan.postprocess if not names & {*columns_read(part)})
    is_last = names >= {*situation.task.features}  # no column would be left
    return replace(
        action,
        cost=replace(action.cost, minutes=situation.time.limit_s / 60),
        plan=None if is_last else replace(plan, preprocess=preprocess, postprocess=postprocess),
        page="data",
        leave_out=columns,
    )


def _split(situation: Situation, caution: Caution) -> Action:
    fix = caution.fix
    assert fix is not None and fix.split is not None  # noqa: S101, PT018 - the caller checked it
    return Action(
        key=caution.key,
        kind="split",
        statements=(*_reason(situation, caution), Statement.of("split", "do")),
        evidence=(_SEEN,),
        gain=_UNKNOWN,
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        plan=_plan_for_split(situation.plan, by_time=fix.split.kind == "time"),
        page="target",
        fix=fix,
    )


def _plan_for_split(plan: RunPlan, *, by_time: bool) -> RunPlan:
    """Return the plan for a new split: without folds if rows are split by time."""
    return replace(plan, folds=None, training=replace(plan.training, stack=False)) if by_time else plan
