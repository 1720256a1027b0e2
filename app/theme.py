"""Styles beyond ``.streamlit/config.toml``: semantic colours and the app's few CSS rules.

Charts draw bars and budgets as dashed lines with a label (:data:`BAR_DASH`). The area that meets both is
lightly shaded, and an interval is a whisker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

__all__ = ["BAR_DASH", "ICON", "TONE_COLOURS", "Tone", "apply", "is_dark", "tone_colour"]

Tone = Literal["good", "likely", "unsure", "near", "bad", "quiet", "accent"]

BAR_DASH = "6px 4px"
ICON = Path(__file__).with_name("icon.svg")
_CSS = Path(__file__).with_name("theme.css")
TONE_COLOURS: dict[Tone, str] = {  # Streamlit's names
    "good": "green",
    "likely": "blue",
    "unsure": "violet",
    "near": "orange",
    "bad": "red",
    "quiet": "gray",
    "accent": "primary",
}
# Distinguished by icon and word as well; each has 3:1 contrast or more on its background.
_COLOURS: dict[Tone, tuple[str, str]] = {
    "good": ("#0b7a5b", "#4fd1a5"),
    "likely": ("#0e7490", "#67d7ec"),
    "unsure": ("#4b63d3", "#9aa8ff"),
    "near": ("#b45309", "#fbb454"),
    "bad": ("#b3261e", "#ff8a80"),
    "quiet": ("#6b7280", "#a3a9b8"),
    "accent": ("#3b4cc0", "#9aa8ff"),
}


def apply() -> None:
    """Add the app's CSS to the page (a style element takes no space)."""
    st.html(_CSS)


def is_dark() -> bool:
    """Return whether the visitor uses the dark theme."""
    return st.context.theme.type == "dark"


def tone_colour(tone: Tone, *, dark: bool | None = None) -> str:
    """Return the hex colour of ``tone`` on the theme in use (or on the given one)."""
    light_colour, dark_colour = _COLOURS[tone]
    return dark_colour if (is_dark() if dark is None else dark) else light_colour
