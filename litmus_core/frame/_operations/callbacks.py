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


def _checked(function: Callable[[Any], Any], gives: Dtype) -> Callable[[Any], Any]:
    """Return ``function`` with its results converted to the type; UsageError for a result of another type."""

    def call(value: Any) -> Any:
        made = function(value)
        if gives == "text":
            if isinstance(made, str):
                return str(made)
            if raw_values.is_missing(made):
                return None
        elif isinstance(made, bool | np.bool_):
            return bool(made) if gives == "flag" else float(made)
        elif gives == "number" and (isinstance(made, int | float | np.number) or raw_values.is_missing(made)):
            return float("nan") if made is None else float(made)
        raise UsageError(
            f"The function {name_of(function)} made {made!r} of {value!r}, not {_ARTICLED[gives]}.",
            hint="Say what it returns (def f(value) -> float: …), and return that for missing values, too.",
        )

    return call


def name_of(function: Any) -> str:
    """Return a function's name."""
    return str(getattr(function, "__name__", function))


def _by_function(takes: Dtype, gives: Dtype) -> Operation:
    def columns(values: Any, call: Callable[[Any], Any]) -> Any:
        made = [call(value) for value in (values if isinstance(values, list) else values.tolist())]
        return made if gives == "text" else np.array(made, dtype=bool if gives == "flag" else np.float64)

    return Operation(
        name=f"{takes} by function to {gives}",
        takes=(takes,),
        gives=gives,
        record="{call}({0})",
        columns=columns,
        pandas=lambda values, function: values.map(function),
        bind=lambda function: {"call": _checked(function, gives)},
        runs="function",
    )


def _pandas_word(series: Any, word: str, given: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> Any:
    accessor, _, name = word.partition(".")
    return getattr(getattr(series, accessor), name)(*given, **dict(named))


def _in_pandas(takes: Dtype, gives: Dtype) -> Operation:
    def columns(values: Any, **said: Any) -> Any:
        import pandas as pd

        series = pd.Series(values, dtype=object) if takes == "text" else pd.Series(values)
        dtype, made = values_from_pandas(_pandas_word(series, **said))
        if dtype is None and gives == "moment":
            return np.full(len(series), np.datetime64("NaT"), dtype="datetime64[us]")
        return made

    def record(value: Any, said: Mapping[str, Any]) -> Any:
        if takes == "text":
            made = columns([value], **said)[0]
        else:
            made = columns(from_microseconds([value]), **said)[0]
        return microseconds(made) if gives == "moment" else made

    return Operation(
        name=f"{takes} in pandas to {gives}",
        takes=(takes,),
        gives=gives,
        record="{record}({0}, {said})",
        columns=lambda values, record, said: columns(values, **said),
        pandas=_pandas_word,
        bind=lambda **said: {"record": record, "said": said},
        runs="pandas",
    )


CALLED_OPERATIONS = (
    *(_by_function(takes, gives) for takes in CALL_TYPES for gives in CALL_TYPES),
    *(
        _in_pandas(takes, gives)
        for takes, words in IN_PANDAS.items()
        for gives in sorted(set(words.values()))
    ),
)
