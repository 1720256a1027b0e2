"""Room kept for something slow, polled until it is there."""

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
    """Draw ``sentence`` (a callable is asked anew) above a skeleton (``height`` 0: none) until it is done."""

    @st.fragment(run_every=every_s)
    def poll() -> None:
        if is_done():
            st.rerun()
        st.caption(sentence if isinstance(sentence, str) else sentence())
        if height:
            st.skeleton(height=height)

    poll()
