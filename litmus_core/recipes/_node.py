"""Nodes of a recipe's text: a tree whose parts have a line and a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litmus_core.types import Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of the text: a scalar, a list of nodes, or a mapping of (key, node) pairs, both nodes.

    ``line`` and ``column`` count from 1. ``plain``: an unquoted scalar, so that a position in its value is a
    position in the line.
    """

    value: Scalar | list[Node] | dict[str, tuple[Node, Node]]
    line: int
    column: int
    plain: bool = False


def text_of(value: Any) -> str:
    """Return a scalar as text, as in YAML.

    >>> text_of(True), text_of(0.5), text_of(None)
    ('true', '0.5', '')
    """
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def scalars(node: Node) -> Iterator[Node]:
    """Yield every scalar in ``node``, keys of mappings included, in text order."""
    if isinstance(node.value, dict):
        for key, value in node.value.values():
            yield key
            yield from scalars(value)
    elif isinstance(node.value, list):
        for item in node.value:
            yield from scalars(item)
    else:
        yield node
