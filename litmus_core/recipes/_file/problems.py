"""Problems in a recipe, each with its line, its column and the nearest valid thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litmus_core.errors import LitmusError, UsageError
from litmus_core.recipes._node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeProblem:
    """One problem at ``line`` and ``column`` (both from 1) of a recipe's text."""

    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.message} {self.hint}".strip()


class RecipeError(UsageError):
    """An invalid recipe: ``problems`` in line order, ``source`` names the file."""

    def __init__(self, problems: Iterable[RecipeProblem], *, source: str = "") -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        self.source = source
        first, *others = self.problems
        where = f"{source}, line" if source else "Line"
        super().__init__(
            f"{where} {first.line}, column {first.column}: {first.message}",
            hint="\n".join(filter(None, (first.hint, *map(str, others)))),
        )


class Wrong(Exception):  # noqa: N818 - no error of its own: it carries problems up to whoever reads the whole
    """Problems in a part of the text, raised to the reader of the whole."""

    def __init__(self, problems: Sequence[RecipeProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def wrong(node: Node, message: str, hint: str = "", *, offset: int = 0) -> Wrong:
    """Return a problem at ``node``, or ``offset`` characters into it."""
    problem = RecipeProblem(line=node.line, column=node.column + offset, message=message, hint=hint)
    return Wrong([problem])


def wrong_as(node: Node, error: LitmusError) -> Wrong:
    """Return another part's error as a problem at ``node``."""
    return wrong(node, error.message, error.hint)
