from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litmus_core.recipes import read_recipe, walk
from litmus_core.types import (
    ActionTaken,
    Gain,
    RecipeFollowed,
    RecipeNote,
    RecipeStep,
    Run,
    RunPlan,
    RunTimes,
    StepApplied,
)
from tests.recipes.written import WHOLE, changed
from tests.store import facts as told

RECIPE = read_recipe(WHOLE)
KNOWN: dict[str, Any] = {
    "score": 0.8, "bar": 0.9, "gap": 0.1, "bar met": False, "rows": 800, "recall:Fridges": 0.9,
    "worst_recall": 0.9,
}  # fmt: skip
TAKEN = RecipeNote(
    at="2026-01-01T10", fact=RecipeFollowed(experiment_id="ex_1", recipe="shop-titles", version=1)
)
CHECKED = RecipeNote(
    at="2026-01-01T11", fact=StepApplied(experiment_id="ex_1", number=1, note="done", message="Nothing.")
)


def run(
    step: int,
    status: Any = "finished",
    *,
    number: int = 1,
    version: int = 1,
    at: str = "12",
    started_at: str | None = None,
    **more: Any,
) -> Run:
    plan = RunPlan(step=RecipeStep(recipe="shop-titles", version=version, number=step))
    verdict = told.verdict() if status == "finished" else None
    return Run(
        id=f"run_{number}",
        experiment_id="ex_1",
        number=number,
        plan=plan,
        status=status,
        times=RunTimes(queued_at=f"2026-01-01T{at}", started_at=started_at),
        verdict=more.pop("verdict", verdict),
        **more,
    )


def states(notes, runs=(), known=KNOWN) -> list[str]:
    return [each.state for each in walk(RECIPE, notes=notes, runs=runs, facts=known).places]


def test_the_first_step_comes_first():
    found = walk(RECIPE, notes=[TAKEN], runs=[], facts={"bar": 0.9, "bar met": False})

    assert found.next is not None
    assert found.next.step.number == 1
    assert [each.state for each in found.places] == [
        "next", "later", "not due", "not due", "not due", "not due", "not due"
    ]  # fmt: skip
    assert found.places[2].why == "score < bar - 0.01: score is not known yet, bar is 0.9"


def test_a_step_that_is_done_gives_way_to_the_next_whose_condition_holds():
    assert states([TAKEN, CHECKED], [run(2)]) == [
        "done", "done", "next", "later", "not due", "not due", "later"
    ]  # fmt: skip


def test_a_step_is_passed_over_while_its_condition_does_not_hold_and_comes_back_when_it_does():
    close = KNOWN | {"score": 0.895, "gap": 0.005}
    assert states([TAKEN, CHECKED], [run(2)], close)[2:4] == ["not due", "next"]
    assert states([TAKEN, CHECKED], [run(2), run(4, number=2)], KNOWN)[2:4] == ["next", "done"]


def test_while_a_step_runs_none_is_next():
    found = walk(RECIPE, notes=[TAKEN, CHECKED], runs=[run(2, "running", message="Training")], facts=KNOWN)

    assert found.next is None
    assert found.running is not None
    assert (found.running.step.number, found.running.run_id, found.running.why) == (2, "run_1", "Training")


def test_what_leads_is_not_made_faster_before_anything_leads():
    recipe = read_recipe(changed("- gather: More titles of Fridges.", "- refine: leader"))

    def place(facts):
        return walk(recipe, notes=[TAKEN, CHECKED], runs=[], facts=facts).places[5]

    assert place({"worst_recall": 0.5}).why == "No model leads yet."
    assert place({"worst_recall": 0.5, "score": 0.8}).state == "later"


def test_the_walk_ends_when_its_condition_holds():
    found = walk(RECIPE, notes=[TAKEN, CHECKED], runs=[run(2)], facts=KNOWN | {"bar met": True})

    assert found.reached
    assert found.next is None
    assert found.why == "bar met: bar met is true"


def test_a_request_waits_until_it_is_passed_over():
    known = KNOWN | {"score": 0.895, "gap": 0.06, "worst_recall": 0.5, "rows": 100}
    asked = RecipeNote(at="2026-01-01T13", fact=StepApplied(experiment_id="ex_1", number=6, note="asked"))
    skipped = RecipeNote(at="2026-01-01T14", fact=StepApplied(experiment_id="ex_1", number=6, note="skipped"))

    assert states([TAKEN, CHECKED, asked], [run(2)], known)[5:] == ["asked", "later"]
    assert states([TAKEN, CHECKED, asked, skipped], [run(2)], known)[5:] == ["skipped", "next"]


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ([run(2, "failed", message="No model.")], "failed"),
        ([run(2, "interrupted")], "next"),
        ([run(2, "interrupted"), run(2, "interrupted", number=2)], "failed"),
        ([run(2, "interrupted"), run(2, number=2)], "done"),
        ([run(2, "stopped", started_at="2026-01-01T12")], "failed"),
        ([run(2, "stopped")], "next"),  # before it began
        ([run(2, "stopped", verdict=told.verdict())], "done"),
        ([run(2, "queued")], "running"),
        ([run(2, version=2)], "next"),  # of another version
        ([run(2, at="09")], "next"),  # before the recipe was taken (again)
    ],
)
def test_a_step_is_what_became_of_its_latest_run(runs, state):
    assert states([TAKEN, CHECKED], runs)[1] == state


def test_an_action_that_starts_from_a_steps_run_is_no_step():
    first = run(2)
    follows = ActionTaken(
        run_id="run_1", key="folds", kind="folds", gain=Gain(value=0, low=0, high=0, measured=0)
    )
    action = replace(first, number=2, status="failed", verdict=None, plan=replace(first.plan, action=follows))

    assert states([TAKEN, CHECKED], [first, action])[1] == "done"


def test_taking_a_recipe_again_begins_anew():
    again = RecipeNote(at="2026-01-01T20", fact=TAKEN.fact)

    assert states([TAKEN, CHECKED, again], [run(2)])[:2] == ["next", "later"]


def test_what_went_on_with_another_table_has_no_next_step():
    moved = RecipeNote(
        at="2026-01-01T11", fact=StepApplied(experiment_id="ex_1", number=1, note="done", moved_to="ex_2")
    )

    found = walk(RECIPE, notes=[TAKEN, moved], runs=[], facts=KNOWN)

    assert (found.moved_to, found.next) == ("ex_2", None)


def test_the_experiment_that_goes_on_begins_after_what_was_done():
    after = RecipeFollowed(
        experiment_id="ex_2", recipe="shop-titles", version=1, came_from="ex_1", begins_at=2
    )

    found = walk(RECIPE, notes=[RecipeNote(at="2026-01-02", fact=after)], runs=[], facts={})

    assert found.places[0].state == "done"
    assert "ex_1" in found.places[0].why
    assert found.next is not None
    assert found.next.step.number == 2
