"""Predicted and measured gains of actions, and learning curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from app.charts._style import LINE_DASH, ROW_PX, across, blank, colour, padded, text_colour
from app.presenters import humanize
from app.presenters.improvement.improve import LearningCurveView
from app.presenters.improvement.outcomes import OutcomeRow, OutcomesView
from litmus_core.text import format_count, format_score

if TYPE_CHECKING:
    import plotly.graph_objects as go

_CURVE_PX = 260
_LONGEST = 44  # letters of a name


def outcomes_chart(view: OutcomesView, *, dark: bool) -> go.Figure:
    """Draw predicted gains as whiskers with an open diamond, measured ones as dots: validation, test."""
    rows = list(reversed(view.rows))  # the first on top
    names = [humanize.short(escape(row.name), _LONGEST) for row in rows]
    shared = {
        "y": names,
        "mode": "markers",
        "hovertext": [escape(row.message) for row in rows],
        "hoverinfo": "text",
    }
    figure = blank(
        height=110 + round(1.4 * ROW_PX * len(rows)),
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
    )
    _add_expected(figure, rows, shared, dark=dark)
    came = (
        ("came, validation", "circle-open", [row.validation for row in rows]),
        ("came, test", "circle", [row.test for row in rows]),
    )
    for name, symbol, values in came:
        marker = {"symbol": symbol, "size": 11, "color": text_colour(dark=dark), "line": {"width": 2}}
        figure.add_scatter(x=values, marker=marker, name=name, **shared)
    across(figure, x=0, line={"width": 1.2, "color": colour("quiet", dark=dark)})
    figure.update_xaxes(title_text=view.unit, zeroline=False)
    figure.update_yaxes(type="category", automargin=True, showgrid=False, categoryarray=names)
    return figure


def _add_expected(
    figure: go.Figure, rows: Sequence[OutcomeRow], shared: Mapping[str, Any], *, dark: bool
) -> None:
    """Draw each predicted gain with its 80 % interval."""
    strong = colour("accent", dark=dark)
    figure.add_scatter(
        x=[row.predicted for row in rows],
        error_x={
            "array": [row.high - row.predicted for row in rows],
            "arrayminus": [row.predicted - row.low for row in rows],
            "color": strong,
            "thickness": 2,
            "width": 6,
        },
        marker={"symbol": "diamond-open", "size": 11, "color": strong, "line": {"width": 2}},
        name="expected, 80 %",
        **shared,
    )


def curve_chart(view: LearningCurveView, *, dark: bool) -> go.Figure:
    """Draw scores over the number of training rows with their intervals: solid if tried, dashed if expected.

    There is no bar: these are a surrogate's scores, not the model's.
    """
    figure = blank(height=_CURVE_PX)
    n_measured = len(view.x) - view.n_predicted
    strong = colour("accent", dark=dark)
    figure.add_scatter(
        x=[*view.x, *reversed(view.x)],
        y=[*view.high, *reversed(view.low)],
        fill="toself",
        fillcolor=colour("accent", dark=dark, alpha=0.14),
        line={"width": 0},
        hoverinfo="skip",
        mode="lines",
    )
    for begin, end, dash in ((0, n_measured, "solid"), (n_measured - 1, len(view.x), LINE_DASH)):
        figure.add_scatter(
            x=view.x[begin:end],
            y=view.y[begin:end],
            mode="lines+markers",
            line={"width": 2.2, "color": strong, "dash": dash},
            marker={"size": 8, "symbol": "circle" if dash == "solid" else "circle-open", "color": strong},
            hovertext=[
                f"{format_count(round(x), 'row')}: {format_score(y)}"
                for x, y in zip(view.x[begin:end], view.y[begin:end], strict=True)
            ],
            hoverinfo="text",
        )
    figure.update_xaxes(title_text=view.x_title, zeroline=False, type="log", tickvals=list(view.x))
    figure.update_xaxes(ticktext=[f"{round(value):,}" for value in view.x])
    figure.update_yaxes(
        title_text=view.y_title, zeroline=False, range=padded([*view.low, *view.high], share=0.1)
    )
    return figure
