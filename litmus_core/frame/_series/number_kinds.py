"""Whether numbers are whole: they are float64 here, but pandas formats 3 and 3.0 differently."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from litmus_core.frame._graph import GraphNode, capabilities_of

NumberKind = Literal["whole", "float"]

_ALWAYS_FLOAT = frozenset((
    "arctan", "arctan2", "cbrt", "cos", "divide", "exp", "exp2", "expm1", "hypot", "log", "log10", "log1p",
    "log2", "sin", "sqrt", "tan", "tanh", "text as number",
))  # fmt: skip
# Gives floats if one of its numbers is one.
_KEEPS_FLOAT = frozenset((
    "absolute", "add", "ceil", "clip", "fill number", "floor", "floor divide", "maximum", "minimum",
    "multiply", "negate", "power", "raise", "remainder", "rint", "round", "sign", "square", "subtract",
    "where",
))  # fmt: skip


def number_kind(node: GraphNode) -> NumberKind | None:
    """Return pandas' type of a numeric column; None if it depends on the rows."""
    if node.operation is None:
        kind = capabilities_of(node).kinds.get(node.name)
        return "float" if kind is None else "whole" if kind == "whole" else None
    name = node.operation.name
    if name in _ALWAYS_FLOAT:
        return "float"
    numbers = [operand for operand in node.inputs if operand.dtype == "number" and not _is_constant(operand)]
    if name in _KEEPS_FLOAT and any(number_kind(number) == "float" for number in numbers):
        return "float"
    return None


def _is_constant(node: GraphNode) -> bool:
    return node.operation is not None and node.operation.name == "constant"


@dataclass(frozen=True)
class OfWholeNumbers:
    """A function that gets whole numbers as Python ints, as in pandas."""

    function: Callable[[Any], Any]

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", self.function))

    def __call__(self, value: Any) -> Any:
        is_integral = isinstance(value, float) and value.is_integer()
        return self.function(int(value) if is_integral else value)


@dataclass(frozen=True)
class OfMissing:
    """A function of an all-missing column: it gets None, or NaN if it takes only numbers."""

    function: Callable[[Any], Any]

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", self.function))

    def __call__(self, value: Any) -> Any:
        try:
            return self.function(value)
        except (TypeError, AttributeError, ValueError):
            return self.function(math.nan)
