"""Contributions to one prediction: bars to the right raise it, bars to the left lower it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.charts._style import BAR_ALPHA, ROW_PX, blank, colour, text_colour
from app.presenters.results.what_if import PredictionView

if TYPE_CHECKING:
    import plotly.graph_objects as go


def contributions_chart(view: PredictionView, *, dark: bool) -> go.Figure:
    """Draw the strongest contributions on top, each with its interval over other rows' values."""
    pushes = list(reversed(view.pushes))
    keys = [f"{at} {push.label}" for at, push in enumerate(pushes)]
    figure = blank(height=80 + ROW_PX * max(2, len(pushes)), bargap=0.35)
    figure.add_bar(
        orientation="h",
        y=keys,
        x=[push.effect for push in pushes],
        hovertext=[escape(push.sentence) for push in pushes],
        hoverinfo="text",
        marker={
            "color": [
                colour("accent" if push.effect > 0 else "near", dark=dark, alpha=BAR_ALPHA) for push in pushes
            ],
            "line": {"width": 0},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, push.high - push.effect) for push in pushes],
            "arrayminus": [max(0.0, push.effect - push.low) for push in pushes],
            "width": 4,
            "thickness": 1.4,
            "color": text_colour(dark=dark),
        },
    )
    reach = max((abs(edge) for push in pushes for edge in (push.low, push.high, push.effect)), default=1.0)
    share = "+.0%" if reach >= 0.05 else "+.1%" if reach >= 0.005 else "+.2%"
    figure.update_xaxes(zeroline=True, nticks=6, tickformat=share if view.is_share else "")
    figure.update_yaxes(
        type="category",
        tickmode="array",
        tickvals=keys,
        ticktext=[escape(push.label) for push in pushes],
        automargin=True,
        showgrid=False,
    )
    return figure
