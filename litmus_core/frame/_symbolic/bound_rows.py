"""Rows behind a frame: their column types, and the results of recorded operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._graph import Capabilities, GraphNode, apply, is_all_missing, source
from litmus_core.frame._layouts.frame_plan import FramePlan, form_of
from litmus_core.frame._layouts.polars_values import as_column, series_or_objects
from litmus_core.frame._layouts.selection import Form
from litmus_core.frame._layouts.whole_numbers import whole_list
from litmus_core.frame._operations.callbacks import name_of
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._pipeline.preprocess import for_pandas
from litmus_core.frame._pipeline.runner import n_in_columns
from litmus_core.frame._series.number_kinds import number_kind, wholeness
from litmus_core.frame._symbolic.fit_statistics import Learner
from litmus_core.frame._symbolic.frame import reading_of
from litmus_core.frame._values.column_types import InferredType, infer_columns
from litmus_core.frame._values.moments import from_microseconds, to_microseconds
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_EPOCH = datetime(1970, 1, 1)


class BoundRows:
    """Rows of a form; ``nodes`` are their symbolic columns, by name.

    ``rows`` returns the rows when they are needed, ``before`` describes what was computed before.
    """

    def __init__(
        self,
        types: Mapping[str, InferredType],
        form: Form,
        rows: Callable[[], Any],
        *,
        pandas: bool,
        before: Callable[[], str] = str,
    ) -> None:
        self.form, self._make_rows, self._pandas, self._before = form, rows, pandas, before
        self.columns = tuple(_column(name, type_) for name, type_ in types.items())
        kinds = {
            name: type_ for name, type_ in types.items() if type_ in ("whole", "mixed", "boolean", "missing")
        }
        terms = Capabilities(functions=True, pandas=pandas, rows=self, kinds=kinds)
        self._sources = [source(column.name, reading_of(column), terms) for column in self.columns]
        self.nodes: dict[str, GraphNode] = {
            one.name: apply("not zero", one) if types[one.name] == "flag" else one for one in self._sources
        }

    @classmethod
    def of(cls, rows: Any, types: Mapping[str, InferredType], *, pandas: bool) -> BoundRows:
        """Return rows of any form that FramePlan takes, lazy ones too, with the column types inferred."""
        form = form_of(rows)
        types_of, rows = infer_columns(rows, form, types)
        if form == "columns":
            n_in_columns(rows, list(types_of))
        return cls(types_of, form, partial(_unchanged, rows), pandas=pandas)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle stores, without what can be computed again."""
        return {name: var for name, var in vars(self).items() if name not in ("rows", "_learner")}

    @cached_property
    def rows(self) -> Any:
        """The rows themselves."""
        return self._make_rows()

    @property
    def is_lazy(self) -> bool:
        """Whether they are a lazy Polars frame, which has no rows before it is collected."""
        return self.form == "polars" and hasattr(self.rows, "collect")

    def n_rows(self) -> int:
        """Return the number of rows."""
        if self.is_lazy:
            return int(self.rows.select(_polars().len()).collect().item())
        return len(self.rows[self.columns[0].name] if self.form == "columns" else self.rows)

    def plan(self, nodes: Mapping[str, GraphNode]) -> FramePlan:
        """Return symbolic columns as a plan, also for other rows with the same columns."""
        return FramePlan.of_nodes(self.columns, self._sources, nodes)

    def explained(self, nodes: Mapping[str, GraphNode]) -> str:
        """Describe where the columns would be computed, and which steps call outside code."""
        plan = self.plan(nodes)
        if self.is_lazy:
            plan_text = "A lazy frame is read, computed and written piece by piece on the polars layout."
        else:
            plan_text = str(plan.explain(self.rows))
        called = [
            f"{step.operation.runs} {step.settings.get('word') or name_of(step.settings['function'])}"
            for step in plan.graph.steps
            if step.operation.runs != "here"
        ]
        plan_text += f" Calls {', '.join(called)}." if called else ""
        before = self._before()
        return f"{before} Of the rows that are left: {plan_text}" if before else plan_text

    def computed(self, nodes: Mapping[str, GraphNode]) -> Any:
        """Return the columns in the rows' own form; lazy for a lazy frame."""
        return self.plan(nodes).of(self.rows)

    def collected(self, nodes: Mapping[str, GraphNode]) -> Any:
        """Return the columns in the rows' own form, computed; dates in dicts are datetimes."""
        results = self.computed(nodes)
        if self.form == "records":
            return _records(self.as_columns(nodes, results), nodes, len(results))
        return results.collect() if self.is_lazy else results

    def as_columns(self, nodes: Mapping[str, GraphNode], results: Any = None) -> dict[str, Any]:
        """Return the columns by name, texts as lists and all else as arrays."""
        results = self.computed(nodes) if results is None else results
        results = results.collect() if self.is_lazy else results
        if self.form == "columns":
            columns: dict[str, Any] = results
            return columns
        return {name: _one_column(results, name, node.dtype, self.form) for name, node in nodes.items()}

    def as_dicts(self, nodes: Mapping[str, GraphNode]) -> list[dict[str, Any]]:
        """Return the columns as dicts."""
        columns = self.as_columns(nodes)
        return _records(columns, nodes, len(next(iter(columns.values()))))

    def as_pandas(self, nodes: Mapping[str, GraphNode]) -> pd.DataFrame:
        """Return the columns as a pandas frame."""
        import pandas as pd

        if self.form == "pandas":
            frame: pd.DataFrame = self.computed(nodes)
            return frame
        return pd.DataFrame({name: for_pandas(column) for name, column in self.as_columns(nodes).items()})

    def as_polars(self, nodes: Mapping[str, GraphNode]) -> pl.DataFrame:
        """Return the columns as a Polars frame."""
        if self.form == "polars":
            frame: pl.DataFrame = self.collected(nodes)
            return frame
        columns = self.as_columns(nodes)
        series_of = {name: series_or_objects(column, nodes[name].dtype) for name, column in columns.items()}
        polars_frame: pl.DataFrame = _polars().DataFrame(series_of)
        return polars_frame

    def where(self, nodes: Mapping[str, GraphNode], condition: GraphNode) -> BoundRows:
        """Return the rows with these columns where ``condition`` is true, computed when needed."""
        flag = "kept"
        while flag in nodes:
            flag += "_"
        types = {name: _type_of(node) for name, node in nodes.items()}
        flagged = {**nodes, flag: condition}
        rows, before = partial(self._left, flagged, flag), partial(self.explained, flagged)
        return BoundRows(types, self.form, rows, pandas=self._pandas, before=before)

    def _left(self, nodes: Mapping[str, GraphNode], flag: str) -> Any:
        return _where(self.collected_for_more(nodes), flag, self.form)

    def collected_for_more(self, nodes: Mapping[str, GraphNode]) -> Any:
        """Return the columns as rows for further operations: a lazy frame stays lazy."""
        return self.computed(nodes) if self.is_lazy else self.collected(nodes)

    def aggregate(
        self, node: GraphNode, method: str, arguments: Sequence[Any], named: Mapping[str, Any]
    ) -> Any:
        """Return a Learner's result for a column."""
        with np.errstate(all="ignore"):
            return self._learner.aggregate(node, method, arguments, named)

    def some(self, node: GraphNode, n_values: int) -> list[Any]:
        """Return the first ``n_values`` non-missing values of a column."""
        return self._learner.some(node, n_values)

    @cached_property
    def _learner(self) -> Learner:
        return Learner(self.columns, self.rows)


def _unchanged(rows: Any) -> Any:
    return rows


_COLUMN_KINDS: Mapping[Dtype, InferredType] = {"flag": "flag", "text": "text", "moment": "date"}
# "FLOAT": an infinite number is kept; in Litmus' own tables it is missing.
_STORED: Mapping[InferredType, tuple[Any, str]] = {
    **dict.fromkeys(("number", "whole", "mixed", "missing"), ("number", "FLOAT")),
    "flag": ("boolean", "BOOLEAN"),
    "boolean": ("boolean", "BOOLEAN"),
    "text": ("text", "VARCHAR"),
    "date": ("date", "TIMESTAMP"),
}


def _type_of(node: GraphNode) -> InferredType:
    if node.dtype != "number":
        return _COLUMN_KINDS[node.dtype]
    if is_all_missing(node):
        return "missing"
    kind = number_kind(node)
    return "mixed" if kind is None else "number" if kind == "float" else kind


def _column(name: str, type_: InferredType) -> Column:
    kind, storage = _STORED[type_]
    return Column(name=name, original_name=name, kind=kind, storage=storage)


def _one_column(results: Any, name: str, dtype: Dtype, form: Form) -> Any:
    """Return a computed column of rows of a form as the columns layout has it."""
    if form == "polars":
        is_whole = results[name].dtype.is_integer() and not results[name].has_nulls()
        return results[name].to_numpy() if is_whole else as_column(results[name], dtype)
    if form == "pandas":
        return results[name].tolist() if dtype == "text" else results[name].to_numpy()
    values = [row[name] for row in results]
    if dtype == "moment":
        return from_microseconds(values)
    if dtype == "text":
        return values
    is_whole = dtype == "number" and all(type(value) is int for value in values) and bool(values)
    return np.array(values, dtype=bool if dtype == "flag" else np.int64 if is_whole else np.float64)


def _records(columns: Mapping[str, Any], nodes: Mapping[str, GraphNode], n_rows: int) -> list[dict[str, Any]]:
    if not columns:
        return [{} for _ in range(n_rows)]
    listed = [
        _listed(column) if wholeness(nodes[name]) == "no" else whole_list(column)
        for name, column in columns.items()
    ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*listed, strict=True)]


def _listed(values: Any) -> list[Any]:
    if isinstance(values, list):
        return values
    if values.dtype.kind != "M":
        listed: list[Any] = values.tolist()
        return listed
    return [None if us is None else _datetime(us) for us in to_microseconds(values, missing=None)]


def _datetime(us: int) -> datetime | np.datetime64:
    """Return a moment as a datetime, or as NumPy's outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(microseconds=us)
    except OverflowError:
        return np.datetime64(us, "us")


def _where(results: Any, flag: str, form: Form) -> Any:
    """Return rows of a form where their column ``flag`` is true, without that column."""
    if form == "records":
        return [row for row in results if row.pop(flag)]
    if form == "polars":
        return results.filter(_polars().col(flag)).drop(flag)
    if form == "pandas":
        return results[results[flag]].drop(columns=flag)
    mask = results.pop(flag)
    return {
        name: [value for value, keep in zip(values, mask.tolist(), strict=True) if keep]
        if isinstance(values, list)
        else values[mask]
        for name, values in results.items()
    }


def _polars() -> Any:
    import polars as pl

    return pl
