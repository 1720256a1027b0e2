"""A series with its forecast: history, the forecast's line, and the range around it."""

from __future__ import annotations

from typing import Any

from app.charts._layers import LINE_DASH, Spec, axis, chart, layer, names, on
from app.charts._style import colour, text_colour
from app.presenters.forecasting.past import PlotView
from litmus_core.text import format_number

_HEIGHT = 340
_FEW = 120  # values up to which each has a mark of its own


def forecast_chart(view: PlotView, *, dark: bool) -> Spec:
    """Draw what was, what is forecast and its range; a rule stands at the last known time."""
    kind = "quantitative" if view.is_numbered else "temporal"
    format_of = {"format": "d"} if view.is_numbered else {}
    x = axis(kind, scale={"nice": False}, grid=False, tickCount=6, **format_of)
    y = axis(title=view.column, scale={"zero": False}, tickCount=5)
    strong, plain = colour("accent", dark=dark), text_colour(dark=dark)
    past = [
        {"x": time, "y": value, "kind": "What came", "words": _words(time, value)}
        for time, value in zip(view.times, view.values, strict=True)
    ]
    ahead = [
        {"x": time, "y": value, "low": low, "high": high, "kind": "Forecast",
         "words": f"{_words(time, value)}\nlikely {_number(low)} to {_number(high)}"}
        for time, value, low, high in zip(view.ahead, view.forecasts, view.low, view.high, strict=True)
    ]  # fmt: skip
    bridge = [] if view.last_value is None or not ahead else [_bridge(view)]
    styles = names("kind", {"What came": plain, "Forecast": strong})
    tooltip = {"field": "words", "type": "nominal"}
    marked = past if len(past) <= _FEW else []
    layers = [
        layer(
            {"type": "area", "color": colour("accent", dark=dark, alpha=0.18)},
            bridge + ahead,
            x=on(x, "x"),
            y=on(y, "low"),
            y2={"field": "high"},
        ),
        _rule(view, x, dark=dark),
        layer({"type": "line", "strokeWidth": 1.6}, past, x=on(x, "x"), y=on(y, "y"), color=styles),
        layer({"type": "line", "strokeWidth": 2.5}, bridge + ahead, x=on(x, "x"), y=on(y, "y"), color=styles),
        layer(_points(14), marked, x=on(x, "x"), y=on(y, "y"), color=styles, tooltip=tooltip),
        layer(_points(34), ahead, x=on(x, "x"), y=on(y, "y"), color=styles, tooltip=tooltip),
    ]
    return chart(*layers, height=_HEIGHT)


def _points(size: int) -> Spec:
    return {"type": "point", "filled": True, "size": size, "opacity": 1}


def _bridge(view: PlotView) -> dict[str, Any]:
    last = view.last_value
    return {"x": view.known_until, "y": last, "low": last, "high": last, "kind": "Forecast"}


def _rule(view: PlotView, x: Spec, *, dark: bool) -> Spec:
    place = on(x, "x")
    mark = {"type": "rule", "color": text_colour(dark=dark), "strokeWidth": 1.2, "strokeDash": LINE_DASH}
    rule = layer(mark, [{"x": view.known_until}], x=place)
    text = {"type": "text", "text": "known until here", "align": "right", "dx": -5, "fontSize": 12,
            "baseline": "top", "color": text_colour(dark=dark), "aria": False}  # fmt: skip
    return {"layer": [rule, layer(text, [{"x": view.known_until}], x=place, y={"value": 2})]}


def _words(time: Any, value: float | None) -> str:
    return f"{str(time).replace('T', ' ').removesuffix(' 00:00:00')}: {_number(value)}"


def _number(value: float | None) -> str:
    return "missing" if value is None else format_number(float(f"{value:.4g}"))
