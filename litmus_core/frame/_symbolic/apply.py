"""Functions, and methods that only pandas has, on symbolic columns."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, get_args

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import GraphNode, apply, as_type, capabilities_of, is_all_missing
from litmus_core.frame._operations.callbacks import CALL_TYPES, IN_PANDAS, name_of
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._series.column import ColumnT
from litmus_core.frame._series.number_kinds import AllMissingFunction, IntegerFunction
from litmus_core.frame._series.operands import is_number, is_text
from litmus_core.frame._symbolic.errors import unsupported, untraceable
from litmus_core.frame._values import raw_values

_DTYPES: dict[str, Dtype] = {"float": "number", "int": "number", "bool": "flag", "str": "text"}
_TRIED = 100  # values to try for the result type of a function without an annotation


def apply_function(
    node: GraphNode, function: Callable[[Any], Any], *, is_integral: bool = False
) -> GraphNode | None:
    """Return ``function``'s results for each value, missing ones included, as in pandas' ``map``.

    ``is_integral``: its numbers are whole, and passed as ints. None: all values are missing, and stay
    missing.
    """
    terms = capabilities_of(node)
    if not terms.functions:
        raise untraceable("map by a function", "Say it with operations on columns, or map by a dict.")
    if node.dtype not in CALL_TYPES:
        raise untraceable(f"map of a {node.dtype} by a function", "Take parts of the date by .dt first.")
    if is_all_missing(node):
        node, function = as_type(node, "text"), AllMissingFunction(function)
    named = function
    if is_integral:
        function = IntegerFunction(function)
    is_untold = _annotated_type(named) is None and terms.rows is not None
    if is_untold and not terms.rows.some(node, 1):  # type: ignore[union-attr]
        result = function(None if node.dtype == "text" else math.nan)
        if raw_values.is_missing(result):
            return None
    dtype, is_whole = result_type(node, function, named)
    settings = {"is_whole": True} if is_whole else {}
    return apply(f"{node.dtype} by function to {dtype}", node, function=function, **settings)


def result_type(node: GraphNode, call: Callable[[Any], Any], function: Any) -> tuple[Dtype, bool]:
    """Return the type of ``call``'s results and whether they are whole numbers.

    The type comes from ``function``'s annotation, or from trying it on values. Raises UsageError without
    either.
    """
    dtype = _annotated_type(function)
    if dtype is not None:
        return dtype, function in (int, len)
    terms = capabilities_of(node)
    context = terms.rows or terms.examples
    examples = list(context.some(node, _TRIED)) if context is not None else []
    if context is not None and not examples and node.dtype != "row":
        examples = [None if node.dtype == "text" else math.nan]
    return _tried_type(call, examples)


def _annotated_type(function: Any) -> Dtype | None:
    """Return a function's result type by its annotation, or the type itself if it is one."""
    if isinstance(function, AllMissingFunction):
        return _annotated_type(function.function)
    if function is len:
        return "number"
    if isinstance(function, type):
        return _DTYPES.get(function.__name__)
    annotation = inspect.get_annotations(function).get("return")
    if isinstance(annotation, str):
        names = [part.strip() for part in annotation.split("|")]
    else:
        names = [getattr(arg, "__name__", str(arg)) for arg in get_args(annotation) or [annotation]]
    [*types] = {_DTYPES.get(name) for name in names if name not in ("None", "NoneType")}
    return types[0] if len(types) == 1 else None


def _tried_type(function: Callable[[Any], Any], examples: Sequence[Any]) -> tuple[Dtype, bool]:
    results = [function(value) for value in examples]
    values = [result for result in results if result is not None and result == result]
    if values and all(isinstance(value, bool | np.bool_) for value in values):
        return ("flag" if len(values) == len(results) else "number"), False
    if values and all(map(is_number, values)):
        return "number", all(isinstance(value, int | np.integer) for value in values)
    if values and all(map(is_text, values)):
        return "text", False
    raise UsageError(
        f"What the function {name_of(function)} of map or apply returns cannot be told.",
        hint="Annotate it: def f(value) -> float: …, or -> str, or -> bool.",
    )


def pandas_fallback(
    node: GraphNode, make: Callable[[GraphNode], ColumnT], word: str, names: Sequence[str]
) -> Any:
    """Return a call of a method that only pandas has, if that is allowed; else raise an error that names
    it."""
    accessor, _, name = word.partition(".")
    terms = capabilities_of(node)
    gives = IN_PANDAS.get(node.dtype, {}).get(word)
    if gives is not None and terms.pandas:
        return partial(_pandas_accessor, node, make, word, gives)
    raise unsupported(f"column's .{accessor}", name, names, in_pandas=gives is not None and terms.functions)


def _pandas_accessor(
    node: GraphNode,
    make: Callable[[GraphNode], ColumnT],
    word: str,
    gives: Dtype,
    *arguments: Any,
    **named: Any,
) -> ColumnT:
    odd = next((argument for argument in (*arguments, *named.values()) if not _is_plain(argument)), None)
    if odd is not None:
        raise untraceable(f"'{word}' with {odd!r}", "Give texts, numbers, True or False.")
    settings = {"word": word, "arguments": arguments, "named": tuple(sorted(named.items()))}
    return make(apply(f"{node.dtype} in pandas to {gives}", node, **settings))


def _is_plain(value: Any) -> bool:
    return type(value) in (str, int, float, bool, type(None))
