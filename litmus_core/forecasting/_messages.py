"""A forecast's report in sentences, the verdict first."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from litmus_core.forecasting._series.frequency import step_noun
from litmus_core.forecasting._texts import say
from litmus_core.forecasting._training.report import ForecastReport
from litmus_core.text import format_count
from litmus_core.verdicts import format_work_score, verdict_headline

_NAMES = {"mase": "MASE", "wape": "WAPE"}


def metric_title(metric: str) -> str:
    """Return what people call a metric of forecasts.

    >>> metric_title("mase")
    'MASE'
    """
    return _NAMES[metric]


def subject_text(column: str, report: ForecastReport) -> str:
    """Return what is forecast: "units of 2 series, 4 quarters ahead"."""
    return say(
        "subject",
        column=column,
        n=report.n_series,
        ahead=format_count(report.horizon, step_noun(report.frequency)),
        several=report.n_series > 1,
    )


def forecast_sentences(report: ForecastReport) -> list[str]:
    """Return what there is to say of a trained forecast: verdict, score, coverage, models, findings."""
    return [*_verdict(report), *_models(report), *(_text(finding) for finding in report.findings)]


def _verdict(report: ForecastReport) -> Iterator[str]:
    verdict, baseline = report.verdict, report.baseline
    score = verdict.score
    yield f"{verdict_headline(verdict)}."
    interval = "no interval"
    if isfinite(score.high):
        low, high = (format_work_score(score.metric, end) for end in (score.low, score.high))
        interval = f"likely {low} to {high}"
    yield say(
        "score",
        metric=_NAMES[score.metric],
        value=format_work_score(score.metric, score.value),
        interval=interval,
        n=score.n_rows,
        n_distinct=report.scores.n_distinct,
        n_series=report.n_series,
    )
    simple = format_work_score(score.metric, verdict.baseline)
    yield say("baseline", title=baseline.title, value=simple, metric=_NAMES[score.metric])
    if verdict.bar is not None and score.n_telling < 10:
        yield say("few units", n=int(score.n_telling), n_wanted=10)
    yield say("coverage", level=report.level, coverage=report.scores.coverage, n=report.scores.n_values)


def _models(report: ForecastReport) -> Iterator[str]:
    for line in report.models:
        if line.weight:
            error = format_work_score(report.verdict.score.metric, line.validation)
            yield say("model", title=line.title, weight=line.weight, validation=error)


def _text(finding: object) -> str:
    facts = dict(finding.statement.facts)  # type: ignore[attr-defined]
    return str(facts["text"])
