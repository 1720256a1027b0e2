"""Operands of symbolic columns: Python, NumPy and pandas values, each as a node or constant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import GraphNode, apply, as_type, is_all_missing
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._series.number_kinds import NumberKind, is_whole, number_kind
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.fit_parameters import LearnedTable, SymbolicNumber, parameter_of
from litmus_core.frame._symbolic.operator_errors import Refusing
from litmus_core.frame._values import raw_values

_NUMBERS = (float, bool, int, np.bool_, np.integer, np.floating)
_TEXT, _NUMBER = {str}, {int, float}


def is_missing(value: Any) -> bool:
    """Return whether a single value stands for "missing"."""
    return (
        not hasattr(value, "node")
        and not isinstance(value, Refusing)
        and parameter_of(value, SymbolicNumber) is None
        and raw_values.is_missing(value)
    )


def is_text(value: Any) -> bool:
    """Return whether a value is a text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """Return whether a value is a number or boolean, of Python or NumPy."""
    return isinstance(value, _NUMBERS)


def is_moment(value: Any) -> bool:
    """Return whether a value is a date or time."""
    return hasattr(value, "isoformat") or isinstance(value, np.datetime64)


def is_column_of_values(value: Any) -> bool:
    """Return whether a value holds several values: a list, an array, a pandas Series."""
    return hasattr(value, "__len__") and not is_text(value) and not isinstance(value, Refusing)


def is_time(value: Any) -> bool:
    """Return whether a value is a duration."""
    return isinstance(value, timedelta | np.timedelta64)


def unsigned_zero(node: GraphNode) -> GraphNode:
    """Return numbers to divide by. Whole numbers have no -0, which would give minus infinity."""
    if number_kind(node) == "float" or (node.operation is not None and node.operation.name == "constant"):
        return node
    return apply("add", node, apply("constant", value=0.0))


def as_scalar(value: Any) -> Any:
    """Return a value as a double, or the parameter it stands for; raises UsageError for a non-number."""
    if type(value) is float or type(value) is int:
        return float(value)
    learned = parameter_of(value, SymbolicNumber)
    if learned is not None:
        return learned
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if value is None or not is_number(value):
        subject = "A column of values" if is_column_of_values(value) else repr(value)
        hint = getattr(type(value), "_as_column", "Use one number, or another column of the frame.")
        raise untraceable(f"{subject} beside numbers", hint)
    return float(value)


def whole(value: Any, *, subject: str = "a place") -> int:
    """Return a whole number as an int; raises UsageError for anything else."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise untraceable(f"{value!r} as {subject}", "Give a whole number.")
    return int(value)


def as_number(node: GraphNode) -> GraphNode:
    """Return a node as numbers: conditions become 1 and 0."""
    if node.dtype == "flag":
        return apply("flag as number", node)
    if node.dtype != "number":
        raise UsageError(f"This works on numbers, not on a {node.dtype}.", hint="Make numbers of it first.")
    return node


def as_flag(value: Any) -> GraphNode:
    """Return a condition's node."""
    node = getattr(value, "node", None)
    if not isinstance(node, GraphNode):
        raise untraceable(f"{value!r} as a condition", "Use a comparison of columns.")
    if node.dtype != "flag":
        raise UsageError(
            "A condition is needed, and this column may be missing as well as true or false.",
            hint="Say what a missing value counts as: contains(…, na=False), == 1, or astype(bool).",
        )
    return node


def moment_node(value: Any) -> GraphNode:
    """Return a column of dates, or one date, as a node."""
    node = getattr(value, "node", None)
    if isinstance(node, GraphNode):
        node = as_type(node, "moment")
        if node.dtype != "moment":
            raise UsageError(f"This works on dates, not on a {node.dtype}.", hint="Take a date from a date.")
        return node
    try:
        when = raw_values.moment(value)
        if when is None:
            raise ValueError
        us = int(np.datetime64(when).astype("datetime64[us]").astype(np.int64))
    except (TypeError, ValueError):
        raise untraceable(
            f"{value!r} beside dates", "Use a date such as pd.Timestamp('2024-12-31')."
        ) from None
    return apply("moment", us=us)


def chosen(condition: GraphNode, one: Any, other: Any) -> GraphNode:
    """Return ``one`` where ``condition`` is true, else ``other``: symbolic columns or values, of one kind."""
    nodes = [getattr(node, "node", None) for node in (one, other)]
    for left, right in ((one, other), (other, one)):
        if _is_all_missing(left) and (is_missing(right) or _is_all_missing(right)):
            return as_type(left.node, "number")
    if any(isinstance(node, GraphNode) and node.dtype == "moment" for node in nodes):
        left, right = (_moment_or_missing(one, condition), _moment_or_missing(other, condition))
        return apply("where moment", left, condition, right)
    one, other = (None if _is_all_missing(node) else node for node in (one, other))
    nodes = [getattr(node, "node", None) for node in (one, other)]
    texts = [
        node.dtype == "text" if isinstance(node, GraphNode) else is_text(value)
        for node, value in zip(nodes, (one, other), strict=True)
    ]
    if any(texts):
        return _chosen_text(condition, one, other)
    flags = [node for node in nodes if isinstance(node, GraphNode) and node.dtype == "flag"]
    if len(flags) == 2:
        return apply("or", apply("and", condition, flags[0]), apply("and", apply("not", condition), flags[1]))
    return _chosen_number(condition, one, other)


def _moment_or_missing(value: Any, condition: GraphNode) -> GraphNode:
    """Return dates, or missing ones for a missing value."""
    if is_missing(value):
        return apply("missing as moment", apply("flag as number", condition))
    return moment_node(value)


def _is_all_missing(value: Any) -> bool:
    node = getattr(value, "node", None)
    return isinstance(node, GraphNode) and is_all_missing(node)


def _chosen_number(condition: GraphNode, one: Any, other: Any) -> GraphNode:
    left, right = getattr(one, "node", None), getattr(other, "node", None)
    if isinstance(left, GraphNode):
        second = as_number(right) if isinstance(right, GraphNode) else _constant(other)
        return apply("where", as_number(left), condition, second)
    if isinstance(right, GraphNode):
        return apply("where", as_number(right), apply("not", condition), _constant(one))
    return apply(
        "where", apply("number for all", condition, value=_number_or_nan(one)), condition, _constant(other)
    )


def _constant(value: Any) -> GraphNode:
    return apply("constant", value=_number_or_nan(value))


def _chosen_text(condition: GraphNode, one: Any, other: Any) -> GraphNode:
    left, right = getattr(one, "node", None), getattr(other, "node", None)
    if isinstance(left, GraphNode) and isinstance(right, GraphNode):
        return apply("where text", left, condition, right)
    if isinstance(left, GraphNode):
        return apply("where else", left, condition, value=_text_or_none(other))
    if isinstance(right, GraphNode):
        return apply("where else", right, apply("not", condition), value=_text_or_none(one))
    return apply("choose", condition, yes=_text_or_none(one), no=_text_or_none(other))


def _number_or_nan(value: Any) -> Any:
    return math.nan if is_missing(value) else as_scalar(value)


def _text_or_none(value: Any) -> str | None:
    if isinstance(value, str):
        return str(value)
    if not raw_values.is_missing(value):
        raise untraceable(f"A choice between texts and {value!r}", "Give texts on both sides.")
    return None


def skipping(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that leaves missing values unchanged."""

    @wraps(function)
    def of_present(value: Any) -> Any:
        return value if is_missing(value) else function(value)

    return of_present


def pairs_of(table: Any, *, of_texts: bool, holds_truths: bool | None) -> tuple[str, Any, bool]:
    """Return the type of a mapping's values ("number" or "text"), its pairs, or its parameter.

    Return also whether its numbers are whole. ``holds_truths``: the numbers are True and False. Raises
    UsageError unless it is a plain dict or Series with values of one type.
    """
    if of_texts and type(table) is dict and _is_table(table):  # the usual case
        has_whole = bool(table) and set(map(type, table.values())) == {int}
        return "number", tuple(zip(table, map(float, table.values()), strict=True)), has_whole
    learned = parameter_of(table, LearnedTable)
    if learned is not None and of_texts:
        return "number", learned, learned.is_whole
    if hasattr(table, "to_dict") and hasattr(table, "index"):
        table = table.to_dict()
    if not isinstance(table, Mapping):
        raise untraceable(f"map by {table!r}", "Map by a dict, a Series of pandas or a function.")
    if hasattr(type(table), "__missing__"):
        raise untraceable(f"map by a {type(table).__name__}", "Make a plain dict of it, and use fillna.")
    present = {key: value for key, value in table.items() if not raw_values.is_missing(key)}
    if not holds_truths and not all(raw_values.is_missing(table[key]) for key in table if key not in present):
        # pandas finds None by None and NaN by NaN, which are one here
        raise untraceable("map by a missing value", "Leave it out of the keys, and use fillna.")
    check_truths(present, holds_truths, "map", all)
    keys = [key for key in present if is_text(key) == of_texts and (of_texts or is_number(key))]
    values = [present[key] for key in keys]
    values_present = [value for value in values if not raw_values.is_missing(value)]
    pairs: list[tuple[Any, Any]]
    if values_present and all(map(is_text, values_present)):
        pairs = [(key, _text_or_none(value)) for key, value in zip(keys, values, strict=True)]
        kind = "text"
    elif all(map(is_number, values_present)):
        pairs = [(key, _number_or_nan(value)) for key, value in zip(keys, values, strict=True)]
        kind = "number"
    else:
        raise untraceable("map to values of several kinds", "Map to numbers only, or to texts only.")
    has_whole = bool(values_present) and all(map(_is_whole_number, values_present))
    return kind, tuple((str(key) if of_texts else float(key), value) for key, value in pairs), has_whole


def check_truths(
    keys: Iterable[Any], holds_truths: bool | None, method: str, amount: Callable[[list[bool]], bool]
) -> None:
    """Raise UsageError for numbers as keys of True and False, or the other way round: pandas finds none.

    ``holds_truths`` is None where the rows decide which of them a column holds.
    """
    unlike = [is_number(key) and _is_truth(key) is not holds_truths for key in keys]
    if holds_truths is not None and unlike and amount(unlike):
        if holds_truths:
            raise untraceable(f"{method} of True and False by numbers", "Use True and False.")
        raise untraceable(f"{method} of numbers by True and False", "Use 1 and 0.")


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not _is_truth(value)


def _is_table(table: dict[Any, Any]) -> bool:
    return _TEXT.issuperset(map(type, table)) and _NUMBER.issuperset(map(type, table.values()))


def retyped(node: GraphNode, dtype_name: str, kind: NumberKind | None) -> tuple[GraphNode, NumberKind | None]:
    """Return a column as pandas' type ``dtype_name``, as far as supported, and the resulting kind of numbers.

    Missing stays missing. ``kind`` is the current kind of numbers, None if it depends on the rows.
    """
    dtype_name = {"float64": "float", "int64": "int", "Int64": "int", "Float64": "float"}.get(
        dtype_name, dtype_name
    )
    if dtype_name.startswith("uint") and node.dtype == "number" and kind != "whole":
        raise untraceable(
            f"astype({dtype_name}) of numbers that may have decimals",
            "pandas refuses negative ones among them: say astype(int) before it.",
        )
    if dtype_name in NARROW and node.dtype in ("number", "flag"):
        narrowed = apply("narrowed", as_number(node), dtype=dtype_name)
        return narrowed, "float" if dtype_name == "float32" else "whole"
    if is_all_missing(node) and dtype_name in _OF_TEXTS:
        return (as_type(node, "text") if dtype_name == "str" else node), None
    if (node.dtype, dtype_name) == ("number", "str"):
        return _as_text(node, kind), None
    if (node.dtype, dtype_name, kind) == ("number", "int", "whole"):
        return node, "whole"
    way = _RETYPED.get((node.dtype, dtype_name))
    if way is None:
        raise untraceable(
            f"astype({dtype_name})",
            "Numbers can become float, int, bool or str; texts float, str or category.",
        )
    return way(node), _GIVES.get(dtype_name)


def _as_text(node: GraphNode, kind: NumberKind | None) -> GraphNode:
    if kind is None:
        raise untraceable(
            "astype(str) of numbers that may be whole",
            "pandas says '3' or '3.0', by what else is there: say astype(int) or astype(float) before it.",
        )
    return apply("whole number as text" if kind == "whole" else "number as text", node)


NARROW = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float32")
"""pandas' number types with a smaller range than float64."""
_OF_TEXTS = ("str", "object", "category")
_GIVES: Mapping[str, NumberKind] = {"int": "whole", "float": "float"}
_RETYPED: Mapping[tuple[Dtype, str], Callable[[GraphNode], GraphNode]] = {
    ("number", "float"): lambda node: apply("as float", node) if is_whole(node) else node,
    ("number", "int"): lambda node: apply("narrowed", node, dtype="int64"),
    ("number", "bool"): lambda node: apply("not zero", node),
    ("flag", "float"): lambda node: apply("as float", as_number(node)),
    ("flag", "int"): as_number,
    ("flag", "bool"): lambda node: node,
    ("flag", "str"): lambda node: apply("choose", node, yes="True", no="False"),
    ("text", "float"): lambda node: apply("text as number", node),
    **{("text", kind): lambda node: node for kind in _OF_TEXTS},
}
