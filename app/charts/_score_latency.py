"""Score against latency: bar and budget as labelled lines, the area that meets both lightly shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.charts._layers import Spec, across, at, axis, chart, label, layer, level, names, on
from app.charts._point_labels import NamePlace, place_names
from app.charts._style import colour, padded, text_colour
from app.presenters import humanize
from app.presenters.results.candidates import PointKind, PointView, ScatterView
from app.theme import Tone
from litmus_core.text import format_milliseconds

SELECTED = "point"  # the name of the selection that a click makes: rows with the ``id`` of a candidate
_HEIGHT = 400
_STAR = (  # a star with five rays, in coordinates from -1 to 1
    "M0,-1L0.235,-0.324L0.951,-0.309L0.38,0.124L0.588,0.809"
    "L0,0.4L-0.588,0.809L-0.38,0.124L-0.951,-0.309L-0.235,-0.324Z"
)
_KINDS: dict[PointKind, tuple[str, str, Tone, int]] = {
    "single": ("single model", "circle", "unsure", 100),
    "ensemble": ("ensemble", "square", "quiet", 100),
    "chosen": ("chosen", _STAR, "accent", 330),
}


def score_latency_chart(view: ScatterView, *, dark: bool) -> Spec:
    """Draw every measured candidate with its interval; hollow marks are outside the budget."""
    return chart(*score_latency_layers(view, dark=dark), height=_HEIGHT)


def score_latency_layers(view: ScatterView, *, dark: bool) -> list[Spec]:
    """Return the layers of the chart, for a chart that adds its own."""
    x, y = score_latency_axes(view)
    return [
        *_shade(view, x, y, dark=dark),
        *_lines(view, x, y, dark=dark),
        *_links(view, x, y, dark=dark),
        *_marks(view, x, y, dark=dark),
        *(ring(point.x, point.y, x, y, dark=dark) for point in view.points if point.is_opened),
        *(_name(place, x, y, dark=dark) for place in place_names(view, *_ranges(view))),
    ]


def score_latency_axes(view: ScatterView) -> tuple[Spec, Spec]:
    """Return both axes, without values."""
    x_range, y_range = _ranges(view)
    ticks = {str(tick): humanize.figures(tick) for tick in _ticks(x_range)}
    x = axis(
        title=view.x_title,
        scale={"type": "log", "domain": [10**edge for edge in x_range], "nice": False},
        values=_ticks(x_range),
        labelExpr=_words(ticks),
        grid=False,
    )
    return x, axis(title=view.y_title, scale={"domain": y_range, "nice": False, "zero": False}, tickCount=6)


def ring(x_value: float, y_value: float, x: Spec, y: Spec, *, dark: bool) -> Spec:
    """Return a ring around a point."""
    mark = {
        "type": "point",
        "size": 520,
        "filled": False,
        "color": text_colour(dark=dark),
        "strokeWidth": 1.5,
    }
    return layer(mark, [{}], x=at(x, x_value), y=at(y, y_value))


def _words(ticks: dict[str, str]) -> str:
    """Return a Vega expression that labels each tick with its text."""
    cases = "".join(f"datum.value == {value} ? '{word}' : " for value, word in ticks.items())
    return f"{cases}datum.label"


def _ranges(view: ScatterView) -> tuple[list[float], list[float]]:
    """Return the x range as powers of ten, and the y range."""
    xs = [point.x for point in view.points] + ([view.budget_ms] if view.budget_ms else [])
    x_range = padded([math.log10(max(x, 1e-9)) for x in xs] or [0.0, 1.0], share=0.12)
    if x_range[1] - x_range[0] < 0.6:
        middle = sum(x_range) / 2
        x_range = [middle - 0.3, middle + 0.3]
    ys = [edge for point in view.points for edge in (point.low, point.y, point.high)]
    return x_range, padded(ys + ([view.bar.value] if view.bar else []) or [0.0, 1.0], share=0.14)


def _shade(view: ScatterView, x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    if view.bar is None and view.budget_ms is None:
        return []
    (left, right), (bottom, top) = x["scale"]["domain"], y["scale"]["domain"]
    if view.bar is not None:
        bottom, top = (view.bar.value, top) if view.bar.op == ">=" else (bottom, view.bar.value)
    corner = {"left": left, "right": view.budget_ms or right, "bottom": bottom, "top": top}
    mark = {"type": "rect", "color": colour("good", dark=dark, alpha=0.10)}
    sides = {"x2": {"field": "right"}, "y2": {"field": "top"}}
    return [layer(mark, [corner], x=on(x, "left"), y=on(y, "bottom"), **sides)]


def _links(view: ScatterView, x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    places = {point.id: point for point in view.points}
    rows = [
        {"x": places[parent].x, "y": places[parent].y, "x2": places[child].x, "y2": places[child].y}
        for parent, child in view.links
    ]
    mark = {"type": "rule", "strokeDash": [2, 3], "color": colour("quiet", dark=dark, alpha=0.6)}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return [layer(mark, rows, x=on(x, "x"), y=on(y, "y"), **ends)] if rows else []


def _marks(view: ScatterView, x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    """Return whiskers and marks; a click on a mark selects its row."""
    rows = [_row(point) for point in view.points]
    present = [look for kind, look in _KINDS.items() if any(point.kind == kind for point in view.points)]
    tones = {name: colour(tone, dark=dark) for name, _, tone, _ in present}
    stroke = names("kind", tones)
    whisker = {"type": "rule", "strokeWidth": 1.2, "opacity": 0.55}
    marks = layer(
        {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.5, "cursor": "pointer"},
        rows,
        x=on(x, "x"),
        y=on(y, "y"),
        fill=stroke,
        stroke=stroke,
        shape=names("kind", {name: shape for name, shape, _, _ in present}),
        fillOpacity={"field": "solid", "type": "quantitative", "scale": None},
        size={"field": "size", "type": "quantitative", "scale": None},
        tooltip={"field": "words", "type": "nominal"},
    )
    marks["params"] = [{"name": SELECTED, "select": {"type": "point", "fields": ["id"]}}]
    return [layer(whisker, rows, x=on(x, "x"), y=on(y, "low"), y2={"field": "high"}, color=stroke), marks]


def _row(point: PointView) -> dict[str, Any]:
    name, _, _, size = _KINDS[point.kind]
    return {
        "id": point.id,
        "x": point.x,
        "y": point.y,
        "low": point.low,
        "high": point.high,
        "kind": name,
        "solid": 0 if point.outside else 1,
        "size": size,
        "words": point.hover,
    }


def _name(place: NamePlace, x: Spec, y: Spec, *, dark: bool) -> Spec:
    is_sideways = place.side in ("left", "right")
    ends_here = place.side == "left" or (not is_sideways and place.is_left)
    return label(
        place.text,
        x=at(x, place.point.x),
        y=at(y, place.point.y),
        dark=dark,
        align="right" if ends_here else "left",
        shift=(
            (-15 if ends_here else 15) if is_sideways else 0,
            {"above": -22, "below": 22}.get(place.side, 0),
        ),
    )


def _lines(view: ScatterView, x: Spec, y: Spec, *, dark: bool) -> list[Spec]:
    """Return the lines of bar and budget, each with its label."""
    lines: list[Spec] = []
    is_higher_better = view.higher_is_better
    if view.bar is not None:
        lines += level(view.bar.value, view.bar_label, y, dark=dark, is_above=is_higher_better)
    if view.budget_ms is not None:
        start, end = (math.log10(edge) for edge in x["scale"]["domain"])
        is_at_the_edge = math.log10(view.budget_ms) > start + 0.7 * (
            end - start
        )  # without space to its right
        text = f"budget {view.budget_text or format_milliseconds(view.budget_ms)}"
        lines.append(across(x=at(x, view.budget_ms), dark=dark, width=1.6))
        lines.append(
            label(
                text,
                x=at(x, view.budget_ms),
                y={"value": "height"} if is_higher_better else {"value": 0},
                dark=dark,
                align="right" if is_at_the_edge else "left",
                baseline="bottom" if is_higher_better else "top",
                shift=(-4 if is_at_the_edge else 4, -4 if is_higher_better else 4),
            )
        )
    return lines


def _ticks(x_range: Sequence[float]) -> list[float]:
    """Return round ticks in milliseconds: 1-2-5, fewer over many decades, more within one."""
    first, last = math.floor(x_range[0]), math.ceil(x_range[1])
    width = x_range[1] - x_range[0]
    steps: tuple[float, ...] = (1,) if width > 2.2 else (1, 2, 5) if width > 0.9 else (1, 1.5, 2, 3, 4, 5, 7)
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [tick for tick in ticks if x_range[0] <= math.log10(tick) <= x_range[1]]
