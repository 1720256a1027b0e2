"""NumPy's functions on symbolic columns, by NumPy's own protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.frame._graph import GraphNode, apply
from litmus_core.frame._operations.arithmetic import OF_ONE, OF_TWO
from litmus_core.frame._series.operands import as_flag, as_number, as_scalar, chosen
from litmus_core.frame._symbolic.errors import unsupported, untraceable

_Make = Callable[[GraphNode], Any]
_NAMED: Mapping[str, str] = {
    **{function_name: function_name for function_name in (*OF_ONE, "log1p")},
    "isfinite": "number is finite",
}
# NumPy's ufuncs for which Python has an operator or method.
_SIGNS: Mapping[str, Callable[..., Any]] = {
    "add": lambda left, right: left + right,
    "subtract": lambda left, right: left - right,
    "multiply": lambda left, right: left * right,
    "divide": lambda left, right: left / right,
    "floor_divide": lambda left, right: left // right,
    "remainder": lambda left, right: left % right,
    "power": lambda left, right: left**right,
    "negative": lambda values: -values,
    "absolute": abs,
    "less": lambda left, right: left < right,
    "less_equal": lambda left, right: left <= right,
    "greater": lambda left, right: left > right,
    "greater_equal": lambda left, right: left >= right,
    "equal": lambda left, right: left == right,
    "not_equal": lambda left, right: left != right,
    "logical_and": lambda left, right: left & right,
    "logical_or": lambda left, right: left | right,
    "logical_not": lambda values: ~values,
    "bitwise_and": lambda left, right: left & right,
    "bitwise_or": lambda left, right: left | right,
    "bitwise_xor": lambda left, right: left ^ right,
    "invert": lambda values: ~values,
    "isnan": lambda values: values.isna(),
}


def call_ufunc(
    make: _Make, ufunc: Any, method: str, inputs: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    """Return a ufunc's result for symbolic columns; raises UsageError for an unsupported one."""
    name = ufunc.__name__
    if method != "__call__" or options:
        raise untraceable(f"np.{name}.{method} with options", f"Call np.{name} on columns alone.")
    if name in _NAMED:
        return make(apply(_NAMED[name], as_number(inputs[0].node)))
    if name in OF_TWO:
        return make(apply(name, *_numbers(inputs)))
    if name in _SIGNS:
        left = inputs[0]
        if hasattr(left, "node"):
            return _SIGNS[name](*inputs)
        return _reflected(make, name, left, inputs[1])
    raise unsupported("column", f"np.{name}")


def _reflected(make: _Make, name: str, left: Any, right: Any) -> Any:
    """Return an operator's result with a plain value on the left: Python's reflected operator."""
    if isinstance(left, np.ndarray | list | tuple) and np.ndim(left):
        raise untraceable(
            "A column of values beside a traced one", "Use one number, or a column of the frame."
        )
    return _SIGNS[name](left.item() if isinstance(left, np.generic | np.ndarray) else left, right)


def _numbers(inputs: Sequence[Any]) -> list[GraphNode]:
    return [
        as_number(operand.node) if hasattr(operand, "node") else apply("constant", value=as_scalar(operand))
        for operand in inputs
    ]


def call_function(make: _Make, function: Any, arguments: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Return the result of another NumPy function for symbolic columns; raises UsageError if unsupported."""
    if function is np.where and len(arguments) == 3 and not options:
        condition, one, other = arguments
        return make(chosen(as_flag(condition), one, other))
    if function is np.select:
        return _selected(make, *arguments, **options)
    if function is np.digitize:
        return _digitized(*arguments, **options)
    if function is np.clip:
        return arguments[0].clip(*arguments[1:], **options)
    if function is np.round:
        return arguments[0].round(*arguments[1:], **options)
    raise unsupported("column", f"np.{function.__name__}")


def _digitized(x: Any, bins: Any, right: bool = False) -> Any:
    """Return how many of the rising edges a number has passed; a missing number passes all, as in NumPy."""
    edges = list(bins)
    if not edges or edges != sorted(edges) or not hasattr(x, "node"):
        raise untraceable("np.digitize of these", "Give a column, and edges that rise.")
    passed = [((x > edge) if right else (x >= edge)).astype(int) for edge in edges]
    total = passed[0]
    for one in passed[1:]:
        total = total + one
    return total.where(x.notna(), len(edges))


def _selected(make: _Make, condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    answer = default
    for condition, one in reversed(list(zip(condlist, choicelist, strict=True))):
        answer = make(chosen(as_flag(condition), one, answer))
    return answer
