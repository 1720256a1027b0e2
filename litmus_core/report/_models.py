"""The models of a run in a report: as lines of a table, and as points of score against answering time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmus_core.metrics import get_metric
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._page import table
from litmus_core.report._plots import Point, score_against_time
from litmus_core.report._written import counted, milliseconds, scored, size, value_of

if TYPE_CHECKING:
    from litmus_core.types import Candidate, Task

_MOST_LINES, _MOST_POINTS = 60, 40
_FORMS = {"compiled": "compiled", "native": "as trained", None: ""}


def models(facts: ExperimentFacts) -> Iterator[str]:
    """Yield the leaderboard and the plot."""
    task, found = facts.experiment.task, facts.candidates
    if not found:
        return
    yield "<h2>The models</h2>"
    lines = [_line(at, each, task) for at, each in enumerate(found[:_MOST_LINES], start=1)]
    yield table(_header(task), lines, kind="models")
    more = f" {len(found) - _MOST_LINES:,} more are not shown." if len(found) > _MOST_LINES else ""
    yield (
        '<p class="quiet">★ is the chosen one. Scores are on validation rows, with 95 % intervals. Test '
        f"scores of other models stay sealed, so that none is chosen by them.{more}</p>"
    )
    yield from _plot(found[:_MOST_POINTS], task)


def _header(task: Task) -> tuple[str, ...]:
    rows = counted(task.budget.batch_rows, "row")
    return (
        "",
        "model",
        get_metric(task.metric).label,
        *(("to the bar",) if task.bar else ()),
        f"answers {rows} in",
        *(("in budget",) if _has_budget(task) else ()),
        "size",
        "test score",
        "shipped",
    )


def _line(at: int, candidate: Candidate, task: Task) -> tuple[str, ...]:
    score, figure = candidate.validation, candidate.latency_at(task.budget.batch_rows)
    inside = {True: "yes", False: "no", None: "not measured"}[candidate.in_budget]
    return (
        str(at),
        f"★ {candidate.name}" if candidate.chosen else candidate.name,
        "not scored" if score is None else scored(score),
        *((_to_bar(candidate, task),) if task.bar else ()),
        "not measured" if figure is None else milliseconds(figure.p95_ms),
        *((inside,) if _has_budget(task) else ()),
        "" if candidate.size_bytes is None else size(candidate.size_bytes),
        "sealed" if candidate.test is None else scored(candidate.test),
        _FORMS[candidate.form],
    )


def _to_bar(candidate: Candidate, task: Task) -> str:
    score, bar = candidate.validation, task.bar
    if score is None or bar is None:
        return ""
    beyond = score.value - bar.value if bar.op == ">=" else bar.value - score.value
    return f"{'+' if beyond >= 0 else '−'}{value_of(abs(beyond))}"  # noqa: RUF001 - a minus sign


def _has_budget(task: Task) -> bool:
    return task.budget.max_latency_ms is not None or task.budget.max_size_mb is not None


def _plot(found: Sequence[Candidate], task: Task) -> Iterator[str]:
    points = [point for at, each in enumerate(found, start=1) if (point := _point(at, each, task))]
    if not points:
        return
    rows = counted(task.budget.batch_rows, "row")
    yield "<h3>Score against answering time</h3>"
    yield score_against_time(
        points,
        _links(found),
        bar=task.bar,
        budget_ms=task.budget.max_latency_ms,
        y_title=f"{get_metric(task.metric).label}, on validation rows",
        x_title=f"time to answer {rows}, 19 of 20 calls",
        reading=_reading(points, task),
    )


def _point(at: int, candidate: Candidate, task: Task) -> Point | None:
    score, figure = candidate.validation, candidate.latency_at(task.budget.batch_rows)
    if score is None or figure is None:
        return None
    return Point(
        id=candidate.id,
        label=str(at),
        x=figure.p95_ms,
        y=score.value,
        low=score.low,
        high=score.high,
        shape="chosen" if candidate.chosen else "team" if candidate.is_ensemble else "single",
        outside=candidate.in_budget is False,
    )


def _links(found: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Return (parent, variant): of teams, whose members would cover the plot with lines, only the chosen."""
    links = [
        (parent, each.id) for each in found if not each.is_ensemble or each.chosen for parent in each.parents
    ]
    return links + [(each.refit_of, each.id) for each in found if each.refit_of]


def _reading(points: Sequence[Point], task: Task) -> str:
    fastest = min(points, key=lambda each: each.x)
    said = (
        f"Numbers are the lines of the table. Fastest: {fastest.label}, {milliseconds(fastest.x)} at "
        f"{value_of(fastest.y)} ({value_of(fastest.low)} to {value_of(fastest.high)})."
    )
    if any(each.outside for each in points):
        said += " Hollow marks are outside the budget."
    if task.bar is not None or task.budget.max_latency_ms is not None:
        said += " What may ship lies in the shaded corner."
    return said + " Dotted lines lead from a model to what was made of it."
