"""Aggregations that ``fit`` computes over all rows: medians, means, value counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import Graph, GraphNode
from litmus_core.frame._layouts import small_batch
from litmus_core.frame._layouts.layouts import as_they_are
from litmus_core.frame._layouts.polars_layout import PolarsLayout
from litmus_core.frame._layouts.polars_values import as_column, series_or_objects, series_reader
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._pipeline.runner import column_reader
from litmus_core.frame._series.number_kinds import is_whole_in_rows
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.row_context import ROWS, check_options
from litmus_core.frame._values.coercion import read_rows
from litmus_core.frame._values.row_readers import UNREAD, Reader, read_column, row_reader
from litmus_core.types import Column

_FEW = 64  # numbers that Python sorts faster than NumPy
_VALUE, _COUNT = itemgetter(0), itemgetter(1)


class ValueCounts(dict[Any, float]):
    """How often each value occurs in a column: most frequent first, ties by value.

    It is a dict, where pandas has a Series: methods that differ between the two are refused.
    """

    def __iter__(self) -> Any:
        raise untraceable(
            "Going through value_counts()", "Say .items(), .index for the values, or .to_dict()."
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            raise untraceable(
                f"value_counts() compared with {other!r}", "Go through its items(), or to_dict()."
            )
        return dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        raise untraceable("The truth of value_counts()", "Say len(…) > 0.")

    @property
    def index(self) -> list[Any]:
        """The values."""
        return list(self.keys())

    def head(self, n: int = 5) -> ValueCounts:
        """Return the first ``n``."""
        return ValueCounts(list(self.items())[:n])

    def to_dict(self) -> dict[Any, float]:
        """Return a plain dict."""
        return dict(self)


class Learner:
    """Answers aggregations over all rows: dicts, n values each by name, or a frame.

    As in pandas, NumPy's overflow warnings are off within its context.
    """

    def __init__(
        self, columns: Sequence[Column], rows: Any, readers: Mapping[str, Reader] | None = None
    ) -> None:
        self._columns = {column.name: column for column in columns}
        self._rows = rows
        self._readers = readers
        self._is_dicts = isinstance(rows, list | tuple)
        self._is_few = self._is_dicts and 0 < len(rows) <= small_batch.MOST
        self._is_polars = not self._is_dicts and type(rows).__module__.partition(".")[0] == "polars"
        self._read: dict[str, Any] = {}
        self._made: dict[GraphNode, Any] = {}
        self._steps: dict[GraphNode, Any] = {}
        self._has_gaps: set[GraphNode] = set()

    def __enter__(self) -> Learner:
        self._quiet = None if self._is_few else np.errstate(all="ignore")
        if self._quiet is not None:
            self._quiet.__enter__()
        self._token = ROWS.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        ROWS.reset(self._token)
        if self._quiet is not None:
            self._quiet.__exit__(None, None, None)

    def aggregate(
        self, node: GraphNode, method: str, arguments: Sequence[Any], named: Mapping[str, Any]
    ) -> Any:
        """Return a pandas Series' result of one of ANSWERS, without missing values."""
        dtypes, compute = ANSWERS[method]
        if node.dtype not in dtypes:
            raise UsageError(
                f"'{method}' is for columns of {' or '.join(f'{dtype}s' for dtype in dtypes)}, "
                f"not of {node.dtype}s.",
                hint="Make a column of that type first.",
            )
        if not arguments and not named:
            return self._typed(node, method, compute(self._values(node)))
        check_options(method, arguments, named)
        return compute(self._values(node), *arguments, **named)

    def _typed(self, node: GraphNode, method: str, result: Any) -> Any:
        """Return a sum, lowest, or highest value as pandas types it: '3' and '3.0' are different texts."""
        if method not in _KEEPS_TYPE or node in self._has_gaps or result != result:
            return result
        if node.dtype == "flag":
            return int(result) if method == "sum" else bool(result)
        return int(result) if is_whole_in_rows(node) else result

    def some(self, node: GraphNode, n_values: int) -> list[Any]:
        """Return the first ``n_values`` non-missing values of a column."""
        values = self._values(node)[:n_values]
        listed = (
            values
            if isinstance(values, list)
            else values.to_list()
            if hasattr(values, "to_list")
            else values.tolist()
        )
        return [bool(value) for value in listed] if node.dtype == "flag" else listed

    def _values(self, node: GraphNode) -> Any:
        """Return a column's non-missing values: an array; texts and few values as a list."""
        values = self._made.get(node)
        if values is None:
            present_values = small_batch.present_values if self._is_few else _without_missing
            computed = self._computed(node)
            values = self._made[node] = present_values(computed, node.dtype)
            if len(values) < len(computed):
                self._has_gaps.add(node)
        return values

    def _computed(self, node: GraphNode) -> Any:
        if node.operation is None:
            return self._column(node)
        if not self._is_polars or node.dtype == "row":
            return self._by_columns(node)
        sources = _sources(node)
        if "text" in {source.dtype for source in sources}:
            import polars as pl

            frame = pl.DataFrame({source.name: self._column(source) for source in sources})
            graph = Graph.of(sources, [node])
            return PolarsLayout().compile(graph, as_they_are(graph))(frame)[0]
        return self._by_columns(node)

    def _by_columns(self, node: GraphNode) -> Any:
        """Return a column as the columns layout has it, step by step; results are cached."""
        steps, chain = self._steps, []
        while len(node.inputs) == 1 and node not in steps:  # the usual case
            chain.append(node)
            [node] = node.inputs
        values = self._computed_node(node)
        while chain:
            node = chain.pop()
            values = steps[node] = self._step(node, [values])
        return values

    def _computed_node(self, node: GraphNode) -> Any:
        """Return a column whose steps have any number of inputs."""
        steps, waiting = self._steps, [node]
        while waiting:
            node_here = waiting[-1]
            missing = [other for other in node_here.inputs if other not in steps]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if node_here not in steps:
                steps[node_here] = self._step(node_here, [steps[other] for other in node_here.inputs])
        return steps[node]

    def _step(self, node: GraphNode, inputs: list[Any]) -> Any:
        if node.operation is None:
            values = self._column(node)
            return as_column(values, node.dtype) if self._is_polars else values
        if self._is_few:
            return small_batch.computed(node.operation, inputs, node.settings, len(self._rows))
        return node.operation.columns(*inputs, **node.operation.bind(**node.settings))

    def _column(self, node: GraphNode) -> Any:
        if node.name not in self._read:
            column = self._columns[node.name]
            if self._is_dicts:
                self._read[node.name] = self._of_dicts(column)
            elif self._is_polars:
                self._read[node.name] = series_or_objects(
                    series_reader(column, exact=True)(self._series(node.name)), node.dtype
                )
            else:
                self._read[node.name] = column_reader(column, exact=True)(self._rows[node.name])
        return self._read[node.name]

    def _series(self, name: str) -> Any:
        """Return a raw column of a Polars frame; of a lazy one only that column."""
        rows = self._rows
        return rows.select(name).collect()[name] if hasattr(rows, "collect") else rows[name]

    def _of_dicts(self, column: Column) -> Any:
        name = column.name
        read = row_reader(column, exact=True) if self._readers is None else self._readers[name]
        try:
            if self._is_few:
                return small_batch.read(self._rows, name, read)
            return read_column([row[name] for row in self._rows], column, read)
        except UNREAD:
            read_rows(self._rows, list(self._columns.values()))  # raises the error with its place
            raise


def _sources(node: GraphNode) -> list[GraphNode]:
    """Return the raw columns that a node is computed from."""
    nodes: dict[int, GraphNode] = {}
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if id(item) not in nodes:
            nodes[id(item)] = item
            waiting += item.inputs
    return [one for one in nodes.values() if one.name]


def _without_missing(values: Any, dtype: Dtype) -> Any:
    if hasattr(values, "drop_nulls"):
        values = values.drop_nulls()
        if dtype == "text" and not values.dtype.is_object():
            return values
        values = as_column(values, dtype)
        return values[~np.isnan(values)] if dtype == "number" else values
    if dtype == "row":
        return values
    if dtype == "text":
        return [value for value in values if value is not None]
    return values[~np.isnan(values)] if dtype == "number" else values.astype(np.float64)


def _counted(values: Any, normalize: bool = False) -> ValueCounts:
    if hasattr(values, "value_counts"):
        value_table = values.rename("value").value_counts(name="n")
        pairs: Iterable[tuple[Any, int]] = zip(
            value_table["value"].to_list(), value_table["n"].to_list(), strict=True
        )
    else:
        listed = values if isinstance(values, list) else values.tolist()
        pairs = (small_batch.counts if len(listed) <= small_batch.MOST else Counter)(listed).items()
    ordered = sorted(pairs, key=_VALUE)  # a stable sort keeps this order among equal counts
    ordered.sort(key=_COUNT, reverse=True)
    counts = ValueCounts(ordered)
    return ValueCounts({value: n / len(values) for value, n in counts.items()}) if normalize else counts


def _total(values: Any) -> Any:
    """Return np.sum's result without its overhead, which is ten times the work for few values."""
    return small_batch.total(values) if type(values) is list else np.add.reduce(values, dtype=np.float64)


def _mean(values: Any) -> Any:
    """Return np.mean's result."""
    return _total(values) / len(values)


def _median(values: Any) -> Any:
    """Return np.median's result for numbers without missing ones."""
    middle, is_odd = divmod(len(values), 2)
    if len(values) <= _FEW:
        ordered: Any = sorted(values if type(values) is list else values.tolist())
    else:
        ordered = np.array(values, dtype=np.float64)
        ordered.partition(middle if is_odd else (middle - 1, middle))
    return ordered[middle] if is_odd else (ordered[middle - 1] + ordered[middle]) / 2


def _spread(values: Any, ddof: int = 1) -> float:
    """Return np.std's result."""
    if len(values) <= ddof:
        return float("nan")
    mean = _mean(values)
    if type(values) is list:
        squares: Any = [distances * distances for value in values for distances in (value - mean,)]
    else:
        deviations = values - mean
        squares = deviations * deviations
    return math.sqrt(_total(squares) / (len(values) - ddof))


def _quantile(values: Any, q: Any = 0.5) -> float:
    if not isinstance(q, int | float) or not 0 <= q <= 1:
        raise UsageError(f"quantile({q!r}) cannot be told.", hint="Give one number from 0 to 1.")
    with np.errstate(all="ignore"):
        return float(np.quantile(values, q)) if len(values) else float("nan")


def _or_nan(compute: Callable[..., Any]) -> Callable[..., float]:
    """Return ``compute`` as a float: NaN, without a warning, if there are no values."""
    return lambda values: float(compute(values)) if len(values) else float("nan")


_NUMBERS: tuple[Dtype, ...] = ("number", "flag")
_KEEPS_TYPE = ("sum", "min", "max")
_VALUES: tuple[Dtype, ...] = ("number", "flag", "text")
# By pandas' name: the column types it is for, and its computation over non-missing values.
ANSWERS: Mapping[str, tuple[tuple[Dtype, ...], Callable[..., Any]]] = {
    "count": (_VALUES, len),
    "sum": (_NUMBERS, lambda values: float(_total(values))),
    "mean": (_NUMBERS, _or_nan(_mean)),
    "median": (_NUMBERS, _or_nan(_median)),
    "std": (_NUMBERS, _spread),
    "min": (_NUMBERS, _or_nan(np.min)),
    "max": (_NUMBERS, _or_nan(np.max)),
    "quantile": (_NUMBERS, _quantile),
    "nunique": (_VALUES, lambda values: len(_counted(values))),
    "value_counts": (_VALUES, _counted),
}
