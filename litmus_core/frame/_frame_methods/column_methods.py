"""Frame methods and operators that work on each column separately: ``isna``, ``replace``, ``frame > 0``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._series.operands import is_missing, is_number, is_text
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import no_options, unsupported, untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing

_OPERATORS = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge")


class ColumnMethods(Refusing):
    """Frame methods that work on each column separately."""

    _columns: dict[str, ScalableSeries]

    if TYPE_CHECKING:

        def _with(self, columns: Mapping[str, ScalableSeries]) -> Any: ...

    def _by_column(self, change: Callable[[ScalableSeries], Any]) -> Any:
        result = {name: change(column) for name, column in self._columns.items()}
        odd = next((one for one in result.values() if not isinstance(one, ScalableSeries)), None)
        if odd is not None:
            raise untraceable(f"apply of a function that gives {odd!r} of a column", "Say axis=1 for rows.")
        return self._with(result)

    def isna(self) -> Self:
        """Return where values are missing."""
        result: Self = self._by_column(lambda column: column.isna())
        return result

    isnull = isna

    def notna(self) -> Self:
        """Return where values are not missing."""
        result: Self = self._by_column(lambda column: column.notna())
        return result

    notnull = notna

    def round(self, decimals: int = 0) -> Self:
        """Return numbers rounded, and other columns unchanged."""
        result: Self = self._by_column(
            lambda column: column.round(decimals) if column.node.dtype == "number" else column
        )
        return result

    def abs(self) -> Self:
        """Return absolute values."""
        result: Self = abs(self)
        return result

    def clip(self, lower: Any = None, upper: Any = None, **options: Any) -> Self:
        """Return numbers no lower than ``lower`` and no higher than ``upper``, by column or for all."""
        low, high = self._by_name(lower), self._by_name(upper)
        result: Self = self._with(
            {
                name: column.clip(low.get(name), high.get(name), **options)
                for name, column in self._columns.items()
            }
        )
        return result

    def isin(self, values: Any) -> Self:
        """Return where values are in a list."""
        result: Self = self._by_column(lambda column: column.isin(values))
        return result

    def where(self, cond: Any, other: Any = np.nan, **options: Any) -> Self:
        """Return values where ``cond`` holds, else ``other``."""
        result: Self = self._with(
            {
                name: column.where(_of(cond, name), _of(other, name), **options)
                for name, column in self._columns.items()
            }
        )
        return result

    def mask(self, cond: Any, other: Any = np.nan, **options: Any) -> Self:
        """Return ``other`` where ``cond`` holds, else the values."""
        return self.where(~cond, other, **options)

    def map(self, func: Any, na_action: Any = None) -> Self:
        """Return the function's result for each value."""
        result: Self = self._by_column(lambda column: column.map(func, na_action=na_action))
        return result

    applymap = map  # noqa: A003  (pandas' names)

    def replace(self, to_replace: Any = None, value: Any = None, **options: Any) -> Self:
        """Replace values in the columns that can hold them; a dict of dicts replaces by column."""
        if value is None and isinstance(to_replace, Mapping) and to_replace:
            if all(isinstance(one, Mapping) for one in to_replace.values()):
                return self._replaced(to_replace, options)
            return self._replaced(dict.fromkeys(self._columns, to_replace), options)
        result: Self = self._by_column(lambda column: _replaced(column, to_replace, value, options))
        return result

    def _replaced(self, tables: Mapping[str, Any], options: Mapping[str, Any]) -> Self:
        result: Self = self._with(
            {
                name: _replaced(column, tables[name], None, options) if name in tables else column
                for name, column in self._columns.items()
            }
        )
        return result

    def _by_name(self, value: Any) -> Mapping[str, Any]:
        """Return the value for each column: by name from a Series or dict, else the same for all."""
        if hasattr(value, "to_dict"):
            value = value.to_dict()
        if isinstance(value, Mapping):
            return {str(name): one for name, one in value.items()}
        return dict.fromkeys(self._columns, value)

    def _binary(self, other: Any, act: Callable[[Any, Any], Any], method: str) -> Any:
        """Return an operator's result with one value for all columns, or with a value for each, by name."""
        if isinstance(other, ScalableSeries):
            raise untraceable(
                f"A frame {method} a column", f"Say frame.apply(lambda column: column {method} other)."
            )
        if isinstance(other, ColumnMethods):
            values: Mapping[str, Any] = other._columns
        elif hasattr(other, "index") and hasattr(other, "to_dict"):
            values = {str(name): one for name, one in other.to_dict().items()}
        elif isinstance(other, Iterable) and not is_text(other):
            raise untraceable(
                f"A frame {method} {type(other).__name__}", "Give one value, or a Series by column."
            )
        else:
            values = dict.fromkeys(self._columns, other)
        if set(values) != set(self._columns):
            raise UsageError(
                f"A frame {method} values for other columns: {sorted(set(values) ^ set(self._columns))}.",
                hint="Select the same columns on both sides first.",
            )
        return self._with({name: act(column, values[name]) for name, column in self._columns.items()})

    def __and__(self, other: Any) -> Any:
        return self._binary(other, operator.and_, "&")

    def __or__(self, other: Any) -> Any:
        return self._binary(other, operator.or_, "|")

    def __invert__(self) -> Any:
        return self._by_column(operator.invert)

    def __neg__(self) -> Any:
        return self._by_column(operator.neg)

    def __abs__(self) -> Any:
        return self._by_column(abs)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise unsupported("frame", f"np.{ufunc.__name__}")
        if len(inputs) == 1:
            return self._by_column(ufunc)
        one, other = inputs
        if one is self:
            return self._binary(other, ufunc, f"np.{ufunc.__name__}")
        return self._binary(one, lambda right, left: ufunc(left, right), f"np.{ufunc.__name__}")

    def __array_function__(self, function: Any, _: Any, arguments: Any, options: Any) -> Any:
        if function in (np.where, np.round, np.clip) and len(arguments) and arguments[-1] is not self:
            return self._by_column(lambda column: function(column, *arguments[1:], **options))
        raise unsupported("frame", f"np.{function.__name__}")


def _of(value: Any, name: str) -> Any:
    if not isinstance(value, ColumnMethods):
        return value
    if name not in value._columns:
        raise untraceable(
            f"where with a frame without '{name}'", "Select the same columns on both sides first."
        )
    return value._columns[name]


def _replaced(column: ScalableSeries, old: Any, new: Any, options: Mapping[str, Any]) -> Any:
    """Return a column with values replaced; unchanged if it can hold none of them, as in pandas."""
    if isinstance(old, Mapping):
        wanted = list(old)
    else:
        wanted = list(old) if isinstance(old, list | tuple | set) else [old]
    fits = is_text if column.node.dtype == "text" else is_number
    if column.node.dtype == "moment" or not any(fits(one) and not is_missing(one) for one in wanted):
        return column
    return column.replace(old, new, **options)


def _operator(sign: str, method: str) -> Callable[..., Any]:
    act = getattr(operator, method)

    def of_frame(frame: ColumnMethods, other: Any) -> Any:
        return frame._binary(other, act, sign)

    return of_frame


def _reflected(sign: str, method: str) -> Callable[..., Any]:
    act = getattr(operator, method)

    def of_frame(frame: ColumnMethods, other: Any) -> Any:
        return frame._binary(other, lambda right, left: act(left, right), sign)

    return of_frame


def _method(method: str) -> Callable[..., Any]:
    def of_frame(frame: Any, other: Any, axis: Any = "columns", **options: Any) -> Any:
        no_options(method, options)
        if isinstance(other, ScalableSeries) and axis in (0, "index"):
            return frame._by_column(lambda column: getattr(operator, method)(column, other))
        return frame._binary(other, getattr(operator, method), method)

    of_frame.__name__, of_frame.__doc__ = (
        method,
        f"Return ``{method}`` of each column and a value, or a column.",
    )
    return of_frame


for _word in (*_OPERATORS, *_COMPARED):
    setattr(ColumnMethods, f"__{_word}__", _operator(_word, _word))
    setattr(ColumnMethods, _word, _method(_word))
for _word in _OPERATORS:
    setattr(ColumnMethods, f"__r{_word}__", _reflected(_word, _word))
ColumnMethods.div = ColumnMethods.truediv  # type: ignore[attr-defined]
