"""Who answers what code asks of all rows, while it runs: nobody, unless rows are there to learn of."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from litmus_core.frame._graph import Node


class Answers(Protocol):
    """Knows all rows."""

    def asked(self, node: Node, name: str) -> Callable[..., Any] | None:
        """Return what answers pandas' word ``name`` about a column; None for a word that is not known."""
        ...


ROWS: ContextVar[Answers | None] = ContextVar("rows", default=None)
