"""Raw rows before and after pre-processing, in each layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.layouts import ColumnsLayout, RecordLayout
from litmus_core.frame._layouts.polars_kernel import text_kernel
from litmus_core.frame._layouts.polars_layout import PolarsLayout, PolarsPlan
from litmus_core.frame._layouts.polars_values import series_reader
from litmus_core.frame._pipeline.runner import check_columns, column_reader
from litmus_core.frame._pipeline.traced_steps import Traced, traced_nodes
from litmus_core.frame._rewrites import rewritten
from litmus_core.frame._values.coercion import read_rows
from litmus_core.frame._values.row_readers import row_reader
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def raw_frame(rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as the pandas frame that custom pre-processing gets.

    ``rows`` are a list of dicts or n values each by column name (a frame keeps its index). Whatever their
    form, a number is float64 (NaN where missing), a boolean 1.0, 0.0 or NaN, a date datetime64[us], and
    anything else an object column of str and None: one row has the same types as many. Raises RowError as
    :func:`read_rows` does, and for a missing column.
    """
    import pandas as pd

    index = getattr(rows, "index", None) if not isinstance(rows, list | tuple) else None
    if isinstance(rows, list | tuple):
        n_rows, rows = len(rows), read_rows(rows, columns)
    else:
        check_columns(rows, columns)
        n_rows = len(rows[columns[0].name])
    values = {
        column.name: for_pandas(column_reader(column, blanks=False)(rows[column.name])) for column in columns
    }
    return pd.DataFrame(values, index=pd.RangeIndex(n_rows) if index is None else index, copy=False)


def for_pandas(values: Any) -> Any:
    """Return a column for pandas: a list of texts becomes an array of objects."""
    if not isinstance(values, list):
        return values
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    return objects


def ready_columns(
    columns: Sequence[Column], parts: Sequence[Traced], table: Mapping[str, Any] | pd.DataFrame
) -> dict[str, Any]:
    """Return the results of traced ``parts`` for a table's n rows, by column: lists of texts, else arrays."""
    graph, names = _graph(columns, parts)
    compute = ColumnsLayout().compile(graph, {column.name: column_reader(column) for column in columns})
    return dict(zip(names, compute(table), strict=True))


def ready_polars(columns: Sequence[Column], parts: Sequence[Traced], frame: pl.DataFrame) -> pl.DataFrame:
    """Return the results of traced ``parts`` for a Polars frame's n rows, null where missing.

    A lazy frame gives a lazy frame, which reads, computes and writes piece by piece.
    """
    plan, names = polars_plan(columns, parts)
    return plan.frame_of(frame, names)


def polars_plan(columns: Sequence[Column], parts: Sequence[Traced]) -> tuple[PolarsPlan, list[str]]:
    """Return :func:`ready_polars` compiled once, and the names of the output columns."""
    graph, names = _graph(columns, parts)
    readers = {column.name: series_reader(column) for column in columns}
    return PolarsLayout(kernel=text_kernel()).compile(rewritten(graph), readers), names


def ready_reader(
    columns: Sequence[Column], parts: Sequence[Traced]
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function of traced ``parts`` for one dict, with dates in microseconds since 1970."""
    graph, names = _graph(columns, parts)
    compute = RecordLayout().compile(graph, {column.name: row_reader(column) for column in columns})
    return lambda row: dict(zip(names, compute(row), strict=True))


def _graph(columns: Sequence[Column], parts: Sequence[Traced]) -> tuple[Graph, list[str]]:
    sources, nodes = traced_nodes(columns, parts)
    return Graph.of(sources, list(nodes.values())), list(nodes)
