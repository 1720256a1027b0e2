"""The progress of an experiment in the recipe that it follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._actions.stored import stored_actions
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes import targets
from litmus_core.experiments._recipes.library import find_recipe
from litmus_core.recipes import Recipe, Walk, WalkStep, current_recipe, expected_gain, walk
from litmus_core.store import FileLock, Workspace
from litmus_core.types import RecipeFollowed, RecipeNote, Run, StepApplied, Task

_LOCK_WAIT_S = 5.0


@contextmanager
def locked(workspace: Workspace, of: str) -> Iterator[None]:
    """Lock an experiment, or an answer, for one user at a time; the lock ends with its process."""
    workspace.recipes.mkdir(exist_ok=True)
    with FileLock(workspace.recipes / f"{of}.lock") as lock:
        if not lock.acquire(timeout_s=_LOCK_WAIT_S):
            raise BusyError("Somebody else is continuing this just now.", hint="Look again in a moment.")
        yield


def followed_recipe(context: Context, experiment_id: str) -> RecipeFollowed | None:
    """Return the fact that an experiment follows its recipe; None if it follows none."""
    recipe = current_recipe(context.store.recipe_notes(experiment_id))
    return None if recipe is None else recipe[1]


def recipe_of(context: Context, experiment_id: str) -> Recipe:
    """Return the recipe version that an experiment follows, with its knobs."""
    experiment = context.experiment(experiment_id)
    fact = followed_recipe(context, experiment_id)
    if fact is None:
        raise UsageError(
            f"'{experiment.name}' follows no recipe.",
            hint="List those that fit it: litmus recipes list --for EXPERIMENT. "
            "Then: litmus recipes apply EXPERIMENT --recipe NAME.",
        )
    return find_recipe(context.workspace, fact.recipe, version=fact.version, knobs=dict(fact.knobs))


def walk_of(context: Context, experiment_id: str) -> Walk:
    """Return an experiment's progress in the recipe that it follows."""
    recipe, runs = recipe_of(context, experiment_id), context.runs(experiment_id)
    task, notes = context.experiment(experiment_id).task, _notes(context, experiment_id)
    walk_now = walk(recipe, notes=notes, runs=runs, facts=_recipe_facts.of_experiment(context, task, runs))
    goes_by = targets.goes_by(recipe, task)
    return replace(walk_now, goes_by=goes_by, expected=_expected(context, task, runs, walk_now.next))


def _notes(context: Context, experiment_id: str) -> list[RecipeNote]:
    """Return the events of the recipe's steps, except those that led to a deleted experiment."""
    experiment_ids = {"", *(experiment.id for experiment in context.store.experiments())}
    notes = context.store.recipe_notes(experiment_id)
    return [
        note
        for note in notes
        if not isinstance(note.fact, StepApplied) or note.fact.moved_to in experiment_ids
    ]


def _expected(context: Context, task: Task, runs: list[Run], place: WalkStep | None) -> str:
    """Return what the leading run's stored list of actions says about a step; no trials are run."""
    leader = None if place is None else _recipe_facts.leading(context, runs)
    listed = None if leader is None else stored_actions(context, leader.candidate.run_id)
    return "" if place is None or listed is None else expected_gain(place.step, listed, task)


def next_place(current: Walk) -> WalkStep:
    """Return the next step. Raises UsageError with the reason if there is none."""
    if current.next is not None:
        return current.next
    if current.moved_to:
        raise UsageError(
            f"It went on with another table, as {current.moved_to}.",
            hint="Use that experiment. To go on here instead, delete it: this step then waits again.",
        )
    if current.running is not None:
        place = current.running
        raise UsageError(
            f"Step {place.step.number} is running ({place.run_id}).", hint="Wait for its end, or stop it."
        )
    if current.reached:
        raise UsageError(f"The recipe has reached its end ({current.why}).", hint="See: litmus leaderboard.")
    raise UsageError(
        "No step is left whose condition holds.", hint="Take another recipe, or ask whoever wrote this one."
    )
