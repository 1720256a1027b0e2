"""A score's interval against the bar, on one line."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.presenters.results.verdict import StripView

_NEAR = 0.25  # as a share of the line's length: closer labels would overlap on a phone

__all__ = ["interval_strip", "strip_html"]


def interval_strip(strip: StripView) -> None:
    """Draw the line: passing side shaded, bar dashed with its label, whisker and point of the score."""
    st.html(strip_html(strip))


def strip_html(strip: StripView) -> str:
    """Return the drawing as HTML; positions in percent, colours from the app's CSS."""
    score_label, bar_label, baseline_label = strip.labels
    if strip.baseline_is_far:
        baseline_label = f"← {baseline_label}" if strip.baseline == 0 else f"{baseline_label} →"
    parts = ['<div class="litmus-axis"></div>']
    if strip.bar is not None:
        left, width = (strip.bar, 1 - strip.bar) if strip.good_side == "right" else (0.0, strip.bar)
        parts.append(f'<div class="litmus-shade" style="left:{left:.2%};width:{width:.2%}"></div>')
        parts.append(_mark("litmus-bar", strip.bar, bar_label, crowded=strip.bar > 0.8))
    if strip.baseline is not None:
        parts.append(_mark(_base(strip), strip.baseline, baseline_label, crowded=strip.baseline > 0.8))
    parts.append(
        f'<div class="litmus-whisker" style="left:{strip.low:.2%};width:{strip.high - strip.low:.2%}"></div>'
        f'<div class="litmus-point" style="left:{strip.point:.2%}"><span>{escape(score_label)}</span></div>'
    )
    tall = " litmus-tall" if _is_between(strip) else ""
    return (
        f'<div class="litmus-strip{tall} litmus-tone-{strip.tone}" role="img" '
        f'aria-label="{escape(strip.reading)}">{"".join(parts)}</div>'
    )


def _base(strip: StripView) -> str:
    """Return the baseline's CSS classes: off the end, or raised or lowered where labels would overlap."""
    if strip.baseline_is_far:
        return "litmus-base litmus-off"
    if _is_between(strip):
        return "litmus-base litmus-lowered"
    return "litmus-base litmus-lifted" if _is_near(strip.baseline, strip.point) else "litmus-base"


def _is_between(strip: StripView) -> bool:
    """Return whether the baseline's label would overlap the bar's above the line and the score's below."""
    is_near_both = all(_is_near(strip.baseline, at) for at in (strip.point, strip.bar))
    return is_near_both and not strip.baseline_is_far


def _is_near(place: float | None, other: float | None) -> bool:
    return place is not None and other is not None and abs(place - other) < _NEAR


def _mark(kind: str, at: float, label: str, *, crowded: bool) -> str:
    side = " litmus-leftward" if crowded else ""
    return f'<div class="{kind}{side}" style="left:{at:.2%}"><span>{escape(label)}</span></div>'
