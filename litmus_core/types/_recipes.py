"""Recipes in an experiment: the followed version, its knobs, and the state of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._plans import Scalar

RecipeStepKind = Literal["check data", "try", "tune", "refine", "post-process", "gather", "hand off"]
StepNote = Literal["done", "asked", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeStep:
    """The recipe step that a run carries out: ``number`` counts from 1 in that version's file."""

    recipe: str
    version: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFollowed:
    """An experiment follows a version of a recipe from now on. A later fact replaces it and starts over.

    ``came_from`` is the experiment whose table was fixed or extended: its steps are done, and this one
    continues with the step ``begins_at`` (from 1).
    """

    experiment_id: str
    recipe: str
    version: int
    knobs: tuple[tuple[str, Scalar], ...] = ()
    came_from: str = ""
    begins_at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepApplied:
    """A step without a run was completed, requested from a person, or skipped.

    ``message`` describes the result; ``moved_to`` is the experiment that continues with another table.
    """

    experiment_id: str
    number: int
    note: StepNote
    message: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeNote:
    """A fact about a followed recipe or an applied step, with its time (UTC, ISO 8601), as the store returns
    it.
    """

    at: str
    fact: RecipeFollowed | StepApplied
