"""Edit recipes: their usage statistics, what keeps a text from being saved, and their tests."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes import acceptance_tests, library
from litmus_core.experiments._recipes.acceptance_tests import ScratchOpener
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.recipes import RecipeError, RecipeProblem, built_in_texts, check_recipe, read_recipe
from litmus_core.types import from_plain, to_plain

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe

_RESULTS = "results.json"
_LINE = re.compile(r"^(?P<name>name|version):[ \t]*(?P<value>[^#\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeTesting:
    """The acceptance tests of one text: ``results`` so far, in order.

    ``said`` is the last message of the process that runs them (None: there is none), ``problem`` why the
    last one failed.
    """

    results: tuple[TestResult, ...] = ()
    is_done: bool = False
    said: str | None = None
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether all were run and passed."""
        return self.is_done and all(each.passed for each in self.results)


@dataclass(frozen=True, slots=True)
class RecipeEditorService:
    """Where recipes are written: checked, tested, saved."""

    context: Context
    open_scratch: ScratchOpener

    def check(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return all that is wrong in a recipe's text, in the order of its lines. Nothing is trained."""
        return check_recipe(text)

    def test(
        self, text: str, *, on_test: Callable[[TestResult], None] | None = None
    ) -> tuple[TestResult, ...]:
        """Run a recipe's acceptance tests, in a workspace of their own, and return how they ended.

        It trains for as long as the tests say. Raises RecipeError where the text cannot be meant.
        """
        return acceptance_tests.run_all(
            self.context.workspace, read_recipe(text), open_scratch=self.open_scratch, on_test=on_test
        )

    def save(
        self, text: str, *, run_tests: bool = True, on_test: Callable[[TestResult], None] | None = None
    ) -> Recipe:
        """Keep a recipe as a version of the workspace: checked, and after its acceptance tests passed.

        Versions never change: another text needs the next version. Raises RecipeError with all problems,
        UsageError where a test did not pass or the version is taken; nothing is kept then.
        """
        if problems := check_recipe(text):
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
                    f"The test '{result.name}' (line {result.line}) did not pass: {result.said}",
                    hint="The recipe was not kept. Mend it, or the test.",
                )
        library.folder_of(self.context.workspace).keep(recipe.name, recipe.version, text)
        return recipe

    def problems(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return all that keeps a text from being saved: what is wrong in it, else its name or version."""
        if problems := self.check(text):
            return problems
        recipe = read_recipe(text)
        kept = library.folder_of(self.context.workspace)
        versions = kept.versions(recipe.name)
        if recipe.name in built_in_texts():
            line, column = _place(text, "name")
            message = f"'{recipe.name}' comes with Litmus, and its versions are Litmus' own."
            hint = f"Give yours another name, such as 'name: our-{recipe.name}'."
        elif recipe.version in versions and kept.text(recipe.name, recipe.version) != text:
            line, column = _place(text, "version")
            message = f"Version {recipe.version} is there already, and versions never change."
            hint = f"Write 'version: {versions[-1] + 1}'."
        elif recipe.version not in versions and recipe.version != (following := _following(versions)):
            line, column = _place(text, "version")
            message, hint = f"Version {recipe.version} would leave a gap.", f"Write 'version: {following}'."
        else:
            return ()
        return (RecipeProblem(line=line, column=column, message=message, hint=hint),)

    def draft(self, name: str) -> str:
        """Return a recipe's text to go on from: as its next version, or under a name of one's own.

        It need not be one that can be read. Raises NotFoundError for a recipe that is not there.
        """
        text = library.find_text(self.context.workspace, name, None)[0]
        if name in built_in_texts():
            own = f"our-{name}"
            return with_head(
                text, name=own, version=_following(library.folder_of(self.context.workspace).versions(own))
            )
        return with_head(text, version=_following(library.folder_of(self.context.workspace).versions(name)))

    def start_tests(self, text: str) -> None:
        """Run a text's acceptance tests in the background; BusyError where that is being done.

        Raises RecipeError where the text cannot be meant.
        """
        from litmus_core.jobs import recipe_tests, start_recipe_tests

        read_recipe(text)
        job = recipe_tests(self.context.workspace, text)
        if job.said() is None:  # whoever is at it keeps its own
            keep_results(job.folder, (), is_done=False)
        start_recipe_tests(
            self.context.workspace, text, worker="litmus_core.experiments._recipes.acceptance_worker"
        )

    def tests(self, text: str) -> RecipeTesting:
        """Return how far the tests of this very text are, or how they ended."""
        from litmus_core.jobs import recipe_tests

        job = recipe_tests(self.context.workspace, text)
        said = job.said()  # before its results: what ends meanwhile has written them
        try:
            kept = json.loads((job.folder / _RESULTS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {"results": [], "is_done": False}
        return RecipeTesting(
            results=from_plain(tuple[TestResult, ...], kept["results"]),
            is_done=bool(kept["is_done"]),
            said=said,
            problem=job.problem(),
        )

    def stop_tests(self, text: str) -> None:
        """End the tests of a text and all that they train; does nothing where none run."""
        from litmus_core.jobs import stop_recipe_tests

        stop_recipe_tests(self.context.workspace, text)

    def save_tested(self, text: str) -> Recipe:
        """Keep a recipe whose tests passed in the background, or that has none; else as :meth:`save` does."""
        if problems := self.problems(text):
            raise RecipeError(problems)
        if read_recipe(text).tests and not self.tests(text).passed:
            raise UsageError(
                "Its acceptance tests did not pass yet, as it is written now.", hint="Run them first."
            )
        return self.save(text, run_tests=False)


def keep_results(folder: Path, results: Sequence[TestResult], *, is_done: bool) -> None:
    """Write how tests ended so far: whoever reads sees the file before or this one."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{_RESULTS}.{os.getpid()}"
    fresh.write_text(json.dumps({"results": to_plain(results), "is_done": is_done}), encoding="utf-8")
    fresh.replace(folder / _RESULTS)


def with_head(text: str, *, name: str | None = None, version: int | None = None) -> str:
    """Return a recipe's text with another name or version; what is around them stays.

    >>> with_head("format: 1\\nname: a\\nversion: 1  # first\\n", version=2)
    'format: 1\\nname: a\\nversion: 2  # first\\n'
    """
    wanted = {"name": name, "version": version}

    def change(found: re.Match[str]) -> str:
        value = wanted.pop(found["name"], None)
        if value is None:
            return found[0]
        tail = found["value"][len(found["value"].rstrip()) :]
        return f"{found['name']}: {value}{tail}"

    return _LINE.sub(change, text)


def _place(text: str, name: str) -> tuple[int, int]:
    """Return the line and column of the value of ``name``, from 1."""
    for found in _LINE.finditer(text):
        if found["name"] == name:
            line = text.count("\n", 0, found.start()) + 1
            return line, found.start("value") - found.start() + 1
    return 1, 1


def _following(versions: Sequence[int]) -> int:
    return versions[-1] + 1 if versions else 1
