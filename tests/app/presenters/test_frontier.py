"""The frontier in words: its axes, the best for what one can afford, and when variants are offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.presenters.results.frontier import FrontiersView, present_frontiers
from litmus_core.text import NARROW
from litmus_core.types import (
    Bar,
    Budget,
    Candidate,
    Compression,
    LatencyFigure,
    PluginRef,
    Run,
    RunPlan,
    RunStatus,
    RunTimes,
    Score,
    Task,
)
from tests.app.presenters.facts import verdict

TASK = Task(
    dataset_version_id="v",
    target="y",
    problem_type="binary",
    metric="accuracy",
    features=("a",),
    budget=Budget(max_latency_ms=5.0),
)

WEIGHED = PluginRef(point="postprocess", reference="weigh_classes")


def candidate(key: str, value: float, ms: float, *, run: str = "run_1") -> Candidate:
    figures = tuple(
        LatencyFigure(batch_rows=rows, p50_ms=ms, p95_ms=ms * rows**0.5, p99_ms=ms, n_calls=9)
        for rows in (1, 100, 1_000)
    )
    return Candidate(
        id=key,
        run_id=run,
        experiment_id="ex",
        name=key.title(),
        model=key,
        family="lightgbm",
        family_kind="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=Score(metric="accuracy", value=value, low=value - 0.01, high=value + 0.01, n_rows=99),
        latency=figures,
        size_bytes=round(ms * 1e5),
    )


def run(
    key: str, number: int, *, status: RunStatus = "finished", refines: str = "", of: str = "run_1"
) -> Run:
    made_of = Compression(run_id=of, candidate_id=refines, model="m") if refines else None
    plan = RunPlan(origin=made_of)
    return Run(
        id=key, experiment_id="ex", number=number, plan=plan, status=status, times=RunTimes(queued_at="")
    )


def presented(*runs: Run, price: float | None = None, budget: Budget = TASK.budget) -> FrontiersView:
    found = [candidate("team", 0.92, 10.0), candidate("quick", 0.80, 1.0)]
    found += [candidate("half", 0.91, 4.0, run=each.id) for each in runs if each.plan.origin_as(Compression)]
    return present_frontiers(runs[0], runs, found, replace(TASK, budget=budget), price_per_hour_usd=price)


def axes(found: FrontiersView) -> list[tuple[str, str]]:
    return [(view.axis, view.rows) for view in found.views]


def test_time_and_cost_are_there_for_each_call_that_was_measured_the_cost_only_with_a_price():
    rows = ("1 row", "100 rows", "1,000 rows")
    without = axes(presented(run("run_1", 1)))
    assert without == [*(("Time to answer", each) for each in rows), ("Size", "")]
    priced = presented(run("run_1", 1), price=0.1)
    assert axes(priced) == [*without, *(("Cost of a million", each) for each in rows)]
    assert priced.rows == "1 row"
    one_by_one, many = priced.views[-3], priced.views[-1]
    assert one_by_one.limits[0][1] == f"0.028{NARROW}USD"  # 1 ms a row is 1,000 s for a million
    assert many.limits[0][1] == f"0.000028{NARROW}USD"


def test_the_size_comes_first_where_only_that_is_limited():
    found = presented(run("run_1", 1), budget=Budget(max_size_mb=0.05))
    assert found.views[0].axis == "Size"
    assert found.views[0].scatter.reading.endswith(f"Nothing here keeps the budget of 50{NARROW}kB.")


def test_models_are_the_best_for_what_they_take():
    found = presented(run("run_1", 1))
    time, size = found.views[0].scatter.reading, found.views[-1].scatter.reading
    assert (
        time
        == f"2 of 2 models are the best for their speed: from Quick (1.0{NARROW}ms) to Team (10{NARROW}ms)."
    )
    assert size.startswith("2 of 2 models are the best for their size: from Quick (")
    alone = [candidate("quick", 0.93, 1.0), candidate("team", 0.92, 10.0)]
    only = present_frontiers(run("run_1", 1), [], alone, TASK, price_per_hour_usd=None).views[0].scatter
    assert only.reading == f"1 of 2 models is the best for its speed: Quick (1.0{NARROW}ms)."


def test_nothing_is_offered_where_all_rows_were_learned_from():
    judged = replace(run("run_1", 1), verdict=replace(verdict("meets"), outer_folds=5))
    offer = presented(judged).offer
    assert offer is not None
    assert not offer.is_open
    assert offer.sentence.startswith("This model learned from all rows")


def test_a_model_with_steps_after_it_counts_unless_it_leaves_rows_to_people():
    weighed = replace(candidate("weighed", 0.93, 10.0), postprocess=(WEIGHED,))
    aside = replace(candidate("aside", 0.97, 10.0), abstained=0.1)
    found = [candidate("quick", 0.80, 1.0), weighed, aside]

    shown = present_frontiers(run("run_1", 1), [run("run_1", 1)], found, TASK, price_per_hour_usd=None)

    assert [point.name for point in shown.views[0].scatter.points] == ["Quick", "Weighed"]


def test_money_has_its_sign_in_the_chart_and_beside_it():
    found = [candidate("team", 0.92, 10.0), candidate("quick", 0.80, 1.0)]
    asked = replace(TASK, bar=Bar(metric="accuracy", op=">=", value=0.9))

    shown = present_frontiers(
        run("run_1", 1), [run("run_1", 1)], found, asked, price_per_hour_usd=None, unit="$"
    )

    [view, *_] = shown.views
    assert view.scatter.bar_label == "bar $0.90"
    assert view.scatter.points[0].hover.startswith("Quick\nAccuracy $0.800")
    assert view.edge[0].sentence.startswith("Accuracy $0.800")
    assert "$0.120 from the best" in view.edge[0].sentence


@pytest.mark.parametrize("budget", [2.25, 5.04, 7.55, 9.04])
def test_no_other_amount_is_written_as_the_budget_is(budget):
    view = presented(run("run_1", 1), budget=Budget(max_latency_ms=budget)).views[0]
    said = [text for _, text in view.limits]
    assert view.limits[said.index(said[view.start])][0] == budget


def test_a_variant_is_tied_to_its_parent_and_is_the_best_inside_the_budget():
    view = presented(run("run_1", 1), run("run_2", 2, refines="team")).views[0]
    assert view.scatter.links == (("team", "half"),)
    assert [each.id for each in view.edge] == ["quick", "half", "team"]
    assert view.limits[view.start][0] == 5.0  # the budget itself can be chosen
    best = view.best_for(5.0)
    assert best is not None
    assert best.sentence == (
        f"Accuracy 0.910 (0.900 to 0.920), 4.0{NARROW}ms. That is 0.010 from the best, for "
        f"40{NARROW}% of what it takes."
    )
    assert view.best_for(0.5) is None


def test_all_variants_are_tied_to_their_parents_in_whatever_run_and_however_they_do():
    runs = (run("run_1", 1), run("run_2", 2, refines="team"), run("run_3", 3, refines="half", of="run_2"))
    worse = candidate("worse", 0.70, 5.0, run="run_2")
    again = candidate("again", 0.90, 3.0, run="run_3")
    refit = replace(candidate("refit", 0.91, 6.0), refit_of="team")
    found = [candidate("team", 0.92, 10.0), candidate("half", 0.91, 4.0, run="run_2"), worse, again, refit]

    view = present_frontiers(runs[2], runs, found, TASK, price_per_hour_usd=None).views[0]

    assert set(view.scatter.links) == {
        ("team", "half"), ("team", "worse"), ("half", "again"), ("team", "refit"),
    }  # fmt: skip


def test_a_size_budget_is_written_as_a_size():
    size = presented(run("run_1", 1)).views[3]
    assert size.scatter.budget_ms is None
    assert size.limits[-1][1] == f"1.0{NARROW}MB"


def test_variants_are_offered_once():
    assert presented(run("run_1", 1)).offer.is_open
    made = presented(run("run_1", 1), run("run_2", 2, refines="team")).offer
    assert (made.is_open, made.sentence) == (False, "Made already: they are among the points above.")
    going = presented(run("run_1", 1), run("run_2", 2, status="running", refines="team")).offer
    assert (going.is_open, going.sentence) == (False, "Faster variants are being made.")
    failed = presented(run("run_1", 1), run("run_2", 2, status="failed", refines="team")).offer
    assert failed.is_open
