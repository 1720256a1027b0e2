"""What a table holds as series, what would make it valid, and the simple forecasts that a bar is set by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from app.presenters.forecasting.errors import error_text
from app.presenters.markdown import literal
from app.presenters.work.problems import Remedy
from litmus_core.forecasting import ForecastOutlook, SeriesFacts, score_by, step_noun
from litmus_core.text import format_count, join_names, unbroken
from litmus_core.types import Bar, Finding

__all__ = [
    "BarProposal",
    "FactsView",
    "finding_texts",
    "present_bar",
    "present_facts",
    "remedy_label",
]

_MERGED = {"sum": "add them up", "mean": "take their mean", "last": "take the last one"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsView:
    """What a table holds as series; ``ends`` are the times that each horizon reaches."""

    frequency: str
    sentence: str
    question: str
    horizon: int
    ends: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarProposal:
    """The simple forecasts in a sentence; ``value`` is the bar that asks for as much as the best of them."""

    metric: str
    value: float | None
    label: str
    sentence: str


def present_facts(facts: SeriesFacts) -> FactsView:
    """Present what was read of the series."""
    noun = step_noun(facts.frequency)
    n_series = format_count(facts.n_series, "series", "series")
    length = format_count(facts.n_values, "value")
    up_to = "" if facts.n_series == 1 else "up to "
    gaps = "no gaps" if not facts.n_missing else format_count(facts.n_missing, "missing value")
    return FactsView(
        frequency=facts.frequency,
        sentence=unbroken(
            f"{n_series}, {facts.frequency}: {up_to}{length} from {facts.first} to {facts.last}, {gaps}."
        ),
        question=f"How many {noun}s ahead?",
        horizon=facts.horizon,
        ends=facts.ends,
        notes=finding_texts(facts.findings),
    )


def finding_texts(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the findings' sentences."""
    return tuple(literal(str(dict(finding.statement.facts)["text"])) for finding in findings)


def remedy_label(remedy: Remedy, *, noun: str) -> str:
    """Return the words on the button of a remedy; ``noun`` is a step of the series."""
    merged = _MERGED.get(str(remedy.get("duplicates", "")), "")
    if "frequency" in remedy:
        return f"Make them {remedy['frequency']}" + (f": {merged}" if merged else "")
    if merged:
        return f"Of one time, {merged}"
    if "horizon" in remedy:
        return f"Forecast {format_count(int(remedy['horizon']), noun)} ahead"
    if "without" in remedy:
        return f"Leave out {literal(str(remedy['without']))}"
    return "A missing value means 0"


def present_bar(outlook: ForecastOutlook) -> BarProposal:
    """Present the simple forecasts, and the bar to begin with."""
    metric = outlook.metric
    errors = [
        f"{simple.title.lower()} {error_text(metric, score_by(metric, simple))}"
        for simple in outlook.baselines
    ]
    value = outlook.proposed
    is_share = metric == "wape"
    lead = "Simple forecasts of earlier values were off by" if is_share else "Errors of simple forecasts"
    return BarProposal(
        metric=metric,
        value=Bar(metric=metric, op="<=", value=round(value, 4)).value if isfinite(value) else None,
        label="Off by at most, %" if is_share else "An error of at most",
        sentence=unbroken(f"{lead}: {join_names(errors)}."),
    )
