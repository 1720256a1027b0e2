"""Pairs of a name and a text, in as many columns as fit."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

__all__ = ["facts"]


def facts(pairs: Sequence[tuple[str, str]], *, min_column_width: int = 260) -> None:
    """Draw each name, in a muted colour, above its text."""
    with st.grid(min_column_width=min_column_width, gap="small"):
        for name, text in pairs:
            st.markdown(f":gray[{name}]  \n{text}")
