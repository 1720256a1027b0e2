"""pandas' aggregations along the row: ``frame[["a", "b"]].sum(axis=1)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.frame._frame_methods.row_functions import apply_to_rows, gathered
from litmus_core.frame._graph import apply
from litmus_core.frame._series.operands import as_number
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import no_options, unsupported, untraceable

_Columns = list[ScalableSeries]


def _filled_sum(columns: _Columns) -> ScalableSeries:
    return reduce(lambda left, right: left + right, [column.fillna(0) for column in columns])


def _count(columns: _Columns) -> ScalableSeries:
    return reduce(lambda left, right: left + right, [column.notna().astype(int) for column in columns])


def _mean(columns: _Columns) -> ScalableSeries:
    return _filled_sum(columns) / _count(columns).astype(float)


def _var(columns: _Columns, ddof: int = 1) -> ScalableSeries:
    mean = _mean(columns)
    squares = _filled_sum([(column - mean) ** 2 for column in columns])
    rest = _count(columns).astype(float) - ddof
    variance: ScalableSeries = squares / rest.where(rest > 0)
    return variance


def _best(columns: _Columns, sign: str) -> ScalableSeries:
    def of_two(left: ScalableSeries, right: ScalableSeries) -> ScalableSeries:
        return left.where(right.isna() | getattr(left, sign)(right), right)

    return reduce(of_two, columns)


def _truths(columns: _Columns) -> _Columns:
    return [column if column.node.dtype == "flag" else column.astype(bool) for column in columns]


def _any(columns: _Columns) -> ScalableSeries:
    present = [column.fillna(0) if column.node.dtype == "number" else column for column in columns]
    return reduce(lambda left, right: left | right, _truths(present))


def _all(columns: _Columns) -> ScalableSeries:
    present = [column.fillna(1) if column.node.dtype == "number" else column for column in columns]
    return reduce(lambda left, right: left & right, _truths(present))


_OF_NUMBERS: Mapping[str, Callable[..., ScalableSeries]] = {
    "sum": _filled_sum,
    "mean": _mean,
    "std": lambda columns, ddof=1: _var(columns, ddof) ** 0.5,
    "var": _var,
    "min": lambda columns: _best(columns, "le"),
    "max": lambda columns: _best(columns, "ge"),
    "prod": lambda columns: reduce(lambda left, right: left * right, [one.fillna(1) for one in columns]),
    "any": _any,
    "all": _all,
}
_GATHERED: Mapping[str, str] = {"median": "median of row", "nunique": "different in row"}
ROW_WORDS = (*_OF_NUMBERS, *_GATHERED, "count")
"""Aggregations that have a meaning along the row."""


class RowMethods:
    """Frame methods along the row. Down a column they need all rows: see :meth:`_down`."""

    _columns: dict[str, ScalableSeries]

    def apply(
        self, func: Any, axis: Any = 0, *, args: tuple[Any, ...] = (), result_type: Any = None, **named: Any
    ) -> Any:
        """Return ``func`` of each column, or of each row with ``axis=1``, where it gets a Series."""
        if result_type is not None:
            raise untraceable(f"apply(…, result_type={result_type!r})", "Return one value for each row.")
        if axis in (1, "columns"):
            return apply_to_rows(self._columns, func, args, named)
        return self._by_column(lambda column: func(column, *args, **named))

    def agg(self, func: Any, axis: Any = 0, **options: Any) -> Any:
        """Return ``func`` of each row, with ``axis=1``; a name such as "sum" calls that method."""
        if axis not in (1, "columns"):
            raise unsupported("frame", "agg", has_rows=self._has_rows())
        if isinstance(func, str):
            return getattr(self, func)(axis=1, **options)
        if getattr(func, "__name__", "") == "join" and isinstance(getattr(func, "__self__", None), str):
            return _joined(list(self._columns.values()), func.__self__)
        return self.apply(func, axis=1, **options)

    aggregate = agg

    if TYPE_CHECKING:

        def _has_rows(self) -> bool: ...

        def _by_column(self, change: Callable[[ScalableSeries], Any]) -> Any: ...

    def _reduce_rows(self, method: str, options: Mapping[str, Any]) -> Any:
        left_options = dict(options)
        left_options.pop("axis")
        skips, only_numbers = left_options.pop("skipna", True), left_options.pop("numeric_only", False)
        if not skips:
            raise untraceable(
                f"{method}(axis=1, skipna=False)", "Add the columns with +, which keeps missing."
            )
        allowed = {"ddof"} if method in ("std", "var") else set()
        no_options(method, {name: value for name, value in left_options.items() if name not in allowed})
        if method == "count":
            return _count(list(self._columns.values()))
        columns = {
            name: column
            for name, column in self._columns.items()
            if not only_numbers or column.node.dtype in ("number", "flag")
        }
        if method == "nunique":
            return ScalableSeries(apply(_GATHERED[method], gathered(columns, method)))
        odd = next((name for name, one in columns.items() if one.node.dtype not in ("number", "flag")), None)
        if odd is not None or not columns:
            why = "there are none" if odd is None else f"'{odd}' is none"
            raise UsageError(
                f"{method}(axis=1) is for columns of numbers, and {why}.",
                hint="Select the columns first: frame[['a', 'b']].",
            )
        if method in _GATHERED:
            numbers = {name: ScalableSeries(as_number(column.node)) for name, column in columns.items()}
            return ScalableSeries(apply(_GATHERED[method], gathered(numbers, method)))
        return _OF_NUMBERS[method](_prepared(method, list(columns.values())), **left_options)


def _prepared(method: str, columns: _Columns) -> _Columns:
    """Return columns ready to aggregate: conditions become numbers, except for ``any`` and ``all``."""
    if method in ("any", "all"):
        return columns
    return [ScalableSeries(as_number(column.node)) for column in columns]


def _joined(columns: _Columns, between: str) -> ScalableSeries:
    if any(column.node.dtype != "text" for column in columns):
        raise untraceable("agg(' '.join, axis=1) of numbers", "Make texts of them by astype(str) first.")
    return reduce(lambda left, right: left.str.cat(right, sep=between), columns)


def _word(method: str) -> Callable[..., Any]:
    def call(frame: Any, axis: Any = 0, **options: Any) -> Any:
        if axis in (1, "columns"):
            return frame._reduce_rows(method, {**options, "axis": axis})
        return frame._down(method, options)

    call.__name__ = method
    call.__doc__ = f"Return the {method} along each row, with ``axis=1``; of all rows where there are some."
    return call


for _name in ROW_WORDS:
    setattr(RowMethods, _name, _word(_name))
