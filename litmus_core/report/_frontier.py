"""The frontier of an experiment in a report: the models of all runs by score, time, size and cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from litmus_core.advice import Axis, FrontierPoint, closest_to_budget, frontier, parents_of, signed_score
from litmus_core.metrics import get_metric
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._format import dollars
from litmus_core.report._models import has_budget, in_budget
from litmus_core.report._page import table
from litmus_core.report._plots import PlotPoint, Shape, Spending, score_against
from litmus_core.text import format_bytes, format_count, format_measured, format_milliseconds
from litmus_core.types import Compression

if TYPE_CHECKING:
    from litmus_core.types import Candidate, Task

_MOST_SHOWN = 300  # most dominated models in a plot
_MOST_LABELS = 26


def frontier_section(facts: ExperimentFacts) -> Iterator[str]:
    """Yield plots of score against time and size, and a table of the non-dominated models."""
    task = facts.experiment.task
    # the score of a model that abstains covers only some rows
    candidates = [candidate for candidate in facts.all_candidates if candidate.abstained is None]
    by_time = frontier(candidates, Axis(spent="time", batch_rows=task.budget.batch_rows))
    by_size = frontier(candidates, Axis(spent="size"))
    labels = _labels(facts, [*by_time, *by_size])
    if not labels:
        return
    yield "<h2>Score against time, size and cost</h2>"
    n_drawn = len({point.candidate.id for point in [*by_time, *by_size]})
    yield f"<p>{_measured_sentence(facts, n_drawn)}</p>"
    rows = format_count(task.budget.batch_rows, "row")
    time = Spending(
        title=f"latency of {rows}, 95th percentile",
        write=format_milliseconds,
        limit=task.budget.max_latency_ms,
    )
    megabytes = Spending(
        title="size of the model",
        write=lambda value: format_bytes(1e6 * value),
        limit=task.budget.max_size_mb,
    )
    if by_time:
        yield "<h3>Score against answering time</h3>"
        yield _plot(facts, by_time, labels, time)
    yield _table(facts, labels)
    if by_size:
        yield "<h3>Score against size</h3>"
        yield _plot(facts, by_size, labels, megabytes, is_low=True)


def _measured_sentence(facts: ExperimentFacts, n_models: int) -> str:
    n_runs = len({candidate.run_id for candidate in facts.all_candidates})
    sentence = f"All {format_count(n_models, 'model')} of {format_count(n_runs, 'run')} that were measured."
    near = closest_to_budget(facts.experiment.task.budget, facts.all_candidates)
    return sentence if near is None else f"{sentence} None of them meets the budget. {escape(near.sentence)}"


def _labels(facts: ExperimentFacts, points: Sequence[FrontierPoint]) -> dict[str, str]:
    """Return the letters of the models in the table, by model id.

    Letters go to the chosen model, the non-dominated ones, and those that variants were made from.
    """
    sources = (run.plan.origin_as(Compression) for run in facts.runs)
    named = {source.candidate_id for source in sources if source is not None}
    edge = {point.candidate.id for point in points if point.on_edge}
    chosen = facts.chosen.id if facts.chosen else ""
    named |= {*edge, chosen}
    candidates = {point.candidate.id: point.candidate for point in points if point.candidate.id in named}
    first = sorted(
        candidates.values(), key=lambda candidate: (candidate.id != chosen, candidate.id not in edge)
    )
    axis = Axis(spent="time", batch_rows=facts.experiment.task.budget.batch_rows)
    order = sorted(
        first[:_MOST_LABELS],
        key=lambda candidate: (axis.of(candidate) or 0.0, candidate.size_bytes or 0, candidate.id),
    )
    return {candidate.id: chr(ord("A") + at) for at, candidate in enumerate(order)}


def _plot(
    facts: ExperimentFacts,
    points: Sequence[FrontierPoint],
    labels: dict[str, str],
    spending: Spending,
    *,
    is_low: bool = False,
) -> str:
    task = facts.experiment.task
    beaten = [point.candidate for point in points if point.candidate.id not in labels]
    left_out = {candidate.id for candidate in sorted(beaten, key=signed_score)[:-_MOST_SHOWN]}
    shown = [point for point in points if point.candidate.id not in left_out]
    sources = {run.id: run.plan.origin_as(Compression) for run in facts.runs}
    refined = {key: "" if source is None else source.candidate_id for key, source in sources.items()}
    parents = parents_of([candidate.candidate for candidate in shown], refined)
    return score_against(
        [_point(candidate, labels, facts) for candidate in shown],
        [(parent, child) for child, parent in parents.items()],
        spending,
        bar=task.bar,
        y_title=f"{get_metric(task.metric).label}, on validation rows",
        reading=_reading(task, spending, len(left_out), has_variants=bool(parents)),
        is_low=is_low,
    )


def _point(point: FrontierPoint, labels: dict[str, str], facts: ExperimentFacts) -> PlotPoint:
    candidate, score = point.candidate, point.candidate.validation
    value, low, high = (0.0, 0.0, 0.0) if score is None else (score.value, score.low, score.high)
    is_chosen = facts.chosen is not None and candidate.id == facts.chosen.id
    shape: Shape = "chosen" if is_chosen else "team" if candidate.is_ensemble else "single"
    return PlotPoint(
        id=candidate.id,
        label=labels.get(candidate.id, ""),
        x=point.spent,
        y=value,
        low=low,
        high=high,
        shape=shape,
        outside=candidate.in_budget is False,
        on_edge=point.on_edge,
    )


def _reading(task: Task, spending: Spending, n_left_out: int, *, has_variants: bool) -> str:
    sentence = (
        "The steps join the models that no other model beats in both. The letters are those of the "
        "table; the star is "
    )
    sentence += "the chosen one."
    if task.budget.has_limit:
        sentence += " Hollow marks are outside the budget."
    if task.bar is not None or spending.limit is not None:
        sentence += " Models that meet the goal are in the shaded corner."
    if has_variants:
        sentence += " Dotted lines lead from a model to its variants."
    return f"{sentence} {n_left_out:,} more models are not drawn." if n_left_out else sentence


def _table(facts: ExperimentFacts, labels: dict[str, str]) -> str:
    task, by_id = facts.experiment.task, {candidate.id: candidate for candidate in facts.all_candidates}
    numbers = {run.id: f"{run.number}" for run in facts.runs}  # names such as "Faster variants" repeat
    rows = format_count(task.budget.batch_rows, "row")
    header = ["", "model", "run", get_metric(task.metric).label, f"latency of {rows}", "size"]
    header += ["in budget"] if has_budget(task) else []
    header += [] if facts.production.per_hour_usd is None else [f"cost of a million, {rows} a call"]
    lines = []
    for key, letter in labels.items():
        one = by_id[key]
        lines.append([letter, _starred_name(one, facts), numbers.get(one.run_id, ""), *_figures(one, facts)])
    return table(header, lines, kind="models") + _price_note(facts)


def _starred_name(candidate: Candidate, facts: ExperimentFacts) -> str:
    is_chosen = facts.chosen is not None and candidate.id == facts.chosen.id
    return f"★ {candidate.name}" if is_chosen else candidate.name


def _figures(candidate: Candidate, facts: ExperimentFacts) -> Iterator[str]:
    task, score = facts.experiment.task, candidate.validation
    n_rows, price = task.budget.batch_rows, facts.production.per_hour_usd
    figure = candidate.latency_at(n_rows)
    yield "" if score is None else format_measured(score)
    yield "not measured" if figure is None else format_milliseconds(figure.p95_ms)
    yield "not known" if candidate.size_bytes is None else format_bytes(candidate.size_bytes)
    if has_budget(task):
        yield in_budget(candidate)
    if price is not None:
        cost = Axis(spent="cost", batch_rows=n_rows, price_per_hour_usd=price).of(candidate)
        yield "not known" if cost is None else dollars(cost)


def _price_note(facts: ExperimentFacts) -> str:
    if facts.production.per_hour_usd is None:
        return ""
    return (
        f'<p class="quiet">A million predictions are priced at {facts.production.per_hour_usd:g} USD an hour '
        "for a machine that is always busy, by the median time of a call measured here. HTTP is left out; a "
        "certificate's cost includes it.</p>"
    )
