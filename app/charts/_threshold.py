"""The effect of each decision threshold, with the current and the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.charts._style import LINE_DASH, across, background_colour, blank, colour, text_colour
from app.presenters.results.threshold import AnsweredCurveView, ThresholdCurveView, ThresholdLineView

if TYPE_CHECKING:
    import plotly.graph_objects as go

_HEIGHT, _COST_HEIGHT = 300, 420
_DASHES = ("solid", "dash", "dot")
_TONES = ("accent", "near", "quiet")


def threshold_chart(view: ThresholdCurveView, *, dark: bool) -> go.Figure:
    """Draw shares against the threshold; below them, if costs are known, the cost of 1,000 cases."""
    has_cost = view.cost is not None
    figure = blank(
        height=_COST_HEIGHT if has_cost else _HEIGHT,
        showlegend=True,
        margin={"l": 8, "r": 16, "t": 56, "b": 8},
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0},
        hovermode="x unified",
    )
    for place, line in enumerate(view.shares):
        _add_line(figure, view.at, line, place=place, dark=dark)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", zeroline=False)
    figure.update_xaxes(range=[0, 1], title_text=view.x_title, zeroline=False)
    if view.cost is not None:
        _add_cost(figure, view, view.cost, dark=dark)
    _mark(figure, view.now, "now", dark=dark, dashed=True)
    if abs(view.chosen - view.now) > 1e-9:
        _mark(figure, view.chosen, f"{view.chosen:.2f}", dark=dark, dashed=False)
    return figure


def answered_chart(view: AnsweredCurveView, *, dark: bool) -> go.Figure:
    """Draw the score of the predicted rows against the share that is left to people."""
    figure = blank(height=_HEIGHT, margin={"l": 8, "r": 16, "t": 40, "b": 8})
    figure.add_scatter(
        x=view.left,
        y=view.score,
        mode="lines+markers",
        line={"color": colour("accent", dark=dark), "width": 2.2},
        marker={"size": 7},
        hovertext=view.hover,
        hoverinfo="text",
    )
    figure.add_scatter(
        x=[view.left[view.at]],
        y=[view.score[view.at]],
        mode="markers",
        marker={"size": 13, "symbol": "diamond", "color": text_colour(dark=dark)},
        hoverinfo="skip",
    )
    if view.bar is not None:
        across(figure, y=view.bar, line={"dash": LINE_DASH, "width": 1.6, "color": text_colour(dark=dark)})
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="right",
            y=view.bar,
            yanchor="bottom",
            text=view.bar_label,
            showarrow=False,
            font={"color": text_colour(dark=dark), "size": 12},
            bgcolor=background_colour(dark=dark),
        )
    figure.update_xaxes(title_text="left to people", tickformat=".0%", zeroline=False)
    figure.update_yaxes(title_text=view.measure, zeroline=False)
    return figure


def _add_line(
    figure: go.Figure,
    at: tuple[float, ...],
    line: ThresholdLineView,
    *,
    place: int,
    dark: bool,
    yaxis: str = "y",
) -> None:
    figure.add_scatter(
        x=at,
        y=line.values,
        mode="lines",
        name=line.name,
        yaxis=yaxis,
        line={
            "color": colour(_TONES[place % len(_TONES)], dark=dark),  # type: ignore[arg-type]
            "width": 2.2,
            "dash": _DASHES[place % len(_DASHES)],
        },
        hovertemplate=line.template,
        connectgaps=False,
    )


def _add_cost(figure: go.Figure, view: ThresholdCurveView, cost: ThresholdLineView, *, dark: bool) -> None:
    figure.add_scatter(
        x=view.at,
        y=cost.values,
        mode="lines",
        name=cost.name,
        yaxis="y2",
        line={"color": colour("bad", dark=dark), "width": 2.2, "dash": "dashdot"},
        hovertemplate=cost.template,
    )
    figure.update_layout(
        yaxis={"domain": [0.42, 1.0]},
        yaxis2={"domain": [0.0, 0.32], "anchor": "x", "rangemode": "tozero", "zeroline": False},
        xaxis={"anchor": "y2"},
    )


def _mark(figure: go.Figure, at: float, label: str, *, dark: bool, dashed: bool) -> None:
    """Draw a threshold as a line with its label; the current one dashed."""
    line = {"width": 1.6, "color": text_colour(dark=dark)} | ({"dash": LINE_DASH} if dashed else {})
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line=line)
    figure.add_annotation(
        x=at,
        y=0.02 if dashed else 0.98,  # apart, even if they are close
        yref="paper",
        yanchor="bottom" if dashed else "top",
        xanchor="left" if at < 0.85 else "right",
        text=label,
        showarrow=False,
        font={"color": text_colour(dark=dark), "size": 12},
        bgcolor=background_colour(dark=dark),
    )
