"""The library of recipes: built-in ones, and those of the workspace, in versions that never change."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from litmus_core.errors import NotFoundError, UsageError, writing
from litmus_core.recipes._file.problems import RecipeError, RecipeProblem

_VERSION = re.compile(r"v([1-9][0-9]*)\.yaml")
_FOLDER = "builtin"


def built_in_texts() -> dict[str, str]:
    """Return the text of each built-in recipe, by name."""
    folder = files("litmus_core.recipes") / _FOLDER
    file_names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): (folder / name).read_text(encoding="utf-8") for name in file_names}


class RecipeFolder:
    """The recipes in the folder ``path``: ``NAME/v1.yaml`` and so on. Holds no open files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        """Return the names of the recipes that have a version."""
        folders = sorted(self.path.iterdir()) if self.path.is_dir() else []
        return tuple(
            folder.name for folder in folders if folder.is_dir() and list(self._versions(folder.name))
        )

    def versions(self, name: str) -> tuple[int, ...]:
        """Return a recipe's versions in order."""
        return tuple(sorted(self._versions(name)))

    def text(self, name: str, version: int) -> str:
        """Return a version's text.

        Raises NotFoundError with the nearest name, RecipeError if the file is not text.
        """
        if version in self.versions(name):
            try:
                return self._file(name, version).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                problem = RecipeProblem(
                    line=1,
                    column=1,
                    message=f"The file cannot be read as text: {error}.",
                    hint="Write it again, or put the file back from a copy.",
                )
                raise RecipeError([problem], source=f"{name} v{version}") from error
        if versions := ", ".join(map(str, self.versions(name))):
            hint = f"There {'are' if ',' in versions else 'is'} {versions}."
            raise NotFoundError(kind=f"version of '{name}' called", id=str(version), hint=hint)
        raise NotFoundError(kind="recipe", id=name, names=self.names())

    def save(self, name: str, version: int, text: str) -> Path:
        """Write a version and return its file; writing the same text again is allowed.

        Raises UsageError if the version exists with another text, or is not the next one.
        """
        file, versions = self._file(name, version), self.versions(name)
        if version in versions:
            if self.text(name, version) == text:
                return file
            raise UsageError(
                f"Version {version} of '{name}' already exists, and versions never change.",
                hint=f"Write 'version: {versions[-1] + 1}'.",
            )
        following = versions[-1] + 1 if versions else 1
        if version != following:
            raise UsageError(
                f"Version {version} of '{name}' would leave a gap.", hint=f"Write 'version: {following}'."
            )
        self._write(file, text)
        return file

    def save_copy(self, name: str, version: int, text: str) -> Path:
        """Write a version of a built-in recipe, with or without earlier versions; an existing one stays."""
        file = self._file(name, version)
        if version not in self.versions(name):
            self._write(file, text)
        return file

    def _write(self, file: Path, text: str) -> None:
        """Write the file atomically; the first process to write a version wins."""
        partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with writing(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                partial.write_text(text, encoding="utf-8")
                os.link(partial, file)
            except FileExistsError:
                raise UsageError(
                    f"Someone else just kept version {file.stem[1:]} of '{file.parent.name}'.",
                    hint="Look at it, then save yours as the next version.",
                ) from None
            finally:
                partial.unlink(missing_ok=True)

    def _versions(self, name: str) -> Iterator[int]:
        folder = self.path / name
        is_inside = folder.parent == self.path and name not in (".", "..")  # a name must not lead elsewhere
        for path in folder.iterdir() if is_inside and folder.is_dir() else ():
            if match := _VERSION.fullmatch(path.name):
                yield int(match[1])

    def _file(self, name: str, version: int) -> Path:
        return self.path / name / f"v{version}.yaml"
