"""Score against latency: bar and budget as labelled lines, the area that meets both lightly shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from app.charts._names import NamePlace, place_names
from app.charts._style import (
    BLANK,
    LINE_DASH,
    background_colour,
    colour,
    line_across,
    padded,
    text_colour,
)
from app.presenters import humanize
from app.presenters.results.candidates import PointKind, PointView, ScatterView
from app.theme import Tone
from litmus_core.text import format_milliseconds, format_score

if TYPE_CHECKING:
    import plotly.graph_objects as go

_KINDS: tuple[tuple[PointKind, str, str, int], ...] = (
    ("single", "single model", "circle", 10),
    ("ensemble", "ensemble", "square", 10),
    ("chosen", "chosen", "star", 16),
)
_LEGEND = {
    "orientation": "h",
    "y": 1.02,
    "yanchor": "bottom",
    "x": 0,
    "xanchor": "left",
    "itemsizing": "constant",
}


def score_latency_chart(view: ScatterView, *, dark: bool) -> go.Figure:
    """Draw every measured candidate with its interval; hollow marks are outside the budget."""
    import plotly.graph_objects as go

    x_range, y_range = _ranges(view)
    names = [_name(place, dark=dark) for place in place_names(view, x_range, y_range)]
    lines, labels = _lines(view, dark=dark)
    layout = {
        "height": 400,
        "showlegend": True,
        "legend": _LEGEND,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "shapes": [*_shade(view, x_range, y_range, dark=dark), *lines],
        "annotations": [*labels, *names],
        "xaxis": {
            "separatethousands": True,
            "title": {"text": view.x_title},
            "type": "log",
            "range": x_range,
            "tickvals": _ticks(x_range),
            "ticktext": [humanize.figures(tick) for tick in _ticks(x_range)],
        },
        "yaxis": {"separatethousands": True, "title": {"text": view.y_title}, "range": y_range},
    }
    return go.Figure(data=_traces(view, dark=dark), layout=BLANK | layout)  # all at once: updates are slow


def _traces(view: ScatterView, *, dark: bool) -> list[dict[str, Any]]:
    traces = _link(view, dark=dark)
    for kind, name, symbol, size in _KINDS:
        points = [point for point in view.points if point.kind == kind]
        points.sort(key=lambda point: point.outside)  # the legend shows the first one's mark
        if points:
            traces.append(_marks(points, name=name, symbol=symbol, size=size, dark=dark))
    if opened := [(point.x, point.y) for point in view.points if point.is_opened]:
        traces.append(rings(opened, dark=dark))
    return traces


def _ranges(view: ScatterView) -> tuple[list[float], list[float]]:
    """Return the x range as powers of ten, and the y range."""
    xs = [point.x for point in view.points] + ([view.budget_ms] if view.budget_ms else [])
    x_range = padded([math.log10(max(x, 1e-9)) for x in xs] or [0.0, 1.0], share=0.12)
    if x_range[1] - x_range[0] < 0.6:
        middle = sum(x_range) / 2
        x_range = [middle - 0.3, middle + 0.3]
    ys = [edge for point in view.points for edge in (point.low, point.y, point.high)]
    return x_range, padded(ys + ([view.bar.value] if view.bar else []) or [0.0, 1.0], share=0.14)


def _shade(
    view: ScatterView, x_range: list[float], y_range: list[float], *, dark: bool
) -> list[dict[str, Any]]:
    if view.bar is None and view.budget_ms is None:
        return []
    right = 10 ** x_range[1] if view.budget_ms is None else view.budget_ms
    bottom, top = y_range
    if view.bar is not None:
        bottom, top = (view.bar.value, top) if view.bar.op == ">=" else (bottom, view.bar.value)
    corner = {"x0": 10 ** x_range[0], "x1": right, "y0": bottom, "y1": top}
    fill = {"fillcolor": colour("good", dark=dark, alpha=0.10), "line": {"width": 0}, "layer": "below"}
    return [{"type": "rect"} | corner | fill]


def _link(view: ScatterView, *, dark: bool) -> list[dict[str, Any]]:
    places = {point.id: point for point in view.points}
    xs: list[float | None] = []
    ys: list[float | None] = []
    for parent, child in view.links:
        xs += [places[parent].x, places[child].x, None]
        ys += [places[parent].y, places[child].y, None]
    if not xs:
        return []
    line = {"width": 1, "color": colour("quiet", dark=dark, alpha=0.6), "dash": "dot"}
    trace = {"type": "scatter", "mode": "lines", "name": view.link_name, "hoverinfo": "skip", "line": line}
    return [trace | {"x": xs, "y": ys}]


def _marks(points: list[PointView], *, name: str, symbol: str, size: int, dark: bool) -> dict[str, Any]:
    tone: Tone = "accent" if symbol == "star" else "quiet" if symbol == "square" else "unsure"
    solid = colour(tone, dark=dark)
    return {
        "type": "scatter",
        "x": [point.x for point in points],
        "y": [point.y for point in points],
        "mode": "markers",
        "name": name,
        "cliponaxis": False,
        "hovertext": [point.hover for point in points],
        "hoverinfo": "text",
        "customdata": [point.id for point in points],
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "marker": {
            "symbol": [f"{symbol}-open" if point.outside else symbol for point in points],
            "size": size,
            "color": solid,
            "line": {"width": 1.5, "color": solid},
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, point.high - point.y) for point in points],
            "arrayminus": [max(0.0, point.y - point.low) for point in points],
            "width": 3,
            "thickness": 1.2,
            "color": colour(tone, dark=dark, alpha=0.55),
        },
    }


def rings(places: Sequence[tuple[float, float]], *, dark: bool) -> dict[str, Any]:
    """Return a trace of a ring around each of ``places``, (x, y)."""
    ring = {
        "symbol": "circle-open",
        "size": 24,
        "color": text_colour(dark=dark),
        "line": {"width": 1.5},
    }
    return {
        "type": "scatter",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "mode": "markers",
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
        "marker": ring,
    }


def _name(place: NamePlace, *, dark: bool) -> dict[str, Any]:
    is_sideways = place.side in ("left", "right")
    ends_here = place.side == "left" or (not is_sideways and place.is_left)
    return {
        "x": math.log10(place.point.x),
        "y": place.point.y,
        "text": escape(place.text),
        "showarrow": False,
        "xanchor": "right" if ends_here else "left",
        "xshift": (-15 if ends_here else 15) if is_sideways else 0,
        "yshift": {"above": 22, "below": -22}.get(place.side, 0),
        "font": {"size": 12, "color": text_colour(dark=dark)},
        "bgcolor": background_colour(dark=dark),
        "borderpad": 1,
    }


def _lines(view: ScatterView, *, dark: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines of bar and budget, and their labels."""
    style = {"dash": LINE_DASH, "width": 1.6, "color": text_colour(dark=dark)}
    label = {
        "showarrow": False,
        "font": {"color": text_colour(dark=dark), "size": 12},
        "bgcolor": background_colour(dark=dark),
    }
    lines: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    place: dict[str, Any]
    side: dict[str, Any]
    if view.bar is not None:
        lines.append(line_across(y=view.bar.value, line=style))
        place = {"x": 1, "xref": "paper", "xanchor": "right", "y": view.bar.value}
        side = {"yanchor": "bottom" if view.higher_is_better else "top"}
        labels.append(place | side | {"text": f"bar {format_score(view.bar.value)}"} | label)
    if view.budget_ms is not None:
        start, end = _ranges(view)[0]
        is_at_the_edge = math.log10(view.budget_ms) > start + 0.7 * (end - start)  # no space to its right
        lines.append(line_across(x=view.budget_ms, line=style))
        place = {
            "x": math.log10(view.budget_ms),
            "xanchor": "right" if is_at_the_edge else "left",
            "xshift": -4 if is_at_the_edge else 4,
        }
        side = {
            "y": 0 if view.higher_is_better else 1,
            "yref": "paper",
            "yanchor": "bottom" if view.higher_is_better else "top",
        }
        text = f"budget {view.budget_text or format_milliseconds(view.budget_ms)}"
        labels.append(place | side | {"text": text} | label)
    return lines, labels


def _ticks(x_range: list[float]) -> list[float]:
    """Return round ticks in milliseconds: 1-2-5, fewer over many decades, more within one."""
    first, last = math.floor(x_range[0]), math.ceil(x_range[1])
    width = x_range[1] - x_range[0]
    steps: tuple[float, ...] = (1,) if width > 2.2 else (1, 2, 5) if width > 0.9 else (1, 1.5, 2, 3, 4, 5, 7)
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [tick for tick in ticks if x_range[0] <= math.log10(tick) <= x_range[1]]
