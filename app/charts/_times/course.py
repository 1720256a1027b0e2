"""The course of a run: the best score so far over time, against the bar."""

from __future__ import annotations

from app.charts._layers import Spec, axis, chart, layer, level, on
from app.charts._style import colour
from app.presenters.training.train import CourseView
from litmus_core.text import format_score, in_unit

_HEIGHT = 240
_LONG_S = 300.0


def course_chart(view: CourseView, *, dark: bool) -> Spec:
    """Draw the best score so far as a step line, each model as a point, the bar dashed with its label."""
    end_s = max([view.limit_s, *view.seconds])
    unit, unit_s = ("minutes", 60.0) if end_s >= _LONG_S else ("seconds", 1.0)
    x = axis(title=unit, scale={"domain": [0, end_s / unit_s], "nice": False}, tickCount=6, grid=False)
    y = axis(title=view.label, scale={"domain": _span(view), "nice": False, "zero": False}, tickCount=5)
    best = [
        {"x": second / unit_s, "y": score}
        for second, score in zip(
            [*view.seconds, min(view.until_s, end_s)], [*view.best, view.best[-1]], strict=True
        )
    ]
    models = [
        {"x": second / unit_s, "y": score, "words": f"{name}: {in_unit(format_score(score), view.unit)}"}
        for second, score, name in zip(view.seconds, view.scores, view.names, strict=True)
    ]
    strong, good = colour("accent", dark=dark), colour("good", dark=dark)
    step = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5, "color": strong}
    point = {"type": "point", "filled": True, "size": 80, "color": strong, "opacity": 1}
    bar = []
    if view.bar is not None:
        bar = level(view.bar, view.bar_label, y, dark=dark, align="left", tone=good)
    return chart(
        layer(step, best, x=on(x, "x"), y=on(y, "y")),
        layer(point, models, x=on(x, "x"), y=on(y, "y"), tooltip={"field": "words", "type": "nominal"}),
        *bar,
        height=_HEIGHT,
    )


def _span(view: CourseView) -> list[float]:
    """Return the range of scores to show, with the bar inside."""
    values = [*view.scores] if view.bar is None else [*view.scores, view.bar]
    low, high = min(values), max(values)
    margin = 0.15 * (high - low) or 0.1 * abs(high) or 0.1
    return [low - margin, high + margin]
