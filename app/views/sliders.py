"""Draw a slider with a number box beside it."""

from __future__ import annotations

from typing import TypeVar, cast

import streamlit as st

__all__ = ["box_key", "draw_slider", "set_slider"]

Number = TypeVar("Number", int, float)


def box_key(key: str) -> str:
    """Return the key of the box beside the slider ``key``."""
    return f"number-{key}"


def set_slider(key: str, value: Number, *, least: Number, most: Number) -> None:
    """Set slider and box before they are drawn; the slider shows values beyond its range at its end."""
    st.session_state[box_key(key)] = value
    st.session_state[key] = min(max(value, least), most)


def draw_slider(
    label: str,
    least: Number,
    most: Number,
    *,
    start: Number,
    step: Number,
    key: str,
    format: str = "%g",  # noqa: A002 - Streamlit's name
    box_format: str | None = None,
    is_open: bool = False,
    help: str | None = None,  # noqa: A002 - Streamlit's name
) -> Number:
    """Draw the slider and the box, which follow each other; return the box's value.

    ``is_open``: the box accepts values beyond the slider's range. ``box_format`` is the box's number format,
    without commas and words.
    """
    box = box_key(key)
    if key not in st.session_state or box not in st.session_state:
        set_slider(key, start, least=least, most=most)

    def slide() -> None:
        st.session_state[box] = st.session_state[key]

    def write() -> None:
        set_slider(key, st.session_state[box], least=least, most=most)

    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.slider(label, least, most, step=step, format=format, key=key, on_change=slide, help=help)
    right.number_input(
        "Or type it",
        min_value=None if is_open else least,
        max_value=None if is_open else most,
        step=step,
        format=box_format or format,
        key=box,
        on_change=write,
    )
    return cast(Number, st.session_state[box])
