"""The frontier of score against cost, with the chosen limit."""

from __future__ import annotations

from app.charts._layers import Spec, across, at, chart, label, layer, on
from app.charts._score_latency import ring, score_latency_axes, score_latency_layers
from app.charts._style import colour
from app.presenters.results.frontier import FrontierView


def frontier_chart(view: FrontierView, *, most: float, amount: str, dark: bool) -> Spec:
    """Draw every model, the frontier as steps, and a line at the chosen limit.

    ``most`` is the limit in the axis's unit, and ``amount`` its text.
    """
    x, y = score_latency_axes(view.scatter)
    strong = colour("accent", dark=dark)
    edge = [{"x": point.x, "y": point.y} for point in view.edge]
    steps = {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "color": strong, "opacity": 0.55}
    best = view.best_for(most)
    limit = at(x, most)
    return chart(
        layer(steps, edge, x=on(x, "x"), y=on(y, "y")),
        *score_latency_layers(view.scatter, dark=dark),
        *([] if best is None else [ring(best.x, best.y, x, y, dark=dark)]),
        across(x=limit, dark=dark, tone=strong, width=1.6, dash=False),
        label(
            f"I can afford {amount}",
            x=limit,
            y={"value": 0},
            dark=dark,
            align="right",
            baseline="top",
            shift=(-4, 4),
            tone=strong,
        ),
        height=400,
    )
