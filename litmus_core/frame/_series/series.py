"""ScalableSeries: a symbolic column with pandas' methods, for pre-processing that is traced."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import apply, as_type, capabilities_of, is_all_missing
from litmus_core.frame._series.aggregates import AggregateMethods
from litmus_core.frame._series.categories import CategoryMethods, known_categories
from litmus_core.frame._series.dates import DateMethods, MissingDateMethods
from litmus_core.frame._series.number_kinds import is_whole
from litmus_core.frame._series.operands import (
    as_flag,
    as_number,
    as_scalar,
    check_truths,
    chosen,
    is_missing,
    is_number,
    is_text,
    pairs_of,
    retyped,
    skipping,
    whole,
)
from litmus_core.frame._series.operators import SeriesOperators
from litmus_core.frame._series.texts import TextSeriesMethods
from litmus_core.frame._symbolic.apply import apply_function
from litmus_core.frame._symbolic.errors import no_options, public_names, unsupported, untraceable
from litmus_core.frame._symbolic.numpy_protocol import call_function, call_ufunc


class ScalableSeries(SeriesOperators, AggregateMethods):
    """A symbolic column. Its methods are those of a pandas Series, with the same meaning.

    ``node`` says how its values are computed from the raw columns. An unsupported method raises UsageError,
    which names it and says what to do.
    """

    __array_priority__ = 1000.0

    _name_in_errors = "column"
    _categories: tuple[Any, ...] | None = None

    def __setattr__(self, name: Any, value: Any) -> None:
        raise untraceable(
            f"column.{name} = …", "A column is not changed in place: set one of the frame instead."
        )

    def _marked(self, **facts: Any) -> ScalableSeries:
        """Return the column itself, marked with its kind of numbers and its categories."""
        vars(self).update(facts)
        return self

    def _has_rows(self) -> bool:
        return capabilities_of(self.node).rows is not None

    @property
    def str(self) -> TextSeriesMethods[ScalableSeries]:
        """The ``.str`` accessor."""
        if self.node.dtype != "text" and not is_all_missing(self.node):
            raise UsageError(
                "'.str' is for columns of texts.",
                hint="This one holds numbers, dates, or nothing that says so, as types={…: 'text'} does.",
            )
        return TextSeriesMethods(as_type(self.node, "text"), ScalableSeries)

    @property
    def dt(self) -> DateMethods[ScalableSeries]:
        """The ``.dt`` accessor."""
        if is_all_missing(self.node):
            return MissingDateMethods(self.node, ScalableSeries)
        if self.node.dtype != "moment":
            raise UsageError("'.dt' is for columns of dates.", hint="This one holds numbers or texts.")
        return DateMethods(self.node, ScalableSeries)

    @property
    def cat(self) -> CategoryMethods[ScalableSeries]:
        """The ``.cat`` accessor, if the categories are given: ``astype(pd.CategoricalDtype([…]))``."""
        return CategoryMethods(self, self._categories)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The column's type in pandas, an integer type for whole numbers."""
        kinds = {"flag": "bool", "moment": "datetime64[ns]", "text": "object"}
        number = "int64" if self._number_kind() != "float" and is_whole(self.node) else "float64"
        return np.dtype(kinds.get(self.node.dtype, number))

    @property
    def values(self) -> ScalableSeries:
        """The column itself: there are no values while code is traced."""
        return self

    def to_numpy(self) -> ScalableSeries:
        """Return the column itself: there are no values while code is traced."""
        return self

    def __getattr__(self, name: Any) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        raise unsupported("column", name, public_names(ScalableSeries), has_rows=self._has_rows())

    def __getitem__(self, key: Any) -> Any:
        raise untraceable(
            "column[…], which takes rows,", "Take them of the frame: frame[condition]['column']."
        )

    def __repr__(self) -> Any:
        return f"ScalableSeries of {self.node.dtype}s: collect() of its frame computes it"

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **options: Any) -> ScalableSeries:
        result: ScalableSeries = call_ufunc(ScalableSeries, ufunc, method, inputs, options)
        return result

    def __array_function__(self, function: Any, _: Any, arguments: Any, options: Any) -> Any:
        return call_function(ScalableSeries, function, arguments, options)

    # Methods.

    def __round__(self, ndigits: int = 0) -> ScalableSeries:
        return self.round(ndigits)

    def abs(self) -> ScalableSeries:
        """Return absolute values."""
        return abs(self)

    def round(self, decimals: int = 0, **options: Any) -> ScalableSeries:
        """Return numbers rounded to ``decimals``, halves to even."""
        no_options("round", options)
        decimals = whole(decimals, subject="a number of decimals")
        return ScalableSeries(apply("round", self._plain_number("round"), decimals=decimals))

    def clip(self, lower: Any = None, upper: Any = None, **options: Any) -> ScalableSeries:
        """Return numbers no lower than ``lower`` and no higher than ``upper``."""
        no_options("clip", options)
        low = None if lower is None else as_scalar(lower)
        high = None if upper is None else as_scalar(upper)
        return ScalableSeries(apply("clip", self._plain_number("clip"), low=low, high=high))

    def between(self, left: Any, right: Any, inclusive: Any = "both") -> ScalableSeries:
        """Return whether values lie between ``left`` and ``right``, by default including both."""
        if inclusive not in ("both", "neither", "left", "right"):
            raise untraceable(f"between(…, inclusive={inclusive!r})", "Say both, neither, left or right.")
        above = self.ge(left) if inclusive in ("both", "left") else self.gt(left)
        return above & (self.le(right) if inclusive in ("both", "right") else self.lt(right))

    def isna(self) -> ScalableSeries:
        """Return whether values are missing."""
        if self.node.dtype == "flag":
            return ScalableSeries(apply("not", apply("or", self.node, apply("not", self.node))))
        return self._apply(f"{self.node.dtype} is missing")

    isnull = isna

    def notna(self) -> ScalableSeries:
        """Return whether values are not missing."""
        return ~self.isna()

    notnull = notna

    def isin(self, values: Collection[Any]) -> ScalableSeries:
        """Return whether values are in ``values``; a missing one never is."""
        if is_text(values) or not isinstance(values, Iterable):
            raise untraceable(f"isin({values!r})", "Give a list of values.")
        wanted = list(values)
        if any(map(is_missing, wanted)):
            raise untraceable("isin with a missing value", "Use isna() for missing values.")
        if self.node.dtype == "text":
            return self._apply("text is in", values=tuple(str(name) for name in wanted if is_text(name)))
        numbers = tuple(float(name) for name in wanted if is_number(name))
        return ScalableSeries(apply("number is in", as_number(self.node), values=numbers))

    def fillna(self, value: Any = None, **options: Any) -> ScalableSeries:
        """Return the column with ``value`` (a value, or a column's value in that row) where it is missing."""
        no_options("fillna", options)
        if type(value) is float and self.node.dtype == "number":  # the usual case
            return ScalableSeries(apply("fill number", self.node, value=value))
        if value is None or isinstance(value, Mapping):
            raise untraceable("fillna without one value", "Give the value, or a column, to take instead.")
        if isinstance(value, ScalableSeries):
            return self.where(self.notna(), value)
        if self.node.dtype == "flag":
            return self
        if self._common_kind(value) == "text":
            if not is_text(value):
                raise untraceable(f"fillna({value!r}) of texts", "Give a text.")
            return self._apply("fill text", value=str(value))
        if self._common_kind(value) == "moment":
            return self.where(self.notna(), value)
        return self._apply("fill number", value=as_scalar(value))

    def where(self, cond: Any, other: Any = math.nan, **options: Any) -> ScalableSeries:
        """Return the column where ``cond`` is true, else ``other``, by default missing."""
        no_options("where", options)
        return ScalableSeries(chosen(as_flag(cond), self, other))

    def mask(self, cond: Any, other: Any = math.nan, **options: Any) -> ScalableSeries:
        """Return ``other`` where ``cond`` is true, else the column."""
        no_options("mask", options)
        return self.where(~ScalableSeries(as_flag(cond)), other)

    def map(self, arg: Any, na_action: Any = None) -> ScalableSeries:
        """Return the entries of a dict (or of a pandas Series, by its index) for values; else missing.

        A function is called with each value, also missing ones unless ``na_action="ignore"``.
        """
        if isinstance(arg, np.ufunc):
            result: ScalableSeries = arg(self)
            return result
        if callable(arg):
            function = skipping(arg) if na_action == "ignore" else arg
            made_node = apply_function(self.node, function, is_integral=self._number_kind() == "whole")
            return self if made_node is None else ScalableSeries(made_node)
        node = self._mapped(arg)
        of_texts = node.dtype == "text"
        kind, table, has_whole = pairs_of(arg, of_texts=of_texts, holds_truths=self._holds_truths())
        settings = {"is_whole": True} if has_whole else {}
        return ScalableSeries(apply(f"{node.dtype} to {kind}", node, table=table, **settings))

    def apply(self, func: Any, args: tuple[Any, ...] = (), **named: Any) -> ScalableSeries:
        """Return the function's result for each value, missing ones included."""
        if not callable(func):
            raise untraceable(f"apply of {func!r}", "Give a function of one value.")
        return self.map(partial(func, *args, **named) if args or named else func)

    def replace(self, to_replace: Any, value: Any = None, **options: Any) -> ScalableSeries:
        """Return the column with some values replaced: by a dict, or one or more by ``value``."""
        if options.pop("regex", False):
            return self._replaced_by_pattern(to_replace, value, options)
        no_options("replace", options)
        if isinstance(to_replace, Mapping):
            table = to_replace
            if value is not None:
                raise untraceable("replace by a dict and a value", "Give a dict of old and new values.")
        else:
            if value is None:
                raise untraceable("replace without a value", "Give the value to take instead.")
            olds = to_replace if isinstance(to_replace, list | tuple | set) else [to_replace]
            if isinstance(value, list | tuple):
                table = dict(zip(olds, value, strict=True))
            else:
                table = dict.fromkeys(olds, value)
        check_truths(table, self._holds_truths(), "replace", any)
        if self.node.dtype == "text" and table and all(map(_is_present_number, table.values())):
            return self._replaced_by_numbers(table)
        if isinstance(to_replace, Mapping):
            return self.where(~self.isin(list(table)), self.map(table))
        return self.where(~self.isin(list(table)), value)

    def _replaced_by_numbers(self, table: Mapping[Any, Any]) -> ScalableSeries:
        """Return the numbers that replace texts; a row whose text has no number raises RowError."""
        pairs = tuple((str(key), float(value)) for key, value in table.items() if is_text(key))
        whole_ones = all(isinstance(value, int) for value in table.values())
        return self._apply("text to its number", table=pairs, is_whole=whole_ones)

    def _replaced_by_pattern(self, pattern: Any, value: Any, options: Mapping[Any, Any]) -> ScalableSeries:
        no_options("replace", options)
        if self.node.dtype != "text" or isinstance(pattern, Mapping | list) or not isinstance(pattern, str):
            raise untraceable("replace(…, regex=True)", "Give one pattern and a text, for a column of texts.")
        if is_missing(value):
            return self.mask(self.str.contains(pattern, na=False), value)
        return self.str.replace(pattern, value, regex=True)

    def combine_first(self, other: Any) -> ScalableSeries:
        """Return the column with the values of ``other`` where it is missing."""
        return self.where(self.notna(), other)

    def astype(self, dtype: Any, **options: Any) -> ScalableSeries:
        """Return numbers or conditions as ``float``, ``int`` (truncated) or ``bool``.

        Texts of numbers become numbers by ``float``, and stay texts by ``str``, ``object`` and
        ``category``; numbers become texts by ``str``. Missing stays missing.
        """
        no_options("astype", options)
        categories = known_categories(dtype)
        if categories is not None:
            return self.with_categories(categories)
        node, kind = retyped(self.node, str(getattr(dtype, "__name__", dtype)), self._number_kind())
        return ScalableSeries(node)._marked(_kind=kind)

    def with_categories(self, categories: tuple[Any, ...]) -> ScalableSeries:
        """Return the column with these categories; any other value becomes missing."""
        categorical = ScalableSeries(self.where(self.isin(categories)).node)
        return categorical._marked(_categories=categories)

    @property
    def codes(self) -> ScalableSeries:
        """The codes of a column with categories, as ``pd.Categorical(…).codes`` has them."""
        if self._categories is None:
            raise unsupported("column", "codes", has_rows=self._has_rows())
        return self.cat.codes

    def copy(self, deep: bool = True) -> ScalableSeries:
        """Return the column itself: it never changes."""
        del deep
        return self


def _is_present_number(value: Any) -> bool:
    return is_number(value) and not is_missing(value)
