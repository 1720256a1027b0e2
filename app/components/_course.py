"""The line chart of a run: the best score so far over time, against the bar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import theme
from app.presenters.train import CourseView

__all__ = ["course_chart"]


def course_chart(view: CourseView, *, key: str) -> None:
    """Draw the best score so far as a step line, each model as a point, the bar dashed with its label."""
    st.plotly_chart(
        _figure(view),
        key=key,
        height=260,
        config={"displayModeBar": False, "staticPlot": not view.scores},
        alt=view.reading,
    )
    st.caption(view.reading)


def _span(view: CourseView) -> list[float] | None:
    """Return the range of scores to show, with the bar inside; None: whatever fits."""
    values = [*view.scores] if view.bar is None else [*view.scores, view.bar]
    if not values:
        return None
    low, high = min(values), max(values)
    margin = 0.15 * (high - low) or 0.1 * abs(high) or 0.1
    return [low - margin, high + margin]


def _figure(view: CourseView) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    end = max([view.limit_s, *view.seconds])
    if view.scores:
        figure.add_scatter(
            x=[*view.seconds, end],
            y=[*view.best, view.best[-1]],
            mode="lines",
            line={"shape": "hv", "width": 2.5, "color": theme.tone_colour("accent")},
            name="best so far",
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=view.seconds,
            y=view.scores,
            mode="markers",
            marker={"size": 9, "color": theme.tone_colour("accent")},
            text=view.names,
            name="one model",
            hovertemplate="%{text}: %{y:.4g}<extra></extra>",
        )
    if view.bar is not None:
        figure.add_hline(
            y=view.bar,
            line={"dash": theme.BAR_DASH, "width": 2, "color": theme.tone_colour("good")},
            annotation_text=f"bar {view.bar:.4g}",
            annotation_position="top left",
        )
    figure.update_layout(
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        xaxis={"title": "seconds", "range": [0, end], "zeroline": False},
        yaxis={"title": view.label, "zeroline": False, "range": _span(view)},
        hovermode="closest",
    )
    return figure
