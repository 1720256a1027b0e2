"""The progress chart of a run: the best score so far over time, against the bar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import theme
from app.presenters.training.train import CourseView
from litmus_core.text import format_score

__all__ = ["progress_chart"]

_HEIGHT = 260
_LONG_S = 300.0


def progress_chart(view: CourseView, *, key: str) -> None:
    """Draw the best score so far as a step line, each model as a point, the bar dashed with its label.

    Before the first model it only reserves the chart's space.
    """
    if not view.scores:
        with st.container(
            border=True,
            key=f"{key}-soon",
            height=_HEIGHT,
            vertical_alignment="center",
            horizontal_alignment="center",
        ):
            st.markdown(":material/hourglass_top: The first model is on its way", width="content")
            st.caption("Its score appears here as soon as it is finished.", width="content")
        return
    st.plotly_chart(
        _figure(view),
        key=key,
        height=_HEIGHT,
        config={"displayModeBar": False},
        alt=view.reading,
    )
    st.caption(view.reading)


def _span(view: CourseView) -> list[float]:
    """Return the range of scores to show, with the bar inside."""
    values = [*view.scores] if view.bar is None else [*view.scores, view.bar]
    low, high = min(values), max(values)
    margin = 0.15 * (high - low) or 0.1 * abs(high) or 0.1
    return [low - margin, high + margin]


def _figure(view: CourseView) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    end_s = max([view.limit_s, *view.seconds])
    unit, unit_s = ("minutes", 60.0) if end_s >= _LONG_S else ("seconds", 1.0)
    times, end = [second / unit_s for second in view.seconds], end_s / unit_s
    figure.add_scatter(
        x=[*times, min(view.until_s, end_s) / unit_s],
        y=[*view.best, view.best[-1]],
        mode="lines",
        line={"shape": "hv", "width": 2.5, "color": theme.tone_colour("accent")},
        name="best so far",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=times,
        y=view.scores,
        mode="markers",
        cliponaxis=False,  # the last one may be on the edge
        marker={"size": 9, "color": theme.tone_colour("accent")},
        text=view.names,
        customdata=[format_score(score) for score in view.scores],
        name="one model",
        hovertemplate="%{text}: %{customdata}<extra></extra>",
    )
    _mark_bar(figure, view)
    figure.update_layout(
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        xaxis={"title": unit, "range": [0, end], "zeroline": False},
        yaxis={"title": view.label, "zeroline": False, "range": _span(view)},
        hovermode="closest",
        yaxis_separatethousands=True,
    )
    return figure


def _mark_bar(figure: Any, view: CourseView) -> None:
    if view.bar is not None:
        figure.add_hline(
            y=view.bar,
            line={"dash": theme.BAR_DASH, "width": 2, "color": theme.tone_colour("good")},
            annotation_text=f"bar {format_score(view.bar)}",
            annotation_position="top left",
        )
