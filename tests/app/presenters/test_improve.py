"""Actions as cards: what they are expected to bring, where the score would land, and what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.presenters.improvement.chances import chance_of
from app.presenters.improvement.completed_actions import StartedAction
from app.presenters.improvement.improve import present_gains
from app.presenters.improvement.verdict_line import present_verdict_line
from litmus_core.recipes import Step, WalkStep
from litmus_core.text import NARROW
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Bar,
    Budget,
    Caution,
    ErrorCases,
    Folds,
    Gain,
    LearningCurve,
    RunPlan,
    Statement,
)
from litmus_core.verdicts import another_evaluation_message
from tests.app.presenters.facts import TOO_SLOW, candidate, task, verdict

LEAK = Statement.of("leakage", "names a thing", columns=["price"], target="label")
MISSED = verdict("misses", value=0.88)


def gain(value: float, half: float = 0.01) -> Gain:
    return Gain(value=value, low=value - half, high=value + half, measured=value)


def action(key: str = "folds", expected: Gain | None = None, **changes: Any) -> Action:
    told: dict[str, Any] = {
        "key": key,
        "kind": "folds",
        "title": Statement.of("folds", "title", n_folds=5),
        "statements": (Statement.plain("Five times."),),
        "evidence": (Statement.plain("Tried."),),
        "gain": expected or gain(0.02),
        "cost": ActionCost(minutes=2.0, latency_factor=5.0, size_factor=5.0),
        "plan": RunPlan(folds=Folds(5)),
    }
    return Action(**(told | changes))


def listed(*actions: Action, n_rows: int = 2000) -> ActionList:
    return ActionList(metric="roc_auc", run_id="run_1", actions=actions, n_rows=n_rows, seconds=12.0)


def test_a_gain_that_nobody_tried_out_is_not_called_unlikely() -> None:
    unknown = Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False)
    chances = [chance_of(action(expected=each)).word for each in (unknown, replace(unknown, is_known=True))]

    assert chances == ["Not tried out", "Not expected to help"]


def gains(*actions: Action, judged: Any = MISSED, **changes: Any) -> Any:
    return present_gains(listed(*actions), task=task(**changes), chosen=candidate(), verdict=judged)


def test_the_first_of_the_list_that_may_help_is_the_one_to_do() -> None:
    harm, bet, likely = (
        action(key, gain(value, half))
        for key, value, half in (("tune", -0.01, 0.02), ("time", 0.03, 0.05), ("folds", 0.02, 0.01))
    )
    view = gains(harm, bet, likely)

    assert (view.top.key, view.headline) == ("time", "The best bet")
    assert [each.chance.word for each in view.others] == ["Not expected to help", "Likely to help"]
    assert gains(harm, likely).headline == "The most promising step"


def test_cases_left_to_people_are_no_better_model_and_never_the_one_to_do() -> None:
    aside = action("abstain", gain(0.04), kind="abstain")

    view = gains(action("folds", gain(0.01, 0.02)), aside)

    assert (view.top.key, [each.key for each in view.others]) == ("folds", ["abstain"])
    assert gains(aside).top is None


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("copies", "Makes the score true"),
        ("split", "Makes the score true"),
        ("leak", "Makes the score true"),
        ("faster", "Keeps the budget"),
    ],
)
def test_what_has_to_come_first_does_also_where_it_costs_score(kind: str, word: str) -> None:
    view = gains(action("first", gain(-0.05), kind=kind), action("folds"))

    assert (view.top.key, view.top.chance.word) == ("first", word)
    assert view.headline == "What has to come first"


def test_where_the_score_was_made_true_in_another_run_no_model_leads_from_this_one() -> None:
    done = {"leak": StartedAction(message="Run 2", run_id="run_2")}
    found = listed(action("leak", gain(-0.05), kind="leak"), action("folds"))

    view = present_gains(found, task=task(), chosen=candidate(), verdict=MISSED, done=done)

    assert view.top is None
    assert view.headline.endswith("See what would help after the run that it became.")


def test_a_gain_that_is_not_known_is_no_number() -> None:
    view = gains(action("split", replace(gain(0.0, 0.0), is_known=False), kind="split"))

    assert (view.top.gain, view.top.range, view.top.landing) == ("Known when it is done", "", None)


def test_a_gain_is_said_with_its_range_and_where_it_lands() -> None:
    view = gains(action(expected=gain(0.025)))

    assert view.top.gain == "+2.5 points"
    assert view.top.range == "likely +1.5 to +3.5 points"
    assert view.top.lands == "It would land at about 0.905, past the bar of 0.90."


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (gain(0.01, 0.002), "0.010 short of the bar of 0.90: not enough by itself."),
        (gain(0.01, 0.02), "0.010 short of the bar of 0.90; with luck it gets there."),
    ],
)
def test_what_does_not_reach_the_bar_says_so(expected: Gain, said: str) -> None:
    assert gains(action(expected=expected)).top.lands.endswith(said)


def test_a_lower_error_lands_to_the_left() -> None:
    bar = Bar(metric="rmse", op="<=", value=10.0)
    judged = verdict("misses", value=12.0, bar=bar)
    view = gains(
        action(expected=gain(1.0, 0.5)), judged=judged, metric="rmse", problem_type="regression", bar=bar
    )

    landing = view.top.landing
    assert (view.top.gain, landing.labels[1], landing.good_side) == ("1.00 better", "11.00", "left")
    assert landing.bar < landing.low < landing.point < landing.high < landing.now
    assert (
        view.top.lands == "It would land at about 11.00, 1.00 short of the bar of 10: not enough by itself."
    )


def test_money_has_its_sign_where_a_step_lands() -> None:
    bar = Bar(metric="rmse", op="<=", value=10_000.0)
    errors = ErrorCases(n_rows=300, typical=8_000.0, nine_in_ten=20_000.0, guess_typical=30_000.0, unit="EUR")
    judged = replace(verdict("misses", value=12_000.0, bar=bar), cases=errors)
    judged = replace(judged, score=replace(judged.score, metric="rmse"))
    view = gains(
        action(expected=gain(1_000.0, 500.0)),
        judged=judged,
        metric="rmse",
        problem_type="regression",
        bar=bar,
    )
    assert (view.top.gain, view.top.range) == ("€1,000 better", "likely €500 to €1,500 better")
    assert view.top.landing.labels == ("now €12,000", "€11,000", "bar €10,000")
    assert view.top.lands.startswith("It would land at about €11,000, €1,000 short of the bar of €10,000")


def test_all_landings_are_on_one_line_so_that_they_compare() -> None:
    view = gains(action("a", gain(0.02)), action("b", gain(0.005)))

    landings = [view.top.landing, view.others[0].landing]
    assert len({each.now for each in landings}) == len({each.bar for each in landings}) == 1
    assert landings[0].point > landings[1].point


def test_time_size_and_who_are_said_against_the_budget() -> None:
    view = gains(action(audience="scientist"), budget=Budget(max_latency_ms=20.0))

    assert dict(view.top.facts) == {
        "It takes": "about 2 min",
        "Answering time": (f"about 44{NARROW}ms instead of 8.7{NARROW}ms, over the budget of 20{NARROW}ms"),
        "Size": f"about 18{NARROW}MB instead of 3.5{NARROW}MB",
        "Who can do it": "A data scientist",
    }


def test_what_is_not_known_beforehand_is_not_made_up() -> None:
    facts = dict(gains(action(cost=ActionCost(minutes=2.0, latency_factor=None))).top.facts)

    assert facts["Answering time"] == "not known beforehand"
    assert facts["Size"] == f"as now, 3.5{NARROW}MB"


def test_nothing_that_helps_is_said_with_what_else_is_left() -> None:
    view = gains(action(expected=gain(-0.01)))

    assert view.top is None
    assert view.headline == "Nothing on this list is likely to help."
    assert [option.title for option in view.left] == [
        "Use it anyway, or move the bar",
        "Change the question",
        "Gather rows",
        "Ask a scientist",
    ]
    assert view.left[2].sentence == "What more rows to learn from would bring is not known."
    assert [each.chance.word for each in view.others] == ["Not expected to help"]
    assert view.others[0].lands == ""


def test_rows_to_judge_by_are_counted_in_groups_where_there_are_few() -> None:
    judged = replace(verdict("undecided", value=0.89), more_rows=2_400)
    few = replace(judged, score=replace(judged.score, n_rows=240, n_blocks=8))

    for each, words in ((judged, "2,400 more would"), (few, "2,400 more in about 80 new groups or periods")):
        assert words in gains(action(expected=gain(-0.01)), judged=each).left[2].sentence


def test_nothing_more_after_a_bar_that_is_met_is_no_reason_to_look_further() -> None:
    view = gains(action(expected=gain(-0.01)), judged=verdict("meets"))

    assert view.headline == "Nothing that was tried would bring more."
    assert view.left == ()


def test_too_few_rows_are_said() -> None:
    view = present_gains(listed(n_rows=0), task=task(), chosen=candidate(), verdict=MISSED)

    assert view.headline == "There are too few rows to try anything on."
    assert view.made_of == ""


def test_no_row_is_said_to_be_kept_from_the_test_where_all_rows_judge() -> None:
    by_test, by_all = gains(action(), judged=MISSED), gains(action(), judged=replace(MISSED, outer_folds=5))

    assert "on 2,000 rows that are not test rows." in by_test.made_of
    assert "on 2,000 rows. The result" in by_all.made_of


@pytest.mark.parametrize("kind", ["rows", "class rows", "segment rows"])
def test_rows_are_asked_for_where_the_action_is_no_run(kind: Any) -> None:
    curve = LearningCurve(
        x_title=Statement.plain("rows"),
        x=(100, 200, 400),
        y=(0.8, 0.85, 0.88),
        low=(0.7,) * 3,
        high=(0.9,) * 3,
        n_predicted=1,
    )
    view = gains(action("rows", kind=kind, plan=None, page="data", curve=curve))

    assert (view.top.starts, view.top.asks_rows, view.top.page) == (False, True, "data")
    assert dict(view.top.facts)["It takes"] == "about 2 min of training, after the collecting"
    assert view.top.curve.reading == (
        "Each point is a quick stand-in's score; it reached 0.850 with what there is, and is expected to "
        "reach 0.880 with 2 times that."
    )


def test_a_page_that_is_not_there_is_not_offered() -> None:
    assert gains(action(plan=None, page="nowhere")).top.page is None


def test_a_bar_that_is_met_leaves_trying_open() -> None:
    line = present_verdict_line(verdict("meets"), n_evaluations=2)

    assert line.more == "You may still try for more."


def test_the_verdict_is_told_by_its_grade_its_chance_and_its_flags() -> None:
    line = present_verdict_line(
        verdict("undecided", probability_passes=0.05, excesses=(TOO_SLOW,)), n_evaluations=1
    )

    assert line.word == "Probably misses the bar"
    assert line.chance == "5\u202f% chance of reaching 0.90"
    assert line.flags == ("Too slow for the budget",)


def test_a_bar_that_is_met_too_slowly_leaves_something_to_do() -> None:
    line = present_verdict_line(verdict("meets", excesses=(TOO_SLOW,)), n_evaluations=1)
    assert (line.more, line.tone) == ("", "near")  # not in green


def test_a_bar_that_is_met_by_an_untrue_score_offers_no_more_of_it() -> None:
    caution = Caution(kind="leakage", statement=LEAK, columns=("price",))
    line = present_verdict_line(verdict("meets", cautions=(caution,)), n_evaluations=2)

    assert not line.more
    assert line.caution == another_evaluation_message(2)


def test_what_was_done_already_is_not_offered_again() -> None:
    found = listed(action("folds", gain(0.03)), action("time", gain(0.02)))
    done = {"folds": StartedAction(message="Run 2", run_id="run_2")}
    view = present_gains(found, task=task(), chosen=candidate(), verdict=MISSED, done=done)

    assert view.top is not None
    assert (view.top.key, [(each.key, each.done and each.done.message) for each in view.others]) == (
        "time",
        [("folds", "Run 2")],
    )
    alone = present_gains(listed(action("folds")), task=task(), chosen=candidate(), verdict=MISSED, done=done)
    assert (alone.top, alone.headline.split(".")[0]) == (None, "What looked promising from this run was done")


def test_what_a_step_of_the_recipe_does_too_says_so() -> None:
    steps = {
        key: WalkStep(step=Step(number=number, kind="tune", line=1), state=state)  # type: ignore[arg-type]
        for key, number, state in (("tune", 2, "next"), ("folds", 4, "later"))
    }
    actions = [action(key) for key in ("tune", "folds", "rows")]
    view = present_gains(listed(*actions), task=task(), chosen=candidate(), verdict=MISSED, steps=steps)

    told = {each.key: dict(each.facts).get("In the recipe") for each in (view.top, *view.others)}
    assert told == {"tune": "Its next step, 2", "folds": "A later step, 4", "rows": None}
