"""The step of a recipe that makes what leads faster: of which model, and what happens where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from litmus_core import Studio
from litmus_core.errors import UsageError
from litmus_core.experiments import Context, RunsService
from litmus_core.experiments._recipes import compression_step
from litmus_core.experiments._recipes.compression_step import faster_plan
from litmus_core.experiments._recipes.facts import _is_over_budget
from litmus_core.recipes import Step
from litmus_core.types import Compression, RunPlan
from tests.trained import Trained, opened
from tests.walks import RECIPE, Trainer

STEP = Step(number=2, kind="refine", line=9, shares=(0.5, 0.2))
REFINE = RECIPE.replace("  - tune: leader\n    trials: 2\n", "  - refine: leader\n")


@pytest.fixture
def there(own_training: Trained) -> Iterator[Studio]:
    with opened(own_training) as studio:
        yield studio


def test_it_starts_from_the_best_by_validation_of_the_leading_run(there, trained):
    best = max(there.candidates.list(trained.run.id), key=lambda each: each.validation.value)

    plan, why = faster_plan(there.context, [trained.run], STEP)

    assert why == ""
    assert (plan.origin_as(Compression).candidate_id, plan.origin_as(Compression).shares) == (
        best.id,
        (0.5, 0.2),
    )


def test_a_run_that_took_its_model_leads_back_to_the_one_that_trained_it(there, trained):
    chosen = there.candidates.chosen(trained.run.id)
    took = there.runs.wait(there.candidates.postprocess(chosen.id, ["calibrate"]).id)

    plan, _ = faster_plan(there.context, [took], STEP)

    assert plan.origin_as(Compression).run_id == trained.run.id
    assert [each.reference for each in plan.postprocess] == ["calibrate"]


def test_what_was_made_faster_already_is_passed_over(there, trained):
    plan, _ = faster_plan(there.context, [trained.run], STEP)
    made = replace(trained.run, id="run_made", name="Small ones", chosen_id=None, plan=plan)

    assert faster_plan(there.context, [trained.run, made], STEP) == (
        None,
        "'Small ones' made faster variants of it already.",
    )
    assert faster_plan(there.context, [trained.run, made], replace(STEP, shares=(0.4,)))[0] is not None


def test_a_better_model_outside_the_budget_is_over_budget(there, trained, monkeypatch):
    found = there.candidates.list(trained.run.id)
    best = max(found, key=lambda each: each.validation.value)
    other = next(each for each in found if each.id != best.id)
    assert not _is_over_budget(there.context, other)
    outside = [replace(each, in_budget=each.id != best.id) for each in found]
    monkeypatch.setattr(Context, "candidates", lambda self, run_id: outside)

    assert _is_over_budget(there.context, other)
    assert not _is_over_budget(there.context, best)


def test_a_leading_run_that_is_not_over_is_waited_for(there, trained, monkeypatch):
    monkeypatch.setattr(Context, "run", lambda self, run_id: replace(trained.run, status="running"))

    with pytest.raises(UsageError, match="which leads, is running"):
        faster_plan(there.context, [trained.run], STEP)


def test_where_nothing_can_be_made_faster_the_walk_goes_on_and_says_why(studio, experiment, monkeypatch):
    trainer = Trainer([0.82])
    monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
    studio.recipe_editor.save(REFINE, run_tests=False)
    studio.recipes.take(experiment.id, "our-way")

    end = studio.walks.follow(experiment.id, minutes=10)

    assert end.message == "It is waiting for you: 100 more rows."
    place = studio.recipes.walk(experiment.id).places[2]
    why = "The files of the run that trained it were removed. Train it again."
    assert (place.state, place.why, place.run_id) == ("skipped", why, "")
    assert len(trainer.plans) == 1


def test_its_run_is_the_step(studio, experiment, monkeypatch):
    trainer = Trainer([0.82, 0.83])
    monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
    plan = RunPlan(origin=Compression(candidate_id="run_1-a", run_id="run_1", model="A"))
    monkeypatch.setattr(compression_step, "compression_plan", lambda *given, **more: plan)
    studio.recipe_editor.save(REFINE, run_tests=False)
    studio.recipes.take(experiment.id, "our-way")

    studio.walks.follow(experiment.id, minutes=10)

    place = studio.recipes.walk(experiment.id).places[2]
    assert (place.state, "score of 0.830" in place.why) == ("done", True)
    assert (trainer.plans[1].origin, trainer.plans[1].step.number) == (plan.origin, 3)
    assert studio.runs.get(place.run_id).title == "Make the leading model faster and smaller"
