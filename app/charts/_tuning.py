"""Tuning: trials with the best so far, trials as lines through their settings, importances."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.charts._style import (
    BAR_ALPHA,
    LINE_DASH,
    ROW_PX,
    across,
    background_colour,
    blank,
    colour,
    padded,
    text_colour,
)
from app.presenters import humanize
from app.presenters.training.tuning import HistoryView, SettingsView, ShareView
from litmus_core.text import format_score

if TYPE_CHECKING:
    import plotly.graph_objects as go

_HEIGHT = 300


def tuning_history_chart(view: HistoryView, *, dark: bool) -> go.Figure:
    """Draw trials as points, the best up to then as a step line, the default as a dashed one."""
    figure = blank(height=_HEIGHT)
    figure.add_scatter(
        x=view.numbers,
        y=view.best,
        mode="lines",
        line={"shape": "hv", "width": 2.5, "color": colour("accent", dark=dark)},
        hoverinfo="skip",
        name="best so far",
    )
    figure.add_scatter(
        x=view.numbers,
        y=view.scores,
        mode="markers",
        marker={"size": 8, "color": colour("quiet", dark=dark), "line": {"width": 0}},
        hovertext=["<br>".join(map(escape, lines)) for lines in view.hovers],
        hoverinfo="text",
        name="one trial",
    )
    if view.default is not None:
        across(
            figure, y=view.default, line={"dash": LINE_DASH, "width": 1.4, "color": text_colour(dark=dark)}
        )
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="right",
            y=view.default,
            yanchor="bottom",
            text=f"as it is {format_score(view.default)}",
            showarrow=False,
            font={"color": text_colour(dark=dark), "size": 12},
            bgcolor=background_colour(dark=dark),
        )
    figure.update_xaxes(title_text="trial", zeroline=False, dtick=max(1, len(view.numbers) // 10))
    figure.update_yaxes(title_text=view.label, zeroline=False, range=padded(list(view.scores), share=0.12))
    return figure


def tuning_settings_chart(view: SettingsView, *, dark: bool) -> go.Figure:
    """Draw each trial as a line through its settings to its score; better ones in a stronger colour."""
    weak, strong = colour("quiet", dark=dark, alpha=0.25), colour("accent", dark=dark)
    scale = [[0, weak], [1, strong]] if view.higher_is_better else [[0, strong], [1, weak]]
    low, high = padded(list(view.scores))
    axes = [
        {
            "label": escape(axis.name),
            "values": axis.places,
            "range": [min(*axis.ticks, *axis.places), max(*axis.ticks, *axis.places)],
            "tickvals": axis.ticks,
            "ticktext": [escape(word) for word in axis.tick_words],
        }
        for axis in view.axes
    ]
    axes.append({"label": escape(view.label), "values": view.scores, "range": [low, high]})
    figure = blank(height=_HEIGHT + 60, margin={"l": 70, "r": 50, "t": 60, "b": 24})
    text = {"color": text_colour(dark=dark), "size": 12}
    figure.add_parcoords(
        dimensions=axes,
        line={"color": view.scores, "colorscale": scale},
        labelfont=text,
        tickfont=text,
        rangefont={"color": "rgba(0, 0, 0, 0)", "size": 1},  # the ticks show it
        labelangle=-12,
    )
    return figure


def tuning_shares_chart(view: ShareView, *, dark: bool) -> go.Figure:
    """Draw the importance of each setting, the highest on top."""
    names, shares = list(reversed(view.names)), list(reversed(view.shares))
    figure = blank(height=90 + ROW_PX * max(2, len(names)), bargap=0.35)
    figure.add_bar(
        orientation="h",
        y=names,
        x=shares,
        hovertext=[
            f"{escape(name)}: {humanize.share(share)}" for name, share in zip(names, shares, strict=True)
        ],
        hoverinfo="text",
        marker={"color": colour("accent", dark=dark, alpha=BAR_ALPHA), "line": {"width": 0}},
    )
    figure.update_xaxes(title_text="share of the difference", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(type="category", automargin=True, showgrid=False)
    return figure
