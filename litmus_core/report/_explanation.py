"""The explanation of the chosen model in a report: what drives its predictions, and where it errs."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from litmus_core.metrics import get_metric
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._format import share
from litmus_core.report._interval_html import PlotScale, lines_of, track
from litmus_core.report._plots import truth_against_prediction
from litmus_core.text import format_count, format_interval, format_score

if TYPE_CHECKING:
    from litmus_core.diagnostics import Confusion, Importance, ReliabilityBin, Residuals, Segments

_MOST_COLUMNS, _MOST_SEGMENTS, _MOST_POINTS = 12, 8, 1_000


def explanation(facts: ExperimentFacts) -> Iterator[str]:
    """Yield the chosen model's diagnosis."""
    report = facts.diagnostics
    if report is None and not facts.reliability:
        return
    yield "<h2>Where it goes wrong, and what drives the predictions</h2>"
    if report is not None:
        how = (
            "each answered by models that had not seen it" if report.out_of_fold else "which it had not seen"
        )
        yield f'<p class="quiet">From {format_count(report.n_rows, "validation row")}, {how}.</p>'
        if report.confusion is not None:
            yield from _confusion(report.confusion)
        if report.residuals is not None:
            yield from _residuals(report.residuals, facts.experiment.task.target)
    yield from _reliability(facts.reliability, facts.experiment.task.positive_class)
    if report is not None:
        yield from _segments(report.segments)
        yield from _importance(report.importance, report.metric)


def _confusion(confusion: Confusion) -> Iterator[str]:
    yield "<h3>Errors by class</h3>"
    sentence = f"{confusion.n_wrong:,} of {confusion.n_rows:,} predictions were wrong."
    if confusion.pairs:
        pair = confusion.pairs[0]
        rows = format_count(pair.n_rows, "row")
        sentence += f" Most often: {rows} of “{pair.truth}” predicted as “{pair.prediction}”."
    yield f"<p>{escape(sentence)}</p>"
    head = "".join(f"<th>{escape(label)}</th>" for label in confusion.labels)
    lines = "".join(
        f"<tr><th>{escape(label)}</th>{''.join(_cell(at, place, row) for place in range(len(row)))}</tr>"
        for at, (label, row) in enumerate(zip(confusion.labels, confusion.counts, strict=True))
    )
    yield (
        f'<div class="wide"><table class="heat"><tr><th class="quiet">truth ↓, prediction →</th>{head}</tr>'
        f"{lines}</table></div>"
    )
    if confusion.n_collapsed:
        yield f'<p class="quiet">The {confusion.n_collapsed} rarest classes share one row.</p>'


def _cell(truth: int, prediction: int, counts: tuple[int, ...]) -> str:
    part = counts[prediction] / (sum(counts) or 1)
    colour = "good" if truth == prediction else "bad"
    return (
        f'<td style="background:color-mix(in srgb,var(--{colour}) {40 * part:.0f}%,transparent)">'
        f"{counts[prediction]:,}</td>"
    )


def _residuals(residuals: Residuals, target: str) -> Iterator[str]:
    yield "<h3>Truth against prediction</h3>"
    way = "high" if residuals.bias > 0 else "low"
    yield truth_against_prediction(
        residuals.points[:_MOST_POINTS],
        target=target,
        reading=(
            f"Half of the predictions are off by at most {format_score(residuals.typical_error)}, "
            f"nine of ten by at most {format_score(residuals.large_error)}; on average "
            f"{format_score(abs(residuals.bias))} too "
            f"{way}. On the dotted line truth and prediction are equal."
        ),
    )


def _reliability(bins: tuple[ReliabilityBin, ...], positive: str | None) -> Iterator[str]:
    if not bins:
        return
    event = "its prediction is right" if positive is None else f"the answer is {positive}"
    yield "<h3>Can you rely on its probabilities?</h3>"
    scale = PlotScale(low=0.0, high=1.0)
    off = [bin_ for bin_ in bins if not bin_.low <= bin_.predicted <= bin_.high]
    sentence = f"Its probability that {event} "
    if not off:
        sentence += "agrees with how often that was so, as far as these rows can tell."
    else:
        luck = " One of so many may be chance." if len(off) == 1 else ""
        sentence += f"is off in {len(off)} of {len(bins)} groups of rows.{luck}"
    yield f"<p>{escape(sentence)}</p>"
    yield lines_of(
        (
            f"predicted {share(bin_.predicted)}",
            track(
                scale,
                point=bin_.observed,
                whisker=(bin_.low, bin_.high),
                lines=[(bin_.predicted, "bar")],
                reading=f"predicted {share(bin_.predicted)}, observed {share(bin_.observed)}",
                tone="accent" if bin_.low <= bin_.predicted <= bin_.high else "near",
            ),
            f"observed in {share(bin_.observed)} of {format_count(bin_.n_rows, 'row')} "
            f"({share(bin_.low)} to {share(bin_.high)})",
        )
        for bin_ in bins
    )
    yield '<p class="quiet">Dashed: its probability. Dot: how often that was so, with a 95 % interval.</p>'


def _segments(segments: Segments) -> Iterator[str]:
    rows = segments.rows[:_MOST_SEGMENTS]
    if not rows:
        return
    yield "<h3>Groups where it does worst</h3>"
    standing = [row for row in segments.rows if row.stands_out]
    yield (
        "<p>"
        + escape(
            f"Clearly worse where {standing[0].column} is {standing[0].segment}."
            if standing
            else "No group is clearly worse than the rest."
        )
        + "</p>"
    )
    scale = PlotScale.over(
        [segments.overall, *(end for row in rows for end in (row.low, row.score, row.high))]
    )
    yield lines_of(
        (
            f"{row.column}: {row.segment}",
            track(
                scale,
                point=row.score,
                whisker=None if row.low is None or row.high is None else (row.low, row.high),
                lines=[(segments.overall, "bar")],
                reading=f"{format_score(row.score)}, over all {format_score(segments.overall)}",
                tone="bad" if row.stands_out else "quiet",
            ),
            format_score(row.score)
            + ("" if row.low is None or row.high is None else f" ({format_interval(row.low, row.high)})")
            + f", {format_count(row.n_rows, 'row')}",
        )
        for row in rows
    )
    yield (
        f'<p class="quiet">{escape(get_metric(segments.metric).label)}; dashed: over all rows, '
        f"{format_score(segments.overall)}. “Clearly” allows for "
        f"comparing {format_count(segments.n_tests, 'group')}.</p>"
    )


def _importance(importance: Importance, metric: str) -> Iterator[str]:
    rows = [column for column in importance.columns if column.drop is not None][:_MOST_COLUMNS]
    if not rows:
        return
    yield "<h3>What drives the predictions</h3>"
    scale = PlotScale.over([0.0, *(end for row in rows for end in (row.low, row.drop, row.high))])
    yield lines_of(
        (
            row.column,
            track(
                scale,
                point=row.drop,
                whisker=None if row.low is None or row.high is None else (row.low, row.high),
                lines=[(0.0, "base")],
                reading=f"{row.column}: {format_score(row.drop or 0.0)}",
                tone="accent" if row.is_clear else "quiet",
            ),
            format_score(row.drop or 0.0)
            + ("" if row.low is None or row.high is None else f" ({format_interval(row.low, row.high)})"),
        )
        for row in rows
    )
    verb = "lost" if get_metric(metric).greater_is_better else "added"
    n_more = len(importance.columns) - len(rows)
    more = f" {format_count(n_more, 'more column')} not shown." if n_more else ""
    doubt = "" if rows[0].is_measured_well else " Not measured well enough to say which columns matter."
    yield (
        f'<p class="quiet">{escape(get_metric(metric).label)}: what is {verb} when a column\'s values are '
        f"shuffled among the rows, with 95 % intervals.{more}{doubt}</p>"
    )
