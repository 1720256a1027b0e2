"""The score of each segment, against the score over all rows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from app.charts._style import LINE_DASH, ROW_PX, across, blank, colour, text_colour
from app.presenters.results.diagnosis import SegmentsView, SegmentView
from app.theme import Tone
from litmus_core.text import format_count, format_score

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MOST = 12


def segments_chart(view: SegmentsView, *, dark: bool) -> go.Figure:
    """Draw the worst segments on top; diamonds are significantly worse, circles may be chance."""
    rows = list(reversed(view.rows[:_MOST]))
    figure = blank(
        height=140 + ROW_PX * max(2, len(rows)),
        showlegend=True,
        margin={"l": 8, "r": 16, "t": 64, "b": 8},
        legend={
            "orientation": "h",
            "y": 1,
            "yanchor": "bottom",
            "yref": "container",
            "x": 0,
            "xanchor": "left",
        },
    )
    kinds: tuple[tuple[bool, str, str, Tone], ...] = (
        (True, "clearly worse", "diamond", "bad"),
        (False, "may be luck", "circle", "quiet"),
    )
    for stands_out, name, symbol, tone in kinds:
        chosen = [row for row in rows if row.stands_out is stands_out]
        if chosen:
            figure.add_trace(_marks(chosen, name=name, symbol=symbol, tone=tone, dark=dark))
    _mark_overall(figure, view.overall, dark=dark)
    keys = [_key(row) for row in rows]
    figure.update_xaxes(title_text=view.metric)
    figure.update_yaxes(
        type="category",
        tickmode="array",
        tickvals=keys,
        ticktext=[escape(row.label) for row in rows],
        categoryorder="array",
        categoryarray=keys,
        automargin=True,
    )
    return figure


def _mark_overall(figure: go.Figure, score: float, *, dark: bool) -> None:
    across(figure, x=score, line={"dash": LINE_DASH, "width": 1.4, "color": text_colour(dark=dark)})
    figure.add_annotation(
        x=score,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=f"over all {format_score(score)}",
        showarrow=False,
        font={"color": text_colour(dark=dark), "size": 12},
    )


def _key(row: SegmentView) -> str:
    return f"{row.column}\n{row.segment}"


def _marks(rows: list[SegmentView], *, name: str, symbol: str, tone: Tone, dark: bool) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[row.score for row in rows],
        y=[_key(row) for row in rows],
        mode="markers",
        name=name,
        hovertext=[
            f"<b>{escape(row.column)}: {escape(row.segment)}</b><br>{format_score(row.score)}"
            + (f" ({row.interval})" if row.interval else "")
            + f"<br>{format_count(row.n_rows, 'row')}"
            for row in rows
        ],
        hoverinfo="text",
        marker={"symbol": symbol, "size": 11, "color": colour(tone, dark=dark)},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [0.0 if row.high is None else max(0.0, row.high - row.score) for row in rows],
            "arrayminus": [0.0 if row.low is None else max(0.0, row.score - row.low) for row in rows],
            "width": 4,
            "thickness": 1.2,
            "color": colour(tone, dark=dark, alpha=0.6),
        },
    )
