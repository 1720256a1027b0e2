"""A state as icon and word, in its colour."""

from __future__ import annotations

import streamlit as st

from app.theme import TONE_COLOURS, Tone

__all__ = ["state_line", "state_text"]


def state_text(word: str, icon: str, tone: Tone) -> str:
    """Return the state as Markdown."""
    return f":{TONE_COLOURS[tone]}[{icon} **{word}**]"


def state_line(word: str, icon: str, tone: Tone) -> None:
    """Draw the state."""
    st.markdown(state_text(word, icon, tone))
