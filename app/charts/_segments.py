"""The score of each segment, against the score over all rows."""

from __future__ import annotations

from typing import Any

from app.charts._bars import whiskers
from app.charts._layers import Spec, across, at, axis, chart, label, layer, names, on, row_axis
from app.charts._style import ROW_PX, colour, padded
from app.presenters.results.diagnosis import SegmentsView, SegmentView
from litmus_core.text import format_count, format_score

_MOST = 12
_WORSE, _LUCK = "clearly worse", "may be luck"


def segments_chart(view: SegmentsView, *, dark: bool) -> Spec:
    """Draw the worst segments on top; diamonds are significantly worse, circles may be chance."""
    segments = view.rows[:_MOST]
    rows = [_row(place, segment) for place, segment in enumerate(segments)]
    edges = [edge for row in rows for edge in (row["low"], row["high"], row["score"])]
    x = axis(title=view.metric, scale={"domain": padded([*edges, view.overall]), "nice": False}, tickCount=6)
    y = on(row_axis([segment.label for segment in segments]), "row")
    kinds = [kind for kind in (_WORSE, _LUCK) if any(row["kind"] == kind for row in rows)]
    tones = {kind: colour("bad" if kind == _WORSE else "quiet", dark=dark) for kind in kinds}
    shapes = {kind: "diamond" if kind == _WORSE else "circle" for kind in kinds}
    overall = at(x, view.overall)
    text = f"over all {format_score(view.overall)}"
    return chart(
        across(x=overall, dark=dark),
        label(text, x=overall, y={"value": -10}, dark=dark, align="center"),
        whiskers(rows, x=x, y=y, dark=dark, tone=colour("quiet", dark=dark)),
        layer(
            {"type": "point", "filled": True, "size": 120, "opacity": 1},
            rows,
            x=on(x, "score"),
            y=y,
            color=names("kind", tones, offset=24),
            shape=names("kind", shapes, offset=24),
            tooltip={"field": "words", "type": "nominal"},
        ),
        height=120 + ROW_PX * max(2, len(rows)),
    )


def _row(place: int, segment: SegmentView) -> dict[str, Any]:
    interval = f" ({segment.interval})" if segment.interval else ""
    return {
        "row": place,
        "score": segment.score,
        "low": segment.score if segment.low is None else segment.low,
        "high": segment.score if segment.high is None else segment.high,
        "kind": _WORSE if segment.stands_out else _LUCK,
        "words": f"{segment.column}: {segment.segment}\n{format_score(segment.score)}{interval}\n"
        f"{format_count(segment.n_rows, 'row')}",
    }
