"""What recipes came to: a step taken, a walk ended, a test run, a recipe that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe, RecipeProblem, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """How one acceptance test of a recipe ended; ``said`` tells why where it did not pass."""

    __test__ = False  # no test of ours, whatever its name looks like to pytest

    name: str
    line: int
    passed: bool
    said: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """What taking a step did: a run that began, or ``said``; ``experiment_id`` is where it goes on."""

    experiment_id: str
    step: Step
    said: str
    run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkEnd:
    """Why a walk ended (``said``), whether the recipe's end was ``reached``, and where: ``experiment_id``."""

    experiment_id: str
    reached: bool
    said: str
    n_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecipe:
    """A recipe of the workspace that cannot be read any more, such as where its plug-in metric is gone."""

    name: str
    version: int
    problems: tuple[RecipeProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRecipe:
    """How a recipe is followed in the background.

    ``said`` is what the process says now (None: there is none), ``problem`` why the last one failed,
    ``ended`` what it came to and ``ended_at`` when (UTC, ISO 8601); each "" where there is nothing to say.
    """

    said: str | None = None
    problem: str = ""
    ended: str = ""
    ended_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFit:
    """A recipe, and why an experiment cannot follow it ("" where it can).

    ``apart``: another experiment would, that asks the same with the recipe's bar or budget. ``idle`` are
    knobs that change nothing here: of a bar or a budget that the experiment has itself. ``suits`` says in the
    numbers that it looked at why it is made for such as this; "" where it is not, or does not say.
    """

    recipe: Recipe
    problem: str = ""
    apart: bool = False
    idle: tuple[str, ...] = ()
    suits: str = ""
