"""pandas' functions that test, create and join columns, for traced columns and frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litmus_core.frame._frame_methods.dummies import get_dummies
from litmus_core.frame._functions.bins import concat, cut, qcut
from litmus_core.frame._functions.parsing import to_datetime, to_numeric, to_timedelta
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import no_options, unsupported, untraceable
from litmus_core.frame._symbolic.frame import SymbolicDataFrame


def merge(left: Any, right: Any, **options: Any) -> Any:
    """Return ``left.merge(right, …)``: a frame with the columns of a lookup table.

    >>> import pandas as pd
    >>> from litmus_core.frame import ScalableDataFrame
    >>> towns = pd.DataFrame({"town": ["Bonn"], "people": [336_000]})
    >>> merge(ScalableDataFrame([{"town": "Bonn"}]), towns, on="town", how="left").collect()
    [{'town': 'Bonn', 'people': 336000}]
    """
    return left.merge(right, **options)


def isna(obj: Any) -> Any:
    """Return where a column's or frame's values are missing."""
    return obj.isna()


def notna(obj: Any) -> Any:
    """Return where a column's or frame's values are not missing."""
    return obj.notna()


def factorize(values: Any, **options: Any) -> Any:
    """Raise UsageError: codes depend on all rows, which a plan does not see."""
    del values, options
    raise untraceable(
        "factorize, which numbers the values of the rows,",
        "Learn them in fit: codes, values = pd.factorize(…), and map by {value: code} here.",
    )


def unique(values: Any) -> Any:
    """Raise UsageError: unique values depend on all rows."""
    del values
    raise unsupported("column", "unique")


def series(data: Any = None, index: Any = None, dtype: Any = None, **options: Any) -> Any:
    """Return the column itself, as ``pandas.Series(column, index=frame.index)`` does."""
    del index
    no_options("Series", {name: one for name, one in options.items() if name not in ("name", "copy")})
    if not isinstance(data, ScalableSeries):
        raise untraceable("Series of anything but a column", "Give a column of the frame.")
    return data if dtype is None else data.astype(dtype)


def data_frame(data: Any = None, index: Any = None, columns: Any = None, **options: Any) -> Any:
    """Return a frame of columns, as ``pandas.DataFrame`` does; a frame unchanged."""
    del index
    no_options("DataFrame", {name: one for name, one in options.items() if name != "copy"})
    if isinstance(data, Mapping):
        first = next(one for one in data.values() if isinstance(one, ScalableSeries))
        built = SymbolicDataFrame({"": first})
        for name, one in data.items():
            built[name] = one
        frame: Any = built[list(data)]
    elif isinstance(data, SymbolicDataFrame):
        frame = data.copy()
    else:
        raise untraceable(f"DataFrame of {type(data).__name__}", "Give a dict of columns, or a frame.")
    return frame if columns is None else frame[list(columns)]


def categorical(values: Any, categories: Any = None, ordered: Any = None, dtype: Any = None) -> Any:
    """Return a column with given categories, whose ``codes`` are known."""
    del ordered
    if dtype is not None:
        return values.astype(dtype)
    if not isinstance(values, ScalableSeries) or categories is None:
        raise untraceable(
            "Categorical without categories, which are those of the rows,",
            "Learn them in fit, and say pd.Categorical(column, categories=self.categories_).",
        )
    return values.with_categories(tuple(categories))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "Categorical": categorical,
    "DataFrame": data_frame,
    "Series": series,
    "concat": concat,
    "cut": cut,
    "factorize": factorize,
    "get_dummies": get_dummies,
    "isna": isna,
    "isnull": isna,
    "merge": merge,
    "notna": notna,
    "notnull": notna,
    "qcut": qcut,
    "to_datetime": to_datetime,
    "to_numeric": to_numeric,
    "to_timedelta": to_timedelta,
    "unique": unique,
}
"""Replacements of pandas' functions, by name, called while code is traced if an argument is traced."""


def is_traced(values: Sequence[Any]) -> bool:
    """Return whether a value, or an item of a list or dict among the values, is a traced column or frame."""
    for value in values:
        if isinstance(value, ScalableSeries | SymbolicDataFrame) or hasattr(type(value), "_name_in_errors"):
            return True
        if isinstance(value, list | tuple) and is_traced(value):
            return True
        if isinstance(value, dict) and is_traced(list(value.values())):
            return True
    return False
