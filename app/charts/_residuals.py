"""Truth against prediction: the diagonal is correct, the band contains nine of ten."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.charts._style import LINE_DASH, blank, colour, padded, text_colour
from app.presenters.results.diagnosis import ResidualsView

if TYPE_CHECKING:
    import plotly.graph_objects as go


def residuals_chart(view: ResidualsView, *, dark: bool) -> go.Figure:
    """Draw a sample of rows; nine rows in ten are inside the shaded band."""
    truth = [point[0] for point in view.points]
    answer = [point[1] for point in view.points]
    low, high = padded([*truth, *answer] or [0.0, 1.0], share=0.03)
    figure = blank(
        height=420,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )
    _draw_band(figure, view.large_error, low=low, high=high, dark=dark)
    figure.add_scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        line={"dash": LINE_DASH, "width": 1.4, "color": text_colour(dark=dark)},
        name="exactly right",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=truth,
        y=answer,
        mode="markers",
        name="a validation row",
        marker={"size": 6, "color": colour("accent", dark=dark, alpha=0.45)},
        hovertemplate="truth %{x:.6g}<br>answer %{y:.6g}<extra></extra>",
    )
    figure.update_xaxes(title_text=f"True {escape(view.target)}", range=[low, high])
    figure.update_yaxes(title_text="The model's answer", range=[low, high])
    return figure


def _draw_band(figure: go.Figure, band: float, *, low: float, high: float, dark: bool) -> None:
    figure.add_scatter(
        x=[low, high, high, low],
        y=[low - band, high - band, high + band, low + band],
        fill="toself",
        mode="lines",
        line_width=0,
        fillcolor=colour("good", dark=dark, alpha=0.10),
        name="nine of ten rows are in this band",
        hoverinfo="skip",
    )
