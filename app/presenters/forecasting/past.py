"""A series with its forecast, or with one that was made at an earlier time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.presenters.forecasting.errors import error_text
from litmus_core.forecasting import Forecast, PastForecasts
from litmus_core.text import format_count, format_share, unbroken

__all__ = ["NOW", "PlotView", "decimals_for", "origin_names", "present_future", "present_origin", "row_table"]

NOW = "Now"
_FEWEST_SHOWN, _MOST_SHOWN = 60, 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotView:
    """A history and a forecast of it, as lists for a chart; ``known_until`` is the last time before it.

    Times are ISO texts, or numbers where ``is_numbered``. A missing value is None.
    """

    column: str
    is_numbered: bool
    times: tuple[Any, ...]
    values: tuple[float | None, ...]
    ahead: tuple[Any, ...]
    forecasts: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    known_until: Any
    last_value: float | None
    has_more: bool
    reading: str


def origin_names(past: PastForecasts) -> tuple[str, ...]:
    """Return the last known time of each origin, and "Now"."""
    return (*(_name(past.times[origin - 1]) for origin in past.origins), NOW)


def present_future(past: PastForecasts, forecast: Forecast | None, *, column: str, is_long: bool) -> PlotView:
    """Present the next values after a history; None where they cannot be answered yet."""
    reading = "Columns known ahead end with the table, so the next values cannot be told yet."
    if forecast is not None:
        first, last = forecast.rows()[0], forecast.rows()[-1]
        n = len(forecast.values)
        end = f" The last one, {last['time']}: {_range(last)}." if n > 1 else ""
        reading = f"Next, {first['time']}: {_range(first)}.{end}"
    empty = np.empty(0)
    return _plot(
        past,
        len(past.values),
        (empty, empty, empty) if forecast is None else (forecast.values, forecast.low, forecast.high),
        times=empty if forecast is None else forecast.times,
        column=column,
        is_long=is_long,
        reading=reading,
    )


def present_origin(past: PastForecasts, place: int, *, column: str, is_long: bool) -> PlotView:
    """Present what was forecast at an earlier origin, beside what came."""
    origin = int(past.origins[place])
    forecasts, low, high = past.forecasts[place], past.low[place], past.high[place]
    end = origin + len(forecasts)
    truth = np.where(past.is_filled, np.nan, past.values)[origin:end]
    is_value = np.isfinite(truth)
    inside = int(((low <= truth) & (truth <= high) & is_value).sum())
    size = float(np.abs(truth[is_value]).sum())
    off = float(np.abs(truth - forecasts)[is_value].sum()) / size if size else float("nan")
    wide = format_count(int(is_value.sum()), "value")
    reading = (
        f"Forecast when {_name(past.times[origin - 1])} was the last known time: "
        f"{inside} of {wide} came within the range, off by {error_text('wape', off)} on average."
    )
    times = past.times[origin:end]
    return _plot(
        past, origin, (forecasts, low, high), times=times, column=column, is_long=is_long, reading=reading
    )


def decimals_for(values: Any) -> int:
    """Return how many decimals values of this size are written with: three figures, or whole numbers.

    >>> decimals_for([294.1, 12.0]), decimals_for([0.52])
    (0, 3)
    """
    size = float(np.nanmax(np.abs(np.asarray(values, dtype=float)), initial=0.0))
    return int(np.clip(2 - np.floor(np.log10(size)), 0, 8)) if size else 0


def row_table(forecast: Forecast, *, column: str) -> dict[str, list[Any]]:
    """Return the next values as columns of a table."""
    rows = forecast.rows()
    times = [row["time"] for row in rows]
    if any(":" in time for time in times):
        times = [time if ":" in time else f"{time} 00:00" for time in times]
    share = format_share(forecast.level)
    return {
        "Time": times,
        column: [row["value"] for row in rows],
        f"Low ({share})": [row["low"] for row in rows],
        f"High ({share})": [row["high"] for row in rows],
    }


def _plot(
    past: PastForecasts,
    origin: int,
    band: Sequence[Any],
    *,
    times: Any,
    column: str,
    is_long: bool,
    reading: str,
) -> PlotView:
    n = len(past.values)
    horizon = past.forecasts.shape[1]
    n_shown = min(max(n - int(past.origins[0]) + 2 * horizon, _FEWEST_SHOWN), _MOST_SHOWN)
    start = max(n - (_MOST_SHOWN if is_long else n_shown), 0)
    forecasts, low, high = (tuple(np.asarray(array, dtype=float).tolist()) for array in band)
    return PlotView(
        column=column,
        is_numbered=past.times.dtype.kind != "M",
        times=_plain(past.times[start:]),
        values=tuple(
            None if filled else value
            for value, filled in zip(past.values[start:].tolist(), past.is_filled[start:], strict=True)
        ),
        ahead=_plain(np.asarray(times)),
        forecasts=forecasts,
        low=low,
        high=high,
        known_until=_plain(past.times[origin - 1 : origin])[0],
        last_value=None if past.is_filled[origin - 1] else float(past.values[origin - 1]),
        has_more=n > n_shown,
        reading=unbroken(reading),
    )


def _plain(times: Any) -> tuple[Any, ...]:
    if times.dtype.kind == "M":
        return tuple(str(time) for time in times.astype("datetime64[s]"))
    return tuple(int(time) for time in times)


def _name(time: Any) -> str:
    if not isinstance(time, np.datetime64):
        return str(int(time))
    return str(time.astype("datetime64[m]")).replace("T", " ").removesuffix(" 00:00")


def _range(row: dict[str, Any]) -> str:
    decimals = decimals_for([row["value"]])
    value, low, high = (f"{row[key]:,.{decimals}f}" for key in ("value", "low", "high"))
    return f"{value} (likely {low} to {high})"
