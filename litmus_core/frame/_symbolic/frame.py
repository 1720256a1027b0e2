"""SymbolicDataFrame: pandas-shaped code runs on it once, which records how each column is computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._frame_methods.column_methods import ColumnMethods
from litmus_core.frame._frame_methods.expressions import evaluate
from litmus_core.frame._frame_methods.labels import LabelMethods
from litmus_core.frame._frame_methods.lookups import joined, merged
from litmus_core.frame._frame_methods.row_methods import RowMethods
from litmus_core.frame._graph import (
    FOR_BUNDLES,
    Capabilities,
    GraphNode,
    SourceKind,
    apply,
    is_all_missing,
    source,
)
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._series.operands import chosen, is_column_of_values, is_missing, is_text
from litmus_core.frame._series.part_columns import PartColumns
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._series.texts import TextParts
from litmus_core.frame._symbolic.errors import no_options, public_names, unsupported, untraceable
from litmus_core.frame._symbolic.loc import LocIndexer
from litmus_core.frame._values.column_names import check_names, checked_columns
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_KEEP_ROWS = (
    "A model answers each row that it gets, so pre-processing keeps all rows. Choose values by where(…) or "
    "mask(…), or add the condition as a column. A ScalableDataFrame(rows) can leave some out."
)

_READS: dict[str, Dtype] = {"number": "number", "boolean": "number", "date": "moment"}
_SELECTED: dict[str, Dtype] = {
    "number": "number",
    "float": "number",
    "float64": "number",
    "bool": "flag",
    "object": "text",
    "datetime": "moment",
    "datetime64": "moment",
}


def reading_of(column: Column) -> Dtype:
    """Return the type that the values of a raw column are read as."""
    return _READS.get(encoding_of(column), "text")


class SymbolicDataFrame(RowMethods, LabelMethods, ColumnMethods):
    """Symbolic columns without rows: code written for a pandas frame runs on it once, unchanged.

    It records how each column is computed. Code must treat each row separately. An unsupported method raises
    UsageError, which names it and says what to do.
    """

    _name_in_errors = "frame"
    _columns: dict[str, ScalableSeries]

    def __init__(self, columns: Mapping[str, ScalableSeries]) -> None:
        object.__setattr__(self, "_columns", dict(columns))

    @classmethod
    def of(cls, columns: Sequence[Column], terms: Capabilities = FOR_BUNDLES) -> SymbolicDataFrame:
        """Return the frame of raw columns, without rows: numbers, booleans as 1 and 0, dates, texts."""
        columns = checked_columns(columns)
        kinds: dict[str, SourceKind] = {
            column.name: "integer" for column in columns if "INT" in column.storage.upper()
        }
        terms = replace(terms, kinds=kinds) if kinds else terms
        return cls(
            {
                column.name: ScalableSeries(source(column.name, reading_of(column), terms))
                for column in columns
            }
        )

    def _with(self, columns: Mapping[str, ScalableSeries]) -> SymbolicDataFrame:
        """Return a frame of the same rows with these columns."""
        return SymbolicDataFrame(columns)

    @property
    def columns(self) -> pd.Index[Any]:
        """The columns' names in order."""
        import pandas as pd

        return pd.Index(list(self._columns), dtype=object)

    @property
    def nodes(self) -> dict[str, GraphNode]:
        """How each column is computed, by name, in order."""
        return {name: column.node for name, column in self._columns.items()}

    @property
    def loc(self) -> LocIndexer:
        """The indexer for conditions: ``frame.loc[condition, "column"] = value``."""
        return LocIndexer(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._columns:
            return self._columns[name]
        names = [*public_names(type(self)), *self._columns]
        raise unsupported("frame", name, names, has_rows=self._has_rows())

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "columns":
            names = list(value)
            if len(names) != len(self._columns):
                raise UsageError(
                    f"{len(names)} names do not fit {len(self._columns)} columns.",
                    hint="Give each column one, in their order.",
                )
            self._keep_columns(dict(zip(names, self._columns.values(), strict=True)), names)
        elif name in self._columns:
            self[name] = value
        else:
            raise untraceable(f"frame.{name} = …", f"A new column is made with frame['{name}'] = …")

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self._columns:
                raise UnknownNameError(kind="column", name=key, names=self._columns)
            return self._columns[key]
        if isinstance(key, ScalableSeries):
            return self._where(key)
        return self._with({name: self[name] for name in _names(key)})

    def _where(self, mask: ScalableSeries) -> SymbolicDataFrame:
        """Return the rows where a condition is true; raises UsageError, since there are no rows."""
        raise untraceable("frame[condition], which leaves rows out,", _KEEP_ROWS)

    def __setitem__(self, key: Any, value: Any) -> None:
        if is_text(key):
            self._columns[str(key)] = self._as_column(value)
            return
        names = _names(key)
        for name, one in zip(names, _values_for(names, value), strict=True):
            self._columns[name] = self._as_column(one)

    def __delitem__(self, key: str) -> None:
        self.pop(key)

    def __contains__(self, key: object) -> bool:
        return key in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._columns))

    def __len__(self) -> int:
        raise unsupported("frame", "len")

    def __repr__(self) -> str:
        columns = ", ".join(f"'{name}' ({column.node.dtype})" for name, column in self._columns.items())
        return f"{type(self).__name__} of {columns}"

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a column, or those of a list; ``default`` if one is missing."""
        return self[key] if all(name in self._columns for name in _names(key)) else default

    def pop(self, item: str) -> ScalableSeries:
        """Remove a column and return it."""
        column = cast("ScalableSeries", self[item])
        del self._columns[item]
        return column

    def insert(self, loc: int, column: str, value: Any) -> None:
        """Insert a new column at the position ``loc``."""
        if column in self._columns:
            raise UsageError(f"There is a column '{column}' already.", hint="Choose another name.")
        names = list(self._columns)
        names.insert(loc, column)
        self[column] = value
        self._keep_columns(self._columns, names)

    def copy(self, deep: bool = True) -> SymbolicDataFrame:
        """Return an independent copy of the frame."""
        del deep
        return self._with(self._columns)

    def __copy__(self) -> SymbolicDataFrame:
        return self.copy()

    def assign(self, **columns: Any) -> SymbolicDataFrame:
        """Return a frame with these columns added; a function gets the frame so far."""
        result = self.copy()
        for name, value in columns.items():
            result[name] = value(result) if callable(value) else value
        return result

    def drop(
        self,
        labels: Any = None,
        axis: Any = 0,
        *,
        columns: Any = None,
        errors: str = "raise",
        inplace: bool = False,
        **options: Any,
    ) -> Any:
        """Return a frame without ``columns`` (or ``labels`` with ``axis=1``); in place, return nothing."""
        no_options("drop", options)
        if columns is None and axis not in (1, "columns"):
            raise untraceable("drop of rows", "Say drop(columns=[…]).")
        unwanted = _names(labels if columns is None else columns)
        for name in unwanted if errors == "raise" else ():
            self[name]
        left = {name: column for name, column in self._columns.items() if name not in unwanted}
        return self._changed(left, inplace=inplace)

    def rename(
        self, mapper: Any = None, *, columns: Any = None, axis: Any = None, **options: Any
    ) -> SymbolicDataFrame:
        """Return a frame with other names, by a dict or a function of the name."""
        no_options("rename", options)
        mapping = columns if columns is not None else mapper if axis in (1, "columns") else None
        if mapping is None:
            raise untraceable("rename of rows", "Say rename(columns={…}).")
        new = [mapping(name) if callable(mapping) else mapping.get(name, name) for name in self._columns]
        result = self.copy()
        result._keep_columns(dict(zip(new, self._columns.values(), strict=True)), new)
        return result

    def fillna(self, value: Any = None, *, inplace: bool = False, **options: Any) -> Any:
        """Return a frame with missing values filled: by one value, or by column (a dict, or a Series)."""
        no_options("fillna", options)
        by_name = self._by_name(value)
        filled = {name: self[name].fillna(one) for name, one in by_name.items() if name in self}
        return self._changed({**self._columns, **filled}, inplace=inplace)

    def _changed(self, columns: Mapping[str, ScalableSeries], *, inplace: bool) -> Any:
        """Return a frame of these columns, or set them in place and return nothing, as pandas does."""
        if inplace:
            self._keep_columns(columns, list(columns))
            return None
        return self._with(columns)

    def merge(self, right: Any, **options: Any) -> SymbolicDataFrame:
        """Return the frame joined with a pandas table by keys; only ``how="left"``."""
        return self._with(merged(self, right, **options))

    def join(self, other: Any, on: Any = None, *, lsuffix: str = "", rsuffix: str = "") -> SymbolicDataFrame:
        """Return the frame joined with a frame of the same rows, or with a lookup table by its index."""
        return self._with(joined(self, other, on=on, lsuffix=lsuffix, rsuffix=rsuffix))

    def eval(self, expr: str, *, inplace: bool = False) -> Any:
        """Return the column that an expression gives; for ``name = …`` the frame with that column."""
        name, value = evaluate(expr, self._columns)
        if name is None:
            return value
        return self._changed({**self._columns, name: self._as_column(value)}, inplace=inplace)

    def _down(self, method: str, options: Mapping[str, Any]) -> Any:
        """Raise UsageError: an aggregation down the columns needs all rows."""
        del options
        raise unsupported("frame", method, has_rows=self._has_rows())

    def astype(self, dtype: Any, **options: Any) -> SymbolicDataFrame:
        """Return a frame with columns of other types, by a dict."""
        no_options("astype", options)
        if not isinstance(dtype, Mapping):
            dtype = dict.fromkeys(self._columns, dtype)
        return self.assign(**{name: self[name].astype(one) for name, one in dtype.items()})

    def pipe(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return ``func(self, …)``."""
        return func(self, *args, **kwargs)

    def filter(self, items: Any = None, like: str | None = None, regex: str | None = None) -> Any:
        """Return the columns whose names are in ``items``, contain ``like``, or match ``regex``."""
        if items is not None:
            return self[[name for name in items if name in self._columns]]
        if like is not None:
            return self[[name for name in self._columns if like in name]]
        return self[[name for name in self._columns if re.search(regex or "", name)]]

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> Any:
        """Return the columns of these types: "number", "bool", "object", "datetime"."""
        wanted, unwanted = _dtypes(include), _dtypes(exclude)
        for name, column in self._columns.items():
            if is_all_missing(column.node):
                raise untraceable(
                    f"Nothing is there in '{name}': its type", f"Say types={{'{name}': 'text'}}."
                )
        return self[
            [
                name
                for name, series in self._columns.items()
                if (not wanted or series.node.dtype in wanted) and series.node.dtype not in unwanted
            ]
        ]

    def _as_column(self, value: Any) -> ScalableSeries:
        if isinstance(value, ScalableSeries):
            return value
        if isinstance(value, PartColumns | ColumnMethods):
            return _only_column(value._columns)
        if is_column_of_values(value):
            raise untraceable(
                "A column of values", "Use one value, or columns of the frame: no rows are there."
            )
        if not self._columns:
            raise untraceable("A value without any column", "Keep a column, so that rows can be counted.")
        rows = next(iter(self._columns.values())).isna().node
        if is_missing(value) or not is_text(value):
            return ScalableSeries(chosen(rows, value, value))
        return ScalableSeries(apply("choose", rows, yes=str(value), no=str(value)))

    def _keep_columns(self, columns: Mapping[str, ScalableSeries], names: Sequence[Any]) -> None:
        """Put ``columns`` in the order of ``names``; raises UsageError as :func:`check_names` does."""
        check_names(names, would_be=True)
        selected = {name: columns[name] for name in names}
        self._columns.clear()
        self._columns.update(selected)


def _only_column(columns: Mapping[Any, ScalableSeries]) -> ScalableSeries:
    """Return the single column of a frame, as pandas does when it is set under one name."""
    if len(columns) != 1:
        raise UsageError(
            f"frame['name'] = … has {len(columns)} columns for one name.",
            hint="Give as many names: frame[['a', 'b']] = …",
        )
    return next(iter(columns.values()))


def _values_for(names: Sequence[str], value: Any) -> list[Any]:
    """Return the value for each of several columns that are set at once."""
    columns = getattr(value, "_columns", None)
    if isinstance(columns, Mapping):
        values = list(columns.values())
    elif isinstance(value, TextParts):
        values = [value[at] for at in range(len(names))]
    elif isinstance(value, list | tuple):
        values = list(value)
    else:
        values = [value] * len(names)
    if len(values) != len(names):
        raise UsageError(
            f"frame[{list(names)}] = … has {len(values)} columns for {len(names)} names.",
            hint="Give each name one column.",
        )
    return values


def _names(key: Any) -> list[str]:
    if isinstance(key, ColumnMethods):
        raise untraceable("frame[frame of conditions]", "Say where(…) or mask(…), column by column.")
    names = [key] if isinstance(key, str) or not isinstance(key, Iterable) else list(key)
    if not all(isinstance(name, str) for name in names):
        raise untraceable(f"frame[{key!r}]", "Name columns by texts.")
    return names


def _dtypes(dtypes: Any) -> set[Dtype]:
    requested: Iterable[Any] = (
        () if dtypes is None else dtypes if isinstance(dtypes, list | tuple | set) else [dtypes]
    )
    types_found = set()
    for dtype in requested:
        name = str(getattr(dtype, "__name__", dtype))
        if name not in _SELECTED:
            raise untraceable(f"select_dtypes of {name}", "Say number, bool, object or datetime.")
        types_found.add(_SELECTED[name])
    return types_found
