"""The texts of recipes: versions in the workspace, and built-in ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError
from litmus_core.experiments._recipes.results import BrokenRecipe
from litmus_core.recipes import RecipeError, RecipeFolder, built_in_texts, read_recipe
from litmus_core.types import Scalar

if TYPE_CHECKING:
    from litmus_core.recipes import Recipe
    from litmus_core.store import Workspace


def folder_of(workspace: Workspace) -> RecipeFolder:
    """Return the folder of the workspace's own recipes."""
    return RecipeFolder(workspace.recipes)


def find_recipe(
    workspace: Workspace,
    name: str,
    *,
    version: int | None = None,
    knobs: Mapping[str, Scalar] | None = None,
) -> Recipe:
    """Return a recipe (its latest version) with these knobs; others keep their defaults.

    Raises NotFoundError, UnknownNameError or UsageError with similar names.
    """
    text, number = find_text(workspace, name, version)
    return read_recipe(text, knobs, source=f"{name} v{number}")


def find_text(workspace: Workspace, name: str, version: int | None) -> tuple[str, int]:
    """Return a recipe's text and version: the latest one, or a version in the workspace."""
    folder, built_in = folder_of(workspace), built_in_texts()
    if name in built_in and version not in folder.versions(name):
        latest = read_recipe(built_in[name], source=f"{name}.yaml").version
        if version in (None, latest):
            return built_in[name], latest
    versions = folder.versions(name)
    if not versions:
        raise NotFoundError(
            kind="recipe", id=name, names=(*folder.names(), *built_in), hint="See: litmus recipes list"
        )
    number = version or versions[-1]
    return folder.text(name, number), number


def custom_recipes(workspace: Workspace) -> Iterator[Recipe | BrokenRecipe]:
    """Yield the latest version of each of the workspace's own recipes."""
    built_in = built_in_texts()
    for name in folder_of(workspace).names():
        if name in built_in:
            continue
        version = folder_of(workspace).versions(name)[-1]
        try:
            yield read_recipe(find_text(workspace, name, version)[0], source=f"{name} v{version}")
        except RecipeError as error:
            yield BrokenRecipe(name=name, version=version, problems=error.problems)


def keep_built_in(workspace: Workspace, recipe: Recipe) -> None:
    """Store the present text of a built-in recipe, which experiments follow from then on."""
    folder = folder_of(workspace)
    if recipe.version not in folder.versions(recipe.name):
        folder.save_copy(recipe.name, recipe.version, recipe.text)
