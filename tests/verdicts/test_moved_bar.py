"""A bar that was moved after its score was known."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from litmus_core.metrics import get_metric, score_interval
from litmus_core.types import Bar, BarMove, Score, Verdict
from litmus_core.verdicts import promised_value, rejudge, verdict, with_first_bar
from litmus_core.verdicts._verdict import BY_BAR
from tests.app.presenters.facts import candidate, task

MOVED = BarMove(before=Bar(metric="accuracy", op=">=", value=0.9), by="ada", at="2026-11-30T10:00:00+00:00")


def judged(share: float = 0.85, *, n_rows: int = 400, bar: float = 0.9, n_evaluations: int = 1) -> Verdict:
    """Judge a model that is right in a ``share`` of its test rows."""
    truth = np.array(["a", "b"] * (n_rows // 2), dtype=object)
    said = truth.copy()
    said[: round((1 - share) * n_rows)] = "c"
    score, replicates = score_interval(
        get_metric("accuracy"),
        truth,
        np.eye(3)[["abc".index(each) for each in said]],
        classes=("a", "b", "c"),
        seed=0,
    )
    return verdict(
        task=task(bar=Bar(metric="accuracy", op=">=", value=bar)),
        candidate=candidate(),
        score=score,
        replicates=replicates,
        baseline=0.5,
        n_evaluations=n_evaluations,
    )


def moved_to(value: float, first: Verdict, *, n_evaluations: int = 1) -> Verdict:
    bar = Bar(metric="accuracy", op=">=", value=value)
    return rejudge(first, bar, n_evaluations=n_evaluations, moved=MOVED)


@pytest.mark.parametrize("bar", [0.70, 0.80, 0.815, 0.85, 0.88, 0.90, 0.95])
def test_a_moved_bar_is_judged_as_one_that_was_there_before(bar: float) -> None:
    there, moved = judged(bar=bar), moved_to(bar, judged(bar=0.9))
    assert (moved.outcome, moved.low, moved.high, moved.more_rows) == (
        there.outcome,
        there.low,
        there.high,
        there.more_rows,
    )
    assert moved.probability_passes == pytest.approx(there.probability_passes, abs=0.03)
    assert (moved.bar, moved.moved) == (there.bar, MOVED)


INDEPENDENT = [field.name for field in fields(Verdict) if field.name not in (*BY_BAR, "score", "baseline")]


@pytest.mark.parametrize("name", INDEPENDENT)
def test_a_moved_bar_changes_nothing_that_does_not_depend_on_it(name: str) -> None:
    stands_for_any_value = object()
    first = replace(judged(), **{name: stands_for_any_value})
    there_and_back = with_first_bar(moved_to(0.7, first), first)
    assert getattr(moved_to(0.7, first), name) is stands_for_any_value
    assert there_and_back == first


def test_what_the_bar_decides_is_all_that_a_moved_bar_changes() -> None:
    first, moved = judged(bar=0.95), moved_to(0.815, judged(bar=0.95), n_evaluations=3)
    changed = {
        field.name for field in fields(Verdict) if getattr(first, field.name) != getattr(moved, field.name)
    }
    assert changed == set(BY_BAR)


def test_the_bar_that_is_promised_is_met_and_one_step_more_is_not() -> None:
    first = judged()
    value = promised_value(first, n_evaluations=1)
    assert value is not None
    assert moved_to(value, first).outcome == "meets"
    assert moved_to(value + 0.001, first).outcome == "undecided"


def test_scores_that_were_looked_at_since_make_the_promise_smaller() -> None:
    first = judged()
    promises = [promised_value(first, n_evaluations=looks) for looks in (1, 2, 5)]
    assert promises == sorted(promises, reverse=True)
    assert len(set(promises)) == 3
    assert moved_to(promises[0], first, n_evaluations=5).outcome == "undecided"


def test_an_error_is_promised_with_a_bar_above_it() -> None:
    score = Score(metric="rmse", value=11.0, low=10.21, high=12.34, n_rows=300)
    first = replace(judged(), score=score, baseline=30.0, bar=None, low=None, high=None)
    assert promised_value(first, n_evaluations=1) == 12.4


A_HANDFUL = Score(metric="accuracy", value=0.9, low=0.7, high=1, n_rows=9)


@pytest.mark.parametrize("changes", [{"baseline": 0.84}, {"score": A_HANDFUL}])
def test_what_guessing_keeps_and_what_a_handful_of_rows_say_is_not_promised(changes) -> None:
    assert promised_value(replace(judged(), **changes), n_evaluations=1) is None


def test_a_second_look_is_not_stretched_twice() -> None:
    there = judged(bar=0.82, n_evaluations=3)
    moved = moved_to(0.82, judged(bar=0.9, n_evaluations=3), n_evaluations=3)
    assert (moved.low, moved.high) == (there.low, there.high)
    assert moved.probability_passes == pytest.approx(there.probability_passes, abs=0.03)


def test_the_best_promise_of_several_models_after_looking_at_all_is_kept_95_times_in_100() -> None:
    rng = np.random.default_rng(0)
    true, n_rows, n_models, kept = 0.85, 500, 5, []
    for _ in range(400):
        common = rng.random(n_rows) < true  # half of what decides a row is shared by all models
        promises = []
        for _ in range(n_models):
            own = rng.random(n_rows) < true
            right = np.where(rng.random(n_rows) < 0.5, common, own)
            draws = rng.binomial(n_rows, right.mean(), 1_000) / n_rows
            low, high = np.quantile(draws, (0.025, 0.975))
            score = Score(metric="accuracy", value=right.mean(), low=low, high=high, n_rows=n_rows)
            first = Verdict(outcome="undecided", candidate_id="run_1-a", score=score, baseline=0.5)
            promises.append(promised_value(first, n_evaluations=n_models))
        kept.append(max(promises) <= true)
    assert np.mean(kept) >= 0.95
