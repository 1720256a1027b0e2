"""Bars with whiskers: the importance of columns, and their contributions to one prediction."""

from __future__ import annotations

from app.charts._layers import Spec, across, at, axis, chart, layer, on, row_axis
from app.charts._style import BAR_ALPHA, ROW_PX, colour, text_colour
from app.presenters.results.diagnosis import ImportanceView
from app.presenters.results.what_if import PredictionView


def importance_chart(view: ImportanceView, *, dark: bool) -> Spec:
    """Draw importances, the most important on top; bars not significantly above zero have dashed outlines."""
    rows = [
        {
            "row": place,
            "start": 0,
            "drop": bar.drop,
            "low": bar.low,
            "high": bar.high,
            "solid": BAR_ALPHA if bar.is_clear else 0.08,
            "tone": colour("accent" if bar.is_clear else "quiet", dark=dark),
            "dash": [1, 0] if bar.is_clear else [3, 3],
            "words": f"{bar.name}\n{bar.drop:.4g} ({bar.low:.4g} to {bar.high:.4g})"
            + ("" if bar.is_clear else "\nnot clearly different from nothing"),
        }
        for place, bar in enumerate(view.bars)
    ]
    y = on(row_axis([bar.label for bar in view.bars]), "row")
    x = axis(title=view.x_title, tickCount=6)
    return chart(
        layer(
            {"type": "bar", "height": {"band": 0.6}},
            rows,
            y=y,
            x=on(x, "start"),
            x2={"field": "drop"},
            fill={"field": "tone", "type": "nominal", "scale": None},
            stroke={"field": "tone", "type": "nominal", "scale": None},
            strokeDash={"field": "dash", "type": "nominal", "scale": None},
            fillOpacity={"field": "solid", "type": "quantitative", "scale": None},
            tooltip={"field": "words", "type": "nominal"},
        ),
        whiskers(rows, x=x, y=y, dark=dark),
        height=70 + ROW_PX * max(2, len(rows)),
    )


def contributions_chart(view: PredictionView, *, dark: bool) -> Spec:
    """Draw the strongest contributions on top: to the right they raise the prediction, to the left lower it.

    Whiskers are intervals over other rows' values.
    """
    rows = [
        {
            "row": place,
            "start": 0,
            "effect": push.effect,
            "low": push.low,
            "high": push.high,
            "tone": colour("accent" if push.effect > 0 else "near", dark=dark, alpha=BAR_ALPHA),
            "words": push.sentence,
        }
        for place, push in enumerate(view.pushes)
    ]
    reach = max(
        (abs(edge) for push in view.pushes for edge in (push.low, push.high, push.effect)), default=1.0
    )
    share = "+.0%" if reach >= 0.05 else "+.1%" if reach >= 0.005 else "+.2%"
    x = axis(tickCount=6, format=share if view.is_share else ",~g")
    y = on(row_axis([push.label for push in view.pushes]), "row")
    bars = layer(
        {"type": "bar", "height": {"band": 0.6}},
        rows,
        y=y,
        x=on(x, "start"),
        x2={"field": "effect"},
        color={"field": "tone", "type": "nominal", "scale": None},
        tooltip={"field": "words", "type": "nominal"},
    )
    zero = across(x=at(x, 0), dark=dark, tone=colour("quiet", dark=dark), width=1.2, dash=False)
    return chart(bars, zero, whiskers(rows, x=x, y=y, dark=dark), height=60 + ROW_PX * max(2, len(rows)))


def whiskers(rows: list[Spec], *, x: Spec, y: Spec, dark: bool, tone: str = "") -> Spec:
    """Return horizontal whiskers from ``low`` to ``high`` of each row."""
    mark = {"type": "rule", "strokeWidth": 1.4, "color": tone or text_colour(dark=dark), "aria": False}
    return layer(mark, rows, y=y, x=on(x, "low"), x2={"field": "high"})
