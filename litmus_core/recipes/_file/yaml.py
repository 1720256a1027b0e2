"""YAML parsed into a tree with line numbers: plain values only, unique keys, no self-references."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from litmus_core.errors import MissingExtraError
from litmus_core.recipes._file.problems import RecipeError, RecipePartError, RecipeProblem, problem_at
from litmus_core.recipes._node import Node, text_of
from litmus_core.types import Scalar

_OWN = "tag:yaml.org,2002:"
_KINDS = ("str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge", "value")  # without a tag
_MOST_LETTERS, _MOST_NODES = 200_000, 20_000
_MOST_DIGITS = 300  # digits of the largest float
_TRUE, _FALSE, _NONE = (
    ("true", "True", "TRUE"),
    ("false", "False", "FALSE"),
    ("", "~", "null", "Null", "NULL"),
)
# YAML 1.2's plain numbers. Unlike in 1.1, "yes" is not a boolean and "02134" not a number: labels and ZIP
# codes.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def read_yaml(text: str, *, source: str = "") -> Node:
    """Return the text's tree; raises RecipeError for invalid YAML, or anything but plain values."""
    try:
        return _read(text)
    except RecipePartError as error:
        raise RecipeError(error.problems, source=source) from None


@lru_cache(maxsize=64)  # pages read all recipes repeatedly; trees are never changed
def _read(text: str) -> Node:
    if len(text) > _MOST_LETTERS:
        raise RecipePartError(
            [_at(1, 1, f"A recipe of {len(text):,} letters is too long.", "Write a shorter one.")]
        )
    try:
        import yaml
    except ImportError as error:
        raise MissingExtraError(subject="Reading recipes", extra="train") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or error.context or "it cannot be read"
        hint = "Put a text with a colon, a bracket or a hash in quotes; indent with spaces."
        raise RecipePartError([_at(line, column, f"This is not valid YAML: {problem}.", hint)]) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise RecipePartError(
            [_at(line, 1, "There is a character that YAML does not allow.", "Remove it.")]
        ) from error
    except RecursionError as error:
        raise RecipePartError(
            [_at(1, 1, "It is nested too deeply to be read.", "Use fewer levels.")]
        ) from error
    if node is None:
        raise RecipePartError([_at(1, 1, "There is nothing in it.", "Begin with 'format: 1'.")])
    return _Tree().node(node)


def _at(line: int, column: int, message: str, hint: str) -> RecipeProblem:
    return RecipeProblem(line=line, column=column, message=message, hint=hint)


class _Tree:
    """Converter of YAML's nodes to :class:`Node`; it counts them, since a few aliases can mean billions."""

    def __init__(self) -> None:
        self._n_nodes = 0
        self._open: set[int] = set()

    def node(self, event: Any) -> Node:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        here = Node(None, line, column)
        self._n_nodes += 1
        if self._n_nodes > _MOST_NODES:
            raise problem_at(here, "It has too many values.", "Use fewer aliases (*name).")
        if id(event) in self._open:
            raise problem_at(here, "This refers to itself.", "Remove the alias (*name) in it.")
        self._open.add(id(event))
        result = self._of_kind(event, here)
        self._open.discard(id(event))
        return result

    def _of_kind(self, event: Any, here: Node) -> Node:
        if event.tag.removeprefix(_OWN) not in _KINDS:
            raise problem_at(
                here, f"'{event.tag}' is a tag, and tags are not supported.", "Write plain values."
            )
        if event.id == "scalar":
            quoted = event.style in ("'", '"', "|", ">")
            value = event.value if quoted else scalar_of(event.value)
            if isinstance(value, float) and math.isinf(value):
                raise problem_at(
                    here, f"'{event.value[:40]}' is too large for a number.", "Write a smaller one."
                )
            return Node(value, here.line, here.column, plain=event.style is None)
        if event.id == "sequence":
            return Node([self.node(pair) for pair in event.value], here.line, here.column)
        pairs: dict[str, tuple[Node, Node]] = {}
        for key, value in event.value:
            name = self.node(key)
            if isinstance(name.value, list | dict):
                raise problem_at(name, "A name is one word or text.", "Write 'name: value'.")
            text = text_of(name.value)
            if text in pairs:
                raise problem_at(
                    name, f"'{text}' appears twice, first in line {pairs[text][0].line}.", "Give it once."
                )
            pairs[text] = name, self.node(value)
        return Node(pairs, here.line, here.column)


def scalar_of(text: str) -> Scalar:
    """Return the value of a plain, unquoted text.

    >>> scalar_of("1e-3"), scalar_of("02134"), scalar_of("yes"), scalar_of("true"), scalar_of("~")
    (0.001, '02134', 'yes', True, None)
    """
    if text in _NONE:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) and not text.isdigit() else text
