"""Problems in a recipe, with line, column and a hint."""

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


class RecipePartError(Exception):
    """Problems in a part of a recipe's text, which the reader of the whole text collects."""

    def __init__(self, problems: Sequence[RecipeProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def problem_at(node: Node, message: str, hint: str = "", *, offset: int = 0) -> RecipePartError:
    """Return a problem at ``node``, or ``offset`` characters into it."""
    problem = RecipeProblem(line=node.line, column=node.column + offset, message=message, hint=hint)
    return RecipePartError([problem])


def problem_from(node: Node, error: LitmusError) -> RecipePartError:
    """Return another part's error as a problem at ``node``."""
    return problem_at(node, error.message, error.hint)
