"""Latency by rows per call, and by concurrent callers, on logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.charts._layers import Spec, axis, chart, layer, level, names, on
from app.charts._style import colour
from app.presenters.shipping.certificate import TimesView
from litmus_core.text import format_count, format_milliseconds

Times = Sequence[tuple[int, float, float]]

_P95, _P50 = "19 of 20 calls (p95)", "median (p50)"


def batch_times_chart(view: TimesView, *, dark: bool) -> Spec:
    """Draw the latency of a call by its number of rows, with the budget at its batch size."""
    return _chart(view.batches, view, unit="row", title="Rows a call", dark=dark)


def caller_times_chart(view: TimesView, *, dark: bool) -> Spec:
    """Draw the latency of a one-row HTTP request by the number of concurrent callers."""
    return _chart(view.callers, None, unit="caller", title="Callers at once, over HTTP", dark=dark)


def _chart(times: Times, budget: TimesView | None, *, unit: str, title: str, dark: bool) -> Spec:
    budget_ms = None if budget is None else budget.budget_ms
    sizes = [size for size, _, _ in times]
    scale = {"type": "log", "domain": _span(sizes), "nice": False}
    x = axis(title=title, scale=scale, values=sizes, format=",", grid=False)
    y = _time_axis([time[index] for time in times for index in (1, 2)] + ([budget_ms] if budget_ms else []))
    rows = [
        {
            "x": time[0],
            "y": time[index],
            "kind": kind,
            "words": f"{format_count(time[0], unit)}: {format_milliseconds(time[index])}",
        }
        for kind, index in ((_P95, 2), (_P50, 1))
        for time in times
    ]
    marks = _marks(rows, x, y, dark=dark)
    if budget is not None and budget_ms is not None:
        text = f"budget {format_milliseconds(budget_ms)} for {format_count(budget.budget_rows, 'row')}"
        marks += level(budget_ms, text, y, dark=dark, align="left")
    return chart(*marks, height=280)


def _marks(rows: Sequence[Spec], x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    """Return a line with points for each kind of time."""
    places = {"x": on(x, "x"), "y": on(y, "y")}
    tones = names(
        "kind", {_P95: colour("accent", dark=dark), _P50: colour("quiet", dark=dark)}, symbolDash=[1, 0]
    )
    dashes = names("kind", {_P95: [1, 0], _P50: [2, 3]}, has_legend=False)
    shapes = names("kind", {_P95: "circle", _P50: "diamond"}, symbolDash=[1, 0])
    tip = {"field": "words", "type": "nominal"}
    point = {"type": "point", "filled": True, "size": 80, "opacity": 1}
    return [
        layer({"type": "line", "strokeWidth": 2}, rows, **places, color=tones, strokeDash=dashes),
        layer(point, rows, **places, color=tones, shape=shapes, tooltip=tip),
    ]


def _span(sizes: Sequence[int]) -> list[float]:
    return [min(sizes), max(sizes)] if min(sizes) < max(sizes) else [sizes[0] / 2, sizes[0] * 2]


def _time_axis(times: Sequence[float]) -> Spec:
    """Return an axis of milliseconds with round ticks, 1-2-5 or powers of ten."""
    low, high = math.log10(min(times)) - 0.25, math.log10(max(times)) + 0.35
    steps = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    ticks = [tick for tick in ticks if low <= math.log10(tick) <= high]
    scale = {"type": "log", "domain": [10**low, 10**high], "nice": False}
    return axis(title="ms", scale=scale, values=ticks, format=",~g")
