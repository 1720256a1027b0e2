"""The frontier of score against cost, with the chosen limit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.charts._score_latency import rings, score_latency_chart
from app.charts._style import across, background_colour, colour
from app.presenters.results.frontier import FrontierView

if TYPE_CHECKING:
    import plotly.graph_objects as go


def frontier_chart(view: FrontierView, *, most: float, amount: str, dark: bool) -> go.Figure:
    """Draw every model, the frontier as steps, and a line at the chosen limit.

    ``most`` is the limit in the axis's unit, and ``amount`` its text.
    """
    figure = score_latency_chart(view.scatter, dark=dark)
    figure.add_scatter(
        x=[point.x for point in view.edge],
        y=[point.y for point in view.edge],
        mode="lines",
        line={"shape": "hv", "width": 2, "color": colour("accent", dark=dark, alpha=0.55)},
        name="no other beats",
        hoverinfo="skip",
    )
    best = view.best_for(most)
    if best is not None:
        figure.add_trace(rings([(best.x, best.y)], dark=dark))
    across(figure, x=most, line={"width": 1.6, "color": colour("accent", dark=dark)})
    figure.add_annotation(
        x=math.log10(most),
        y=1,
        yref="paper",
        yanchor="top",
        xanchor="right",
        xshift=-4,
        text=f"I can afford {amount}",
        showarrow=False,
        font={"color": colour("accent", dark=dark), "size": 12},
        bgcolor=background_colour(dark=dark),
    )
    return figure
