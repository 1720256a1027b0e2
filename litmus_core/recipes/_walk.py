"""The walk through a recipe: an experiment's position, from its events, with the next step and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from litmus_core.recipes._conditions import Facts
from litmus_core.recipes._recipe import Recipe, Step
from litmus_core.types import RecipeFollowed, RecipeNote, RecipeStep, Run, StepApplied
from litmus_core.verdicts import verdict_sentence

StepState = Literal["done", "failed", "skipped", "running", "asked", "next", "later", "not due"]
_MOST_INTERRUPTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkStep:
    """A step of a walk with its state and the reason (``why``); ``run_id`` is its latest run.

    ``looked_at`` are the numbers that its condition used; None if no condition was evaluated.
    """

    step: Step
    state: StepState
    why: str = ""
    run_id: str = ""
    looked_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """An experiment's position in its recipe.

    ``reached``: the recipe is complete by its condition, for ``why``.

    ``moved_to`` is the experiment that continues with another table ("" if it is this one); ``goes_by`` names
    the bar and budget that count, ``expected`` the next step's expected gain, if known.
    """

    experiment_id: str
    recipe: Recipe
    places: tuple[WalkStep, ...]
    reached: bool
    why: str
    moved_to: str = ""
    goes_by: str = ""
    expected: str = ""

    @property
    def next(self) -> WalkStep | None:
        """The next step, or a step that waits for a person; None while a step runs, or at the end."""
        return next((place for place in self.places if place.state in ("next", "asked")), None)

    @property
    def running(self) -> WalkStep | None:
        """The running step."""
        return next((place for place in self.places if place.state == "running"), None)


def current_recipe(notes: Sequence[RecipeNote]) -> tuple[str, RecipeFollowed] | None:
    """Return the followed recipe and its start time; None without one."""
    follows = [(note.at, note.fact) for note in notes if isinstance(note.fact, RecipeFollowed)]
    return follows[-1] if follows else None


def walk(recipe: Recipe, *, notes: Sequence[RecipeNote], runs: Sequence[Run], facts: Facts) -> Walk:
    """Return the position in ``recipe`` of the experiment of ``notes``.

    A step is next if all steps before it are done or not due, and its condition holds; a condition that
    becomes true later brings a step back. Each step runs once, and again if its run was interrupted.
    """
    recipe_now = current_recipe(notes)
    if recipe_now is None:
        raise ValueError("these notes take no recipe")
    since, fact = recipe_now
    since_then = [note.fact for note in notes if note.at > since and isinstance(note.fact, StepApplied)]
    moved_to = next((note.moved_to for note in reversed(since_then) if note.moved_to), "")
    end = recipe.until.judge(facts)
    over = [
        _place_of_note(step, fact, since_then, _runs_of(step, recipe, runs, since)) for step in recipe.steps
    ]
    may_go_on = (
        not end.holds
        and not moved_to
        and not any(other_place and other_place.state == "running" for other_place in over)
    )
    places: list[WalkStep] = []
    for step, here in zip(recipe.steps, over, strict=True):
        place = here or _coming_place(step, facts)
        if place.state in ("later", "asked"):
            if may_go_on and place.state == "later":
                place = replace(place, state="next")
            may_go_on = False
        places.append(place)
    return Walk(
        experiment_id=fact.experiment_id,
        recipe=recipe,
        places=tuple(places),
        reached=bool(end.holds),
        why=f"{recipe.until.text}: {end.why}" if end.why else recipe.until.text,
        moved_to=moved_to,
    )


def _runs_of(step: Step, recipe: Recipe, runs: Sequence[Run], since: str) -> list[Run]:
    wanted = RecipeStep(recipe=recipe.name, version=recipe.version, number=step.number)
    # An action that starts from a step's run repeats its plan, and is not a step.
    recipe_runs = [run for run in runs if run.plan.action is None]
    return [run for run in recipe_runs if run.plan.step == wanted and run.times.queued_at > since]


def _place_of_note(
    step: Step, fact: RecipeFollowed, notes: Sequence[StepApplied], runs: Sequence[Run]
) -> WalkStep | None:
    """Return the outcome of a step that was done; None if it was not."""
    if step.number < fact.begins_at:
        return WalkStep(step=step, state="done", why=f"It was done in {fact.came_from}, on the table before.")
    notes_here = [note for note in notes if note.number == step.number]
    if notes_here and notes_here[-1].note == "skipped":
        return WalkStep(step=step, state="skipped", why=notes_here[-1].message)
    if runs:
        return _of_runs(step, runs)
    if not notes_here:
        return None
    return WalkStep(
        step=step, state="asked" if notes_here[-1].note == "asked" else "done", why=notes_here[-1].message
    )


def _of_runs(step: Step, runs: Sequence[Run]) -> WalkStep | None:
    latest = max(runs, key=lambda run: run.number)
    if latest.status in ("queued", "running"):
        return WalkStep(step=step, state="running", why=latest.message, run_id=latest.id)
    if latest.verdict is not None:
        return WalkStep(step=step, state="done", why=verdict_sentence(latest.verdict), run_id=latest.id)
    if latest.status == "stopped" and latest.times.started_at is None:  # stopped while it waited in the queue
        return None
    if latest.status == "interrupted" and len(runs) < _MOST_INTERRUPTED:
        return None
    why = f"{latest.message} {latest.hint}".strip()
    return WalkStep(step=step, state="failed", why=why, run_id=latest.id)


def _coming_place(step: Step, facts: Facts) -> WalkStep:
    if step.needs_leader and facts.get("score") is None:
        return WalkStep(step=step, state="not due", why="No model leads yet.")
    if step.when is None:
        return WalkStep(step=step, state="later", why="It has no condition.", looked_at="")
    judged = step.when.judge(facts)
    why = f"{step.when.text}: {judged.why}" if judged.why else step.when.text
    return WalkStep(step=step, state="later" if judged.holds else "not due", why=why, looked_at=judged.why)
