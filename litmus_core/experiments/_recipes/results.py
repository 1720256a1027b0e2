"""Results of recipes: a step taken, a walk ended, a test run, an unreadable recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core.types import Scalar

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe, RecipeProblem, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """The result of a recipe's acceptance test; ``message`` is the reason if it failed."""

    __test__ = False  # tells pytest that this is not a test class

    name: str
    line: int
    passed: bool
    message: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """The result of taking a step: a started run, or a ``message``; ``experiment_id`` continues."""

    experiment_id: str
    step: Step
    message: str
    run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkEnd:
    """Why a walk ended (``message``), whether the recipe's end was ``reached``, and the experiment that
    continues.
    """

    experiment_id: str
    reached: bool
    message: str
    n_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecipe:
    """A recipe of the workspace that can no longer be read, such as when its plug-in metric is gone."""

    name: str
    version: int
    problems: tuple[RecipeProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRecipe:
    """The state of following a recipe in the background.

    ``message`` is the current message of the process (None: none is running), ``problem`` why the last one
    failed, ``ended`` its result and ``ended_at`` the time (UTC, ISO 8601); each "" if there is none.
    """

    message: str | None = None
    problem: str = ""
    ended: str = ""
    ended_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFit:
    """A recipe, and why an experiment cannot follow it ("" if it can).

    With ``starts_experiment`` a new experiment with the recipe's bar or budget would follow it. ``idle`` are
    knobs without effect here, because the experiment has its own bar or budget. ``suits`` has the numbers
    that make the recipe a match for this experiment; "" if it is none, or declares none. ``turned`` are knobs
    with values that the experiment needs, where it cannot follow the recipe with their defaults.
    """

    recipe: Recipe
    problem: str = ""
    starts_experiment: bool = False
    idle: tuple[str, ...] = ()
    suits: str = ""
    turned: tuple[tuple[str, Scalar], ...] = ()
