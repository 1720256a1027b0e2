"""Keyboard focus for a field that was just opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

__all__ = ["focus"]

_mount = st.components.v2.component(
    "litmus_focus", js=Path(__file__).with_name("focus.js").read_text(encoding="utf-8")
)


def focus(widget_key: str) -> None:
    """Focus the input of the widget ``widget_key`` once, when this is first drawn."""
    mark = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in widget_key)
    _mount(key=f"focus.{widget_key}", data={"field": f".st-key-{mark} input"})
