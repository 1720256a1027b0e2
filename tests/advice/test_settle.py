"""An undecided verdict leads the list with what would settle it, and with how likely that is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litmus_core.advice import action_sentence, action_title
from litmus_core.advice._actions.settle import settling
from litmus_core.types import Action, Bar, Folds, Gain, RunPlan, Score, Verdict, WarmStart
from litmus_core.verdicts import chance_to_settle
from tests.advice.situations import RUN, known_rows, numbers, situation_of

BAR = Bar(metric="accuracy", op=">=", value=0.9)
SCORE = Score(metric="accuracy", value=0.87, low=0.78, high=0.94, n_rows=69)


def _offered(
    *, task: Any = None, plan: RunPlan | None = None, n_rows: int = 276, **changes: Any
) -> list[Action]:
    values: dict[str, Any] = {"outcome": "undecided", "candidate_id": "r-x", "score": SCORE, "baseline": 0.5}
    verdict = Verdict(**values | {"bar": BAR, "more_rows": 500} | changes)
    run = replace(RUN, verdict=verdict, plan=plan or RunPlan())
    situation = situation_of(known_rows(numbers(50), "regression", "rmse"), run=run, n_folds=5)
    if task:
        situation = replace(situation, task=replace(situation.task, **task))
    return list(settling(situation, n_rows=n_rows))


def test_a_toss_up_is_judged_by_all_rows_first() -> None:
    judge, gather, bar = _offered()
    assert judge.plan is not None
    assert judge.plan.folds == Folds(5, refit=True, outer=5)
    assert "345 rows" in action_sentence(judge)
    chance = chance_to_settle(SCORE, BAR, n_rows=345, n_evaluations=2)
    assert judge.gain.settles == pytest.approx(chance, abs=0.01)
    assert gather.plan is None
    assert "500" in action_title(gather)
    assert action_title(bar).startswith("Promise 0.780")
    assert action_title(bar, unit="EUR").startswith("Promise €0.780 in place of €")


def test_rows_are_gathered_in_new_groups_where_there_are_few() -> None:
    few = {"score": replace(SCORE, n_blocks=8), "more_rows": 3_900}  # 453 groups such as these
    gather = next(one for one in _offered(**few) if one.key == "judge rows")

    assert "in new groups or periods, about 460 of them" in action_sentence(gather)


def test_more_time_is_given_where_the_fit_took_most_of_it() -> None:
    (judge, *_) = _offered()
    assert judge.plan is not None
    assert judge.plan.compute.time_limit_s == pytest.approx(32.0)  # six fits of 2 s and the tail: beyond 30 s


@pytest.mark.parametrize(
    "changes",
    [
        {"outer_folds": 5},
        {"task": {"test_version_id": "dv_2"}},
        {"plan": RunPlan(origin=WarmStart(candidate_id="a", run_id="r", model="a", n_before=1))},
        {"n_rows": 50_000},
    ],
)
def test_what_cannot_be_judged_by_all_rows_is_not_offered(changes: Any) -> None:
    assert [each.key for each in _offered(**changes)] == ["judge rows", "bar"]


@pytest.mark.parametrize("outcome", ["meets", "misses", "misses narrowly"])
def test_a_settled_verdict_needs_nothing(outcome: str) -> None:
    assert _offered(outcome=outcome) == []


def test_a_bar_that_a_constant_answer_keeps_is_no_promise() -> None:
    assert [each.key for each in _offered(baseline=0.8)] == ["judge", "judge rows"]


def test_a_later_look_promises_what_the_wider_interval_keeps() -> None:
    last = _offered(low=0.74, high=0.96, n_evaluations=2, certainty=0.975)[-1]
    assert action_title(last).startswith("Promise 0.740")


def test_where_no_number_of_rows_would_do_none_is_asked_for() -> None:
    assert [each.key for each in _offered(more_rows=None)] == ["judge", "bar"]


@pytest.mark.parametrize(("op", "value", "title"), [("<=", 1.5, "Promise 1.7"), (">=", 1.5, "Promise 1.2")])
def test_the_promise_is_the_worse_end(op: Any, value: float, title: str) -> None:
    score = Score(metric="rmse", value=1.45, low=1.2, high=1.7, n_rows=60)
    bar = Bar(metric="rmse", op=op, value=value)
    found = _offered(bar=bar, score=score, baseline=3.0 if op == "<=" else 0.0)
    assert action_title(found[-1]).startswith(title)


def test_more_rows_settle_more_often_and_a_score_at_the_bar_seldom() -> None:
    chances = [chance_to_settle(SCORE, BAR, n_rows=n, n_evaluations=2) for n in (80, 345, 3_000)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    at = replace(SCORE, value=0.9)
    assert chance_to_settle(at, BAR, n_rows=345, n_evaluations=2) < chances[1]


def test_what_was_to_settle_a_verdict_is_told_by_the_verdict_that_came() -> None:
    from app.presenters.improvement.outcomes import present_outcomes
    from litmus_core.cli._actions import _outcome_text
    from litmus_core.types import ActionOutcome

    gain = Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False, settles=0.62)
    outcome = ActionOutcome(
        run_id="r2", follows_run_id="r", key="judge", kind="judge", predicted=gain, validation=None, test=None
    )
    task, titles = known_rows(numbers(50), "regression", "rmse").task, {"r2": "Judge by all rows"}
    for verdict, said in ((None, "not known yet"), ("undecided", "undecided"), ("meets", "meets the bar")):
        came = replace(outcome, verdict=verdict)
        view = present_outcomes([came], task, titles=titles, runs={})
        assert said in view.reading.lower()
        assert view.rows[0].message.lower().startswith("to settle the verdict: 62 % likely;")
        assert said in view.rows[0].message.lower()
        assert said in _outcome_text(came).lower()
