"""Edit recipes: their usage statistics, problems that prevent saving a text, and their tests."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes import acceptance_tests, library
from litmus_core.experiments._recipes.acceptance_tests import ScratchOpener
from litmus_core.experiments._recipes.plugin_checks import PluginCheck
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.recipes import RecipeError, RecipeProblem, built_in_texts, check_recipe, read_recipe
from litmus_core.types import from_plain, to_plain

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe

_RESULTS = "results.json"
_LINE = re.compile(r"^(?P<name>name|version):[ \t]*(?P<value>[^#\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeTesting:
    """The acceptance tests of a text: ``results`` so far, in order.

    ``message`` is the last message of the process that runs them (None: none is running), ``problem`` why the
    last one failed.
    """

    results: tuple[TestResult, ...] = ()
    is_done: bool = False
    message: str | None = None
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether all tests were run, and passed."""
        return self.is_done and all(result.passed for result in self.results)


@dataclass(frozen=True, slots=True)
class RecipeEditorService:
    """Checks, tests and saves recipes."""

    context: Context
    open_scratch: ScratchOpener

    def check(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return all errors in a recipe's text, in the order of its lines. Nothing is trained.

        Plug-ins have to be in this workspace, trusted, and to take the parameters that the recipe gives them.
        """
        return check_recipe(text, check_part=PluginCheck(self.context.workspace.path))

    def test(
        self, text: str, *, on_test: Callable[[TestResult], None] | None = None
    ) -> tuple[TestResult, ...]:
        """Run a recipe's acceptance tests in a temporary workspace, and return their results.

        Training takes as long as the tests say. Raises RecipeError for an invalid text.
        """
        return acceptance_tests.run_all(
            self.context.workspace, read_recipe(text), open_scratch=self.open_scratch, on_test=on_test
        )

    def save(
        self, text: str, *, run_tests: bool = True, on_test: Callable[[TestResult], None] | None = None
    ) -> Recipe:
        """Save a recipe as a version of the workspace, after checking it and running its acceptance tests.

        Versions never change: a changed text needs the next version. Raises RecipeError with all problems,
        UsageError if a test failed or the version is taken; then nothing is saved.
        """
        if problems := self.check(text):
            raise RecipeError(problems)
        recipe = read_recipe(text)
        if recipe.name in built_in_texts():
            raise UsageError(
                f"'{recipe.name}' comes with Litmus, and its versions are Litmus' own.",
                hint=f"Give yours another name, such as 'name: our-{recipe.name}'.",
            )
        for result in self.test(text, on_test=on_test) if run_tests else ():
            if not result.passed:
                raise UsageError(
                    f"The test '{result.name}' (line {result.line}) did not pass: {result.message}",
                    hint="The recipe was not kept. Fix it, or the test.",
                )
        library.folder_of(self.context.workspace).save(recipe.name, recipe.version, text)
        return recipe

    def problems(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return everything that prevents saving a text: its errors, otherwise a taken name or version."""
        if problems := self.check(text):
            return problems
        recipe = read_recipe(text)
        folder = library.folder_of(self.context.workspace)
        versions = folder.versions(recipe.name)
        if recipe.name in built_in_texts():
            line, column = _place(text, "name")
            message = f"'{recipe.name}' comes with Litmus, and its versions are Litmus' own."
            hint = f"Give yours another name, such as 'name: our-{recipe.name}'."
        elif recipe.version in versions and folder.text(recipe.name, recipe.version) != text:
            line, column = _place(text, "version")
            message = f"Version {recipe.version} already exists, and versions never change."
            hint = f"Write 'version: {versions[-1] + 1}'."
        elif recipe.version not in versions and recipe.version != (following := _following(versions)):
            line, column = _place(text, "version")
            message, hint = f"Version {recipe.version} would leave a gap.", f"Write 'version: {following}'."
        else:
            return ()
        return (RecipeProblem(line=line, column=column, message=message, hint=hint),)

    def draft(self, name: str) -> str:
        """Return a recipe's text as a draft: as its next version, or under a new name.

        The text may be invalid. Raises NotFoundError for an unknown recipe.
        """
        text = library.find_text(self.context.workspace, name, None)[0]
        if name in built_in_texts():
            new_name = f"our-{name}"
            return with_head(
                text,
                name=new_name,
                version=_following(library.folder_of(self.context.workspace).versions(new_name)),
            )
        return with_head(text, version=_following(library.folder_of(self.context.workspace).versions(name)))

    def start_tests(self, text: str) -> None:
        """Run a text's acceptance tests in the background; BusyError if they are running already.

        Raises RecipeError for an invalid text.
        """
        from litmus_core.jobs import keep_recipe_text, recipe_tests

        read_recipe(text)
        job = recipe_tests(self.context.workspace, text)
        if job.status() is None:  # a running process stores its own results
            keep_results(job.folder, (), is_done=False)
        keep_recipe_text(job, text)
        busy = "The tests of this recipe are already running."
        start_work(job, "recipe-tests", str(job.folder), context=self.context, busy=busy)

    def tests(self, text: str) -> RecipeTesting:
        """Return the progress or results of the tests of exactly this text."""
        from litmus_core.jobs import recipe_tests

        job = recipe_tests(self.context.workspace, text)
        status = job.status()  # read before its results, which a process writes before it ends
        try:
            document = json.loads((job.folder / _RESULTS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            document = {"results": [], "is_done": False}
        return RecipeTesting(
            results=from_plain(tuple[TestResult, ...], document["results"]),
            is_done=bool(document["is_done"]),
            message=status,
            problem=job.problem(),
        )

    def stop_tests(self, text: str) -> None:
        """End the tests of a text and all their training; do nothing if none are running."""
        from litmus_core.jobs import stop_recipe_tests

        stop_recipe_tests(self.context.workspace, text)

    def save_tested(self, text: str) -> Recipe:
        """Save a recipe whose tests passed in the background, or that has none; otherwise test it first."""
        if problems := self.problems(text):
            raise RecipeError(problems)
        if read_recipe(text).tests and not self.tests(text).passed:
            raise UsageError(
                "Its acceptance tests did not pass yet, as it is written now.", hint="Run them first."
            )
        return self.save(text, run_tests=False)


def keep_results(folder: Path, results: Sequence[TestResult], *, is_done: bool) -> None:
    """Write the results so far, atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{_RESULTS}.{os.getpid()}"
    fresh.write_text(json.dumps({"results": to_plain(results), "is_done": is_done}), encoding="utf-8")
    fresh.replace(folder / _RESULTS)


def with_head(text: str, *, name: str | None = None, version: int | None = None) -> str:
    """Return a recipe's text with another name or version; comments around them stay.

    >>> with_head("format: 1\\nname: a\\nversion: 1 # first\\n", version=2)
    'format: 1\\nname: a\\nversion: 2 # first\\n'
    """
    wanted = {"name": name, "version": version}

    def change(match_: re.Match[str]) -> str:
        value = wanted.pop(match_["name"], None)
        if value is None:
            return match_[0]
        tail = match_["value"][len(match_["value"].rstrip()) :]
        return f"{match_['name']}: {value}{tail}"

    return _LINE.sub(change, text)


def _place(text: str, name: str) -> tuple[int, int]:
    """Return the line and column of the value of ``name``, from 1."""
    for place_match in _LINE.finditer(text):
        if place_match["name"] == name:
            line = text.count("\n", 0, place_match.start()) + 1
            return line, place_match.start("value") - place_match.start() + 1
    return 1, 1


def _following(versions: Sequence[int]) -> int:
    return versions[-1] + 1 if versions else 1
