"""Layers of a Vega-Lite chart: axes, marks, lines through the plot, and labels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from app.charts._style import background_colour, text_colour

__all__ = [
    "LINE_DASH",
    "Spec",
    "across",
    "at",
    "axis",
    "chart",
    "label",
    "layer",
    "legend",
    "level",
    "names",
    "on",
    "row_axis",
]

Spec = dict[str, Any]  # a part of a Vega-Lite chart

LINE_DASH = [6, 4]
_LABEL_PX = 190  # the widest name beside a row


def chart(*layers: Spec, height: int, **more: Any) -> Spec:
    """Return a chart of ``layers``, the first one at the back."""
    flat = [part for spec in layers for part in spec.get("layer", [spec])]
    return {"height": height, "layer": flat} | more


def layer(mark: str | Spec, rows: Sequence[Mapping[str, Any]], **encoding: Any) -> Spec:
    """Return a layer that draws a mark for each of ``rows``, or one line through all of them.

    A mark's tooltip is also its description for screen readers.
    """
    if isinstance(encoding.get("tooltip"), dict):
        encoding["description"] = encoding["tooltip"]
    return {"mark": mark, "data": {"values": list(rows)}, "encoding": encoding}


def axis(
    kind: str = "quantitative", *, title: str = "", scale: Mapping[str, Any] | None = None, **look: Any
) -> Spec:
    """Return an axis without values; :func:`on` and :func:`at` add them.

    ``look`` has properties of Vega-Lite's axes.
    """
    return {"type": kind, "title": title or None, "scale": dict(scale or {}), "axis": look}


def row_axis(labels: Sequence[str], *, title: str = "", **look: Any) -> Spec:
    """Return an axis with one row for each of ``labels``, by position: two rows may have the same name."""
    shown = {
        "labelExpr": f"{json.dumps(list(labels))}[datum.value]",
        "labelLimit": _LABEL_PX,
        "labelFlush": False,
        "grid": False,
    }
    scale = {"domain": list(range(len(labels)))}
    return axis("ordinal", title=title, scale=scale, **shown | {"ticks": False, "labelPadding": 6} | look)


def on(shared: Spec, field: str) -> Spec:
    """Return the axis with its values taken from ``field``."""
    return shared | {"field": field}


def at(shared: Spec, value: float) -> Spec:
    """Return the axis with the constant ``value``."""
    return shared | {"datum": value}


def names(field: str, styles: Mapping[str, Any], *, has_legend: bool = True, **look: Any) -> Spec:
    """Return an encoding of the categories in ``field``; ``styles`` has each colour or shape."""
    scale = {"domain": list(styles), "range": list(styles.values())}
    shown = legend(**look) if has_legend else None
    return {"field": field, "type": "nominal", "scale": scale, "title": None, "legend": shown}


def legend(**look: Any) -> Spec:
    """Return a legend above the plot."""
    return {
        "orient": "top",
        "direction": "horizontal",
        "labelLimit": 0,
        "symbolSize": 90,
        "symbolOpacity": 1,
        "columns": 3,
    } | look


def across(*, dark: bool, tone: str = "", width: float = 1.4, dash: bool = True, **place: Spec) -> Spec:
    """Return a line across the whole plot at ``x`` or at ``y``."""
    mark = {"type": "rule", "color": tone or text_colour(dark=dark), "strokeWidth": width}
    return layer(mark | ({"strokeDash": LINE_DASH} if dash else {}), [{}], **place)


def label(
    text: str,
    *,
    x: Spec,
    y: Spec,
    dark: bool,
    align: Literal["left", "center", "right"] = "left",
    baseline: Literal["top", "middle", "bottom"] = "middle",
    shift: tuple[int, int] = (0, 0),
    tone: str = "",
) -> Spec:
    """Return a text at ``x`` and ``y``, readable over lines; ``shift`` is in pixels, right and down."""
    mark = {
        "type": "text",
        "text": text,
        "align": align,
        "baseline": baseline,
        "dx": shift[0],
        "dy": shift[1],
        "fontSize": 12,
        "aria": False,
    }
    ground = background_colour(dark=dark)
    halo = mark | {"color": ground, "stroke": ground, "strokeWidth": 5, "strokeJoin": "round"}
    place = {"x": x, "y": y}
    return {
        "layer": [
            layer(halo, [{}], **place),
            layer(mark | {"color": tone or text_colour(dark=dark)}, [{}], **place),
        ]
    }


def level(
    value: float,
    text: str,
    y: Spec,
    *,
    dark: bool,
    align: Literal["left", "right"] = "right",
    is_above: bool = True,
    tone: str = "",
) -> list[Spec]:
    """Return a dashed line at a value of the y axis, with its label at one end, above or below it."""
    place = at(y, value)
    return [
        across(y=place, dark=dark, tone=tone, width=1.6),
        label(
            text,
            x={"value": "width" if align == "right" else 4},
            y=place,
            dark=dark,
            align=align,
            baseline="bottom" if is_above else "top",
            shift=(0, -4 if is_above else 4),
            tone=tone,
        ),
    ]
