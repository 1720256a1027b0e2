"""Functions of a whole row: ``frame.apply(function, axis=1)`` calls them with a pandas Series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litmus_core.frame._graph import GraphNode, apply, capabilities_of
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._series.number_kinds import is_whole
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.apply import result_type
from litmus_core.frame._symbolic.errors import untraceable

_GATHERED: tuple[Dtype, ...] = ("number", "flag", "text")


@dataclass(frozen=True)
class RowFunction:
    """Function that gets one row's values as a Series, with integers where pandas has integers."""

    function: Callable[..., Any]
    names: tuple[str, ...]
    is_whole_of: tuple[bool, ...]
    arguments: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()
    of_objects: bool = True

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", self.function))

    def __call__(self, values: tuple[Any, ...]) -> Any:
        import pandas as pd

        row_values = [
            int(value) if is_whole_of and value == value else value
            for value, is_whole_of in zip(values, self.is_whole_of, strict=True)
        ]
        row = pd.Series(row_values, index=self.names, dtype=object if self.of_objects else None)
        return self.function(row, *self.arguments, **dict(self.named))


def gathered(columns: Mapping[str, ScalableSeries], method: str) -> GraphNode:
    """Return a node with the values of several columns in order; raises UsageError for dates."""
    gathered_node: GraphNode | None = None
    for name, column in columns.items():
        node = column.node
        if node.dtype not in _GATHERED:
            raise untraceable(
                f"{method} of a row with dates ('{name}')", "Select the columns that it needs first."
            )
        gathered_node = (
            apply(f"row of {node.dtype}", node)
            if gathered_node is None
            else apply(f"row and {node.dtype}", gathered_node, node)
        )
    if gathered_node is None:
        raise untraceable(f"{method} of no columns", "Keep a column.")
    return gathered_node


def apply_to_rows(
    columns: Mapping[str, ScalableSeries],
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    named: Mapping[str, Any],
) -> ScalableSeries:
    """Return the function's result for each row."""
    node = gathered(columns, "apply(…, axis=1)")
    if not capabilities_of(node).functions:
        raise untraceable("apply(…, axis=1) by a function", "Say it with operations on columns.")
    dtypes = {column.node.dtype for column in columns.values()}
    wholes = tuple(is_whole(column.node) for column in columns.values())
    mixed = dtypes != {"number"}
    call = RowFunction(
        function,
        tuple(columns),
        wholes if mixed or all(wholes) else (False,) * len(wholes),
        arguments,
        tuple(named.items()),
        of_objects=mixed,
    )
    dtype, has_whole = result_type(node, call, function)
    settings = {"is_whole": True} if has_whole else {}
    return ScalableSeries(apply(f"row by function to {dtype}", node, function=call, **settings))
