"""Aggregations over a few rows, value by value: there, a NumPy call takes longer than the computation.

A column is a list of the values of single rows (see ``Dtype``), computed by the record layout's expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import add
from typing import Any

from litmus_core.frame._operations.operation import Dtype, Operation

MOST = 16  # rows
_SUMS = 8


def computed(operation: Operation, inputs: Sequence[list[Any]], settings: Any, n_rows: int) -> list[Any]:
    """Return an operation's result for columns of ``n_rows`` values each."""
    bound = settings if operation.bind is dict else operation.bind(**settings)
    values: list[Any] = _function(operation.record, len(inputs), tuple(bound))(
        n_rows, *inputs, *bound.values()
    )
    return values


def read(rows: Sequence[Any], name: str, reader: Callable[[Any], Any]) -> list[Any]:
    """Return the :func:`row_reader`'s results for the raw values under ``name``."""
    values: list[Any] = _reading(getattr(reader, "plain", "False"))(rows, name, reader)
    return values


def present_values(values: list[Any], dtype: Dtype) -> list[Any]:
    """Return the non-missing values; flags as numbers."""
    if dtype == "row":
        return values
    if dtype == "text":
        return [value for value in values if value is not None]
    return [value for value in values if value == value] if dtype == "number" else list(map(float, values))


def counts(values: list[Any]) -> dict[Any, int]:
    """Return how often each value occurs: for a few values a Counter takes twice as long."""
    by_value: dict[Any, int] = {}
    for value in values:
        by_value[value] = by_value.get(value, 0) + 1
    return by_value


def total(values: list[float]) -> float:
    """Return np.sum's result for at most MOST numbers: from eight on it adds up eight partial sums."""
    if len(values) < _SUMS:
        total_so_far = 0.0
        for value in values:
            total_so_far += value
        return total_so_far
    is_twice = len(values) == MOST
    a, b, c, d, e, f, g, h = map(add, values[:8], values[8:]) if is_twice else values[:8]
    total_so_far = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for one in () if is_twice else values[8:]:
        total_so_far += one
    return total_so_far + 0.0


@lru_cache(maxsize=8)
def _reading(plain: str) -> Callable[..., list[Any]]:
    """Return a function that calls a reader only for values that do not pass its ``plain`` test."""
    code = (
        f"lambda rows, name, read: [v if {plain.format('v')} else read(v) for r in rows for v in (r[name],)]"
    )
    function: Callable[..., list[Any]] = eval(code)  # noqa: S307
    return function


@lru_cache(maxsize=512)
def _function(record: str, n_inputs: int, names: tuple[str, ...]) -> Callable[..., list[Any]]:
    """Return an operation's expression as a function of columns and bound values.

    Expressions and names are the registry's own: nothing in the source comes from outside.
    """
    values = [f"v{at}" for at in range(n_inputs)]
    columns = [f"values{at}" for at in range(n_inputs)]
    code = record.format(*values, **{name: f"_{name}" for name in names})
    loop = {0: "_ in range(n_rows)", 1: "v0 in values0"}.get(
        n_inputs, f"{', '.join(values)} in zip({', '.join(columns)}, strict=True)"
    )
    parameters = ", ".join(["n_rows", *columns, *(f"_{name}" for name in names)])
    function: Callable[..., list[Any]] = eval(f"lambda {parameters}: [{code} for {loop}]")  # noqa: S307
    return function
