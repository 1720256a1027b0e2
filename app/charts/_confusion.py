"""What was taken for what: truth in rows, answers in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.charts._style import blank
from app.presenters import words
from app.presenters.diagnosis import ConfusionView

if TYPE_CHECKING:
    import plotly.graph_objects as go


def confusion_chart(view: ConfusionView) -> go.Figure:
    """Draw counts, coloured by the share of each row's rows; numbers are in every cell."""
    n = len(view.labels)
    labels = list(view.short_labels)
    figure = blank(height=min(640, 170 + 40 * n))
    figure.add_heatmap(
        z=[list(row) for row in view.shares],
        x=labels,
        y=labels,
        zmin=0,
        zmax=1,
        text=[[f"{count:,}" if count else "" for count in row] for row in view.counts],
        texttemplate="%{text}",
        textfont={"size": 13 if n <= 8 else 11},
        customdata=[
            [
                f"<b>{truth}</b> taken for <b>{answer}</b><br>{words.counted(count, 'row')}, "
                f"{words.share(share)} of its rows"
                for answer, count, share in zip(view.labels, counts, shares, strict=True)
            ]
            for truth, counts, shares in zip(view.labels, view.counts, view.shares, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
        xgap=2,
        ygap=2,
        showscale=False,
    )
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
