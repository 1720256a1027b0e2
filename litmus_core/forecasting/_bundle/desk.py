"""What a served forecast answers: newer values in, the next values of its series out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litmus_core.errors import RowError, UsageError
from litmus_core.forecasting._bundle.forecaster import Forecaster
from litmus_core.forecasting._series.times import time_text

_FIELDS = ("new", "series", "horizon", "level", "future")


class ForecastServer:
    """Answers requests with one forecaster, which no request changes: each brings the values it needs."""

    def __init__(self, forecaster: Forecaster, *, name: str, version: str) -> None:
        self._forecaster, self.name, self.version = forecaster, name, version

    def describe(self) -> dict[str, Any]:
        """Return the series with their last times, and a request that fits."""
        forecaster = self._forecaster
        names, columns = forecaster.names, forecaster.learned.known_columns
        next_time = forecaster.forecast_times(names[0])[0]
        row = {"time": time_text(next_time), "value": 0.0} | dict.fromkeys(columns, 0.0)
        return {
            "series": {name: time_text(forecaster.last_time(name)) for name in names},
            "frequency": forecaster.learned.frequency.name,
            "horizon": forecaster.horizon,
            "level": forecaster.learned.level,
            "known_ahead": list(columns),
            "example": {"new": [{"series": names[0]} | row if len(names) > 1 else row]},
        }

    def schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the JSON schemas of a request and of its reply."""
        number, text = {"type": "number"}, {"type": "string"}
        ahead = {column: {"type": "number"} for column in self._forecaster.learned.known_columns}
        new = {"series": text, "time": {"type": ["string", "integer"]}, "value": number} | ahead
        row = {"series": text, "time": text, "value": number, "low": number, "high": number}
        request = {
            "new": _array({"type": "object", "properties": new, "required": ["time", "value"]}),
            "series": text,
            "horizon": {"type": "integer", "minimum": 1, "maximum": self._forecaster.horizon},
            "level": number,
            "future": {"type": "object", "properties": {column: _array(number) for column in ahead}},
        }
        reply = {"forecasts": _array({"type": "object", "properties": row}), "level": number}
        return (
            {"type": "object", "properties": request, "required": ["new"]},
            {"type": "object", "properties": reply},
        )

    def answer(self, request: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the next values of the ``series`` of a request, of all without one.

        ``new`` are newer values, ``horizon``, ``level`` and ``future`` those of :meth:`Forecaster.forecast`.
        Raises RowError for a new value that does not fit, UsageError and DataError for the rest.
        """
        if unknown := sorted(set(request) - set(_FIELDS)):
            raise UsageError(f"A request has no '{unknown[0]}'.", hint=f"It has {', '.join(_FIELDS)}.")
        series = request.get("series")
        if series is not None and not isinstance(series, str):
            raise UsageError("'series' is not text.", hint="Name a series; GET /schema lists them.")
        horizon, level = _number(request, "horizon"), _number(request, "level")
        if horizon is not None and horizon != int(horizon):
            raise UsageError("'horizon' is not a whole number.", hint="Ask for 1 step or more.")
        future = request.get("future")
        if future is not None and not _is_table(future):
            raise UsageError("'future' is not an object of lists.", hint='Send {"column": [value, …]}.')
        forecaster = self._observed(request["new"])
        rows = [
            row
            for name in ([series] if series is not None else forecaster.names)
            for row in forecaster.forecast(
                name, horizon=None if horizon is None else int(horizon), level=level, future=future
            ).rows()
        ]
        return {"forecasts": rows, "level": self._forecaster.learned.level if level is None else level}

    def _observed(self, new: Sequence[Any]) -> Forecaster:
        """Return the forecaster after newer values."""
        forecaster, by_series = self._forecaster, dict[str, list[Mapping[str, Any]]]()
        for place, row in enumerate(new):
            by_series.setdefault(self._series_of(row, place), []).append(row)
        columns = forecaster.learned.known_columns
        for name, rows in by_series.items():
            future = {column: [row.get(column) for row in rows] for column in columns}
            is_complete = bool(columns) and all(column in row for row in rows for column in columns)
            forecaster = forecaster.observe(
                [row["time"] for row in rows],
                [row["value"] for row in rows],
                series=name,
                **(future if is_complete else {}),
            )
        return forecaster

    def _series_of(self, row: Any, place: int) -> str:
        """Return the name of a new value's series; raises RowError where the value does not fit."""
        names, columns = self._forecaster.names, self._forecaster.learned.known_columns
        if not isinstance(row, dict):
            raise RowError(
                "New value ", row=place, rest=" is not an object.", hint='Send {"time": …, "value": …}.'
            )
        for field in ("time", "value"):
            if field not in row:
                raise RowError("New value ", row=place, rest=f" has no '{field}'.", field=field)
        for field in row:
            if field not in ("series", "time", "value", *columns):
                raise RowError("New value ", row=place, rest=f" has an unknown '{field}'.", field=field)
        if isinstance(row["value"], bool) or not isinstance(row["value"], int | float):
            raise RowError("New value ", row=place, rest=" is not a number.", field="value")
        name = row.get("series", names[0] if len(names) == 1 else None)
        if name not in names:
            raise RowError(
                "New value ",
                row=place,
                rest=f" is of no series of this forecast: {str(name)[:80]!r}.",
                field="series",
                hint="GET /schema lists them.",
            )
        return str(name)


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _number(request: Mapping[str, Any], name: str) -> float | None:
    value = request.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"'{name}' is not a number.", hint=f"Leave it out, or send {name} as a number.")
    return value


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(column, list) for column in value.values())
