"""Tuning: trials with the best so far, trials as lines through their settings, importances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts._layers import Spec, axis, chart, layer, level, on, row_axis
from app.charts._style import BAR_ALPHA, ROW_PX, colour, padded, text_colour
from app.presenters import humanize
from app.presenters.training.tuning import HistoryView, SettingsView, ShareView
from litmus_core.text import format_score

_HEIGHT = 300


def tuning_history_chart(view: HistoryView, *, dark: bool) -> Spec:
    """Draw trials as points, the best up to then as a step line, the default as a dashed one."""
    values = [*view.scores] if view.default is None else [*view.scores, view.default]
    x = axis(title="trial", scale={"domain": [1, max(2, *view.numbers)]}, format="d", tickMinStep=1)
    y = axis(title=view.label, scale={"domain": padded(values, share=0.12), "nice": False, "zero": False})
    best = [{"x": number, "y": score} for number, score in zip(view.numbers, view.best, strict=True)]
    trials = [
        {"x": number, "y": score, "words": "\n".join(lines)}
        for number, score, lines in zip(view.numbers, view.scores, view.hovers, strict=True)
    ]
    step = {
        "type": "line",
        "interpolate": "step-after",
        "strokeWidth": 2.5,
        "color": colour("accent", dark=dark),
    }
    point = {"type": "point", "filled": True, "size": 60, "color": colour("quiet", dark=dark), "opacity": 1}
    default = []
    if view.default is not None:
        default = level(view.default, f"as it is {format_score(view.default)}", y, dark=dark)
    return chart(
        layer(step, best, x=on(x, "x"), y=on(y, "y")),
        layer(point, trials, x=on(x, "x"), y=on(y, "y"), tooltip={"field": "words", "type": "nominal"}),
        *default,
        height=_HEIGHT,
    )


def tuning_settings_chart(view: SettingsView, *, dark: bool) -> Spec:
    """Draw each trial as a line through its settings to its score; better ones in a stronger colour."""
    low, high = padded(list(view.scores))
    axes = [
        (axis_.name, axis_.places, list(zip(axis_.ticks, axis_.tick_words, strict=True)))
        for axis_ in view.axes
    ]
    axes.append((view.label, view.scores, [(edge, format_score(edge)) for edge in (low, high)]))
    x = row_axis([name for name, _, _ in axes], orient="top", labelAngle=-12, domain=False, labelLimit=110)
    y = axis(scale={"domain": [-0.02, 1.02], "nice": False})
    y["axis"] = None
    points, ticks = [], []
    for number, (_, places, marks) in enumerate(axes):
        edges = [*places, *(value for value, _ in marks)]
        for trial, place in enumerate(places):
            points.append(
                {"axis": number, "y": _share(place, edges), "trial": trial, "score": view.scores[trial]}
            )
        ticks += [{"axis": number, "y": _share(value, edges), "text": word} for value, word in marks]
    return chart(
        _axis_lines(len(axes), x, dark=dark),
        layer(
            {"type": "line", "strokeWidth": 1.6},
            points,
            x=on(x, "axis"),
            y=on(y, "y"),
            detail={"field": "trial", "type": "nominal"},
            color=_strength(view, dark=dark),
        ),
        _tick_words(ticks, x, y, dark=dark),
        height=_HEIGHT + 60,
    )


def _share(value: float, edges: Sequence[float]) -> float:
    """Return the position of a value between the lowest and the highest edge, 0 to 1."""
    low, high = min(edges), max(edges)
    return (value - low) / (high - low) if high > low else 0.5


def _axis_lines(n_axes: int, x: Spec, *, dark: bool) -> Spec:
    mark = {"type": "rule", "color": colour("quiet", dark=dark), "strokeWidth": 1}
    return layer(mark, [{"axis": number} for number in range(n_axes)], x=on(x, "axis"))


def _tick_words(ticks: Sequence[dict[str, Any]], x: Spec, y: Spec, *, dark: bool) -> Spec:
    mark = {
        "type": "text",
        "align": "left",
        "dx": 4,
        "fontSize": 11,
        "color": text_colour(dark=dark),
        "limit": 90,
    }
    return layer(mark, ticks, x=on(x, "axis"), y=on(y, "y"), text={"field": "text", "type": "nominal"})


def _strength(view: SettingsView, *, dark: bool) -> Spec:
    """Return the encoding of a line's colour by its score: strong for good scores."""
    weak, strong = colour("quiet", dark=dark, alpha=0.25), colour("accent", dark=dark)
    tones = [weak, strong] if view.higher_is_better else [strong, weak]
    scale = {"domain": [min(view.scores), max(view.scores)], "range": tones, "interpolate": "rgb"}
    return {"field": "score", "type": "quantitative", "scale": scale, "legend": None}


def tuning_shares_chart(view: ShareView, *, dark: bool) -> Spec:
    """Draw the importance of each setting, the highest on top."""
    rows = [
        {"row": place, "start": 0, "share": share, "words": f"{name}: {humanize.share(share)}"}
        for place, (name, share) in enumerate(zip(view.names, view.shares, strict=True))
    ]
    x = axis(title="share of the difference", scale={"domain": [0, 1]}, format=".0%", tickCount=5)
    return chart(
        layer(
            {"type": "bar", "height": {"band": 0.6}, "color": colour("accent", dark=dark, alpha=BAR_ALPHA)},
            rows,
            y=on(row_axis(view.names), "row"),
            x=on(x, "start"),
            x2={"field": "share"},
            tooltip={"field": "words", "type": "nominal"},
        ),
        height=70 + ROW_PX * max(2, len(rows)),
    )
