"""Decision thresholds and abstention: the effect of each choice in 1,000 real cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.presenters import humanize
from app.presenters.metrics import metric_messages
from app.presenters.results.scores import named
from litmus_core.advice import Answered, ThresholdCurve, ThresholdPoint
from litmus_core.metrics import get_metric
from litmus_core.text import NARROW, format_score
from litmus_core.types import Bar, Candidate, Score, Task
from litmus_core.verdicts import bar_text

__all__ = [
    "AnsweredCurveView",
    "DecidedView",
    "DecidingView",
    "ShiftView",
    "ThresholdCurveView",
    "ThresholdLineView",
    "ThresholdPointView",
    "cost_sentence",
    "present_answered",
    "present_curve",
    "present_deciding",
    "present_point",
    "present_shift",
]


_FEWEST_ALARMS = 5  # the precision of fewer alarms is erratic


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingView:
    """The possible decision rules after a model. ``costs`` are of a false alarm and of a missed case, if
    known.

    ``positive`` is "" without a threshold, for three classes or more. ``others`` is the title of the other
    rules than a threshold by hand. ``weight`` is the column that weighs rows, and so costs.
    """

    positive: str
    now: float
    costs: tuple[float, float] | None
    duration: str
    others: str
    weight: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdLineView:
    """One line of a chart; ``format`` is d3's format of its values."""

    name: str
    values: tuple[float | None, ...]
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdCurveView:
    """The effect of each threshold, as lines; ``cost`` of 1,000 cases if costs are known."""

    at: tuple[float, ...]
    shares: tuple[ThresholdLineView, ...]
    cost: ThresholdLineView | None
    now: float
    chosen: float
    x_title: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdPointView:
    """What a threshold changes in 1,000 cases."""

    sentence: str
    sure: str
    score: str
    caution: str
    step: str  # the step that sets it; "" if it is set already


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCurveView:
    """Scores of the predicted rows, by the share ``left`` to people; ``at`` is the selected index."""

    left: tuple[float, ...]
    score: tuple[float, ...]
    hover: tuple[str, ...]
    at: int
    measure: str
    bar: float | None
    bar_label: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedView:
    """The effect of leaving a share of rows to people, in 1,000 real cases."""

    sentence: str
    score: str
    step: str


def present_deciding(
    task: Task, candidate: Candidate, *, classes: tuple[str, ...], trains_again: bool
) -> DecidingView:
    """Present the possible decision rules after a candidate's model; ``classes`` are its labels as texts."""
    is_binary = len(classes) == 2
    positive = (task.positive_class or classes[-1]) if is_binary else ""
    now = 0.5 if candidate.threshold is None else candidate.threshold
    return DecidingView(
        positive=positive,
        now=now,
        costs=_costs(task, classes, positive) if is_binary else None,
        duration=(
            "Its models are trained again with it, because there is code of your own in them."
            if trains_again
            else "The model stays as it is: scoring and timing it takes less than a minute."
        )
        + " The test rows are looked at once more, so the bar for proof rises a little.",
        others="By precision, by costs, or leave some to people"
        if is_binary
        else "Leave doubtful cases to people",
        weight=task.weight,
    )


def present_curve(
    curve: ThresholdCurve,
    view: DecidingView,
    *,
    chosen: float,
    metric: str,
    costs: tuple[float, float] | None,
) -> ThresholdCurveView:
    """Present the effect of each threshold; ``costs`` are of a false alarm and of a missed case."""
    points = curve.points
    lines = [
        _line(
            "flagged cases that are right (precision)",
            [point.precision if point.alarms >= _FEWEST_ALARMS else None for point in points],
        ),
        _line(f"“{view.positive}” cases found (recall)", [point.recall for point in points]),
    ]
    if curve.scores and get_metric(metric).unit in ("share", "score"):
        values = [None if score != score else score for score in curve.scores]
        lines.append(_line(metric_messages(metric).technical, values, percent=False))
    cost = None
    if costs is not None:
        shown = tuple(point.cost(alarm=costs[0], miss=costs[1]) for point in points)
        name = "cost of 1,000 cases" + ("" if view.weight is None else ", with weights")
        cost = ThresholdLineView(name=name, values=shown, format=",.4~g")
    return ThresholdCurveView(
        at=tuple(point.at for point in points),
        shares=tuple(lines),
        cost=cost,
        now=view.now,
        chosen=chosen,
        x_title=f"threshold: “{humanize.short(view.positive)}” from this probability on",
        reading=(
            f"The further right, the fewer cases are flagged: more of them are right, and fewer "
            f"“{view.positive}” cases are found."
        ),
    )


def cost_sentence(point: ThresholdPoint, costs: tuple[float, float], view: DecidingView) -> str:
    """Return what mistakes cost at a threshold; ``costs`` are of a false alarm and of a missed case."""
    mistakes = "The mistakes" if view.weight is None else "With weights, the mistakes"
    return f"{mistakes} in 1,000 cases cost **{point.cost(alarm=costs[0], miss=costs[1]):,.4g}**."


def is_now(at: float, view: DecidingView) -> bool:
    """Return whether a threshold equals the current one, with the digits that a step writes."""
    return _threshold_text(at) == _threshold_text(view.now)


def _threshold_text(at: float) -> str:
    return f"{at:.4g}"


def present_point(
    point: ThresholdPoint,
    now: ThresholdPoint,
    view: DecidingView,
    *,
    score: Score | None,
    across: ThresholdPoint | None,
    requested: float,
) -> ThresholdPointView:
    """Present a threshold; ``across`` is its effect on rows not used for its choice.

    ``requested`` is the requested precision (0: none).
    """
    shown = across or point
    if is_now(point.at, view):
        shown, across = point, None
    return ThresholdPointView(
        sentence=_shift_sentence(shown, now, view, at=point.at),
        sure=_sure(shown, view.positive),
        score="" if score is None else named(score),
        caution=_caution(point, across, requested),
        step="" if is_now(point.at, view) else f"threshold(at={_threshold_text(point.at)})",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftView:
    """The effect of another threshold in 1,000 cases; ``step`` sets it."""

    sentence: str
    step: str


def present_shift(point: ThresholdPoint, now: ThresholdPoint, view: DecidingView) -> ShiftView:
    """Present the effect of the threshold of ``point``, compared with ``now``."""
    return ShiftView(
        sentence=_shift_sentence(point, now, view, at=point.at),
        step=f"threshold(at={_threshold_text(point.at)})",
    )


def _shift_sentence(point: ThresholdPoint, now: ThresholdPoint, view: DecidingView, *, at: float) -> str:
    """Return the cases at ``point``, for the threshold ``at``, with their changes against ``now``."""
    (flagged, hits, missed), (flagged_now, hits_now, missed_now) = _per_1000(point), _per_1000(now)
    unweighted = "" if view.weight is None else f" without '{view.weight}'"
    return (
        f"From {at:.2f} on, of 1,000 cases it flags {flagged:,} ({flagged - flagged_now:+,}), "
        f"{hits:,} of them rightly ({hits - hits_now:+,}), and misses {missed:,} "
        f"({missed - missed_now:+,}), as counted on validation data{unweighted}."
    )


def present_answered(
    curve: tuple[Answered, ...], at: int, *, task: Task
) -> tuple[AnsweredCurveView, DecidedView]:
    """Present a share that is left to people, and its curve."""
    selected, all_answered = curve[at], curve[0]
    measure = metric_messages(task.metric).technical
    bar = _bar_on(task)
    n_left = round(1_000 * selected.left)
    n_wrong = round((1_000 - n_left) * (1 - selected.right))
    was_wrong = round(1_000 * (1 - all_answered.right))
    wrong = [round((1_000 - n_left) * (1 - end)) for end in reversed(selected.right_interval())]
    view = AnsweredCurveView(
        left=tuple(point.left for point in curve),
        score=tuple(point.score for point in curve),
        hover=tuple(f"{humanize.share(point.left)} left: {format_score(point.score)}" for point in curve),
        at=at,
        measure=measure,
        bar=None if bar is None else bar.value,
        bar_label="" if bar is None else f"bar {bar_text(bar)}",
        reading="The further right, the more rows go to people, and the more certain the other answers are.",
    )
    if not n_left:
        sentence = f"It answers all: of 1,000 real cases, {was_wrong:,} get a wrong answer."
        return view, DecidedView(sentence=sentence, score=_scored(measure, all_answered.score, None), step="")
    return view, DecidedView(
        sentence=(
            f"Of 1,000 real cases, {n_left:,} go to people: those where it is less than "
            f"{humanize.share(selected.below)} sure. Of the {1_000 - n_left:,} that it answers, {n_wrong:,} "
            f"get a wrong answer ({wrong[0]:,} to {wrong[1]:,}, with 95{NARROW}% certainty); now "
            f"{was_wrong:,} of 1,000 do."
        ),
        score=_scored(measure, selected.score, all_answered.score),
        step=f"abstain(below={selected.below:g}, label='ask a person', coverage=0)",
    )


def _scored(measure: str, value: float, all_answered: float | None) -> str:
    on = "" if all_answered is None else f" on the rows that it answers, {format_score(all_answered)} on all"
    return f"{measure}: {format_score(value)}{on}."


def _bar_on(task: Task) -> Bar | None:
    bar = task.bar
    return bar if bar is not None and get_metric(bar.metric).name == get_metric(task.metric).name else None


def _costs(task: Task, classes: tuple[str, ...], positive: str) -> tuple[float, float] | None:
    """Return the costs of a false alarm and of a missed case in the task's table; None without one."""
    table = get_metric(task.metric).costs
    if table is None:
        return None
    matrix: Any = table.matrix(classes)
    yes = classes.index(positive)
    no = 1 - yes
    return float(matrix[no, yes] - matrix[no, no]), float(matrix[yes, no] - matrix[yes, yes])


def _line(name: str, values: list[float | None], *, percent: bool = True) -> ThresholdLineView:
    return ThresholdLineView(name=name, values=tuple(values), format=".1%" if percent else ".3f")


def _per_1000(point: ThresholdPoint) -> tuple[int, int, int]:
    """Return alarms, correct ones and missed cases per 1,000, so that they add up."""
    scale = 1_000 / point.n_rows
    alarms, hits = round(scale * point.alarms), round(scale * point.hits)
    return alarms, min(hits, alarms), max(0, round(scale * point.n_positive) - min(hits, alarms))


def _sure(point: ThresholdPoint, positive: str) -> str:
    precision, recall = point.precision, point.recall
    if precision is None or recall is None:
        return "No case is flagged."
    return (
        f"Of 100 flagged cases {100 * precision:.0f} are right ({_hundred(point.precision_interval())}), "
        f"of 100 “{positive}” cases it finds {100 * recall:.0f} ({_hundred(point.recall_interval())}), with "
        f"95{NARROW}% certainty."
    )


def _hundred(ends: tuple[float, float]) -> str:
    return f"{100 * ends[0]:.0f} to {100 * ends[1]:.0f}"


def _caution(point: ThresholdPoint, across: ThresholdPoint | None, requested: float) -> str:
    if across is None:
        return ""
    sentence = (
        "It was found on one half of the validation rows and counted on the other, several times over. The "
        "best point flatters on its own rows."
    )
    if requested and point.precision is not None and across.precision is not None:
        short = requested - across.precision
        if short > 0.005:
            sentence += (
                f" Expect {100 * across.precision:.0f} of 100 rather than {100 * requested:.0f}; ask for a "
                "little more to be on the safe side."
            )
    return sentence
