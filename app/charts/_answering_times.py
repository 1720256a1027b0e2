"""Latency by rows per call, and by concurrent callers, on logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.charts._style import LINE_DASH, across, background_colour, blank, colour, text_colour
from app.presenters.shipping.certificate import TimesView
from app.theme import Tone
from litmus_core.text import format_count, format_milliseconds

if TYPE_CHECKING:
    import plotly.graph_objects as go

Times = Sequence[tuple[int, float, float]]


def batch_times_chart(view: TimesView, *, dark: bool) -> go.Figure:
    """Draw the latency of a call by its rows, with the budget at its batch size."""
    figure = _figure(view.batches, budget_ms=view.budget_ms, unit="row", title="Rows a call", dark=dark)
    if view.budget_ms is not None:
        style = {"dash": LINE_DASH, "width": 1.6, "color": text_colour(dark=dark)}
        across(figure, y=view.budget_ms, line=style)
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=math.log10(view.budget_ms),
            yanchor="bottom",
            text=f"budget {format_milliseconds(view.budget_ms)} for {format_count(view.budget_rows, 'row')}",
            showarrow=False,
            font={"color": text_colour(dark=dark), "size": 12},
            bgcolor=background_colour(dark=dark),
        )
    return figure


def caller_times_chart(view: TimesView, *, dark: bool) -> go.Figure:
    """Draw the latency of a one-row HTTP request by the number of concurrent callers."""
    return _figure(view.callers, budget_ms=None, unit="caller", title="Callers at once, over HTTP", dark=dark)


def _figure(times: Times, *, budget_ms: float | None, unit: str, title: str, dark: bool) -> go.Figure:
    figure = blank(
        height=280,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    )
    sizes = [size for size, _, _ in times]
    for at, name, symbol in (
        (2, "19 of 20 calls (p95)", "circle"),
        (1, "median (p50)", "diamond-open"),
    ):
        tone: Tone = "accent" if at == 2 else "quiet"
        figure.add_scatter(
            x=sizes,
            y=[time[at] for time in times],
            mode="lines+markers",
            name=name,
            hovertext=[f"{format_count(time[0], unit)}: {format_milliseconds(time[at])}" for time in times],
            hoverinfo="text",
            marker={"symbol": symbol, "size": 9},
            line={"width": 2, "color": colour(tone, dark=dark), "dash": "solid" if at == 2 else "dot"},
        )
    shown = [time[at] for time in times for at in (1, 2)] + ([budget_ms] if budget_ms else [])
    low, high = math.log10(min(shown)) - 0.25, math.log10(max(shown)) + 0.35
    steps = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    ticks = [tick for tick in ticks if low <= math.log10(tick) <= high]
    figure.update_xaxes(
        title_text=title, type="log", tickvals=sizes, ticktext=[f"{size:,}" for size in sizes]
    )
    figure.update_yaxes(
        title_text="ms",
        type="log",
        range=[low, high],
        tickvals=ticks,
        ticktext=[f"{tick:,.0f}" if tick >= 1 else f"{tick:g}" for tick in ticks],
    )
    return figure
