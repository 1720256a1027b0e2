"""Use counts of recipes, and how often they reach the bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litmus_core.types import RecipeFollowed, RecipeNote, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeUse:
    """The number of experiments that used a recipe, and of those in which a step met the bar.

    An experiment that continued with another table counts once. ``versions`` are the used versions.
    """

    n_experiments: int
    n_met: int
    versions: tuple[int, ...]


def recipe_uses(notes: Sequence[RecipeNote], runs: Sequence[Run]) -> Mapping[str, RecipeUse]:
    """Return the uses by recipe, from all experiments' ``notes`` and ``runs``."""
    facts = [note.fact for note in notes if isinstance(note.fact, RecipeFollowed)]
    before = {fact.experiment_id: fact.came_from for fact in facts if fact.came_from}
    used: dict[str, set[str]] = {}
    versions: dict[str, set[int]] = {}
    for one in facts:
        used.setdefault(one.recipe, set()).add(_first(one.experiment_id, before))
        versions.setdefault(one.recipe, set()).add(one.version)
    met: dict[str, set[str]] = {}
    for run in runs:
        step = run.plan.step
        if step is not None and run.verdict is not None and run.verdict.outcome == "meets":
            met.setdefault(step.recipe, set()).add(_first(run.experiment_id, before))
    return {
        name: RecipeUse(
            n_experiments=len(experiments),
            n_met=len(met.get(name, set()) & experiments),
            versions=tuple(sorted(versions[name])),
        )
        for name, experiments in used.items()
    }


def _first(experiment_id: str, before: Mapping[str, str]) -> str:
    """Return the first experiment of the chain that this one continues."""
    visited = {experiment_id}
    while (earlier := before.get(experiment_id)) and earlier not in visited:
        visited.add(earlier)
        experiment_id = earlier
    return experiment_id
