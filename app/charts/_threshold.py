"""The effect of each decision threshold, with the current and the selected one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts._layers import Spec, across, at, axis, chart, label, layer, level, names, on
from app.charts._style import colour, padded, text_colour
from app.presenters.results.threshold import AnsweredCurveView, ThresholdCurveView, ThresholdLineView
from app.theme import Tone

_HEIGHT, _COST_HEIGHT = 280, 170
_DASHES = ([1, 0], [6, 4], [2, 3])
_TONES: tuple[Tone, ...] = ("accent", "near", "quiet")


def threshold_chart(view: ThresholdCurveView, *, dark: bool) -> Spec:
    """Draw shares against the threshold."""
    y = axis(scale={"domain": [0, 1.02], "nice": False}, format=".0%", tickCount=5)
    tones = {
        line.name: colour(_TONES[place % len(_TONES)], dark=dark) for place, line in enumerate(view.shares)
    }
    dashes = {line.name: _DASHES[place % len(_DASHES)] for place, line in enumerate(view.shares)}
    style = {"color": names("line", tones, columns=2), "strokeDash": names("line", dashes, columns=2)}
    return chart(*_curves(view, view.shares, y, style, dark=dark), height=_HEIGHT)


def cost_chart(view: ThresholdCurveView, cost: ThresholdLineView, *, dark: bool) -> Spec:
    """Draw what the mistakes in 1,000 cases cost against the threshold."""
    y = axis(title=cost.name, scale={"zero": True}, tickCount=4)
    style = {"color": {"value": colour("bad", dark=dark)}, "strokeDash": {"value": [8, 3, 2, 3]}}
    return chart(*_curves(view, [cost], y, style, dark=dark), height=_COST_HEIGHT)


def _curves(
    view: ThresholdCurveView, lines: Sequence[ThresholdLineView], y: Spec, style: Spec, *, dark: bool
) -> list[Spec]:
    x = axis(title=view.x_title, scale={"domain": [0, 1]}, tickCount=6)
    points = [
        {"x": at_, "y": value, "line": line.name}
        for line in lines
        for at_, value in zip(view.at, line.values, strict=True)
    ]
    layers = [
        layer({"type": "line", "strokeWidth": 2.2}, points, x=on(x, "x"), y=on(y, "y"), **style),
        _reader(view.at, lines, x, dark=dark),
        *_mark(view.now, "now", x, dark=dark, is_now=True),
    ]
    if abs(view.chosen - view.now) > 1e-9:
        layers += _mark(view.chosen, f"{view.chosen:.2f}", x, dark=dark, is_now=False)
    return layers


def _reader(at_: Sequence[float], lines: Sequence[ThresholdLineView], x: Spec, *, dark: bool) -> Spec:
    """Return a line that follows the pointer, with all values there as its tooltip."""
    rows = [
        {"x": place, **{f"line{number}": line.values[index] for number, line in enumerate(lines)}}
        for index, place in enumerate(at_)
    ]
    tips: list[dict[str, Any]] = [
        {"field": "x", "type": "quantitative", "title": "threshold", "format": ".2f"},
        *(
            {"field": f"line{number}", "type": "quantitative", "title": line.name, "format": line.format}
            for number, line in enumerate(lines)
        ),
    ]
    pointed = {"condition": {"param": "pointed", "empty": False, "value": 0.5}, "value": 0}
    reader = layer(
        {"type": "rule", "color": text_colour(dark=dark)}, rows, x=on(x, "x"), opacity=pointed, tooltip=tips
    )
    nearest = {
        "type": "point",
        "nearest": True,
        "on": "pointerover",
        "clear": "pointerout",
        "encodings": ["x"],
    }
    return reader | {"params": [{"name": "pointed", "select": nearest}]}


def _mark(threshold: float, text: str, x: Spec, *, dark: bool, is_now: bool) -> list[Spec]:
    """Return a threshold as a line with its label; the current one dashed."""
    is_right = threshold >= 0.85
    return [
        across(x=at(x, threshold), dark=dark, width=1.6, dash=is_now),
        label(
            text,
            x=at(x, threshold),
            y={"value": "height"} if is_now else {"value": 0},  # close labels do not overlap
            dark=dark,
            align="right" if is_right else "left",
            baseline="bottom" if is_now else "top",
            shift=(-4 if is_right else 4, -6 if is_now else 6),
        ),
    ]


def answered_chart(view: AnsweredCurveView, *, dark: bool) -> Spec:
    """Draw the score of the predicted rows against the share that is left to people."""
    values = [*view.score] if view.bar is None else [*view.score, view.bar]
    x = axis(title="left to people", format=".0%", tickCount=6)
    y = axis(title=view.measure, scale={"domain": padded(values), "nice": False, "zero": False}, tickCount=5)
    rows = [
        {"x": left, "y": score, "words": words}
        for left, score, words in zip(view.left, view.score, view.hover, strict=True)
    ]
    strong, text = colour("accent", dark=dark), text_colour(dark=dark)
    places = {"x": on(x, "x"), "y": on(y, "y")}
    bar = [] if view.bar is None else level(view.bar, view.bar_label, y, dark=dark)
    return chart(
        layer({"type": "line", "strokeWidth": 2.2, "color": strong}, rows, **places),
        layer(
            {"type": "point", "filled": True, "size": 50, "color": strong, "opacity": 1},
            rows,
            **places,
            tooltip={"field": "words", "type": "nominal"},
        ),
        layer(
            {"type": "point", "filled": True, "size": 170, "shape": "diamond", "color": text, "opacity": 1},
            [rows[view.at]],
            **places,
        ),
        *bar,
        height=_HEIGHT,
    )
