"""Column importances: one bar per column, with the interval as a whisker."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from app.charts._style import BAR_ALPHA, BLANK, ROW_PX, colour, text_colour
from app.presenters.results.diagnosis import DiagnosisBar, ImportanceView

if TYPE_CHECKING:
    import plotly.graph_objects as go


def importance_chart(view: ImportanceView, *, dark: bool) -> go.Figure:
    """Draw importances, the most important on top; hatched bars are not significantly above zero."""
    import plotly.graph_objects as go

    bars = list(reversed(view.bars))
    tones = [colour("accent" if bar.is_clear else "quiet", dark=dark, alpha=BAR_ALPHA) for bar in bars]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [bar.name for bar in bars],
        "x": [bar.drop for bar in bars],
        "hovertext": [
            f"<b>{escape(bar.name)}</b><br>{bar.drop:.4g} ({bar.low:.4g} to {bar.high:.4g})"
            + ("" if bar.is_clear else "<br>not clearly different from nothing")
            for bar in bars
        ],
        "hoverinfo": "text",
        "marker": {
            "color": tones,
            "pattern": {"shape": ["" if bar.is_clear else "/" for bar in bars], "size": 6, "solidity": 0.35},
            "line": {"width": 0},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, bar.high - bar.drop) for bar in bars],
            "arrayminus": [max(0.0, bar.drop - bar.low) for bar in bars],
            "width": 4,
            "thickness": 1.4,
            "color": text_colour(dark=dark),
        },
    }
    return go.Figure(data=[trace], layout=BLANK | _layout(view, bars))


def _layout(view: ImportanceView, bars: Sequence[DiagnosisBar]) -> dict[str, Any]:
    return {
        "height": 90 + ROW_PX * max(2, len(bars)),
        "bargap": 0.35,
        "xaxis": {"separatethousands": True, "title": {"text": view.x_title}, "zeroline": True},
        "yaxis": {
            "type": "category",
            "tickmode": "array",
            "tickvals": [bar.name for bar in bars],
            "ticktext": [escape(bar.label) for bar in bars],
            "automargin": True,
            "showgrid": False,
        },
    }
