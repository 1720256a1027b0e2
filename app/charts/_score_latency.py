"""Score against latency: bar and budget as labelled lines, the area that meets both lightly shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from app.charts._names import NamePlace, place_names
from app.charts._style import LINE_DASH, across, background_colour, blank, colour, padded, text_colour
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


def score_latency_chart(view: ScatterView, *, dark: bool) -> go.Figure:
    """Draw every measured candidate with its interval; hollow marks are outside the budget."""
    x_range, y_range = _ranges(view)
    figure = blank(
        height=400,
        showlegend=True,
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "itemsizing": "constant",
        },
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )
    _shade(figure, view, x_range, y_range, dark=dark)
    _link(figure, view, dark=dark)
    for kind, name, symbol, size in _KINDS:
        points = [point for point in view.points if point.kind == kind]
        points.sort(key=lambda point: point.outside)  # the legend shows the first one's mark
        if points:
            figure.add_trace(_marks(points, name=name, symbol=symbol, size=size, dark=dark))
    if opened := [(point.x, point.y) for point in view.points if point.is_opened]:
        draw_rings(figure, opened, dark=dark)
    _lines(figure, view, dark=dark)
    for place in place_names(view, x_range, y_range):
        _name(figure, place, dark=dark)
    figure.update_xaxes(
        title_text=view.x_title,
        type="log",
        range=x_range,
        tickvals=_ticks(x_range),
        ticktext=[humanize.figures(tick) for tick in _ticks(x_range)],
    )
    figure.update_yaxes(title_text=view.y_title, range=y_range)
    return figure


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
    figure: go.Figure, view: ScatterView, x_range: list[float], y_range: list[float], *, dark: bool
) -> None:
    if view.bar is None and view.budget_ms is None:
        return
    right = 10 ** x_range[1] if view.budget_ms is None else view.budget_ms
    bottom, top = y_range
    if view.bar is not None:
        bottom, top = (view.bar.value, top) if view.bar.op == ">=" else (bottom, view.bar.value)
    figure.add_shape(
        type="rect",
        x0=10 ** x_range[0],
        x1=right,
        y0=bottom,
        y1=top,
        fillcolor=colour("good", dark=dark, alpha=0.10),
        line_width=0,
        layer="below",
    )


def _link(figure: go.Figure, view: ScatterView, *, dark: bool) -> None:
    places = {point.id: point for point in view.points}
    xs: list[float | None] = []
    ys: list[float | None] = []
    for parent, child in view.links:
        xs += [places[parent].x, places[child].x, None]
        ys += [places[parent].y, places[child].y, None]
    if xs:
        figure.add_scatter(
            x=xs,
            y=ys,
            mode="lines",
            name=view.link_name,
            hoverinfo="skip",
            line={"width": 1, "color": colour("quiet", dark=dark, alpha=0.6), "dash": "dot"},
        )


def _marks(points: list[PointView], *, name: str, symbol: str, size: int, dark: bool) -> Any:
    import plotly.graph_objects as go

    tone: Tone = "accent" if symbol == "star" else "quiet" if symbol == "square" else "unsure"
    solid = colour(tone, dark=dark)
    return go.Scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        mode="markers",
        name=name,
        cliponaxis=False,
        hovertext=[point.hover for point in points],
        hoverinfo="text",
        customdata=[point.id for point in points],
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker={
            "symbol": [f"{symbol}-open" if point.outside else symbol for point in points],
            "size": size,
            "color": solid,
            "line": {"width": 1.5, "color": solid},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, point.high - point.y) for point in points],
            "arrayminus": [max(0.0, point.y - point.low) for point in points],
            "width": 3,
            "thickness": 1.2,
            "color": colour(tone, dark=dark, alpha=0.55),
        },
    )


def draw_rings(figure: go.Figure, places: Sequence[tuple[float, float]], *, dark: bool) -> None:
    """Draw a ring around each of ``places``, (x, y)."""
    figure.add_scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        mode="markers",
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
        marker={
            "symbol": "circle-open",
            "size": 24,
            "color": text_colour(dark=dark),
            "line": {"width": 1.5},
        },
    )


def _name(figure: go.Figure, place: NamePlace, *, dark: bool) -> None:
    is_sideways = place.side in ("left", "right")
    ends_here = place.side == "left" or (not is_sideways and place.is_left)
    figure.add_annotation(
        x=math.log10(place.point.x),
        y=place.point.y,
        text=escape(place.text),
        showarrow=False,
        xanchor="right" if ends_here else "left",
        xshift=(-15 if ends_here else 15) if is_sideways else 0,
        yshift={"above": 22, "below": -22}.get(place.side, 0),
        font={"size": 12, "color": text_colour(dark=dark)},
        bgcolor=background_colour(dark=dark),
        borderpad=1,
    )


def _lines(figure: go.Figure, view: ScatterView, *, dark: bool) -> None:
    style = {"dash": LINE_DASH, "width": 1.6, "color": text_colour(dark=dark)}
    label = {
        "showarrow": False,
        "font": {"color": text_colour(dark=dark), "size": 12},
        "bgcolor": background_colour(dark=dark),
    }
    if view.bar is not None:
        across(figure, y=view.bar.value, line=style)
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="right",
            y=view.bar.value,
            yanchor="bottom" if view.higher_is_better else "top",
            text=f"bar {format_score(view.bar.value)}",
            **label,
        )
    if view.budget_ms is not None:
        start, end = _ranges(view)[0]
        is_at_the_edge = math.log10(view.budget_ms) > start + 0.7 * (end - start)  # no space to its right
        across(figure, x=view.budget_ms, line=style)
        figure.add_annotation(
            x=math.log10(view.budget_ms),
            xanchor="right" if is_at_the_edge else "left",
            xshift=-4 if is_at_the_edge else 4,
            y=0 if view.higher_is_better else 1,
            yref="paper",
            yanchor="bottom" if view.higher_is_better else "top",
            text=f"budget {view.budget_text or format_milliseconds(view.budget_ms)}",
            **label,
        )


def _ticks(x_range: list[float]) -> list[float]:
    """Return round ticks in milliseconds: 1-2-5, fewer over many decades, more within one."""
    first, last = math.floor(x_range[0]), math.ceil(x_range[1])
    width = x_range[1] - x_range[0]
    steps: tuple[float, ...] = (1,) if width > 2.2 else (1, 2, 5) if width > 0.9 else (1, 1.5, 2, 3, 4, 5, 7)
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [tick for tick in ticks if x_range[0] <= math.log10(tick) <= x_range[1]]
