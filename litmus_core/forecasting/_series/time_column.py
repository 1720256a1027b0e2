"""The column of times: one reading for all of it, and what to say of that reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError
from litmus_core.forecasting._series.frequency import detect_frequency
from litmus_core.forecasting._series.times import (
    decimal_years,
    seconds_of_zone,
    time_text,
    whole_times,
    without_zone,
)
from litmus_core.forecasting._series.written import written_times
from litmus_core.forecasting._texts import say

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]
_MOST_MISSING = 0.5
_BEYOND_WHOLE = 2.0**53
_MOST_JUDGED = 50  # series that say which order of day and month makes them regular


def read_time_column(column: pd.Series[Any], name: str, ids: Array) -> tuple[Array, list[str]]:
    """Return the times of ``column`` (n,), of the series ``ids`` (n,), and what to say of how they were read.

    Raises DataError where they are none, or where day and month could be either.
    """
    import pandas as pd

    column = column.infer_objects()
    if pd.api.types.is_numeric_dtype(column):
        return _of_numbers(column, name), []
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.to_timestamp()
    if not pd.api.types.is_datetime64_any_dtype(column):
        return _of_texts(column, name, ids)
    _refuse(column[column.isna()], name)
    zone = column.dt.tz
    times = np.asarray(column.dt.tz_localize(None).to_numpy().astype("datetime64[s]"))
    if zone is None:
        return times, []
    instants = column.dt.tz_convert(None).to_numpy().astype("datetime64[s]")
    return _of_one_clock(times, (times - instants).astype(np.int64), [str(zone)], name, ids)


def _of_numbers(column: pd.Series[Any], name: str) -> Array:
    numbers = column.to_numpy(np.float64, na_value=np.nan)
    if (numbers != np.round(numbers)).any() and (months := decimal_years(numbers)) is not None:
        return months
    wrong = ~(np.abs(numbers) < _BEYOND_WHOLE) | (numbers != np.round(numbers))
    _refuse(column[wrong], name, hint="decimals hint" if np.isfinite(numbers[wrong]).all() else "times hint")
    return whole_times(column.to_numpy().astype(np.int64))


def _refuse(wrong: pd.Series[Any], name: str, *, hint: str = "times hint") -> None:
    if len(wrong):
        text = say("times", n=len(wrong), column=name, example=str(wrong.iloc[0]))
        raise DataError(text, hint=say(hint))


def _of_texts(column: pd.Series[Any], name: str, ids: Array) -> tuple[Array, list[str]]:
    texts, places = np.unique(column.astype(str).to_numpy(dtype=str), return_inverse=True)
    pairs = [without_zone(text) for text in texts]
    readings = written_times([text for text, _ in pairs])
    missing = np.isnat(next(iter(readings.values())))[places] | column.isna().to_numpy()
    _refuse(column[missing], name)
    by_order = {order: times[places] for order, times in readings.items()}
    order = _order(by_order, name, ids, is_dotted=all("." in text for text, _ in pairs))
    times = by_order[order]
    notes = [say("order", column=name, order=order)] if len(by_order) > 1 else []
    zones = sorted({zone for _, zone in pairs} - {""})
    if not zones:
        return times, notes
    ahead = np.array([seconds_of_zone(zone) for _, zone in pairs])[places]
    times, more = _of_one_clock(times, ahead, zones, name, ids)
    return times, [*notes, *more]


def _of_one_clock(
    times: Array, ahead: Array, zones: list[str], name: str, ids: Array
) -> tuple[Array, list[str]]:
    """Return what the clocks of a zone showed; the winter's where those of the autumn show an hour twice."""
    pairs = np.rec.fromarrays([ids, times])
    moments = np.rec.fromarrays([ids, times - ahead])
    if len(np.unique(pairs)) == len(np.unique(moments)):
        return times, [say("zone", column=name, zones=zones)]
    return times - ahead + ahead.min(), [say("winter time", column=name)]


def _order(readings: Mapping[str, Array], name: str, ids: Array, *, is_dotted: bool) -> str:
    """Return the order of day and month that makes regular series; raises DataError where two do, or none."""
    orders = list(readings)
    first = readings[orders[0]]
    if all((readings[order] == first).all() for order in orders):
        return orders[0]
    regular = [order for order in orders if _is_regular(readings[order], ids)]
    if len(regular) == 1:
        return regular[0]
    if is_dotted and "day first" in orders:  # nobody writes 02.01.2026 for the 1st of February
        return "day first"
    place = int(np.flatnonzero(readings[orders[0]] != readings[orders[1]])[0])
    read = [f"{time_text(readings[order][place])} ({order})" for order in orders]
    hint = say("orders hint", orders=" or ".join(map(repr, orders)))
    raise DataError(say("orders", column=name, readings=" or ".join(read)), hint=hint)


def _is_regular(times: Array, ids: Array) -> bool:
    """Whether most of the series have a value at most of their times, and at no other."""
    names = np.unique(ids)[:_MOST_JUDGED]
    judged = [np.unique(times[ids == name]) for name in names]
    judged = [one for one in judged if len(one) > 2]
    return 2 * sum(map(_is_one_regular, judged)) > len(judged)


def _is_one_regular(times: Array) -> bool:
    frequency = detect_frequency(times)
    positions = frequency.positions(times)
    span = positions[-1] - positions[0] + 1
    return bool(frequency.has(times).all() and len(times) >= _MOST_MISSING * span)
