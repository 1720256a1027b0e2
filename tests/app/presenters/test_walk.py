"""A recipe's path in words: each step's state, whose turn it is, and recipes to choose from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.presenters.improvement.recipe_progress import WalkView, present_choice, present_walk
from app.presenters.training.activity import present_activity
from litmus_core.experiments import FollowedRecipe, RecipeFit
from litmus_core.recipes import Walk, WalkStep, read_recipe
from litmus_core.types import Progress, Run, RunPlan, RunTimes

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RECIPE = read_recipe(
    """\
format: 1
name: our-way
version: 1
title: Our way
description: For tests.
knobs:
  minutes: {words: How long each may take, default: 1, low: 1, high: 9}
  booster: {words: Which booster, default: lightgbm, choices: [lightgbm, catboost]}
  thorough: {words: Look twice, default: false}
steps:
  - check data: safe fixes
  - try: linear
    words: A linear model
  - try: lightgbm
    when: not bar met and rows < 100
  - gather: 100 more rows.
  - hand off: What now?
"""
)
IDLE = FollowedRecipe()


def walked(*states: str, following: FollowedRecipe = IDLE, **changes: object) -> WalkView:
    whys = {"not due": "not bar met and rows < 100: bar met is true", "later": "It has no condition."}
    places = tuple(
        WalkStep(
            step=step,
            state=state,  # type: ignore[arg-type]
            why=whys.get(state, "It scores 0.9."),
            looked_at={"not due": "bar met is true", "later": ""}.get(state),
        )
        for step, state in zip(RECIPE.steps, states, strict=True)
    )
    walk = Walk(experiment_id="ex_1", recipe=RECIPE, places=places, reached=False, why="")
    return present_walk(replace(walk, **changes), following, now=NOW)  # type: ignore[arg-type]


def test_each_step_has_a_state_in_words_and_a_reason() -> None:
    view = walked("done", "running", "not due", "later", "later")

    assert [place.state.word for place in view.places] == [
        "Done", "Running", "Not needed so far", "Later", "Later"
    ]  # fmt: skip
    assert view.places[0].why == "It scores 0.9."
    assert view.places[2].why == (
        "Only if the bar is not met and the number of rows below 100. Now the bar is met."
    )
    assert view.places[3].why == ""
    assert view.headline == "Step 2 is running."
    assert walked("next", "later", "later", "later", "later", goes_by="It goes by: 20 MB.").goes_by == (
        "It goes by: 20 MB."
    )
    assert (view.turn, view.can_go_on) == ("", True)


@pytest.mark.parametrize(
    ("states", "turn", "can_go_on"),
    [
        (("next", "later", "later", "later", "later"), "slow step", True),
        (("done", "next", "later", "later", "later"), "step", True),
        (("done", "done", "not due", "asked", "later"), "gather", False),
        (("done", "done", "not due", "skipped", "next"), "ask", False),
        (("done", "done", "not due", "skipped", "asked"), "hand off", False),
        (("done", "done", "not due", "skipped", "skipped"), "", False),
    ],
)
def test_what_can_be_done_now_is_by_the_step_whose_turn_it_is(
    states: tuple[str, ...], turn: str, can_go_on: bool
) -> None:
    view = walked(*states)

    assert (view.turn, view.can_go_on) == (turn, can_go_on)


def test_a_question_to_a_scientist_waits_for_an_answer_and_not_for_the_visitor() -> None:
    view = walked("done", "done", "not due", "skipped", "asked")

    assert view.places[4].state.word == "Waits for an answer"


def test_while_it_goes_on_by_itself_nothing_is_asked_of_the_visitor() -> None:
    view = walked("done", "next", "later", "later", "later", following=FollowedRecipe(message="Step 2."))

    assert (view.turn, view.can_go_on) == ("", False)


def test_how_it_ended_is_said_with_its_time() -> None:
    ended = FollowedRecipe(
        ended="It is waiting for you: 100 more rows.", ended_at="2026-11-24T11:00:00+00:00"
    )

    assert walked("done", "done", "not due", "skipped", "next", following=ended).ended == (
        "1 hour ago: It is waiting for you: 100 more rows."
    )


def test_its_end_and_where_it_went_on_are_said() -> None:
    assert walked(*["done"] * 5, reached=True).headline == "The recipe has reached its end: the bar is met."
    moved = walked(*["done"] * 5, moved_to="ex_2")
    assert moved.headline == "It continued with another table, as a separate experiment."


def test_knobs_are_fields() -> None:
    (recipe,) = present_choice([RecipeFit(recipe=RECIPE)]).fitting

    assert [(each.title, each.kind, each.default) for each in recipe.knobs] == [
        ("How long each may take", "whole", 1),
        ("Which booster", "choice", "lightgbm"),
        ("Look twice", "switch", False),
    ]
    assert recipe.knobs[0].help == "From 1 to 9."


def test_a_recipe_that_is_followed_elsewhere_says_so_before_it_is_chosen() -> None:
    here, apart = present_choice(
        [RecipeFit(recipe=RECIPE), RecipeFit(recipe=RECIPE, starts_experiment=True)]
    ).fitting

    assert here.note == ""
    assert "a new one asks the same with it" in apart.note


def test_a_recipe_that_is_made_for_such_an_experiment_says_by_what() -> None:
    (recipe,) = present_choice([RecipeFit(recipe=RECIPE, suits="rows is 120")]).fitting

    assert recipe.note == "It is made for such as this: rows is 120."


def test_knobs_that_do_nothing_here_are_no_fields_and_are_named() -> None:
    (recipe,) = present_choice([RecipeFit(recipe=RECIPE, idle=(RECIPE.knobs[0].name,))]).fitting

    assert [each.title for each in recipe.knobs] == ["Which booster", "Look twice"]
    assert recipe.note == "These do not apply here: “How long each may take”."


def test_knobs_begin_at_the_values_with_which_the_recipe_fits() -> None:
    (recipe,) = present_choice(
        [RecipeFit(recipe=RECIPE, turned=((RECIPE.knobs[1].name, "catboost"),))]
    ).fitting

    assert [each.default for each in recipe.knobs] == [1, "catboost", False]
    assert recipe.turned == ((RECIPE.knobs[1].name, "catboost"),)
    assert recipe.note == "It fits this table with “Which booster”: catboost."


def test_a_recipe_that_does_not_fit_says_why() -> None:
    view = present_choice([RecipeFit(recipe=RECIPE, problem="It needs a text.")])

    assert view.fitting == ()
    assert view.others == (("Our way", "It needs a text."),)


def test_what_goes_on_is_a_run_or_the_recipe() -> None:
    run = Run(
        id="run_1",
        experiment_id="ex_1",
        number=2,
        plan=RunPlan(),
        status="running",
        times=RunTimes(queued_at="2026-11-24"),
    )
    now = Progress(
        run_id="run_1", status="running", stage="fit", message="Training", elapsed_s=3.0, remaining_s=42.0,
        n_trained=0, training_now=None, best=None,
    )  # fmt: skip

    assert present_activity("ex_1", None, None, IDLE) is None
    alone = present_activity("ex_1", run, now, IDLE)
    led = present_activity("ex_1", run, now, FollowedRecipe(message="Step 2 of 5."))
    assert alone is not None
    assert led is not None
    assert (alone.title, alone.detail) == ("Run 2 is training", "Training. About 42 seconds left.")
    assert (led.title, led.detail) == ("The recipe continues on its own", "Step 2 of 5.")
    assert alone.subject != led.subject


def test_what_a_step_asks_for_is_said_once() -> None:
    ended = FollowedRecipe(
        ended="It is waiting for you: 100 more rows.", ended_at="2026-11-24T11:00:00+00:00"
    )
    view = walked("done", "done", "not due", "asked", "later", following=ended)

    assert (view.headline, view.request, view.ended) == ("Step 4 is for whoever has the data.", "", "")


def test_a_recipe_that_is_over_leaves_room_for_another() -> None:
    assert walked("done", "done", "not due", "skipped", "skipped").is_over
    assert not walked("done", "done", "not due", "skipped", "next").is_over
    assert not walked(*["done"] * 5, moved_to="ex_2").is_over
