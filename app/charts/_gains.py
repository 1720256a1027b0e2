"""Predicted and measured gains of actions, and learning curves."""

from __future__ import annotations

from typing import Any

from app.charts._bars import whiskers
from app.charts._layers import LINE_DASH, Spec, across, at, axis, chart, layer, names, on, row_axis
from app.charts._style import ROW_PX, colour, padded, text_colour
from app.presenters import humanize
from app.presenters.improvement.improve import LearningCurveView
from app.presenters.improvement.outcomes import OutcomeRow, OutcomesView
from litmus_core.text import format_count, format_score

_CURVE_PX = 240
_LONGEST = 44  # characters of a name
_EXPECTED, _VALIDATION, _TEST = "expected, 80 %", "came, validation", "came, test"


def outcomes_chart(view: OutcomesView, *, dark: bool) -> Spec:
    """Draw predicted gains as whiskers with an open diamond, measured ones as dots: validation, test."""
    points = [point for place, row in enumerate(view.rows) for point in _points(place, row)]
    intervals = [{"row": place, "low": row.low, "high": row.high} for place, row in enumerate(view.rows)]
    x = axis(title=view.unit, tickCount=6)
    y = on(row_axis([humanize.short(row.name, _LONGEST) for row in view.rows]), "row")
    strong, text = colour("accent", dark=dark), text_colour(dark=dark)
    kinds = {_EXPECTED: strong, _VALIDATION: text, _TEST: text}
    return chart(
        across(x=at(x, 0), dark=dark, tone=colour("quiet", dark=dark), width=1.2, dash=False),
        whiskers(intervals, x=x, y=y, dark=dark, tone=strong),
        layer(
            {"type": "point", "size": 110, "strokeWidth": 2, "opacity": 1},
            points,
            x=on(x, "gain"),
            y=y,
            stroke=names("kind", kinds, columns=1),
            fill=names(
                "kind", {_EXPECTED: "transparent", _VALIDATION: "transparent", _TEST: text}, columns=1
            ),
            shape=names("kind", {_EXPECTED: "diamond", _VALIDATION: "circle", _TEST: "circle"}, columns=1),
            tooltip={"field": "words", "type": "nominal"},
        ),
        height=140 + round(1.4 * ROW_PX * len(view.rows)),
    )


def _points(place: int, row: OutcomeRow) -> list[dict[str, Any]]:
    gains = ((_EXPECTED, row.predicted), (_VALIDATION, row.validation), (_TEST, row.test))
    return [
        {"row": place, "gain": gain, "kind": kind, "words": row.message}
        for kind, gain in gains
        if gain is not None
    ]


def curve_chart(view: LearningCurveView, *, dark: bool) -> Spec:
    """Draw scores with intervals over the number of training rows: solid if measured, dashed if expected.

    The chart has no bar, since these are a surrogate's scores, not the model's.
    """
    n_measured = len(view.x) - view.n_predicted
    rows = [
        {
            "x": x,
            "y": y,
            "low": low,
            "high": high,
            "words": f"{format_count(round(x), 'row')}: {format_score(y)}",
        }
        for x, y, low, high in zip(view.x, view.y, view.low, view.high, strict=True)
    ]
    domain = padded([*view.low, *view.high], share=0.1)
    labels = "".join(f"datum.value == {x} ? '{round(x):,}' : " for x in view.x)
    x = axis(
        title=view.x_title,
        scale={"type": "log", "domain": [min(view.x), max(view.x)], "nice": False},
        values=list(view.x),
        labelExpr=f"{labels}datum.label",
        grid=False,
    )
    y = axis(title=view.y_title, scale={"domain": domain, "nice": False, "zero": False}, tickCount=5)
    strong = colour("accent", dark=dark)
    area = {"type": "area", "color": strong, "opacity": 0.14}
    layers = [layer(area, rows, x=on(x, "x"), y=on(y, "low"), y2={"field": "high"})]
    for part, is_measured in ((rows[:n_measured], True), (rows[max(0, n_measured - 1) :], False)):
        line = {"type": "line", "strokeWidth": 2.2, "color": strong}
        point = {"type": "point", "filled": is_measured, "size": 64, "color": strong, "opacity": 1}
        layers += [
            layer(
                line | ({} if is_measured else {"strokeDash": LINE_DASH}), part, x=on(x, "x"), y=on(y, "y")
            ),
            layer(
                point,
                part if is_measured else part[1:],
                x=on(x, "x"),
                y=on(y, "y"),
                tooltip={"field": "words", "type": "nominal"},
            ),
        ]
    return chart(*layers, height=_CURVE_PX)
