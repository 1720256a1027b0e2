"""What the verdict says of the data comes before every model: copies, leaks, splits, what is doubtful."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litmus_core.advice import action_list_sentence, action_sentence, action_title, next_actions
from litmus_core.types import (
    ActionList,
    Caution,
    Fix,
    Folds,
    RunPlan,
    Score,
    SplitPlan,
    Statement,
    TrainingOptions,
    Verdict,
)
from litmus_core.verdicts import caution_sentence
from tests.advice.situations import RUN, known_rows, numbers, situation_of

NEW_ROWS = Score(metric="rmse", value=0.9, low=0.8, high=1.0, n_rows=60)


def statement(kind: str, key: str, column: str, **figures: Any) -> Statement:
    return Statement.of(kind, key, columns=[column], target="y", scale="R²", **figures)


COPIES = Caution(
    kind="duplicate_rows",
    n_rows=77,
    n_test=100,
    score=NEW_ROWS,
    fix=Fix(kind="drop_duplicates", columns=("a", "y")),
)
IN_TIME = Caution(
    kind="structure",
    statement=statement("structure", "date", "a", random=0.9, structured=0.8, ends="harmless"),
    columns=("a",),
    fix=Fix(
        kind="split",
        columns=("a",),
        split=SplitPlan(kind="time", column="a"),
    ),
)
LEAVE = Fix(kind="leave_out", columns=("b",))
LEAK = Caution(
    kind="leakage",
    statement=statement("leakage", "same", "b", score=1.0, others=0.5),
    columns=("b",),
    fix=LEAVE,
)
FOLLOWER = replace(LEAK, kind="row_order", statement=statement("row_order", "follows", "b", score=1.0))
NEARLY = replace(
    LEAK, severity="warning", statement=statement("leakage", "nearly alone", "b", score=0.9, others=0.5)
)
NOT_CHECKED = Caution(kind="not_checked", error="ValueError")


def judged(*cautions: Caution) -> Verdict:
    score = Score(metric="rmse", value=0.3, low=0.25, high=0.35, n_rows=100)
    return Verdict(outcome="misses", candidate_id="r-x", score=score, baseline=1.0, cautions=cautions)


def listed(*cautions: Caution, plan: RunPlan | None = None, seconds: float = 0, **known: Any) -> ActionList:
    """List what would help; the models that ``seconds`` allow tell of the rest, behind the obstacles."""
    rows = replace(known_rows(numbers(300), "regression", "rmse"), **known)
    run = replace(RUN, verdict=judged(*cautions), plan=plan or RunPlan())
    return next_actions(situation_of(rows, run=run), rows, seconds=seconds)


@pytest.mark.parametrize(
    ("caution", "kind"),
    [(COPIES, "copies"), (IN_TIME, "split"), (NEARLY, "leak"), (replace(COPIES, fix=None), "copies")],
)
def test_what_the_verdict_says_comes_before_every_model(caution: Caution, kind: str) -> None:
    found = listed(caution, seconds=2)

    assert found.actions[0].kind == kind
    assert found.actions[0].key == caution.key
    assert action_sentence(found.actions[0]).startswith(caution_sentence(caution, judged(caution)))
    assert [each.kind for each in found.actions].count("folds") == 1  # it is offered still, behind
    assert (
        action_list_sentence(found)
        == f"{action_title(found.actions[0])}: until then no score here can be trusted."
    )


@pytest.mark.parametrize("caution", [LEAK, FOLLOWER])
def test_a_sure_leak_of_the_verdict_is_left_out_first_also_where_no_stand_in_tried_it(
    caution: Caution,
) -> None:
    first = listed(caution, leaks=("b",)).actions[0]  # the list is given it by found_by_checks

    assert (first.key, first.leave_out) == ("leak", ("b",))
    assert first.plan is not None


def test_all_that_stands_in_the_way_stands_in_one_order() -> None:
    keys = [each.key for each in listed(IN_TIME, NEARLY, COPIES, NOT_CHECKED).actions[:4]]

    assert keys[:3] == ["duplicate_rows", "structure:a", "leakage:b"]
    assert keys[3] != "not_checked"


def test_copies_are_worth_what_the_score_falls_to_on_rows_that_are_new() -> None:
    gain = listed(COPIES).actions[0].gain

    assert gain.value == pytest.approx(-0.6)
    assert gain.low < -0.6 < gain.high < 0


def test_a_fall_that_nobody_measured_is_not_known() -> None:
    assert not listed(IN_TIME).actions[0].gain.is_known


def test_rows_in_order_of_time_are_judged_without_folds() -> None:
    plan = listed(IN_TIME, plan=RunPlan(folds=Folds(5), training=TrainingOptions(stack=True))).actions[0].plan

    assert plan is not None
    assert (plan.folds, plan.training.stack) == (None, False)


def test_places_of_rows_to_leave_out_are_no_places_of_a_table_without_copies() -> None:
    plan = listed(COPIES, plan=RunPlan(training=TrainingOptions(without_rows=(3, 4)))).actions[0].plan

    assert plan is not None
    assert plan.training.without_rows == ()


def test_copies_of_a_table_of_test_rows_are_left_out_by_hand() -> None:
    first = listed(replace(COPIES, fix=None)).actions[0]

    assert (first.plan, first.page) == (None, "data")
