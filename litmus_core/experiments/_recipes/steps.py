"""Where an experiment is in its recipe, and taking the step whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import BusyError, LitmusError, UsageError
from litmus_core.experiments._recipes import compression_step, table_steps, targets
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes.service import StepDone
from litmus_core.experiments._runs import plan_checks
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.recipes import Place, Recipe, Step, Walk, expected_of, plan_of_step, taken, walk
from litmus_core.store import FileLock, Workspace
from litmus_core.types import (
    Algorithm,
    Candidate,
    Fact,
    RecipeNote,
    RecipeStep,
    Run,
    RunPlan,
    StepTaken,
    Task,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

_LOCK_WAIT_S = 5.0


@contextmanager
def alone(workspace: Workspace, of: str) -> Iterator[None]:
    """Go on with an experiment, or an answer, one at a time; the lock dies with its holder."""
    workspace.recipes.mkdir(exist_ok=True)
    with FileLock(workspace.recipes / f"{of}.lock") as lock:
        if not lock.acquire(timeout_s=_LOCK_WAIT_S):
            raise BusyError(
                "Somebody else is going on with this just now.", hint="Look again in a moment what it became."
            )
        yield


def recipe_of(studio: Studio, experiment_id: str) -> Recipe:
    """Return the version of the recipe that an experiment follows, with its knobs as they were turned."""
    experiment = studio.experiment(experiment_id)
    found = taken(studio.store.recipe_notes(experiment_id))
    if found is None:
        raise UsageError(
            f"'{experiment.name}' follows no recipe.",
            hint="Choose one: litmus recipes --for EXPERIMENT. Then: litmus apply EXPERIMENT --recipe NAME.",
        )
    _, fact = found
    return studio.recipe(fact.recipe, version=fact.version, knobs=dict(fact.knobs))


def walk_of(studio: Studio, experiment_id: str) -> Walk:
    """Return where an experiment is in the recipe that it follows."""
    recipe, runs = recipe_of(studio, experiment_id), studio.runs(experiment_id)
    task, notes = studio.experiment(experiment_id).task, _notes(studio, experiment_id)
    found = walk(recipe, notes=notes, runs=runs, facts=_recipe_facts.of_experiment(studio, task, runs))
    goes_by = targets.goes_by(recipe, task)
    return replace(found, goes_by=goes_by, expected=_expected(studio, task, runs, found.next))


def _notes(studio: Studio, experiment_id: str) -> list[RecipeNote]:
    """Return what happened to the recipe's steps; one that led to an experiment that was deleted did not."""
    there = {"", *(each.id for each in studio.store.experiments())}
    notes = studio.store.recipe_notes(experiment_id)
    return [each for each in notes if not isinstance(each.fact, StepTaken) or each.fact.moved_to in there]


def _expected(studio: Studio, task: Task, runs: list[Run], place: Place | None) -> str:
    """Return what the leading run's list of actions, if it has one, says of a step; nothing is tried out."""
    leader = None if place is None else _recipe_facts.leading(studio, runs)
    listed = None if leader is None else studio.kept_actions(leader.candidate.run_id)
    return "" if place is None or listed is None else expected_of(place.step, listed, task)


def due(found: Walk) -> Place:
    """Return the step whose turn it is; raises UsageError with the reason where there is none."""
    if found.next is not None:
        return found.next
    if found.moved_to:
        raise UsageError(f"It went on with another table, as {found.moved_to}.", hint="Use that experiment.")
    if found.running is not None:
        place = found.running
        raise UsageError(
            f"Step {place.step.number} is running ({place.run_id}).", hint="Wait for its end, or stop it."
        )
    if found.reached:
        raise UsageError(f"The recipe has reached its end ({found.why}).", hint="See: litmus leaderboard.")
    raise UsageError(
        "No step is left whose condition holds.", hint="Take another recipe, or ask whoever wrote this one."
    )


def take(
    studio: Studio, experiment_id: str, *, rows: Path | str | None = None, most_s: float | None = None
) -> StepDone:
    """Take the step whose turn it is; whoever calls holds the lock."""
    found = walk_of(studio, experiment_id)
    place = due(found)
    step = place.step
    if rows is not None and step.kind != "gather":
        raise UsageError(
            f"Step {step.number} asks for no rows: {step.title}.", hint="Append them with 'litmus append'."
        )
    if step.is_run:
        return start(studio, experiment_id, found.recipe, step, most_s=most_s)
    if step.kind == "check data":
        return table_steps.mend(studio, experiment_id, step)
    if rows is not None:
        return table_steps.grow(studio, experiment_id, step, rows)
    if place.state == "next":
        asked = StepTaken(experiment_id=experiment_id, number=step.number, note="asked", message=step.request)
        studio.record(asked, *_handed_off(studio, experiment_id, found.recipe, step))
    return StepDone(experiment_id=experiment_id, step=step, said=f"It waits for you: {step.request}")


def _handed_off(studio: Studio, experiment_id: str, recipe: Recipe, step: Step) -> list[Fact]:
    """Write the question that a step asks of a scientist, and return the fact; none of the other steps."""
    from litmus_core.experiments._handoffs.service import asked_fact

    if step.kind != "hand off":
        return []
    mark = _mark(recipe, step)
    return [asked_fact(studio, experiment_id, step.request, by=studio.display_name(), step=mark)]


def skip(studio: Studio, experiment_id: str, *, why: str) -> None:
    """Pass over the step whose turn it is; whoever calls holds the lock. What it asked is withdrawn."""
    from litmus_core.experiments._handoffs.service import withdrawn_facts

    found = walk_of(studio, experiment_id)
    step = due(found).step
    message = " ".join(why.split()) or "Someone passed over it."
    studio.record(
        StepTaken(experiment_id=experiment_id, number=step.number, note="skipped", message=message),
        *withdrawn_facts(studio, experiment_id, _mark(found.recipe, step)),
    )


def _mark(recipe: Recipe, step: Step) -> RecipeStep:
    return RecipeStep(recipe=recipe.name, version=recipe.version, number=step.number)


def start(
    studio: Studio, experiment_id: str, recipe: Recipe, step: Step, *, most_s: float | None
) -> StepDone:
    """Queue the run that a step is; one that makes nothing faster is passed over, and says why."""
    task, runs = studio.experiment(experiment_id).task, studio.runs(experiment_id)
    refined, refused = None, ""
    if step.kind == "refine":
        refined, refused = compression_step.faster_plan(studio, runs, step)
    if refused:
        note = StepTaken(experiment_id=experiment_id, number=step.number, note="skipped", message=refused)
        studio.record(note)
        said = f"Step {step.number} was passed over: {refused}"
        return StepDone(experiment_id=experiment_id, step=step, said=said)
    leader = _recipe_facts.leading_card(studio, task, runs) if step.kind == "tune" else None
    trained_by = None if leader is None else plan_that_trains(studio, studio.run(leader.run_id))
    plan = plan_of_step(
        recipe,
        step,
        leader=leader,
        algorithm=None if leader is None or trained_by is None else _algorithm_of(studio, leader, trained_by),
        led_by=_led_by(studio, runs),
        refined=refined,
        trained_by=trained_by,
    )
    run = studio.start_run(experiment_id, plan_checks.bounded(plan, task, most_s))
    studio.rename_run(run.id, step.title)
    said = f"Step {step.number} began: {step.title}."
    return StepDone(experiment_id=experiment_id, step=step, said=said, run_id=run.id)


def _algorithm_of(studio: Studio, leader: Candidate, plan: RunPlan) -> Algorithm | None:
    """Return the algorithm of ``plan`` that the leader came of; None where it is a card as it is."""
    from litmus_core.engine import algorithm_of, settings_of

    if all(each.key != leader.card for each in plan.algorithms):
        return None
    try:
        _, found = settings_of(studio.workspace.run_dir(leader.run_id), leader.model)
    except (LitmusError, FileNotFoundError):  # its files are gone: its name has to tell
        found = ()
    values = {each.name: each.value for settings in found for each in settings.hyperparameters}
    return algorithm_of(plan.algorithms, leader.model, key=leader.card, values=values)


def _led_by(studio: Studio, runs: list[Run]) -> RunPlan | None:
    """Return the plan of the run with the leading model."""
    leader = _recipe_facts.leading(studio, runs)
    return None if leader is None else studio.run(leader.candidate.run_id).plan
