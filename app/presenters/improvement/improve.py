"""Improve: possible actions after a run, most promising first, each with the score to expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.navigation import PAGES, PageKey
from app.presenters import humanize
from app.presenters.improvement.chances import FIRST, chance_of
from app.presenters.improvement.completed_actions import StartedAction
from app.presenters.improvement.gain_format import gain_range, gain_text
from app.presenters.improvement.remaining_options import (
    FailedView,
    OptionView,
    present_failed,
    present_options,
)
from app.presenters.metrics import metric_messages
from app.theme import Tone
from litmus_core.advice import (
    GATHERING,
    OBSTACLES,
    action_evidence,
    action_list_limits,
    action_sentence,
    action_text,
    action_title,
    is_out_of_reach,
)
from litmus_core.metrics import get_metric
from litmus_core.recipes import WalkStep
from litmus_core.text import (
    format_bytes,
    format_count,
    format_distance,
    format_milliseconds,
    format_score,
    in_unit,
    unbroken,
)
from litmus_core.types import (
    Action,
    ActionKind,
    ActionList,
    Bar,
    Candidate,
    Gain,
    LearningCurve,
    Score,
    Task,
    Verdict,
)
from litmus_core.verdicts import bar_text, unit_of

__all__ = [
    "ActionView",
    "ExpectedScoreView",
    "GainsView",
    "LearningCurveView",
    "present_gains",
    "present_requested",
]

_PADDING = 0.12  # padding at both ends of a strip, as a share of its width
_SAME = 0.03  # a factor this close to 1 counts as unchanged
_EIGHTY = "4 times in 5"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedScoreView:
    """The score to expect after an action: positions as shares of a strip's width; ``bar`` None: no bar."""

    now: float
    low: float
    point: float
    high: float
    bar: float | None
    good_side: str  # "right" | "left" | ""
    labels: tuple[str, str, str]  # now, landing, bar
    tone: Tone
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurveView:
    """Scores by the number of training rows, with 80 % intervals; the last ``n_predicted`` are expected."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n_predicted: int
    x_title: str
    y_title: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """One action.

    ``starts``: a click starts it; ``asks_rows``: a file starts it; otherwise people do it on ``page``.
    """

    key: str
    title: str
    sentence: str
    chance: humanize.StateMessage
    gain: str
    range: str
    lands: str
    landing: ExpectedScoreView | None
    facts: tuple[tuple[str, str], ...]
    evidence: str
    curve: LearningCurveView | None
    starts: bool
    asks_rows: bool
    page: PageKey | None
    done: StartedAction | None  # the run that carried it out already


@dataclass(frozen=True, slots=True, kw_only=True)
class GainsView:
    """The list of actions. ``can_decide``: an action may help, but is not expected to reach the bar."""

    headline: str
    top: ActionView | None  # None: no action is expected to help
    others: tuple[ActionView, ...]
    others_title: str
    left: tuple[OptionView, ...]  # options if nothing is expected to help
    failed: tuple[FailedView, ...]  # carried out before, and not offered again
    limits: tuple[str, ...]  # limits that no action can overcome
    made_of: str
    notes: tuple[str, ...]  # custom actions that were left out, and why
    can_decide: bool = False


def present_gains(
    actions: ActionList,
    *,
    task: Task,
    chosen: Candidate,
    verdict: Verdict | None,
    done: Mapping[str, StartedAction] = MappingProxyType({}),
    steps: Mapping[str, WalkStep] = MappingProxyType({}),
) -> GainsView:
    """Present a run's list of actions; ``chosen`` is its model, ``verdict`` its verdict.

    ``done`` has the runs of started actions, by key; ``steps`` has the recipe's steps that do the same.
    """
    score = chosen.validation if verdict is None else verdict.score
    if score is None:
        raise ValueError("a chosen model has a score")
    ends, unit = _ends(actions.actions, score, task.bar), "" if verdict is None else unit_of(verdict)
    views = tuple(
        _action(action, task, chosen, score, ends, unit, done.get(action.key), steps.get(action.key))
        for action in actions.actions
    )
    new = [view for view in views if not view.done]
    kinds = {action.key: action.kind for action in actions.actions}
    top = _top(new, kinds, cleared=any(view.done and kinds[view.key] in OBSTACLES for view in views))
    meets = verdict is not None and verdict.outcome == "meets"
    return GainsView(
        headline=_headline(top, meets=meets, n_tried=actions.n_rows, n_done=len(views) - len(new)),
        top=top,
        others=tuple(view for view in views if view is not top),
        others_title="What else there is" if top is not None else "What was looked at",
        left=() if top is not None or meets else present_options(actions, task, verdict),
        failed=tuple(present_failed(failed, task.metric, unit) for failed in actions.failed),
        limits=tuple(map(unbroken, action_list_limits(actions, unit=unit))),
        made_of=_source_text(actions, verdict),
        notes=actions.notes,
        can_decide=top is not None and is_out_of_reach(actions),
    )


def present_requested(
    action: Action, *, task: Task, chosen: Candidate, verdict: Verdict | None, done: StartedAction | None
) -> ActionView:
    """Present an action that another page asked for, listed or not."""
    score = chosen.validation if verdict is None else verdict.score
    if score is None:
        raise ValueError("a chosen model has a score")
    unit = "" if verdict is None else unit_of(verdict)
    return _action(action, task, chosen, score, _ends([action], score, task.bar), unit, done, None)


def _top(new: Sequence[ActionView], kinds: Mapping[str, ActionKind], *, cleared: bool) -> ActionView | None:
    """Return the action to do now: one that has to come first, otherwise the first that may help, or None.

    Abstention does not improve the model, so it is never returned. If another run has ``cleared`` the
    problems that invalidate this score, people improve models from that run.
    """
    order = [view for view in new if kinds[view.key] in FIRST]
    if cleared:
        return next(iter(order), None)
    order += [view for view in new if kinds[view.key] != "abstain" and view.chance.tone != "quiet"]
    return next(iter(order), None)


def _headline(top: ActionView | None, *, meets: bool, n_tried: int, n_done: int) -> str:
    if top is not None and top.chance in FIRST.values():
        return "What would settle it" if top.chance == FIRST["judge"] else "What has to come first"
    if top is not None:
        return "The most promising step" if top.chance.tone == "good" else "The best bet"
    if meets:
        return "Nothing that was tried would bring more."
    if n_done:
        return (
            "What looked promising from this run was done. See what would help after the run that it became."
        )
    if not n_tried:
        return "There are too few rows to try anything on."
    return "Nothing on this list is likely to help."


def _source_text(actions: ActionList, verdict: Verdict | None) -> str:
    """Say on which rows the actions were tried; with outer folds all rows are test rows, too."""
    if not actions.n_rows:
        return ""
    which = "" if verdict is not None and verdict.outer_folds else " that are not test rows"
    return (
        f"Tried out in {humanize.duration(actions.seconds)} on {format_count(actions.n_rows, 'row')}{which}. "
        f"The result lies within the range {_EIGHTY}."
    )


def _action(
    action: Action,
    task: Task,
    chosen: Candidate,
    score: Score,
    ends: tuple[float, float],
    unit: str,
    done: StartedAction | None,
    step: WalkStep | None,
) -> ActionView:
    gain, page = action.gain, action.page if action.page in PAGES else None
    lands = _signed(task) * gain.value + score.value
    return ActionView(
        key=action.key,
        title=action_title(action, unit=unit),
        sentence=action_sentence(action, unit=unit),
        chance=chance_of(action),
        gain=gain_text(gain, task.metric, unit),
        range=gain_range(gain, task.metric, unit) if gain.is_known else "",
        lands=_expected_sentence(lands, gain, task, unit),
        landing=_expected(gain, task, score, ends, unit, tone=chance_of(action).tone)
        if gain.is_known
        else None,
        facts=(*_facts(action, task, chosen), *_in_recipe(step)),
        evidence=action_evidence(action, unit=unit),
        curve=None if action.curve is None else _curve(action.curve, task, unit),
        starts=action.plan is not None,
        asks_rows=action.plan is None and action.kind in GATHERING,
        page=page,
        done=done,
    )


def _signed(task: Task) -> float:
    return 1.0 if get_metric(task.metric).greater_is_better else -1.0


def _expected_sentence(value: float, gain: Gain, task: Task, unit: str) -> str:
    """Return a sentence with the expected score and its distance to the bar."""
    if gain.value <= 0:
        return ""
    landed = f"It would land at about {in_unit(format_score(value), unit)}"
    if task.bar is None:
        return f"{landed}."
    beyond = task.bar.lead(value)
    bar = bar_text(task.bar, unit)
    if beyond >= 0:
        return f"{landed}, past the bar of {bar}."
    distance = in_unit(format_distance(-beyond, score=value), unit)
    short = f"{landed}, {distance} short of the bar of {bar}"
    at_best = task.bar.lead(value + _signed(task) * (gain.high - gain.value))
    return f"{short}; with luck it gets there." if at_best >= 0 else f"{short}: not enough by itself."


def _ends(actions: Sequence[Action], score: Score, bar: Bar | None) -> tuple[float, float]:
    """Return the ends of the common axis for all expected scores."""
    sign = 1.0 if get_metric(score.metric).greater_is_better else -1.0
    values = [score.value, *([] if bar is None else [bar.value])]
    for action in actions:
        values += [score.value + sign * end for end in (action.gain.low, action.gain.high)]
    low, high = min(values), max(values)
    padding = _PADDING * (high - low) or 0.05 * abs(high) or 0.5
    return low - padding, high + padding


def _expected(
    gain: Gain, task: Task, score: Score, ends: tuple[float, float], unit: str, *, tone: Tone
) -> ExpectedScoreView:
    sign, bar = _signed(task), task.bar
    low, point, high = (score.value + sign * end for end in (gain.low, gain.value, gain.high))
    low, high = min(low, high), max(low, high)

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - ends[0]) / (ends[1] - ends[0])))

    now, then, least, most = (in_unit(format_score(at), unit) for at in (score.value, point, low, high))
    reading = f"Now {now}; afterwards about {then}, {_EIGHTY} between {least} and {most}"
    if bar is not None:
        reading += f"; the bar is {bar_text(bar, unit)}"
    return ExpectedScoreView(
        now=place(score.value),
        low=place(low),
        point=place(point),
        high=place(high),
        bar=None if bar is None else place(bar.value),
        good_side="" if bar is None else ("right" if bar.is_floor else "left"),
        labels=(
            f"now {now}",
            then,
            "" if bar is None else f"bar {bar_text(bar, unit)}",
        ),
        tone=tone,
        reading=f"{reading}.",
    )


def _facts(action: Action, task: Task, chosen: Candidate) -> list[tuple[str, str]]:
    budget = task.budget
    figure = chosen.latency_at(budget.batch_rows)
    collecting = " of training, after the collecting" if action.kind in GATHERING else ""
    text = f"about {humanize.duration(60 * action.cost.minutes)}{collecting}"
    if action.gain.settles is not None and action.plan is None:
        return [("Who can do it", "Anyone")]  # people do it, without training
    now_ms = None if figure is None else figure.p95_ms
    limit = None if budget.max_size_mb is None else 1e6 * budget.max_size_mb
    return [
        ("It takes", text),
        (
            "Answering time",
            _times(action.cost.latency_factor, now_ms, budget.max_latency_ms, format_milliseconds),
        ),
        ("Size", _times(action.cost.size_factor, chosen.size_bytes, limit, format_bytes)),
        ("Who can do it", "Anyone" if action.audience == "anyone" else "A data scientist"),
    ]


def _in_recipe(step: WalkStep | None) -> list[tuple[str, str]]:
    if step is None:
        return []
    which = "Its next step" if step.state == "next" else "A later step"
    return [("In the recipe", f"{which}, {step.step.number}")]


def _times(factor: float | None, now: float | None, limit: float | None, write: humanize.Formatter) -> str:
    """Return a figure multiplied by ``factor`` as text, and whether the budget allows it."""
    if factor is None:
        return "not known beforehand"
    if now is None:
        return "as now" if abs(factor - 1) < _SAME else f"{factor:.2g} times what it is"
    if abs(factor - 1) < _SAME:
        return f"as now, {write(now)}"
    text = f"about {write(factor * now)} instead of {write(now)}"
    if limit is not None and factor * now > limit:
        text += f", over the budget of {write(limit)}"
    return text


def _curve(curve: LearningCurve, task: Task, unit: str) -> LearningCurveView:
    n_measured, most = len(curve.x) - curve.n_predicted, len(curve.x) - 1
    reached = in_unit(format_score(curve.y[n_measured - 1]), unit)
    reading = f"Each point is a quick stand-in's score; it reached {reached}"
    if curve.n_predicted:
        times = curve.x[most] / curve.x[n_measured - 1]
        expected = in_unit(format_score(curve.y[most]), unit)
        reading += f" with what there is, and is expected to reach {expected} with {times:.2g} times that"
    return LearningCurveView(
        x=curve.x,
        y=curve.y,
        low=curve.low,
        high=curve.high,
        n_predicted=curve.n_predicted,
        x_title=action_text(curve.x_title),
        y_title=metric_messages(task.metric).plain,
        reading=f"{reading}.",
    )
