"""A state as icon and word, in its colour."""

from __future__ import annotations

import streamlit as st

from app.theme import Tone

__all__ = ["state_line", "state_text"]

_NAMES: dict[Tone, str] = {
    "good": "green",
    "likely": "blue",
    "unsure": "violet",
    "near": "orange",
    "bad": "red",
    "quiet": "gray",
    "accent": "primary",
}


def state_text(word: str, icon: str, tone: Tone) -> str:
    """Return the state as Markdown."""
    return f":{_NAMES[tone]}[{icon} **{word}**]"


def state_line(word: str, icon: str, tone: Tone) -> None:
    """Draw the state."""
    st.markdown(state_text(word, icon, tone))
