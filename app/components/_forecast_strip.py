"""Where a score would land: from its present to its expected value, against the bar, on one line."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.presenters.improvement.improve import ExpectedScoreView

__all__ = ["forecast_html", "forecast_strip"]

_EDGE = 0.75  # beyond it a label goes to the left of its mark


def forecast_strip(view: ExpectedScoreView) -> None:
    """Draw the line: good side shaded, bar dashed, a tick for now, whisker and point for the forecast."""
    st.html(forecast_html(view))


def forecast_html(view: ExpectedScoreView) -> str:
    """Return the drawing as HTML; positions in percent, each label in its own row."""
    now, landing, bar = view.labels
    parts = ['<div class="litmus-axis"></div>']
    if view.bar is not None:
        left, width = (view.bar, 1 - view.bar) if view.good_side == "right" else (0.0, view.bar)
        parts.append(f'<div class="litmus-shade" style="left:{left:.2%};width:{width:.2%}"></div>')
        parts.append(_mark("litmus-bar", view.bar, bar))
    parts.append(_mark("litmus-base litmus-now", view.now, now))
    parts.append(
        f'<div class="litmus-whisker" style="left:{view.low:.2%};width:{view.high - view.low:.2%}"></div>'
        f'<div class="litmus-point" style="left:{view.point:.2%}"><span>{escape(landing)}</span></div>'
    )
    return (
        f'<div class="litmus-strip litmus-landing litmus-tone-{view.tone}" role="img" '
        f'aria-label="{escape(view.reading)}">{"".join(parts)}</div>'
    )


def _mark(kind: str, at: float, label: str) -> str:
    side = " litmus-leftward" if at > _EDGE else ""
    return f'<div class="{kind}{side}" style="left:{at:.2%}"><span>{escape(label)}</span></div>'
