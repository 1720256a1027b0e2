"""Draw experiments on one axis, from guessing to the bar; on a phone it replaces the table."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.presenters.results.bar_axis import AxisPlace, AxisRow, BarAxisView

__all__ = ["axis_html", "axis_title", "draw_axis"]

_READING = (
    "Scores of different measures cannot be compared. So each line runs from guessing (the best constant "
    "answer) to the experiment's own bar. The point is the model's score; the true one is likely on the line."
)
_NO_PLACES = (
    "No model has a bar above guessing yet. Set one on Results to see here how far its score is from it."
)


def draw_axis(view: BarAxisView) -> None:
    """Draw the rows, with a help text on how to read them; nothing where there are none."""
    if not view.rows:
        return
    st.subheader(axis_title(view), anchor=False)
    st.html(axis_html(view))
    st.caption(f"{view.more} {_READING if view.has_places else _NO_PLACES}".strip())


def axis_title(view: BarAxisView) -> str:
    """Return the heading: without an axis the rows only lead to their experiments."""
    return "How far each is from its bar" if view.has_places else "Open an experiment"


def axis_html(view: BarAxisView) -> str:
    """Return the drawing as HTML: a list, so that it is read line by line; colours from the app's CSS."""
    ends = "".join(
        f'<span style="left:{at:.2%}">{word}</span>'
        for at, word in ((view.guessing, "guessing"), (view.bar, "the bar"))
    )
    head = (
        '<div class="litmus-way litmus-way-head" aria-hidden="true"><div></div>'
        f'<div class="litmus-way-line">{ends}</div></div>'
    )
    head = head if view.has_places else ""
    return f'{head}<div role="list">{"".join(_row_html(row, view) for row in view.rows)}</div>'


def _row_html(row: AxisRow, view: BarAxisView) -> str:
    lines = "".join(f"<small>{escape(text)}</small>" for text in (row.score, row.gap) if text)
    return (
        f'<div role="listitem" class="litmus-way litmus-tone-{row.tone}"><div>'
        f'<a href="{row.page}?experiment={escape(row.experiment_id)}">{escape(row.name)}</a>'
        f"<strong>{escape(row.mark)} {escape(row.words)}</strong>{lines}</div>"
        f"{_line_html(row.place, view)}</div>"
    )


def _line_html(place: AxisPlace | None, view: BarAxisView) -> str:
    if not view.has_places:
        return ""
    if place is None:
        return '<div class="litmus-way-line litmus-way-none"></div>'
    edge = f'<span class="litmus-way-beyond">{place.beyond}</span>' if place.beyond else ""
    return (
        f'<div class="litmus-way-line" role="img" aria-label="{escape(place.reading)}">'
        f'<i class="litmus-way-good" style="left:{view.bar:.2%}"></i>'
        f'<i class="litmus-way-base" style="left:{view.guessing:.2%}"></i>'
        f'<i class="litmus-way-bar" style="left:{view.bar:.2%}"></i>'
        f'<i class="litmus-way-whisker" style="left:{place.low:.2%};width:{place.high - place.low:.2%}"></i>'
        f'<i class="litmus-way-point" style="left:{place.point:.2%}">{edge}</i></div>'
    )
