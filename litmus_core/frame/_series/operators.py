"""Python's operators for symbolic columns: arithmetic, comparisons and conditions, as in pandas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from litmus_core.errors import UsageError
from litmus_core.frame._graph import GraphNode, apply, as_type, is_all_missing
from litmus_core.frame._series.arithmetic import ArithmeticMethods
from litmus_core.frame._series.dates import Gap
from litmus_core.frame._series.durations import time_us
from litmus_core.frame._series.number_kinds import NumberKind, number_kind
from litmus_core.frame._series.operands import (
    as_flag,
    as_number,
    as_scalar,
    is_moment,
    is_text,
    is_time,
    moment_node,
    unsigned_zero,
)
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing


class SeriesOperators(ArithmeticMethods, Refusing):
    """pandas' operators for anything with a ``node``; results have the same class."""

    node: GraphNode
    _kind: NumberKind | None = None  # set by astype for numbers

    def __init__(self, node: GraphNode) -> None:
        object.__setattr__(self, "node", node)

    # Arithmetic.

    def __add__(self, other: Any) -> Any:
        return self._plus(other, last=True)

    def __radd__(self, other: Any) -> Any:
        return self._plus(other, last=False)

    def _plus(self, other: Any, *, last: bool) -> Self:
        if self._common_kind(other) == "moment":
            return self._moved(other, 1.0)
        if self._common_kind(other) == "text":
            if isinstance(other, SeriesOperators):
                return type(self)(apply("join", as_type(self.node, "text"), other.node, between=""))
            if not is_text(other):
                raise UsageError("Texts and numbers cannot be added.", hint="Add a text to a text.")
            before, suffix = ("", other) if last else (other, "")
            return type(self)(apply("surround", self.node, prefix=before, suffix=suffix))
        return self._arithmetic("add", other, last=last)

    def _moved(self, time: Any, sign: float) -> Self:
        """Return dates later by a time, or by a time for each row."""
        if isinstance(time, Gap):
            us = apply("multiply", time.us, apply("constant", value=sign))
        elif is_time(time):
            us = apply("constant", value=sign * time_us(time))
        else:
            raise untraceable(
                f"A date plus {time!r}", "Add pd.Timedelta(days=1), or pd.to_timedelta(…, unit='D')."
            )
        return type(self)(apply("moved moment", self.node, us))

    def __sub__(self, other: Any) -> Any:
        if self.node.dtype == "moment" and (isinstance(other, Gap) or is_time(other)):
            return self._moved(other, -1.0)
        if self._common_kind(other) == "moment":
            return Gap(moment_node(self), moment_node(other), self._make)
        return self._arithmetic("subtract", other)

    def __rsub__(self, other: Any) -> Any:
        if self._common_kind(other) == "moment":
            return Gap(moment_node(other), moment_node(self), self._make)
        return self._arithmetic("subtract", other, last=False)

    def __mul__(self, other: Any) -> Self:
        return self._arithmetic("multiply", other)

    def __rmul__(self, other: Any) -> Self:
        return self._arithmetic("multiply", other, last=False)

    def __truediv__(self, other: Any) -> Self:
        return self._arithmetic("divide", other, divides=True)

    def __rtruediv__(self, other: Any) -> Self:
        return self._arithmetic("divide", other, last=False, divides=True)

    def __floordiv__(self, other: Any) -> Self:
        return self._arithmetic("floor divide", other, divides=True)

    def __rfloordiv__(self, other: Any) -> Self:
        return self._arithmetic("floor divide", other, last=False, divides=True)

    def __mod__(self, other: Any) -> Self:
        return self._arithmetic("remainder", other)

    def __rmod__(self, other: Any) -> Self:
        return self._arithmetic("remainder", other, last=False)

    def __pow__(self, other: Any) -> Self:
        if isinstance(other, SeriesOperators):
            return self._arithmetic("power", other)
        return type(self)(apply("raise", as_number(self.node), exponent=as_scalar(other)))

    def __rpow__(self, other: Any) -> Self:
        return self._arithmetic("power", other, last=False)

    def __neg__(self) -> Self:
        return type(self)(apply("negate", self._plain_number("-")))

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return type(self)(apply("absolute", self._plain_number("abs")))

    # Comparisons and conditions.

    def __lt__(self, other: Any) -> Self:
        return self._compared(other, "less", "before")

    def __le__(self, other: Any) -> Self:
        return self._compared(other, "less or equal", "not after")

    def __gt__(self, other: Any) -> Self:
        return self._compared(other, "less", "before", swapped=True)

    def __ge__(self, other: Any) -> Self:
        return self._compared(other, "less or equal", "not after", swapped=True)

    def __eq__(self, other: Any) -> Self:  # type: ignore[override]
        if self._common_kind(other) == "text":
            return self._same_text(other)
        return self._compared(other, "equal", "same moment")

    def __ne__(self, other: Any) -> Self:  # type: ignore[override]
        if self._common_kind(other) == "number" and not isinstance(other, SeriesOperators):
            return self._compared(other, "not equal", "")
        return ~type(self).__eq__(self, other)

    def __and__(self, other: Any) -> Self:
        return type(self)(apply("and", as_flag(self), as_flag(other)))

    def __or__(self, other: Any) -> Self:
        return type(self)(apply("or", as_flag(self), as_flag(other)))

    def __xor__(self, other: Any) -> Self:
        return type(self)(apply("exclusive or", as_flag(self), as_flag(other)))

    def __invert__(self) -> Self:
        return type(self)(apply("not", as_flag(self)))

    # Implementation.

    def _make(self, node: GraphNode) -> Any:
        return type(self)(node)

    def _number_kind(self) -> NumberKind | None:
        """Return pandas' type of its numbers; None if the rows decide, and for other columns."""
        if self.node.dtype != "number":
            return None
        return self._kind or number_kind(self.node)

    def _holds_truths(self) -> bool | None:
        """Return whether pandas holds True and False, and not numbers; None if the rows decide."""
        if self.node.dtype == "flag":
            return True
        return None if self._number_kind() is None else False

    def _common_kind(self, other: Any) -> Any:
        """Return the column's type next to ``other``: an all-missing column is of any type."""
        if not is_all_missing(self.node):
            return self.node.dtype
        if isinstance(other, SeriesOperators):
            return other.node.dtype
        return "text" if is_text(other) else "moment" if is_moment(other) else "number"

    def _mapped(self, table: Any) -> GraphNode:
        """Return the column's node in the type of a table's keys: texts, or else numbers."""
        if is_all_missing(self.node) and isinstance(table, Mapping) and any(map(is_text, table)):
            return as_type(self.node, "text")
        return self.node if self.node.dtype == "text" else as_number(self.node)

    def _apply(self, name: Any, *others: GraphNode, **settings: Any) -> Self:
        return type(self)(apply(name, self.node, *others, **settings))

    def _plain_number(self, method: Any) -> GraphNode:
        if self.node.dtype != "number":
            raise UsageError(
                f"'{method}' works on numbers, not on a {self.node.dtype}.", hint="Make numbers of it first."
            )
        return self.node

    def _arithmetic(self, name: Any, other: Any, *, last: bool = True, divides: bool = False) -> Self:
        other_node = other.node if isinstance(other, SeriesOperators) else None
        if is_all_missing(self.node) and (is_time(other) or (other_node and is_all_missing(other_node))):
            return self
        if self.node.dtype == "flag" and other_node is not None and other_node.dtype == "flag":
            both = {"add": "or", "multiply": "and"}
            if name not in both:
                raise untraceable(f"'{name}' of two conditions", "Use astype(float) first.")
            return self._apply(both[name], other_node)
        left = as_number(self.node)
        right = apply("constant", value=as_scalar(other)) if other_node is None else as_number(other_node)
        pair = [left, right] if last else [right, left]
        if divides:
            pair[1] = unsigned_zero(pair[1])
        return type(self)(apply(name, *pair))

    def _compared(self, other: Any, numbers: Any, moments: Any, *, swapped: bool = False) -> Self:
        if self._common_kind(other) == "moment" or (
            isinstance(other, SeriesOperators) and other.node.dtype == "moment"
        ):
            pair = [moment_node(self), moment_node(other)]
            return type(self)(apply(moments, *(reversed(pair) if swapped else pair)))
        if self.node.dtype == "text" or is_text(other) or is_moment(other):
            raise untraceable("A comparison of texts by their order", "Compare numbers, or dates, or use ==.")
        number = as_number(self.node)
        against = (
            as_number(other.node)
            if isinstance(other, SeriesOperators)
            else apply("constant", value=as_scalar(other))
        )
        pair = [against, number] if swapped else [number, against]
        return type(self)(apply(numbers, *pair))

    def _same_text(self, other: Any) -> Self:
        if isinstance(other, SeriesOperators):
            return type(self)(apply("texts equal", self.node, other.node))
        if not is_text(other):
            raise untraceable(f"A text compared with {other!r}", "Compare texts with a text.")
        return self._apply("text equal", value=str(other))
