"""Truth against prediction: the diagonal is exactly right, the band contains nine of ten rows."""

from __future__ import annotations

from app.charts._layers import LINE_DASH, Spec, axis, chart, label, layer, on
from app.charts._style import colour, padded, text_colour
from app.presenters.results.diagnosis import ResidualsView

_KEY = "dashed: exactly right; shaded: nine of ten rows"


def residuals_chart(view: ResidualsView, *, dark: bool) -> Spec:
    """Draw a sample of rows; nine rows in ten are inside the shaded band."""
    low, high = padded([edge for point in view.points for edge in point] or [0.0, 1.0], share=0.03)
    scale = {"domain": [low, high], "nice": False, "zero": False}
    x, y = (
        axis(title=f"True {view.target}", scale=scale, tickCount=6),
        axis(title="The model's answer", scale=scale, tickCount=6),
    )
    band = [
        {"x": edge, "low": edge - view.large_error, "high": edge + view.large_error} for edge in (low, high)
    ]
    diagonal = {"type": "line", "strokeDash": LINE_DASH, "strokeWidth": 1.4, "color": text_colour(dark=dark)}
    rows = [
        {"x": truth, "y": answer, "words": f"truth {truth:.6g}\nanswer {answer:.6g}"}
        for truth, answer in view.points
    ]
    return chart(
        layer(
            {"type": "area", "color": colour("good", dark=dark, alpha=0.12), "clip": True},
            band,
            x=on(x, "x"),
            y=on(y, "low"),
            y2={"field": "high"},
        ),
        layer(diagonal, [{"x": edge, "y": edge} for edge in (low, high)], x=on(x, "x"), y=on(y, "y")),
        layer(
            {
                "type": "point",
                "filled": True,
                "size": 36,
                "color": colour("accent", dark=dark),
                "opacity": 0.45,
            },
            rows,
            x=on(x, "x"),
            y=on(y, "y"),
            tooltip={"field": "words", "type": "nominal"},
        ),
        label(_KEY, x={"value": 8}, y={"value": 10}, dark=dark),
        height=420,
    )
