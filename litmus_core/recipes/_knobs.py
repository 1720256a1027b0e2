"""Knobs: a recipe's settings that its users may change, inserted at ``${knob}``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.recipes._file.fields import Field, Read, read_all, read_fields, read_named, read_pairs, text
from litmus_core.recipes._file.problems import RecipeProblem, problem_at
from litmus_core.recipes._node import Node, scalars, text_of
from litmus_core.types import Scalar

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_USE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """A setting of a recipe: a number from ``low`` to ``high``, one of ``choices``, or true or false.

    ``words`` is its question. ``default`` holds until someone changes it; if it and both ends are whole, so
    are its values.
    """

    name: str
    words: str
    default: Scalar
    low: float | None = None
    high: float | None = None
    choices: tuple[Scalar, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the knob accepts only whole numbers."""
        return all(isinstance(value, int) for value in (self.default, self.low, self.high))

    @property
    def extremes(self) -> tuple[Scalar, ...]:
        """The values at the knob's ends; a recipe that is valid with them counts as valid in between."""
        if isinstance(self.default, bool):
            return (True, False)
        return self.choices or (self.low, self.high)

    def problem(self, value: Scalar) -> tuple[str, str] | None:
        """Return a value's problem and the nearest valid value; None if it is valid."""
        if isinstance(self.default, bool):
            return (
                None
                if isinstance(value, bool)
                else (f"is {value!r}, not true or false", "Say true or false.")
            )
        if self.choices:
            return self._problem_of_choice(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"is {value!r}, not a number", f"Give one {self._ends()}."
        low, high = self.low or 0.0, self.high or 0.0
        if not low <= value <= high:
            nearest = min(max(value, low), high)
            return f"is {value:g}; it goes {self._ends()}", f"The nearest is {nearest:g}."
        if self.whole and value != int(value):
            return f"is {value:g}, and takes whole numbers", f"The nearest is {round(value)}."
        return None

    def matching_choice(self, value: Scalar) -> Scalar:
        """Return the choice with the same text as ``value``, as a shell's 1 equals the text "1"."""
        alike = [choice for choice in self.choices if text_of(choice) == text_of(value)]
        return alike[0] if value not in self.choices and len(alike) == 1 else value

    def _problem_of_choice(self, value: Scalar) -> tuple[str, str] | None:
        if value in self.choices:
            return None
        names = [text_of(choice) for choice in self.choices]
        hint = UnknownNameError(kind="choice", name=text_of(value), names=names).hint
        return f"is '{text_of(value)}', which is none of its choices", hint

    def _ends(self) -> str:
        return f"from {self.low:g} to {self.high:g}"


def read_knobs(node: Node) -> dict[str, Knob]:
    """Return a recipe's knobs by name."""
    for scalar in scalars(node):
        if isinstance(scalar.value, str) and _USE.search(scalar.value):
            raise problem_at(scalar, "A knob cannot be made of another knob.", "Write its value.")
    return read_named(node, _knob, subject="the knobs")


def _knob(name: str, key: Node, node: Node) -> Knob:
    if not _NAME.fullmatch(name):
        raise problem_at(
            key, f"'{name}' cannot name a knob.", "Use small letters, digits and _, such as most_minutes."
        )
    fields: dict[str, Field | Read] = {
        "words": Field(text, required=True),
        "default": Field(_scalar, required=True),
        "low": _bound,
        "high": _bound,
        "choices": _choices,
    }
    values = read_fields(node, fields, subject=f"the knob '{name}'")
    knob = Knob(name=name, **values)
    _check_shape(knob, node)
    if bad := knob.problem(knob.default):
        raise problem_at(_value_of(node, "default"), f"The default of '{name}' {bad[0]}.", bad[1])
    return knob


def _check_shape(knob: Knob, node: Node) -> None:
    bounded = knob.low is not None and knob.high is not None
    if isinstance(knob.default, bool):
        if knob.choices or knob.low is not None or knob.high is not None:
            raise problem_at(
                node, f"'{knob.name}' is true or false, and takes nothing else.", "Leave the rest out."
            )
    elif knob.choices:
        if knob.low is not None or knob.high is not None:
            raise problem_at(
                node, f"'{knob.name}' has both choices and ends.", "Give the choices, or low and high."
            )
    elif isinstance(knob.default, int | float):
        if not bounded:
            raise problem_at(node, f"'{knob.name}' has no range.", "Give it low and high, or choices.")
        if (knob.low or 0) >= (knob.high or 0):
            raise problem_at(
                _value_of(node, "low"), f"'{knob.name}' has only one value.", "low is below high."
            )
    else:
        raise problem_at(node, f"'{knob.name}' is a text without choices.", "Give it choices: [a, b].")


def _value_of(node: Node, name: str) -> Node:
    return next(value for field_name, _, value in read_pairs(node, subject="a knob") if field_name == name)


def _scalar(node: Node) -> Scalar:
    if isinstance(node.value, list | dict) or node.value is None:
        raise problem_at(node, "One value is expected here.", "Write a number, a text, true or false.")
    return node.value


def _bound(node: Node) -> float:
    value = _scalar(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise problem_at(node, "An end of a knob is a number.", "Give choices: [a, b] for texts.")
    return value


def _choices(node: Node) -> tuple[Scalar, ...]:
    if not isinstance(node.value, list) or len(node.value) < 2:
        raise problem_at(node, "Choices are a list of at least two values.", "Write [a, b].")
    return read_all(node.value, _scalar)


def knob_values(knobs: Mapping[str, Knob], settings: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return every knob's value: its setting, else its default.

    Raises UnknownNameError or UsageError with the nearest valid one.
    """
    for name, value in settings.items():
        if name not in knobs:
            raise UnknownNameError(kind="knob", name=name, names=knobs)
        if bad := knobs[name].problem(knobs[name].matching_choice(value)):
            raise UsageError(f"The knob '{name}' {bad[0]}.", hint=bad[1])
    return {name: knob.matching_choice(settings.get(name, knob.default)) for name, knob in knobs.items()}


def insert_knobs(node: Node, values: Mapping[str, Scalar]) -> Node:
    """Return ``node`` with each ``${knob}`` replaced: alone by the value itself, within a text by its text.

    Raises Wrong for each unknown one.
    """
    if isinstance(node.value, dict):
        pairs = list(node.value.values())
        keys = read_all([key for key, _ in pairs], lambda key: insert_knobs(key, values))
        inside = read_all([value for _, value in pairs], lambda item: insert_knobs(item, values))
        pairs_by_name = {text_of(key.value): (key, value) for key, value in zip(keys, inside, strict=True)}
        return Node(pairs_by_name, node.line, node.column)
    if isinstance(node.value, list):
        return Node(
            list(read_all(node.value, lambda item: insert_knobs(item, values))), node.line, node.column
        )
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    for match in _USE.finditer(node.value):
        if match[1] not in values:
            error = UnknownNameError(kind="knob", name=match[1], names=values)
            raise problem_at(
                node, error.message, error.hint or "Add it under 'knobs:'.", offset=match.start()
            )
    single_use = _USE.fullmatch(node.value)
    value = values[single_use[1]] if single_use else _USE.sub(lambda use: text_of(values[use[1]]), node.value)
    return Node(value, node.line, node.column)


def unused_knobs(tree: Node, parts: Iterable[Node]) -> tuple[RecipeProblem, ...]:
    """Return a problem for each knob of the recipe ``tree`` that none of its ``parts`` inserts."""
    texts = [text_of(scalar.value) for part in parts for scalar in scalars(part)]
    used = {use[1] for value in texts for use in _USE.finditer(value)}
    pairs = {name: value for name, _, value in read_pairs(tree, subject="the recipe")}
    return tuple(
        RecipeProblem(
            line=key.line,
            column=key.column,
            message=f"The knob '{name}' changes nothing: no part of the recipe uses it.",
            hint=f"Write ${{{name}}} where its value belongs, or leave it out.",
        )
        for name, key, _ in (read_pairs(pairs["knobs"], subject="the knobs") if "knobs" in pairs else ())
        if name not in used
    )
