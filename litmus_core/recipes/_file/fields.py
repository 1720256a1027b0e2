"""Read parts of a recipe: named fields, lists, texts and numbers; all problems are reported together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from litmus_core.recipes._file.problems import RecipePartError, RecipeProblem, problem_at
from litmus_core.recipes._node import Node, text_of

T = TypeVar("T")
Read = Callable[[Node], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the reader of its value, and whether it is required."""

    read: Read
    required: bool = False


def read_fields(node: Node, fields: Mapping[str, Field | Read], *, subject: str) -> dict[str, Any]:
    """Return the values of a mapping's fields by name, without those not given.

    Raises Wrong with all problems in them: unknown and missing names, and values.
    """
    pairs = _pairs(node, subject)
    problems: list[RecipeProblem] = []
    values: dict[str, Any] = {}
    for name, (key, value) in pairs.items():
        if name not in fields:
            problems += unknown(key, name, fields, kind=f"field in {subject} called").problems
            continue
        field = fields[name]
        try:
            values[name] = (field.read if isinstance(field, Field) else field)(value)
        except RecipePartError as error:
            problems += error.problems
    for name, field in fields.items():
        if isinstance(field, Field) and field.required and name not in pairs:
            problems += problem_at(
                node, f"{subject[:1].upper()}{subject[1:]} needs '{name}'.", "Add it."
            ).problems
    if problems:
        raise RecipePartError(problems)
    return values


def read_items(node: Node, read: Callable[[Node], T], *, subject: str) -> tuple[T, ...]:
    """Return the items of a list; a single value counts as a list with one item.

    Raises Wrong with all problems.
    """
    if isinstance(node.value, dict) or node.value is None:
        raise problem_at(
            node, f"{subject[:1].upper()}{subject[1:]} is a list.", "Begin each with '- ', or write [a, b]."
        )
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        raise problem_at(
            node, f"{subject[:1].upper()}{subject[1:]} is empty.", "Add at least one, or leave it out."
        )
    return read_all(items, read)


def read_all(items: Iterable[Node], read: Callable[[Node], T]) -> tuple[T, ...]:
    """Return ``read``'s result for each item; raises Wrong with all problems in them."""
    values: list[T] = []
    problems: list[RecipeProblem] = []
    for item in items:
        try:
            values.append(read(item))
        except RecipePartError as error:
            problems += error.problems
    if problems:
        raise RecipePartError(problems)
    return tuple(values)


def read_named(node: Node, read: Callable[[str, Node, Node], T], *, subject: str) -> dict[str, T]:
    """Return ``read``'s result for each name of a mapping, its node and its value's node."""
    values: dict[str, T] = {}
    problems: list[RecipeProblem] = []
    for name, key, value in read_pairs(node, subject=subject):
        try:
            values[name] = read(name, key, value)
        except RecipePartError as error:
            problems += error.problems
    if problems:
        raise RecipePartError(problems)
    return values


def read_pairs(node: Node, *, subject: str) -> list[tuple[str, Node, Node]]:
    """Return a mapping's names with the nodes of name and value."""
    return [(name, key, value) for name, (key, value) in _pairs(node, subject).items()]


def _pairs(node: Node, subject: str) -> dict[str, tuple[Node, Node]]:
    if not isinstance(node.value, dict):
        raise problem_at(node, f"Lines of 'name: value' make up {subject}.", f"Here is {_is(node)}.")
    return node.value


def unknown(node: Node, name: str, valid_names: Iterable[str], *, kind: str) -> RecipePartError:
    """Return the problem of a name that is not in ``valid_names``, with the nearest one."""
    names = list(valid_names)
    near = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(names[:20])}." if names else ""
    return problem_at(node, f"There is no {kind} '{name}'.", hint)


def text(node: Node) -> str:
    """Read a non-empty text; a number or boolean is read as written."""
    if isinstance(node.value, list | dict):
        raise problem_at(node, "A text is expected here.", f"It is {_is(node)}.")
    value = " ".join(text_of(node.value).split())
    if not value:
        raise problem_at(
            node, "A text is expected here, and there is nothing.", "Write it, or leave the field out."
        )
    return value


def number(low: float = -math.inf, high: float = math.inf, *, integer: bool = False) -> Callable[[Node], Any]:
    """Return a reader of numbers from ``low`` to ``high``; ``integer``: integers."""

    def read(node: Node) -> float | int:
        value = node.value
        kind = "a whole number" if integer else "a number"
        if isinstance(value, bool) or not isinstance(value, int | float) or (integer and value % 1):
            raise problem_at(node, f"Here is {kind} expected.", f"It is {_is(node)}.")
        if not low <= value <= high or not math.isfinite(value):
            nearest = min(max(value, low), high)
            ends = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
            raise problem_at(
                node, f"{value:g} is out of range: it is {ends}.", f"The nearest is {nearest:g}."
            )
        return int(value) if integer else value

    return read


def one_of(*names: str, kind: str) -> Callable[[Node], str]:
    """Return a reader that accepts only ``names``."""

    def read(node: Node) -> str:
        word = text(node)
        if word not in names:
            raise unknown(node, word, names, kind=kind)
        return word

    return read


def flag(node: Node) -> bool:
    """Read true or false."""
    if not isinstance(node.value, bool):
        raise problem_at(node, "True or false is expected here.", f"It is {_is(node)}.")
    return node.value


def _is(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a group of fields"
    if isinstance(node.value, list):
        return "a list"
    return "nothing" if node.value is None else f"'{text_of(node.value)}'"
