"""Operations on numbers for custom pre-processing: powers, logarithms, rounding, extremes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Operation


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` without NumPy's warnings: undefined results are missing, as in pandas."""

    def compute(*values: Any, **settings: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*values, **settings)

    return compute


def _of_one(name: str, function: Callable[..., Any]) -> Operation:
    """Return NumPy's ``function`` as an operation; one row uses NumPy too, for the same last digits."""
    quiet = _quiet(function)

    def columns(values: Any, compute: Callable[..., Any]) -> Any:
        return compute(np.ascontiguousarray(values))

    return Operation(
        name=name,
        input_types=("number",),
        gives="number",
        record="float({compute}({0}))",
        columns=columns,
        pandas=quiet,
        bind=lambda: {"compute": quiet},
    )


def _of_two(
    name: str,
    function: Callable[..., Any],
    pandas: Callable[..., Any] | None = None,
    *,
    is_exact: bool = True,
) -> Operation:
    """Return NumPy's ``function`` of two numbers; if it is not exact, one row is an array of one too.

    For arrays NumPy may use another library than for two numbers, with different last digits.
    """
    quiet = _quiet(function)

    def for_one(left: float, right: float) -> float:
        return float(quiet(np.array([left]), np.array([right]))[0])

    return Operation(
        name=name,
        input_types=("number", "number"),
        gives="number",
        record="float({compute}({0}, {1}))",
        columns=lambda left, right, compute: quiet(left, right),
        pandas=_quiet(pandas or function),
        bind=lambda: {"compute": quiet if is_exact else for_one},
    )


@_quiet
def _raised(values: Any, exponent: float) -> Any:
    return np.ascontiguousarray(values, dtype=np.float64) ** exponent  # squares and roots are faster there


def _raise_one(value: float, exponent: float) -> float:
    return float(_raised([value], exponent)[0])


def _round_one(value: float, decimals: int) -> float:
    return float(np.round(value, decimals))


@_quiet
def _narrowed(values: Any, dtype: str) -> Any:
    if dtype == "float32":
        return values.astype(np.float32).astype(np.float64)
    integers = np.where(np.isfinite(values), np.trunc(values), 0.0).astype(np.int64).astype(dtype)
    return np.where(np.isfinite(values), integers, values)


def _narrowed_one(value: float, dtype: str) -> float:
    if dtype == "int64" and -_EXACT < value < _EXACT:
        return float(int(value))
    return float(_narrowed(np.array([value]), dtype=dtype)[0])


_EXACT = 2.0**53


def _integer_text(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)


def _bins(values: Any, *, edges: tuple[float, ...], right: bool, lowest: bool) -> Any:
    """Return the interval between two edges that a number lies in, from 0; NaN for none."""
    bins = np.searchsorted(np.array(edges), values, side="left" if right else "right")
    if lowest:
        bins = np.where(values == edges[0], 1, bins)
    return np.where(np.isnan(values) | (bins == 0) | (bins == len(edges)), np.nan, bins - 1.0)


def _pandas_bins(values: Any, *, edges: tuple[float, ...], right: bool, lowest: bool) -> Any:
    import pandas as pd

    return pd.cut(values, list(edges), right=right, labels=False, include_lowest=lowest).astype("float64")


# By the name of NumPy's function, which traced code calls.
OF_ONE = {
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "square": np.square,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arctan": np.arctan,
    "tanh": np.tanh,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "rint": np.rint,
    "sign": np.sign,
}
OF_TWO = {
    "maximum": np.maximum,
    "minimum": np.minimum,
    "arctan2": np.arctan2,
    "hypot": np.hypot,
}
_INEXACT = ("arctan2", "hypot")

MATH_OPERATIONS = (
    *(_of_one(name, function) for name, function in OF_ONE.items()),
    *(_of_two(name, function, is_exact=name not in _INEXACT) for name, function in OF_TWO.items()),
    _of_two("power", np.power, lambda left, right: left**right, is_exact=False),
    _of_two("floor divide", np.floor_divide, lambda left, right: left // right),
    _of_two("remainder", np.remainder, lambda left, right: left % right),
    Operation(
        name="raise",
        input_types=("number",),
        gives="number",
        record="{compute}({0}, {exponent})",
        columns=lambda values, compute, exponent: _raised(values, exponent),
        pandas=_quiet(lambda values, exponent: values**exponent),
        bind=lambda exponent: {"compute": _raise_one, "exponent": exponent},
    ),
    Operation(
        name="negate",
        input_types=("number",),
        gives="number",
        record="-{0}",
        columns=np.negative,
        pandas=lambda values: -values,
    ),
    Operation(
        name="absolute",
        input_types=("number",),
        gives="number",
        record="abs({0})",
        columns=np.abs,
        pandas=lambda values: values.abs(),
    ),
    Operation(
        name="round",
        input_types=("number",),
        gives="number",
        record="{compute}({0}, {decimals})",
        columns=lambda values, compute, decimals: _quiet(np.round)(values, decimals),
        pandas=_quiet(lambda values, decimals: values.round(decimals)),
        bind=lambda decimals: {"compute": _quiet(_round_one), "decimals": decimals},
    ),
    Operation(
        name="bin",
        input_types=("number",),
        gives="number",
        record="{bin_of}({0})",
        columns=lambda values, bin_of, **how: _bins(values, **how),
        pandas=_pandas_bins,
        bind=lambda **how: {"bin_of": lambda value: float(_bins(np.array([value]), **how)[0]), **how},
    ),
    Operation(
        name="number as text",
        input_types=("number",),
        gives="text",
        record="None if {0} != {0} else {text}({0})",
        columns=lambda values, text: [None if value != value else text(value) for value in values.tolist()],
        pandas=lambda values: values.map(str, na_action="ignore").astype(object),
        bind=lambda: {"text": str},
    ),
    Operation(
        name="whole number as text",
        input_types=("number",),
        gives="text",
        record="None if {0} != {0} else {text}({0})",
        columns=lambda values, text: [None if value != value else text(value) for value in values.tolist()],
        pandas=lambda values: values.map(_integer_text, na_action="ignore").astype(object),
        bind=lambda: {"text": _integer_text},
    ),
    Operation(
        name="narrowed",  # as pandas' type of this name holds it
        input_types=("number",),
        gives="number",
        record="{narrow}({0})",
        columns=lambda values, narrow, dtype: _narrowed(values, dtype=dtype),
        pandas=lambda values, dtype: values.map(partial(_narrowed_one, dtype=dtype)).astype("float64"),
        bind=lambda dtype: {"narrow": partial(_narrowed_one, dtype=dtype), "dtype": dtype},
    ),
    Operation(
        name="as float",  # the same numbers, no longer marked as whole
        input_types=("number",),
        gives="number",
        record="{0}",
        columns=lambda values: values,
        pandas=lambda values: values,
        polars=lambda values: values,
    ),
    Operation(
        name="number is finite",
        input_types=("number",),
        gives="flag",
        record="{is_finite}({0})",
        columns=lambda values, is_finite: np.isfinite(values),
        pandas=np.isfinite,
        bind=lambda: {"is_finite": math.isfinite},
    ),
    Operation(
        name="number for all",  # the flag only gives the number of rows
        input_types=("flag",),
        gives="number",
        record="{value}",
        columns=lambda flags, value: np.full(len(flags), value),
        pandas=lambda flags, value: flags.astype("float64").mask(flags | ~flags, value),
        bind=lambda value: {"value": float(value)},
    ),
)
