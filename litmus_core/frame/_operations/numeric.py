"""Operations on numbers, flags and missing values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Operation


def _arithmetic(name: str, sign: str, ufunc: Callable[..., Any]) -> Operation:
    def columns(left: Any, right: Any) -> Any:
        with np.errstate(all="ignore"):
            return ufunc(left, right)

    return Operation(
        name=name,
        input_types=("number", "number"),
        gives="number",
        record=f"{{0}} {sign} {{1}}",
        columns=columns,
        pandas=lambda left, right: columns(left, right),
    )


def _divided(left: Any, right: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.true_divide(left, right)


def _divided_one(left: float, right: float) -> float:
    return float(_divided(left, right))


def _comparison(name: str, sign: str, ufunc: Callable[..., Any]) -> Operation:
    return Operation(
        name=name,
        input_types=("number", "number"),
        gives="flag",
        record=f"{{0}} {sign} {{1}}",
        columns=ufunc,
        pandas=ufunc,
    )


def _log1p(values: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.log1p(values)


def _log1p_one(value: float) -> float:
    return float(_log1p(value))


def _edges(low: float | None, high: float | None) -> Mapping[str, float]:
    """Return the edges, the lower one first, as pandas takes them."""
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    return {"low": high, "high": low} if low > high else {"low": low, "high": high}


def _clipped(values: Any, *, low: float, high: float) -> Any:
    return np.where(values < low, low, np.where(values > high, high, values))


def _bounded(values: Any, *, limit: float, low: float, high: float) -> Any:
    huge = np.abs(values) > limit
    if not huge.any():
        return values
    at_infinity = np.where(values > 0, high, low)
    return np.where(np.isinf(values), at_infinity, np.where(huge, np.copysign(limit, values), values))


def _bounded_one(value: float, limit: float, low: float, high: float) -> float:
    if math.isinf(value):
        return high if value > 0 else low
    return math.copysign(limit, value) if abs(value) > limit else value


NUMBER_OPERATIONS = (
    Operation(
        name="constant",
        input_types=(),
        gives="number",
        record="{value}",
        columns=lambda value: value,
        pandas=lambda value: value,
    ),
    _arithmetic("add", "+", np.add),
    _arithmetic("subtract", "-", np.subtract),
    _arithmetic("multiply", "*", np.multiply),
    Operation(
        name="divide",
        input_types=("number", "number"),
        gives="number",
        record="{0} / {1} if {1} else {by_zero}({0}, {1})",
        columns=lambda left, right, **_: _divided(left, right),
        pandas=_divided,
        bind=lambda: {"by_zero": _divided_one},
    ),
    _comparison("less", "<", np.less),
    _comparison("less or equal", "<=", np.less_equal),
    _comparison("equal", "==", np.equal),
    _comparison("not equal", "!=", np.not_equal),
    Operation(
        name="log1p",  # NumPy's in both: the C library's differs in the last digit
        input_types=("number",),
        gives="number",
        record="float({log1p}({0})) if {0} > -1.0 else {quietly}({0})",  # above -1 there is no warning
        columns=lambda values, **_: _log1p(values),
        pandas=_log1p,
        bind=lambda: {"log1p": np.log1p, "quietly": _log1p_one},
    ),
    Operation(
        name="clip",
        input_types=("number",),
        gives="number",
        record="{low} if {0} < {low} else {high} if {0} > {high} else {0}",
        columns=_clipped,
        pandas=lambda values, low, high: values.clip(low, high),
        bind=_edges,
    ),
    Operation(
        name="bound",
        input_types=("number",),
        gives="number",
        record="{0} if -{limit} <= {0} <= {limit} else {bound}({0}, {limit}, {low}, {high})",
        columns=lambda values, bound, **settings: _bounded(values, **settings),
        pandas=lambda values, limit, low, high: (
            values.clip(-limit, limit).where(values != math.inf, high).where(values != -math.inf, low)
        ),
        bind=lambda **settings: {"bound": _bounded_one, **settings},
    ),
    Operation(
        name="fill number",
        input_types=("number",),
        gives="number",
        record="{value} if {0} != {0} else {0}",
        columns=lambda values, value: np.where(np.isnan(values), value, values),
        pandas=lambda values, value: values.fillna(value),
    ),
    Operation(
        name="number is missing",
        input_types=("number",),
        gives="flag",
        record="{0} != {0}",
        columns=np.isnan,
        pandas=lambda values: values.isna(),
    ),
    Operation(
        name="number is in",
        input_types=("number",),
        gives="flag",
        record="{0} in {values}",
        columns=lambda values_, values: np.isin(values_, list(values)),
        pandas=lambda column, values: column.isin(list(values)),
        bind=lambda values: {"values": frozenset(values)},
    ),
    Operation(
        name="where",
        input_types=("number", "flag", "number"),
        gives="number",
        record="{0} if {1} else {2}",
        columns=lambda values, mask, other: np.where(mask, values, other),
        pandas=lambda values, mask, other: values.where(mask, other),
    ),
    Operation(
        name="and",
        input_types=("flag", "flag"),
        gives="flag",
        record="{0} and {1}",
        columns=np.logical_and,
        pandas=lambda left, right: left & right,
    ),
    Operation(
        name="or",
        input_types=("flag", "flag"),
        gives="flag",
        record="{0} or {1}",
        columns=np.logical_or,
        pandas=lambda left, right: left | right,
    ),
    Operation(
        name="not",
        input_types=("flag",),
        gives="flag",
        record="not {0}",
        columns=np.logical_not,
        pandas=lambda flags: ~flags,
    ),
    Operation(
        name="flag as number",
        input_types=("flag",),
        gives="number",
        record="1.0 if {0} else 0.0",
        columns=lambda flags: flags.astype(np.float64),
        pandas=lambda flags: flags.astype("float64"),
    ),
)
