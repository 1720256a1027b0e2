"""The certainty of a verdict: equally likely true scores as dots, passing ones filled, against the bar."""

from __future__ import annotations

import math

from app.charts._layers import Spec, across, at, axis, chart, label, layer, on
from app.charts._style import colour, padded, text_colour
from app.presenters.results.certainty import CertaintyView

_COLUMNS = 22
_HEIGHT = 190


def certainty_chart(view: CertaintyView, *, dark: bool) -> Spec:
    """Stack the dots over the score axis, with the interval below them and the bar as a dashed line."""
    places = _piled(view.dots, bar=view.bar)
    tallest = max(y for _, y in places)
    reach = padded([*view.dots, view.low, view.high, view.bar], share=0.06)
    x = axis(
        title=view.measure, scale={"domain": reach, "nice": False, "zero": False}, tickCount=6, grid=False
    )
    y = axis(scale={"domain": [-0.8, max(8.0, tallest + 1.0)], "nice": False})
    y["axis"] = None
    dots = [
        {
            "x": place,
            "y": height,
            "solid": 1 if passes else 0,
            "tone": colour("good" if passes else "quiet", dark=dark),
            "words": "passes the bar" if passes else "does not pass",
        }
        for (place, height), passes in zip(places, view.passes, strict=True)
    ]
    tone = {"field": "tone", "type": "nominal", "scale": None}
    return chart(
        across(x=at(x, view.bar), dark=dark, width=1.6),
        layer(
            {"type": "point", "size": 72, "strokeWidth": 1.4, "filled": True, "opacity": 1},
            dots,
            x=on(x, "x"),
            y=on(y, "y"),
            fill=tone,
            stroke=tone,
            fillOpacity={"field": "solid", "type": "quantitative", "scale": None},
            tooltip={"field": "words", "type": "nominal"},
        ),
        *_interval(view, x, y, dark=dark),
        label(
            view.bar_label, x=at(x, view.bar), y={"value": -2}, dark=dark, align="center", baseline="bottom"
        ),
        height=_HEIGHT,
    )


def _interval(view: CertaintyView, x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    """Return the interval and the score below the dots."""
    text = text_colour(dark=dark)
    row = {
        "low": view.low,
        "high": view.high,
        "point": view.point,
        "words": view.point_label,
    }
    return [
        layer(
            {"type": "rule", "strokeWidth": 3, "color": text},
            [row],
            x=on(x, "low"),
            x2={"field": "high"},
            y=at(y, 0),
        ),
        layer(
            {"type": "point", "filled": True, "shape": "diamond", "size": 130, "color": text, "opacity": 1},
            [row],
            x=on(x, "point"),
            y=at(y, 0),
            tooltip={"field": "words", "type": "nominal"},
        ),
    ]


def _piled(dots: tuple[float, ...], *, bar: float) -> list[tuple[float, int]]:
    """Return the position of each dot: its column, and its place in the stack of that column.

    Columns are cut at the bar, so that each dot is on the right side of it.
    """
    width = (max(dots) - min(dots)) / _COLUMNS or 0.01 * abs(bar) or 1.0
    height: dict[int, int] = {}
    places = []
    for dot in dots:
        column = math.floor((dot - bar) / width)
        height[column] = height.get(column, 0) + 1
        places.append((bar + (column + 0.5) * width, height[column]))
    return places
