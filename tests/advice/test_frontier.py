"""The frontier: what no other beats, what one can afford, and which runs belong together."""

from __future__ import annotations

from typing import Any

import pytest

from litmus_core.advice import Axis, frontier, parents_of, runs_of_one_source
from litmus_core.types import Candidate, Compression, LatencyFigure, Run, RunPlan, RunTimes, Score

TIME = Axis(spent="time")


def candidate(key: str, value: float | None, ms: float | None, **facts: Any) -> Candidate:
    metric = facts.pop("metric", "accuracy")
    score = None if value is None else Score(metric=metric, value=value, low=value, high=value, n_rows=9)
    figure = (
        [] if ms is None else [LatencyFigure(batch_rows=1, p50_ms=ms / 2, p95_ms=ms, p99_ms=ms, n_calls=9)]
    )
    facts = {"run_id": "run_1", **facts}
    return Candidate(
        id=key,
        experiment_id="ex",
        name=key,
        model=key,
        family="lightgbm",
        family_kind="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=score,
        latency=tuple(figure),
        **facts,
    )


ALL = (
    candidate("dear", 0.92, 9.0),
    candidate("beaten", 0.80, 4.0),
    candidate("middle", 0.90, 3.0),
    candidate("quick", 0.85, 1.0),
    candidate("twin", 0.85, 1.0),
    candidate("unmeasured", 0.99, None),
    candidate("unscored", None, 0.5),
)


def test_the_edge_is_what_no_other_beats():
    points = frontier(ALL, TIME)
    assert [each.candidate.id for each in points] == ["quick", "twin", "middle", "beaten", "dear"]
    assert [each.candidate.id for each in points if each.on_edge] == ["quick", "middle", "dear"]


def test_an_error_is_better_when_lower():
    points = frontier(
        [candidate("a", 3.0, 1.0, metric="rmse"), candidate("b", 2.0, 2.0, metric="rmse")], TIME
    )
    assert [each.on_edge for each in points] == [True, True]


def test_cost_is_that_of_a_million_rows_at_the_median():
    one = candidate("a", 0.9, 7.2)  # 3.6 ms a row: an hour for a million
    assert Axis(spent="cost", price_per_hour_usd=0.5).of(one) == pytest.approx(0.5)
    assert Axis(spent="cost").of(one) is None
    assert Axis(spent="time", batch_rows=1_000).of(one) is None


def test_size_is_in_megabytes():
    assert Axis(spent="size").of(candidate("a", 0.9, 1.0, size_bytes=2_000)) == 0.002
    assert Axis(spent="size").of(candidate("a", 0.9, 1.0)) is None


def run(key: str, number: int, refines: tuple[str, str] | None = None) -> Run:
    plan = RunPlan()
    if refines is not None:
        plan = RunPlan(origin=Compression(run_id=refines[0], candidate_id=refines[1], model="m"))
    return Run(
        id=key, experiment_id="ex", number=number, plan=plan, status="finished", times=RunTimes(queued_at="")
    )


def test_a_family_is_a_run_with_all_that_was_made_of_it():
    runs = [
        run("a", 1),
        run("b", 2),
        run("c", 3, ("a", "a-1")),
        run("d", 4, ("c", "c-1")),
        run("e", 5, ("b", "b-1")),
    ]
    family = {"a": "", "c": "a-1", "d": "c-1"}
    assert runs_of_one_source(runs[0], runs) == family
    assert runs_of_one_source(runs[3], runs) == family
    assert runs_of_one_source(runs[1], runs) == {"b": "", "e": "b-1"}
    made = [candidate("c-9", 0.9, 1.0, run_id="c"), candidate("a-1", 0.9, 1.0, run_id="a")]
    assert parents_of(made, family) == {"c-9": "a-1"}


def test_a_run_whose_earlier_one_was_removed_is_a_family_of_its_own():
    alone = run("c", 3, ("gone", "gone-1"))
    assert runs_of_one_source(alone, [alone]) == {"c": ""}
