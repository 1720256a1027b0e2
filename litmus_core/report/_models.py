"""The models of a run in a report, as table rows."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from litmus_core.metrics import get_metric
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._page import table
from litmus_core.text import format_bytes, format_count, format_measured, format_milliseconds, format_score
from litmus_core.verdicts import as_judged, weighted_text

if TYPE_CHECKING:
    from litmus_core.types import Candidate, Task

_MOST_LINES = 60
_FORMS = {"compiled": "compiled", "native": "as trained", None: ""}


def models(facts: ExperimentFacts) -> Iterator[str]:
    """Yield the leaderboard of the leading run."""
    task, candidates = facts.experiment.task, facts.candidates
    if not candidates:
        return
    yield f"<h2>The models of {escape(facts.run.title)}</h2>" if facts.run else "<h2>The models</h2>"
    verdict = None if facts.run is None else facts.run.verdict
    lines = [
        _line(at, as_judged(candidate, verdict), task)
        for at, candidate in enumerate(candidates[:_MOST_LINES], start=1)
    ]
    yield table(_header(task), lines, kind="models")
    more = f" {len(candidates) - _MOST_LINES:,} more are not shown." if len(candidates) > _MOST_LINES else ""
    weighted = weighted_text(task.weight)
    yield (
        f'<p class="quiet">★ is the chosen one. Scores are on validation rows{escape(weighted)}, with 95 % '
        "intervals. Test "
        f"scores of other models stay hidden, so that none is chosen by them.{more}</p>"
    )


def _header(task: Task) -> tuple[str, ...]:
    rows = format_count(task.budget.batch_rows, "row")
    return (
        "",
        "model",
        get_metric(task.metric).label,
        *(("to the bar",) if task.bar else ()),
        f"latency of {rows}",
        *(("in budget",) if has_budget(task) else ()),
        "size",
        "test score",
        "shipped",
    )


def _line(at: int, candidate: Candidate, task: Task) -> tuple[str, ...]:
    score, figure = candidate.validation, candidate.latency_at(task.budget.batch_rows)
    return (
        str(at),
        f"★ {candidate.name}" if candidate.chosen else candidate.name,
        "not scored" if score is None else format_measured(score),
        *((_to_bar(candidate, task),) if task.bar else ()),
        "not measured" if figure is None else format_milliseconds(figure.p95_ms),
        *((in_budget(candidate),) if has_budget(task) else ()),
        "" if candidate.size_bytes is None else format_bytes(candidate.size_bytes),
        "hidden" if candidate.test is None else format_measured(candidate.test),
        _FORMS[candidate.form],
    )


def _to_bar(candidate: Candidate, task: Task) -> str:
    score, bar = candidate.validation, task.bar
    if score is None or bar is None:
        return ""
    beyond = bar.lead(score.value)
    return f"{'+' if beyond >= 0 else '−'}{format_score(abs(beyond))}"  # noqa: RUF001 - a minus sign


def in_budget(candidate: Candidate) -> str:
    """Return whether a candidate meets the budget, as text."""
    return {True: "yes", False: "no", None: "not measured"}[candidate.in_budget]


def has_budget(task: Task) -> bool:
    """Return whether the task has a budget."""
    return task.budget.has_limit
