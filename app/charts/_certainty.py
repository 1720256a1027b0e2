"""The certainty of a verdict: equally likely true scores as dots, passing ones filled, against the bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.charts._style import BLANK, LINE_DASH, background_colour, colour, line_across, padded, text_colour
from app.presenters.results.certainty import CertaintyView
from litmus_core.text import format_score

if TYPE_CHECKING:
    import plotly.graph_objects as go

_COLUMNS = 22
_HEIGHT = 190


def certainty_chart(view: CertaintyView, *, dark: bool) -> go.Figure:
    """Stack the dots over the score axis, with the interval below them and the bar as a dashed line."""
    import plotly.graph_objects as go

    places = _piled(view.dots, bar=view.bar)
    traces = [_dots(view, places, passes=passes, dark=dark) for passes in (True, False)]
    tallest = max(y for _, y in places)
    reach = padded([*view.dots, view.low, view.high, view.bar], share=0.06)
    style = {"dash": LINE_DASH, "width": 1.6, "color": text_colour(dark=dark)}
    label = {
        "x": view.bar,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": f"bar {format_score(view.bar)}",
        "showarrow": False,
        "font": {"color": text_colour(dark=dark), "size": 12},
        "bgcolor": background_colour(dark=dark),
    }
    layout = {
        "height": _HEIGHT,
        "shapes": [line_across(x=view.bar, line=style)],
        "annotations": [label],
        "xaxis": {
            "separatethousands": True,
            "range": reach,
            "nticks": 7,
            "zeroline": False,
            "title": {"text": view.measure},
        },
        "yaxis": {"visible": False, "range": [-0.8, max(8.0, tallest + 1.0)]},
    }
    return go.Figure(data=[*traces, *_interval(view, dark=dark)], layout=BLANK | layout)


def _dots(
    view: CertaintyView, places: Sequence[tuple[float, int]], *, passes: bool, dark: bool
) -> dict[str, Any]:
    passing = [place for place, passed in zip(places, view.passes, strict=True) if passed is passes]
    tone = colour("good" if passes else "quiet", dark=dark)
    return {
        "type": "scatter",
        "x": [x for x, _ in passing],
        "y": [y for _, y in passing],
        "mode": "markers",
        "marker": {
            "size": 9,
            "symbol": "circle" if passes else "circle-open",
            "color": tone,
            "line": {"width": 1.4, "color": tone},
        },
        "hovertext": "passes the bar" if passes else "does not pass",
        "hoverinfo": "text",
    }


def _interval(view: CertaintyView, *, dark: bool) -> list[dict[str, Any]]:
    """Return the interval and the score below the dots."""
    line = {
        "type": "scatter",
        "x": [view.low, view.high],
        "y": [0, 0],
        "mode": "lines",
        "line": {"width": 3, "color": text_colour(dark=dark)},
        "hoverinfo": "skip",
    }
    point = {
        "type": "scatter",
        "x": [view.point],
        "y": [0],
        "mode": "markers",
        "marker": {"size": 11, "symbol": "diamond", "color": text_colour(dark=dark)},
        "hovertext": f"score {format_score(view.point)}",
        "hoverinfo": "text",
    }
    return [line, point]


def _piled(dots: tuple[float, ...], *, bar: float) -> list[tuple[float, int]]:
    """Return the position of each dot: its column, and its height in that column.

    Columns are separated at the bar, so that no dot is on its wrong side.
    """
    width = (max(dots) - min(dots)) / _COLUMNS or 0.01 * abs(bar) or 1.0
    height: dict[int, int] = {}
    places = []
    for dot in dots:
        column = math.floor((dot - bar) / width)
        height[column] = height.get(column, 0) + 1
        places.append((bar + (column + 0.5) * width, height[column]))
    return places
