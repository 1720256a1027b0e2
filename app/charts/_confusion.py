"""Confusion matrix: true classes in rows, predictions in columns."""

from __future__ import annotations

from typing import Any

from app.charts._layers import Spec, chart, layer, on, row_axis
from app.charts._style import colour
from app.presenters import humanize
from app.presenters.results.diagnosis import ConfusionView
from litmus_core.text import format_count

_STRONG = 0.45


def confusion_chart(view: ConfusionView, *, dark: bool) -> Spec:
    """Draw counts, coloured by their share of the row; every cell shows its number."""
    n = len(view.labels)
    rows = [_cell(view, row, column, dark=dark) for row in range(n) for column in range(n)]
    x = row_axis(
        view.short_labels,
        title="The model's answer",
        orient="top",
        labelAngle=0 if n <= 4 else -40,
        domain=False,
    )
    y = row_axis(view.short_labels, title="The truth", domain=False)
    places = {"x": on(x, "answer"), "y": on(y, "truth")}
    cell = {"type": "rect", "color": colour("accent", dark=dark), "cornerRadius": 2}
    opacity = {"field": "strength", "type": "quantitative", "scale": None}
    count = {"type": "text", "fontSize": 13 if n <= 8 else 11, "aria": False}
    return chart(
        layer(cell, rows, **places, fillOpacity=opacity, tooltip={"field": "words", "type": "nominal"}),
        layer(
            count,
            [row for row in rows if row["count"] != "0"],
            **places,
            text={"field": "count", "type": "nominal"},
            color={"field": "ink", "type": "nominal", "scale": None},
        ),
        height=min(640, 130 + 40 * n),
    )


def _cell(view: ConfusionView, row: int, column: int, *, dark: bool) -> dict[str, Any]:
    """Return a cell's data; the colour of its count contrasts with the cell."""
    share, count = view.shares[row][column], view.counts[row][column]
    on_strong, on_weak = ("#12141a", "#e8eaf1") if dark else ("#ffffff", "#1d2230")
    return {
        "truth": row,
        "answer": column,
        "count": f"{count:,}",
        "strength": 0.05 + 0.95 * share,
        "ink": on_strong if share > _STRONG else on_weak,
        "words": f"{view.labels[row]} taken for {view.labels[column]}\n"
        f"{format_count(count, 'row')}, {humanize.share(share)} of its rows",
    }
