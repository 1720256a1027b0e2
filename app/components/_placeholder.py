"""A placeholder for a slow result; it polls until the result is ready."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

__all__ = ["waiting"]


def waiting(
    is_done: Callable[[], bool],
    sentence: str | Callable[[], str],
    *,
    height: int = 120,
    every_s: float = 0.5,
) -> None:
    """Draw ``sentence`` (or its return value) until ``is_done``, above a skeleton of ``height`` pixels."""

    @st.fragment(run_every=every_s)
    def poll() -> None:
        if is_done():
            st.rerun()
        st.caption(sentence if isinstance(sentence, str) else sentence())
        if height:
            st.skeleton(height=height)

    poll()
