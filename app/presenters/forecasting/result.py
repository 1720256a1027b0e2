"""What a trained forecast is worth: the decision, the simple forecasts beside it, and earlier forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from app.presenters import humanize
from app.presenters.forecasting.errors import ERROR_HELP, error_text, off_by
from app.presenters.forecasting.setup import finding_texts
from app.presenters.markdown import literal
from app.theme import Tone
from litmus_core.experiments import ForecastRecord
from litmus_core.forecasting import ForecastReport, forecast_sentences, step_noun
from litmus_core.text import format_chance, format_count, format_share, unbroken

__all__ = ["ErrorLine", "ResultView", "line_details", "present_result"]

_FEWEST = 10  # independent stretches that a verdict needs
_GOOD = ("good", "likely")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLine:
    """A forecast's error as a bar: ``share`` of the longest one; ``tone`` "" for a simple forecast."""

    title: str
    error: str
    share: float
    tone: Tone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """The decision about a trained forecast: grade and chance, then sentences, then what they rest on."""

    state: humanize.StateMessage
    chance: str
    sentence: str
    simple: str
    coverage: str
    advice: str
    help: str
    lines: tuple[ErrorLine, ...]
    why: tuple[str, ...]
    notes: tuple[str, ...]


def present_result(report: ForecastReport) -> ResultView:
    """Present a report, the decision first."""
    verdict = report.verdict
    metric, state = verdict.score.metric, humanize.verdict_state(verdict)
    chance = ""
    if verdict.bar is not None and verdict.probability_passes is not None:
        bar = error_text(metric, verdict.bar.value)
        chance = unbroken(f"{format_chance(verdict.probability_passes)} chance of an error of at most {bar}")
    baseline = report.baseline
    coverage = format_share(report.scores.coverage) if isfinite(report.scores.coverage) else "none"
    return ResultView(
        state=state,
        chance=chance,
        sentence=unbroken(_sentence(report)),
        simple=unbroken(
            f"The best simple forecast, {baseline.title.lower()}, {off_by(metric, baseline.test or 0.0)}."
        ),
        coverage=unbroken(
            f"Of these values, {coverage} lay within ranges that promise {format_share(report.level)}."
        ),
        advice=_advice(report, state),
        help=ERROR_HELP[metric],
        lines=_lines(report, state),
        why=tuple(map(unbroken, forecast_sentences(report)[1 : -len(report.findings) or None])),
        notes=finding_texts(report.findings),
    )


def _sentence(report: ForecastReport) -> str:
    score = report.verdict.score
    interval = ""
    if isfinite(score.high):
        low, high = error_text(score.metric, score.low), error_text(score.metric, score.high)
        interval = f" (likely {low} to {high})"
    n_values = format_count(report.scores.n_distinct, "value")
    return (
        f"On {n_values} that no model had seen, the forecast {off_by(score.metric, score.value)}{interval}."
    )


def _advice(report: ForecastReport, state: humanize.StateMessage) -> str:
    verdict = report.verdict
    only = [line for line in report.models if line.weight]
    if len(only) == 1 and only[0].test is not None:
        return f"No model is clearly better than {only[0].title.lower()}, so that is the forecast."
    if state.tone in _GOOD:
        return "Use it: download the values below, or deploy it as a live service."
    if verdict.bar is None:
        return "Set a bar with a new forecast, and Litmus says whether this is good enough."
    if verdict.score.n_telling < _FEWEST and verdict.outcome == "undecided":
        return "A longer history, or more series, would settle it."
    if verdict.score.value >= verdict.baseline:
        return "No better than the simple forecasts. A longer history or columns known ahead may help."
    return "It is better than simple forecasts. A longer history or columns known ahead may help further."


def _lines(report: ForecastReport, state: humanize.StateMessage) -> tuple[ErrorLine, ...]:
    verdict = report.verdict
    metric = verdict.score.metric
    errors: list[tuple[str, float, Tone | None]] = [("This forecast", verdict.score.value, state.tone)]
    if verdict.bar is not None:
        errors.append(("Good enough", verdict.bar.value, "accent"))
    simple = [(line.title, line.test, None) for line in report.models if line.test is not None]
    errors += sorted(simple, key=lambda line: line[1])
    longest = max((error for _, error, _ in errors if isfinite(error)), default=0.0) or 1.0
    return tuple(
        ErrorLine(title=title, error=error_text(metric, error), share=min(error / longest, 1.0), tone=tone)
        for title, error, tone in errors
        if isfinite(error)
    )


def line_details(record: ForecastRecord) -> list[str]:
    """Return what tells a forecast from others in a list."""
    spec, report = record.request.spec, record.report
    details = [literal(spec.columns.value)]
    if report is not None:
        metric = report.verdict.score.metric
        ahead = format_count(spec.horizon, step_noun(report.frequency))
        details += [f"{ahead} ahead", format_count(report.n_series, "series", "series")]
        details.append(unbroken(f"error {error_text(metric, report.verdict.score.value)}"))
    return details
