"""Confusion matrix: true classes in rows, predictions in columns."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.charts._style import blank
from app.presenters import humanize
from app.presenters.results.diagnosis import ConfusionView
from litmus_core.text import format_count

if TYPE_CHECKING:
    import plotly.graph_objects as go

_STRONG = 0.45


def confusion_chart(view: ConfusionView, *, dark: bool) -> go.Figure:
    """Draw counts, coloured by their share of the row; every cell shows its number."""
    n = len(view.labels)
    labels = [escape(label) for label in view.short_labels]
    figure = blank(height=min(640, 170 + 40 * n))
    figure.add_heatmap(
        z=[list(row) for row in view.shares],
        x=labels,
        y=labels,
        zmin=0,
        zmax=1,
        customdata=[
            [
                f"<b>{escape(truth)}</b> taken for <b>{escape(answer)}</b>"
                f"<br>{format_count(count, 'row')}, {humanize.share(share)} of its rows"
                for answer, count, share in zip(view.labels, counts, shares, strict=True)
            ]
            for truth, counts, shares in zip(view.labels, view.counts, view.shares, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
        xgap=2,
        ygap=2,
        showscale=False,
    )
    _write_counts(figure, view, dark=dark)
    figure.update_xaxes(
        title_text="The model's answer",
        side="top",
        showgrid=False,
        type="category",
        tickangle=0 if n <= 4 else -40,
        automargin=True,
    )
    figure.update_yaxes(
        title_text="The truth", autorange="reversed", showgrid=False, type="category", automargin=True
    )
    return figure


def _write_counts(figure: go.Figure, view: ConfusionView, *, dark: bool) -> None:
    """Write each count in the colour with contrast to its cell: strong cells are dark on light pages."""
    cells = [
        (escape(view.short_labels[column]), escape(view.short_labels[row]), count, view.shares[row][column])
        for row, counts in enumerate(view.counts)
        for column, count in enumerate(counts)
        if count
    ]
    on_strong, on_weak = ("#12141a", "#e8eaf1") if dark else ("#ffffff", "#1d2230")
    figure.add_scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        mode="text",
        text=[f"{cell[2]:,}" for cell in cells],
        textfont={
            "size": 13 if len(view.labels) <= 8 else 11,
            "color": [on_strong if cell[3] > _STRONG else on_weak for cell in cells],
        },
        hoverinfo="skip",
        showlegend=False,
    )
