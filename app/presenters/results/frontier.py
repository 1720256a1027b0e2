"""The frontier of score against latency, size or cost: models that no other one dominates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.metrics import metric_messages
from app.presenters.results.candidates import PointKind, PointView, ScatterView
from app.presenters.results.scores import named
from litmus_core.advice import (
    Axis,
    FrontierPoint,
    Spent,
    frontier,
    parents_of,
    runs_of_one_source,
    signed_score,
)
from litmus_core.metrics import get_metric
from litmus_core.text import (
    NARROW,
    format_bytes,
    format_count,
    format_measured,
    format_milliseconds,
    format_score,
    in_unit,
)
from litmus_core.types import Candidate, Run, Task
from litmus_core.verdicts import bar_text

__all__ = ["CompressionOffer", "EdgeView", "FrontierView", "FrontiersView", "present_frontiers"]

_WHATS: dict[Spent, str] = {"time": "Time to answer", "size": "Size", "cost": "Cost of a million"}
_SPENT: dict[Spent, str] = {"time": "speed", "size": "size", "cost": "cost"}
_ALL_LEARNED = (
    "This model learned from all rows, so none is left to judge a faster one by. Set a speed or size limit "
    "on Target and train again: a test part judges then."
)
_N_LIMITS = 24
_FEW_LABELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeView:
    """A model on the frontier: its latency, size or cost, and a sentence about it."""

    id: str
    run_id: str
    name: str
    x: float
    y: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionOffer:
    """The offer to make faster variants of a run's best model; ``is_open`` False: it only holds a reason."""

    run_id: str
    sentence: str
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontiersView:
    """All axes for a run and its variants, and the offer to make more; ``rows`` are the budget's."""

    views: tuple[FrontierView, ...]
    offer: CompressionOffer | None
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierView:
    """One axis: its points, the frontier from the cheapest on, and limits to choose from.

    ``axis`` names the limited quantity, for calls of ``rows`` rows ("": they make no difference). ``limits``
    are (value, text), ascending; ``start`` is the index of the one selected at first.
    """

    axis: str
    rows: str
    scatter: ScatterView
    edge: tuple[EdgeView, ...]
    limits: tuple[tuple[float, str], ...]
    start: int

    def best_for(self, most: float) -> EdgeView | None:
        """Return the best model within the limit ``most``; None if there is none."""
        return next((view for view in reversed(self.edge) if view.x <= most), None)


def present_frontiers(
    run: Run,
    runs: Sequence[Run],
    candidates: Sequence[Candidate],
    task: Task,
    *,
    price_per_hour_usd: float | None,
    unit: str = "",
) -> FrontiersView:
    """Present a run and its variants on every axis; ``candidates`` are theirs.

    ``price_per_hour_usd`` None omits the cost. ``unit`` is the scores', such as a currency.
    """
    family = runs_of_one_source(run, runs)
    views = [
        present_frontier(candidates, family, task, axis=axis, unit=unit)
        for axis in axes_of(candidates, task, price_per_hour_usd=price_per_hour_usd)
    ]
    return FrontiersView(
        views=tuple(view for view in views if view is not None),
        offer=_offer(family, runs, candidates),
        rows=format_count(task.budget.batch_rows, "row"),
    )


def _offer(
    family: Mapping[str, str], runs: Sequence[Run], candidates: Sequence[Candidate]
) -> CompressionOffer | None:
    """Return the offer to compress the first run of the family; None while it has no model."""
    root, *variants = family
    if not any(candidate.run_id == root and candidate.validation for candidate in candidates):
        return None
    by_id = {run.id: run for run in runs}
    if root in by_id and not by_id[root].is_settled:
        return None
    members = [by_id[variant] for variant in variants if variant in by_id]
    if any(candidate.status in ("queued", "running") for candidate in members):
        return CompressionOffer(run_id=root, sentence="Faster variants are being made.", is_open=False)
    if any(candidate.is_settled for candidate in members):
        return CompressionOffer(
            run_id=root, sentence="Made already: they are among the points above.", is_open=False
        )
    verdict = by_id[root].verdict if root in by_id else None
    if verdict is not None and verdict.outer_folds:
        return CompressionOffer(run_id=root, sentence=_ALL_LEARNED, is_open=False)
    return CompressionOffer(
        run_id=root,
        sentence="Fewer models, trees or columns, or a small one that learns from it: a short run.",
    )


def axes_of(candidates: Sequence[Candidate], task: Task, *, price_per_hour_usd: float | None) -> list[Axis]:
    """Return the axes to choose from, those with a limit first, each for all measured batch sizes."""
    batches = sorted({figure.batch_rows for candidate in candidates for figure in candidate.latency})
    axes = [Axis(spent="time", batch_rows=n_rows) for n_rows in batches]
    is_size_first = task.budget.max_size_mb is not None and task.budget.max_latency_ms is None
    axes.insert(0 if is_size_first else len(axes), Axis(spent="size"))
    if price_per_hour_usd is not None:
        axes += [
            Axis(spent="cost", batch_rows=n_rows, price_per_hour_usd=price_per_hour_usd) for n_rows in batches
        ]
    return axes


def present_frontier(
    candidates: Sequence[Candidate], family: Mapping[str, str], task: Task, *, axis: Axis, unit: str = ""
) -> FrontierView | None:
    """Present candidates on one axis; None if fewer than two were measured.

    ``family`` has the run and its variants' runs, each with the candidate that its variants were made from.
    """
    comparable = [
        candidate for candidate in candidates if not candidate.abstained
    ]  # a score of some rows cannot be compared
    points = frontier(comparable, axis)
    if len(points) < 2:
        return None
    metric, limit = metric_messages(task.metric), _budget(axis, task)
    scatter = ScatterView(
        points=tuple(_point(point, points, axis, task, family, unit) for point in points),
        links=_links(points, family),
        x_title=_x_title(axis),
        y_title=f"Validation {metric.technical}",
        bar=task.bar,
        budget_ms=limit,
        link_name="faster variant of",
        bar_label="" if task.bar is None else f"bar {bar_text(task.bar, unit)}",
        budget_text="" if limit is None else amount(limit, axis),
        higher_is_better=get_metric(task.metric).greater_is_better,
        reading=_reading(points, axis, family, limit),
    )
    limits = _limits(points, limit, axis)
    edge = tuple(_edge(point, points, axis, unit) for point in points if point.on_edge)
    return FrontierView(
        axis=_WHATS[axis.spent],
        rows="" if axis.spent == "size" else format_count(axis.batch_rows, "row"),
        scatter=scatter,
        edge=edge,
        limits=tuple((value, amount(value, axis)) for value in limits),
        start=_start(limits, limit),
    )


def amount(value: float, axis: Axis) -> str:
    """Format an amount on an axis.

    >>> price = Axis(spent="cost", price_per_hour_usd=0.1)
    >>> [amount(each, price).replace(NARROW, " ") for each in (0.34, 0.0000056)]
    ['0.34 USD', '0.0000056 USD']
    """
    if axis.spent == "size":
        return format_bytes(value * 1e6)
    return format_milliseconds(value) if axis.spent == "time" else f"{humanize.figures(value)}{NARROW}USD"


def _x_title(axis: Axis) -> str:
    if axis.spent == "size":
        return "Size of the model, MB"
    if axis.spent == "cost":
        price = f"{axis.price_per_hour_usd:g} USD an hour"
        return f"Computing a million rows, {axis.batch_rows:,} at once, at {price}, USD"
    return f"Time to answer {format_count(axis.batch_rows, 'row')}, 95th percentile, ms"


def _budget(axis: Axis, task: Task) -> float | None:
    if axis.spent == "size":
        return task.budget.max_size_mb
    if axis.spent == "time" and axis.batch_rows == task.budget.batch_rows:
        return task.budget.max_latency_ms
    return None


def _links(points: Sequence[FrontierPoint], family: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (parent, variant) of all variants whose parent is drawn."""
    shown = {point.candidate.id for point in points}
    parents = parents_of([point.candidate for point in points], family)
    return tuple((parent, child) for child, parent in parents.items() if parent in shown)


def _point(
    point: FrontierPoint,
    points: Sequence[FrontierPoint],
    axis: Axis,
    task: Task,
    family: Mapping[str, str],
    unit: str,
) -> PointView:
    candidate, score = point.candidate, point.candidate.validation
    value, low, high = (0.0, 0.0, 0.0) if score is None else (score.value, score.low, score.high)
    text = "" if score is None else named(score, unit)
    # only the first run's chosen candidate has a star
    is_star = candidate.chosen and not family.get(candidate.run_id)
    kind: PointKind = "chosen" if is_star else "ensemble" if candidate.is_ensemble else "single"
    limit = _budget(axis, task)
    return PointView(
        id=candidate.id,
        name=candidate.name,
        x=point.spent,
        y=value,
        low=low,
        high=high,
        kind=kind,
        outside=candidate.in_budget is False or (limit is not None and point.spent > limit),
        label=candidate.name if point.on_edge and len(points) <= _FEW_LABELS else "",
        hover=f"{candidate.name}\n{text}\n{amount(point.spent, axis)}",
    )


def _edge(point: FrontierPoint, points: Sequence[FrontierPoint], axis: Axis, unit: str) -> EdgeView:
    candidate, score = point.candidate, point.candidate.validation
    best = max(points, key=lambda other: signed_score(other.candidate))
    amount_text = amount(point.spent, axis)
    sentence = (
        ""
        if score is None
        else f"{metric_messages(score.metric).technical} {format_measured(score, unit)}, {amount_text}."
    )
    if best.candidate.id != candidate.id and score is not None and best.candidate.validation is not None:
        distance = in_unit(format_score(abs(score.value - best.candidate.validation.value)), unit)
        sentence += f" That is {distance} from the best, for {_part(point.spent / best.spent)}."
    elif len(points) > 1:
        sentence += " No model scores better."
    if candidate.in_budget is False:
        sentence += " It is outside the budget."
    return EdgeView(
        id=candidate.id,
        run_id=candidate.run_id,
        name=candidate.name,
        x=point.spent,
        y=0.0 if score is None else score.value,
        sentence=sentence,
    )


def _part(ratio: float) -> str:
    """Format a ratio of two costs as a phrase.

    >>> _part(0.25).replace(NARROW, " "), _part(0.98), _part(1.5)
    ('25 % of what it takes', 'about as much', '1.5 times as much')
    """
    if ratio > 1.1:
        return f"{ratio:.2g} times as much"
    return "about as much" if ratio > 0.9 else f"{humanize.share(ratio)} of what it takes"


def _limits(points: Sequence[FrontierPoint], budget: float | None, axis: Axis) -> list[float]:
    """Return evenly spaced amounts on the axis, from the first point's to the last's.

    The budget is one of them if it lies between these.
    """
    least, most = math.log10(max(points[0].spent, 1e-9)), math.log10(max(points[-1].spent, 1e-9))
    steps = [least + (most - least) * at / (_N_LIMITS - 1) for at in range(_N_LIMITS)]
    limits = {_round_up(10**step) for step in steps}
    if budget is not None and min(limits) < budget < max(limits):
        amount_text = amount(budget, axis)
        limits = {number for number in limits if amount(number, axis) != amount_text} | {budget}
    return sorted(limits)


def _round_up(value: float) -> float:
    """Return the value rounded up to two digits.

    >>> _round_up(1.234), _round_up(98.7)
    (1.3, 99.0)
    """
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(round(value / unit, 6)) * unit, 12)


def _start(limits: Sequence[float], budget: float | None) -> int:
    """Return the index of the largest limit within the budget; without a budget, of the largest."""
    inside = [at for at, value in enumerate(limits) if budget is None or value <= budget]
    return inside[-1] if inside else 0


def _reading(
    points: Sequence[FrontierPoint], axis: Axis, family: Mapping[str, str], limit: float | None
) -> str:
    edge = [point for point in points if point.on_edge]
    first, last = edge[0], edge[-1]
    best = format_count(len(points), "model")
    low, high = (f"{point.candidate.name} ({amount(point.spent, axis)})" for point in (first, last))
    virtue = _SPENT[axis.spent]
    if len(edge) == 1:
        sentence = f"1 of {best} is the best for its {virtue}: {low}."
    else:
        sentence = f"{len(edge)} of {best} are the best for their {virtue}: from {low} to {high}."
    variants = [point for point in edge if family.get(point.candidate.run_id)]
    if variants:
        faster = format_count(len(variants), "of them is a faster variant", "of them are faster variants")
        sentence += f" {faster}."
    if limit is not None and first.spent > limit:
        sentence += f" Nothing here keeps the budget of {amount(limit, axis)}."
    return sentence
