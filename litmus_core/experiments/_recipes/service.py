"""Recipes in a workspace: found, checked, kept in versions, followed step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from litmus_core.errors import NotFoundError, UsageError
from litmus_core.types import Fact, Progress, RecipeTaken, Scalar

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio
    from litmus_core.recipes import Recipe, RecipeFolder, RecipeProblem, Step, Walk
    from litmus_core.store import Store, Workspace


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


class Recipes:
    """The part of a Studio that knows recipes and follows them."""

    workspace: Workspace
    store: Store

    if TYPE_CHECKING:

        def record(self, *facts: Fact) -> None: ...

    # The library

    def recipes(self) -> tuple[Recipe, ...]:
        """Return the latest version of each recipe: the workspace's own, then those that come with Litmus.

        Those that cannot be read any more are left out: see :meth:`broken_recipes`.
        """
        from litmus_core.recipes import built_in_texts, read_recipe

        built_in = (read_recipe(text, source=f"{name}.yaml") for name, text in built_in_texts().items())
        return *(each for each in self._own_recipes() if not isinstance(each, BrokenRecipe)), *built_in

    def broken_recipes(self) -> tuple[BrokenRecipe, ...]:
        """Return the workspace's own recipes whose latest version cannot be read any more, and why."""
        return tuple(each for each in self._own_recipes() if isinstance(each, BrokenRecipe))

    def _own_recipes(self) -> Iterator[Recipe | BrokenRecipe]:
        from litmus_core.recipes import RecipeError, built_in_texts, read_recipe

        built_in = built_in_texts()
        for name in self._folder().names():
            if name in built_in:
                continue
            version = self._folder().versions(name)[-1]
            try:
                yield read_recipe(self._text(name, version)[0], source=f"{name} v{version}")
            except RecipeError as error:
                yield BrokenRecipe(name=name, version=version, problems=error.problems)

    def recipe(
        self, name: str, *, version: int | None = None, knobs: Mapping[str, Scalar] | None = None
    ) -> Recipe:
        """Return a recipe (its latest version) with its knobs turned; the others keep their defaults.

        Raises NotFoundError, UnknownNameError or UsageError with the nearest valid thing.
        """
        from litmus_core.recipes import read_recipe

        text, number = self._text(name, version)
        return read_recipe(text, knobs, source=f"{name} v{number}")

    def recipe_versions(self, name: str) -> tuple[int, ...]:
        """Return a recipe's versions that the workspace holds; one that comes with Litmus may have none."""
        return self._folder().versions(name)

    def recipe_text(self, name: str, version: int | None = None) -> str:
        """Return a version's text (None: the latest) as it is, also where it cannot be read any more."""
        return self._text(name, version)[0]

    def check_recipe(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return all that is wrong in a recipe's text, in the order of its lines. Nothing is trained."""
        from litmus_core.recipes import check_recipe

        return check_recipe(text)

    def test_recipe(
        self, text: str, *, on_test: Callable[[TestResult], None] | None = None
    ) -> tuple[TestResult, ...]:
        """Run a recipe's acceptance tests, in a workspace of their own, and return how they ended.

        It trains for as long as the tests say. Raises RecipeError where the text cannot be meant.
        """
        from litmus_core.experiments._recipes import acceptance_tests
        from litmus_core.recipes import read_recipe

        return acceptance_tests.run_all(self.workspace, read_recipe(text), on_test=on_test)

    def save_recipe(
        self, text: str, *, run_tests: bool = True, on_test: Callable[[TestResult], None] | None = None
    ) -> Recipe:
        """Keep a recipe as a version of the workspace: checked, and after its acceptance tests passed.

        Versions never change: another text needs the next version. Raises RecipeError with all problems,
        UsageError where a test did not pass or the version is taken; nothing is kept then.
        """
        from litmus_core.recipes import RecipeError, built_in_texts, check_recipe, read_recipe

        if problems := check_recipe(text):
            raise RecipeError(problems)
        recipe = read_recipe(text)
        if recipe.name in built_in_texts():
            raise UsageError(
                f"'{recipe.name}' comes with Litmus, and its versions are Litmus' own.",
                hint=f"Give yours another name, such as 'name: our-{recipe.name}'.",
            )
        for result in self.test_recipe(text, on_test=on_test) if run_tests else ():
            if not result.passed:
                raise UsageError(
                    f"The test '{result.name}' (line {result.line}) did not pass: {result.said}",
                    hint="The recipe was not kept. Mend it, or the test.",
                )
        self._folder().keep(recipe.name, recipe.version, text)
        return recipe

    # Following one

    def take_recipe(
        self,
        experiment_id: str,
        name: str,
        *,
        version: int | None = None,
        knobs: Mapping[str, Scalar] | None = None,
    ) -> Walk:
        """Let an experiment follow a recipe from now on, from its first step; return where it is.

        Where it lacks a bar or a limit of the budget that the recipe has, an experiment that asks the same
        with it follows the recipe in its place (``Walk.experiment_id``): what is asked never changes.
        What it needs is looked at first: the kind of question, columns, and every step as a run of this
        task. Raises RecipeError with the line and the nearest valid thing; nothing is changed then.
        """
        from litmus_core.experiments._recipes import fit, targets

        studio = self._studio
        recipe, asked = self.recipe(name, version=version, knobs=knobs), studio.experiment(experiment_id)
        task = targets.measured(recipe, asked.task)
        fit.check_fit(studio, recipe, task)
        self.keep_built_in(recipe)
        turned = tuple(sorted((knobs or {}).items()))
        follows = RecipeTaken(experiment_id=asked.id, recipe=name, version=recipe.version, knobs=turned)
        here = targets.home_of(studio, asked, task, follows)
        if here == asked.id or not targets.is_followed(studio, here, follows):
            self.record(replace(follows, experiment_id=here))
        return self.recipe_walk(here)

    def recipe_walk(self, experiment_id: str) -> Walk:
        """Return where an experiment is in its recipe: what is done, what runs, what is next, and why.

        Raises UsageError where it follows none.
        """
        from litmus_core.experiments._recipes import steps

        self.store.refresh()
        return steps.walk_of(self._studio, experiment_id)

    def apply_step(
        self, experiment_id: str, *, rows: Path | str | None = None, most_s: float | None = None
    ) -> StepDone:
        """Take the step whose turn it is. A run is queued and goes on by itself.

        ``rows`` is a file that answers a request for more data: its rows are appended, and a new experiment
        goes on with them. ``most_s`` bounds a run in seconds. Raises UsageError where no step's turn it is.
        An action that fails leaves the experiment as it was.
        """
        from litmus_core.experiments._recipes import steps as steps

        with steps.alone(self.workspace, experiment_id):
            self.store.refresh()
            return steps.take(self._studio, experiment_id, rows=rows, most_s=most_s)

    def skip_step(self, experiment_id: str, *, why: str = "") -> Walk:
        """Pass over the step whose turn it is; return where the experiment is then."""
        from litmus_core.experiments._recipes import steps as steps

        with steps.alone(self.workspace, experiment_id):
            steps.skip(self._studio, experiment_id, why=why)
        return self.recipe_walk(experiment_id)

    def follow_recipe(
        self,
        experiment_id: str,
        *,
        minutes: float,
        most_s: float | None = None,
        on_step: Callable[[StepDone], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> WalkEnd:
        """Take step after step until the recipe's end (by itself: the bar is met), for ``minutes`` at most.

        It waits for each run, of ``most_s`` seconds at most. It ends, too, where a person's turn it is, where
        a run was stopped, and where no step is left. Whatever ends it, also this process, the same call goes
        on from there.
        """
        from litmus_core.experiments._recipes import loop

        return loop.follow(
            self._studio,
            experiment_id,
            minutes=minutes,
            most_s=most_s,
            on_step=on_step,
            on_progress=on_progress,
        )

    @property
    def _studio(self) -> Studio:
        return cast("Studio", self)

    def _folder(self) -> RecipeFolder:
        from litmus_core.recipes import RecipeFolder

        return RecipeFolder(self.workspace.recipes)

    def _text(self, name: str, version: int | None) -> tuple[str, int]:
        """Return a recipe's text and version: the latest one, or one that the workspace holds."""
        from litmus_core.recipes import built_in_texts, read_recipe

        folder, built_in = self._folder(), built_in_texts()
        if name in built_in and version not in folder.versions(name):
            latest = read_recipe(built_in[name], source=f"{name}.yaml").version
            if version in (None, latest):
                return built_in[name], latest
        kept = folder.versions(name)
        if not kept:
            raise NotFoundError(
                kind="recipe", id=name, known=(*folder.names(), *built_in), hint="See: litmus recipes"
            )
        number = version or kept[-1]
        return folder.text(name, number), number

    def keep_built_in(self, recipe: Recipe) -> None:
        """Keep a recipe that comes with Litmus as it is now: experiments follow this text from then on."""
        folder = self._folder()
        if recipe.version not in folder.versions(recipe.name):
            folder.keep_copy(recipe.name, recipe.version, recipe.text)
