"""Recipes as their authors meet them: how they fare, what keeps a text from being saved, its tests."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._recipes.service import Recipes, TestResult
from litmus_core.types import from_plain, to_plain

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe, RecipeProblem, RecipeUse

_RESULTS = "results.json"
_LINE = re.compile(r"^(?P<name>name|version):[ \t]*(?P<value>[^#\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeTesting:
    """The acceptance tests of one text: ``results`` so far, in their order.

    ``said`` is what the process that runs them says (None: there is none), ``problem`` why the last one came
    to nothing.
    """

    results: tuple[TestResult, ...] = ()
    is_done: bool = False
    said: str | None = None
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether all were run and passed."""
        return self.is_done and all(each.passed for each in self.results)


class RecipeDesk(Recipes):
    """The part of a Studio where recipes are written."""

    def recipe_uses(self) -> Mapping[str, RecipeUse]:
        """Return in how many experiments each recipe was taken, and in how many it met the bar."""
        from litmus_core.recipes import recipe_uses

        return recipe_uses(self.store.recipe_notes(), self.store.runs())

    def check_before_saving(self, text: str) -> tuple[RecipeProblem, ...]:
        """Return all that keeps a text from being saved: what is wrong in it, else its name or version."""
        from litmus_core.recipes import RecipeProblem, built_in_texts, read_recipe

        if problems := self.check_recipe(text):
            return problems
        recipe = read_recipe(text)
        kept = self._folder()
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

    def draft_from(self, name: str) -> str:
        """Return a recipe's text to go on from: as its next version, or under a name of one's own.

        It need not be one that can be read. Raises NotFoundError for a recipe that is not there.
        """
        from litmus_core.recipes import built_in_texts

        text = self.recipe_text(name)
        if name in built_in_texts():
            own = f"our-{name}"
            return with_head(text, name=own, version=_following(self._folder().versions(own)))
        return with_head(text, version=_following(self._folder().versions(name)))

    def start_recipe_tests(self, text: str) -> None:
        """Run a text's acceptance tests in the background; BusyError where that is being done.

        Raises RecipeError where the text cannot be meant.
        """
        from litmus_core.jobs import recipe_tests, start_recipe_tests
        from litmus_core.recipes import read_recipe

        read_recipe(text)
        job = recipe_tests(self.workspace, text)
        if job.said() is None:  # whoever is at it keeps its own
            keep_results(job.folder, (), is_done=False)
        start_recipe_tests(self.workspace, text, worker="litmus_core.experiments._recipes.acceptance_worker")

    def recipe_testing(self, text: str) -> RecipeTesting:
        """Return how far the tests of this very text are, or how they ended."""
        from litmus_core.jobs import recipe_tests

        job = recipe_tests(self.workspace, text)
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

    def stop_recipe_tests(self, text: str) -> None:
        """End the tests of a text and all that they train; does nothing where none run."""
        from litmus_core.jobs import stop_recipe_tests

        stop_recipe_tests(self.workspace, text)

    def save_tested_recipe(self, text: str) -> Recipe:
        """Keep a recipe whose tests passed in the background, or that has none; else as save_recipe does."""
        from litmus_core.recipes import RecipeError, read_recipe

        if problems := self.check_before_saving(text):
            raise RecipeError(problems)
        if read_recipe(text).tests and not self.recipe_testing(text).passed:
            raise UsageError(
                "Its acceptance tests did not pass yet, as it is written now.", hint="Run them first."
            )
        return self.save_recipe(text, run_tests=False)


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
