"""Whether numbers are whole: they are float64 here, but pandas formats 3 and 3.0 differently."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from litmus_core.frame._graph import GraphNode, capabilities_of

NumberKind = Literal["whole", "float"]

_ALWAYS_FLOAT = frozenset((
    "arctan", "arctan2", "as float", "cbrt", "cos", "divide", "exp", "exp2", "expm1", "hypot", "log", "log10",
    "log1p", "log2", "sin", "sqrt", "tan", "tanh", "text as number", "text as number or missing",
))  # fmt: skip
# Operations that return floats if one of their inputs is a float.
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


_COUNTED = frozenset((
    "bin", "count", "count pattern", "day", "dayofyear", "days between", "days_in_month", "find", "find last",
    "flag as number", "different in row", "hour", "iso week", "iso year", "length", "microsecond", "minute",
    "month", "parts", "quarter", "second", "weekday", "whole", "words", "year",
))  # fmt: skip
# Operations that return whole numbers for whole inputs.
_KEEPS_WHOLE = frozenset((
    "absolute", "add", "clip", "fill number", "floor divide", "maximum", "minimum", "multiply", "negate",
    "raise", "remainder", "round", "sign", "square", "subtract", "where",
))  # fmt: skip
_BY_TABLE = ("text to number", "number to number")


Wholeness = Literal["whole", "where integral", "no"]


def is_whole(node: GraphNode) -> bool:
    """Return whether pandas holds a column as whole numbers wherever none is missing."""
    return wholeness(node) == "whole"


def is_whole_in_rows(node: GraphNode) -> bool:
    """Return whether pandas holds a column without missing values as whole numbers, whatever was written.

    It does not look into arithmetic: a graph does not tell ``+ 2`` from ``+ 2.0``.
    """
    if node.operation is None:
        return capabilities_of(node).kinds.get(node.name) in ("whole", "integer")
    return node.operation.name in _COUNTED


def wholeness(node: GraphNode) -> Wholeness:
    """Return whether a column holds whole numbers: "where integral" if another column fills missing ones."""
    if node.dtype != "number":
        return "no"
    if _Wholeness(fills_whole=True).of(node):
        return "whole"
    return "where integral" if _Wholeness(fills_whole=False).of(node) else "no"


class _Wholeness:
    """Decides once for a node, and once for each node that it is computed from."""

    def __init__(self, *, fills_whole: bool) -> None:
        self._fills_whole, self._known = fills_whole, dict[int, bool]()

    def of(self, node: GraphNode) -> bool:
        if id(node) not in self._known:
            self._known[id(node)] = node.dtype == "number" and self._decided(node)
        return self._known[id(node)]

    def _decided(self, node: GraphNode) -> bool:
        if node.operation is None:
            return is_whole_in_rows(node)
        name, settings = node.operation.name, node.settings
        if name == "narrowed":
            return bool(settings["dtype"] != "float32")
        if name in _COUNTED or settings.get("is_whole") is True:
            return True
        if name == "floor divide" and _is_time(node.inputs[0]):
            return True
        if name in ("constant", "number for all"):
            return settings["value"] != settings["value"] or _is_integral(settings["value"])
        fills = name == "fill number" and not self._fills_whole
        if name not in _KEEPS_WHOLE or not (fills or all(map(_is_integral, settings.values()))):
            return False
        if name == "raise" and settings["exponent"] < 0:
            return False
        return all(self.of(operand) for operand in node.inputs if operand.dtype == "number")


def _is_time(node: GraphNode) -> bool:
    return node.operation is not None and node.operation.name == "microseconds between"


def _is_integral(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and value % 1 == 0)


def _is_constant(node: GraphNode) -> bool:
    return node.operation is not None and node.operation.name == "constant"


@dataclass(frozen=True)
class IntegerFunction:
    """Function that gets whole numbers as Python ints, as in pandas."""

    function: Callable[[Any], Any]

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", self.function))

    def __call__(self, value: Any) -> Any:
        is_integral = isinstance(value, float) and value.is_integer()
        return self.function(int(value) if is_integral else value)


@dataclass(frozen=True)
class AllMissingFunction:
    """Function of an all-missing column: it gets None, or NaN if it takes only numbers."""

    function: Callable[[Any], Any]

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", self.function))

    def __call__(self, value: Any) -> Any:
        try:
            return self.function(value)
        except (TypeError, AttributeError, ValueError):
            return self.function(math.nan)
