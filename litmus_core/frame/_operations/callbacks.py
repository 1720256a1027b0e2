"""Operations that call outside code: a Python function for each value, or a pandas method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._operations.operation import Dtype, Operation
from litmus_core.frame._symbolic.pandas_results import values_from_pandas
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.moments import from_microseconds, microseconds

# By type, pandas methods that treat each row separately and are not implemented here, with their result type.
IN_PANDAS: Mapping[Dtype, Mapping[str, Dtype]] = {
    "text": {
        "str.slice_replace": "text",
        "str.wrap": "text",
    },
    "moment": {
        "dt.ceil": "moment",
        "dt.floor": "moment",
        "dt.round": "moment",
        "dt.strftime": "text",
    },
}
_ARTICLED = {"number": "a number", "flag": "true or false", "text": "a text"}
CALL_TYPES: tuple[Dtype, ...] = ("number", "flag", "text")
ROW: Dtype = "row"


def _checked(function: Callable[[Any], Any], gives: Dtype) -> Callable[[Any], Any]:
    """Return ``function`` with its results converted to the type; UsageError for a result of another type."""

    def call(value: Any) -> Any:
        result = function(value)
        if gives == "text":
            if isinstance(result, str):
                return str(result)
            if raw_values.is_missing(result):
                return None
        elif isinstance(result, bool | np.bool_):
            return bool(result) if gives == "flag" else float(result)
        elif gives == "number" and (
            isinstance(result, int | float | np.number) or raw_values.is_missing(result)
        ):
            return float("nan") if result is None else float(result)
        raise UsageError(
            f"The function {name_of(function)} made {result!r} of {value!r}, not {_ARTICLED[gives]}.",
            hint="Say what it returns (def f(value) -> float: …), and return that for missing values, too.",
        )

    return call


def name_of(function: Any) -> str:
    """Return a function's name."""
    return str(getattr(function, "__name__", function))


def _by_function(dtype: Dtype, gives: Dtype) -> Operation:
    def columns(values: Any, call: Callable[[Any], Any]) -> Any:
        results = [call(value) for value in (values if isinstance(values, list) else values.tolist())]
        return (
            results if gives == "text" else np.array(results, dtype=bool if gives == "flag" else np.float64)
        )

    return Operation(
        name=f"{dtype} by function to {gives}",
        input_types=(dtype,),
        gives=gives,
        record="{call}({0})",
        columns=columns,
        pandas=lambda values, function, is_whole=False: values.map(function),
        bind=lambda function, is_whole=False: {"call": _checked(function, gives)},
        runs="function",
    )


def _pandas_word(
    series: Any, word: str, arguments: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
) -> Any:
    accessor, _, name = word.partition(".")
    return getattr(getattr(series, accessor), name)(*arguments, **dict(named))


def _in_pandas(taken_type: Dtype, gives: Dtype) -> Operation:
    def columns(values: Any, **options: Any) -> Any:
        import pandas as pd

        series = pd.Series(values, dtype=object) if taken_type == "text" else pd.Series(values)
        dtype, results = values_from_pandas(_pandas_word(series, **options))
        if dtype is None and gives == "moment":
            return np.full(len(series), np.datetime64("NaT"), dtype="datetime64[us]")
        return results

    def record(value: Any, options: Mapping[str, Any]) -> Any:
        if taken_type == "text":
            result = columns([value], **options)[0]
        else:
            result = columns(from_microseconds([value]), **options)[0]
        return microseconds(result) if gives == "moment" else result

    return Operation(
        name=f"{taken_type} in pandas to {gives}",
        input_types=(taken_type,),
        gives=gives,
        record="{record}({0}, {options})",
        columns=lambda values, record, options: columns(values, **options),
        pandas=_pandas_word,
        bind=lambda **options: {"record": record, "options": options},
        runs="pandas",
    )


CALLED_OPERATIONS = (
    *(_by_function(dtype, gives) for dtype in (*CALL_TYPES, ROW) for gives in CALL_TYPES),
    *(
        _in_pandas(dtype, gives)
        for dtype, words in IN_PANDAS.items()
        for gives in sorted(set(words.values()))
    ),
)
