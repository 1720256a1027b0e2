"""A diagnosis in plain language: importances, weak segments and mistakes of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.metrics import metric_messages
from litmus_core.diagnostics import (
    Confusion,
    Diagnostics,
    Importance,
    Mistake,
    Residuals,
    Segments,
    plain_text,
)
from litmus_core.metrics import get_metric
from litmus_core.text import NARROW, decimals_of, format_count, format_interval, format_score, in_unit

__all__ = [
    "ConfusionView",
    "DiagnosisBar",
    "DiagnosisView",
    "ImportanceView",
    "MistakeView",
    "MistakesView",
    "ResidualsView",
    "SegmentView",
    "SegmentsView",
    "present_diagnosis",
    "present_mistake",
]

_MOST_BARS = 15
_PLACES_OFF = "Places off"
_MOST_VALUE_COLUMNS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisBar:
    """One column's importance; ``is_clear``: significantly above zero."""

    name: str
    label: str
    drop: float
    low: float
    high: float
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceView:
    """The most important columns first."""

    bars: tuple[DiagnosisBar, ...]
    n_more: int
    x_title: str
    reading: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    """One segment; ``low`` and ``high`` None if there was no time for its interval."""

    column: str
    segment: str
    label: str
    n_rows: int
    score: float
    low: float | None
    high: float | None
    interval: str
    worse_by: float
    stands_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsView:
    """Segments, worst first."""

    rows: tuple[SegmentView, ...]
    overall: float
    metric: str
    reading: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakesView:
    """The worst mistakes as a table: ``columns`` maps a title to its cells, decision columns first."""

    columns: dict[str, list[str | float | None]]
    sure_title: str  # the title of the column that holds a share; "" in regression
    decimals: int  # of the truth, the prediction and the error in regression
    values: tuple[dict[str, str | int | float | bool | None], ...]  # each row's values, for the what-if form
    truths: tuple[str, ...]
    unit: str  # the target's; "" in a question of which
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeView:
    """One mistake with all values of its row, the most important columns first."""

    sentence: str
    names: list[str]
    values: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionView:
    """True classes in rows, predictions in columns; ``shares`` are of each row."""

    labels: tuple[str, ...]
    short_labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[float, ...], ...]
    pairs: tuple[tuple[str, str, int], ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualsView:
    """Truth against prediction, with the typical and the large error around the diagonal."""

    points: tuple[tuple[float, float], ...]
    typical_error: float
    large_error: float
    target: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisView:
    """All parts of the diagnosis; ``rows_note`` says on which rows."""

    rows_note: str
    importance: ImportanceView
    segments: SegmentsView
    mistakes: MistakesView
    confusion: ConfusionView | None
    residuals: ResidualsView | None
    is_order: bool = False


def present_diagnosis(diagnostics: Diagnostics, *, target: str, unit: str = "") -> DiagnosisView:
    """Present a diagnosis."""
    subject = (
        "rows, each answered by models that had not seen it"
        if diagnostics.out_of_fold
        else ("validation rows, which no model was trained on")
    )
    order = [row.column for row in diagnostics.importance.columns]
    return DiagnosisView(
        rows_note=f"From {diagnostics.n_rows:,} {subject}.",
        importance=_importance(diagnostics.importance, diagnostics.metric),
        segments=_segments(diagnostics.segments),
        mistakes=_mistakes(diagnostics, order=order, target=target, unit=unit),
        confusion=None if diagnostics.confusion is None else _confusion(diagnostics.confusion),
        residuals=None if diagnostics.residuals is None else _residuals(diagnostics.residuals, target, unit),
        is_order=diagnostics.is_order,
    )


def _importance(importance: Importance, metric: str) -> ImportanceView:
    measured = [row for row in importance.columns if row.drop is not None]
    bars = tuple(
        DiagnosisBar(
            name=row.column,
            label=humanize.short(row.column),
            drop=row.drop or 0.0,
            low=row.drop or 0.0 if row.low is None else row.low,
            high=row.drop or 0.0 if row.high is None else row.high,
            is_clear=row.is_clear,
        )
        for row in measured[:_MOST_BARS]
    )
    clear = [bar for bar in bars if bar.is_clear]
    n_clear = sum(row.is_clear for row in measured)
    if len(importance.columns) == 1:
        reading = f"{importance.columns[0].column} is the only column."
    elif bars and not measured[0].is_measured_well:
        reading = f"{bars[0].name} seems to matter most, but this was not measured well enough to be sure."
    elif clear:
        reading = _leading(bars, clear)
        verb = "matters" if n_clear == 1 else "matter"
        reading += f"; {n_clear} of {format_count(len(importance.columns), 'column')} clearly {verb}."
    else:
        reading = "No single column clearly matters by itself."
    return ImportanceView(
        bars=bars,
        n_more=len(importance.columns) - len(bars),
        x_title=_lost(metric),
        reading=reading,
        caption=_importance_caption(importance),
    )


def _leading(bars: Sequence[DiagnosisBar], clear: Sequence[DiagnosisBar]) -> str:
    """Return a phrase with the most important columns; those with overlapping intervals have no order.

    One with a higher bar that may be 0 is named as doubtful.
    """
    first, *others = clear
    doubtful = [bar for bar in bars[: bars.index(clear[min(1, len(others))])] if not bar.is_clear]
    if doubtful:
        how = "too" if doubtful[0].high < first.low else "as much"
        return f"{first.name} matters, {doubtful[0].name} perhaps {how}"
    if not others:
        return f"{first.name} matters most"
    if first.low > others[0].high:
        return f"{first.name} matters most, then {others[0].name}"
    return f"{first.name} and {others[0].name} matter most"


def _lost(metric: str) -> str:
    """Return the unit of an importance.

    >>> _lost("accuracy"), _lost("rmse")
    ('Accuracy lost without it', 'RMSE added without it')
    """
    verb = "lost" if get_metric(metric).greater_is_better else "added"
    return f"{metric_messages(metric).technical} {verb} without it"


def _importance_caption(importance: Importance) -> str:
    sentence = (
        f"Each column's values were shuffled among {format_count(importance.n_rows, 'row')}, "
        f"{format_count(importance.n_shuffles, 'time')} (permutation importance). "
        f"Whiskers: 95{NARROW}% intervals."
    )
    if not importance.complete:
        sentence += " Time was short, so intervals are wider than they could be."
    return sentence


def _segments(segments: Segments) -> SegmentsView:
    metric = metric_messages(segments.metric).technical
    rows = tuple(
        SegmentView(
            column=row.column,
            segment=row.segment,
            label=f"{humanize.short(row.column, 18)}: {humanize.short(row.segment, 26)}",
            n_rows=row.n_rows,
            score=row.score,
            low=row.low,
            high=row.high,
            interval="" if row.low is None or row.high is None else format_interval(row.low, row.high),
            worse_by=row.worse_by,
            stands_out=row.stands_out,
        )
        for row in segments.rows
    )
    return SegmentsView(
        rows=rows,
        overall=segments.overall,
        metric=metric,
        reading=_segments_reading(segments, rows, metric=metric),
        caption=(
            f"{format_count(segments.n_tests, 'group')} of at least {segments.min_rows} rows compared. "
            f"Among so many some look bad by luck: “clearly worse” allows for that (Bonferroni)."
        ),
    )


def _segments_reading(segments: Segments, rows: tuple[SegmentView, ...], *, metric: str) -> str:
    standing = [row for row in rows if row.stands_out]
    if standing:
        first = standing[0]
        sure = f" ({first.interval})" if first.interval else ""
        reading = (
            f"Clearly worse where {first.column} is {first.segment}: "
            f"{metric} {format_score(first.score)}{sure} "
            f"on {format_count(first.n_rows, 'row')}, against {format_score(segments.overall)} over all."
        )
        if len(standing) > 1:
            others = len(standing) - 1
            verb = "is" if others == 1 else "are"
            reading += f" {format_count(others, 'other group')} {verb} also clearly worse."
    elif rows:
        reading = "No group is clearly worse than the rest."
    else:
        reading = f"No group has {segments.min_rows} rows or more, so none was compared."
    return reading


def _mistakes(diagnostics: Diagnostics, *, order: list[str], target: str, unit: str) -> MistakesView:
    rows = diagnostics.mistakes
    is_regression = diagnostics.residuals is not None or diagnostics.is_order
    columns: dict[str, list[str | float | None]] = {"Truth": [_text(row.truth) for row in rows]}
    if is_regression:
        columns["Truth"] = [_value(row.truth) for row in rows]
        columns["Prediction"] = [_value(row.prediction) for row in rows]
        columns[_PLACES_OFF if diagnostics.is_order else "Off by"] = [row.error for row in rows]
    else:
        columns["Prediction"] = [_text(row.prediction) for row in rows]
        columns["How sure"] = [row.probability for row in rows]
    names = sorted(rows[0].values, key=lambda name: _place(name, order)) if rows else []
    for name in names[:_MOST_VALUE_COLUMNS]:
        title = name if name not in columns else f"{name} (column)"
        columns[title] = [_text(row.values.get(name)) for row in rows]
    return MistakesView(
        columns=columns,
        sure_title="" if is_regression else "How sure",
        decimals=decimals_of(row.error for row in rows if row.error is not None) if is_regression else 0,
        values=tuple({name: row.values.get(name) for name in names} for row in rows),
        truths=tuple(_text(row.truth) for row in rows),
        unit=unit,
        reading=_mistakes_reading(diagnostics, rows, target=target),
    )


def present_mistake(view: MistakesView, at: int) -> MistakeView:
    """Present the mistake that a visitor selected."""
    values = view.values[at]
    answer = view.columns["Prediction"][at]
    prediction = in_unit(format_score(answer), view.unit) if isinstance(answer, float) else answer
    return MistakeView(
        sentence=f"Mistake {at + 1}: the truth is {view.truths[at]}, the prediction {prediction}.",
        names=list(values),
        values=[_text(value) for value in values.values()],
    )


def _place(name: str, order: list[str]) -> int:
    return order.index(name) if name in order else len(order)


def _value(value: str | int | float | bool | None) -> str | float | None:
    return float(value) if isinstance(value, int | float) else _text(value)


def _text(value: str | int | float | bool | None) -> str:
    return plain_text(value, max_text=300)


def _mistakes_reading(diagnostics: Diagnostics, rows: tuple[Mistake, ...], *, target: str) -> str:
    if diagnostics.is_order and rows:
        return (
            f"The {format_count(len(rows), 'row')} furthest from their place in their group, furthest first. "
            "Above 0: too far down."
        )
    if diagnostics.is_order:
        return "Every row of validation data has its place."
    if diagnostics.residuals is not None:
        furthest = f"The {format_count(len(rows), 'prediction')} furthest from the true {target}"
        return f"{furthest}, furthest first. Above 0: predicted too high."
    if not rows or diagnostics.confusion is None:
        return "Every prediction on validation data was right."
    n_wrong, n_rows = diagnostics.confusion.n_wrong, diagnostics.confusion.n_rows
    return (
        f"{n_wrong:,} of {n_rows:,} predictions were wrong "
        f"({humanize.share(n_wrong / n_rows, decimals=1)}). "
        f"{_below(len(rows), n_wrong)}, most confidently wrong first."
    )


def _below(n_shown: int, n_wrong: int) -> str:
    return "Below, all of them" if n_shown >= n_wrong else f"Below, the {n_shown} worst"


def _confusion(confusion: Confusion) -> ConfusionView:
    shares = tuple(
        tuple(count / total if (total := sum(row)) else 0.0 for count in row) for row in confusion.counts
    )
    if confusion.pairs:
        pair = confusion.pairs[0]
        reading = (
            f"Most frequent error: “{pair.prediction}” where the truth is “{pair.truth}”, "
            f"{format_count(pair.n_rows, 'row')}."
        )
    else:
        reading = "No errors."
    if confusion.n_collapsed:
        reading += f" The {confusion.n_collapsed} rarest answers share one line."
    return ConfusionView(
        labels=confusion.labels,
        short_labels=humanize.distinct_labels(confusion.labels),
        counts=confusion.counts,
        shares=shares,
        pairs=tuple((mistake.truth, mistake.prediction, mistake.n_rows) for mistake in confusion.pairs),
        reading=reading,
    )


def _residuals(residuals: Residuals, target: str, unit: str) -> ResidualsView:
    errors = (residuals.typical_error, residuals.large_error, abs(residuals.bias))
    typical, large, bias = (in_unit(format_score(error), unit) for error in errors)
    return ResidualsView(
        points=residuals.points,
        typical_error=residuals.typical_error,
        large_error=residuals.large_error,
        target=target,
        reading=f"Half of the predictions are off by at most {typical}, nine of ten by at most {large}; "
        f"on average {bias} too {'high' if residuals.bias > 0 else 'low'}.",
    )
