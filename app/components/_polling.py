"""Poll until a slow result is ready, then redraw the page without losing a click."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app import state

__all__ = ["redraw_page", "waiting"]

_PUT_OFF = "redraw.put-off"


def redraw_page() -> None:
    """Redraw the page, or return once without doing so where other fragments wait in the same pass.

    On a busy machine Streamlit gathers a timer's turn and a click in one pass, and ``st.rerun`` in the first
    fragment forgets the click. So the click is answered first; the timer comes again and redraws the page.
    """
    context = get_script_run_ctx()
    others_wait = context is not None and len(context.fragment_ids_this_run or ()) > 1
    if others_wait and not state.stored(_PUT_OFF, False):
        state.keep(_PUT_OFF, True)
        return
    state.keep(_PUT_OFF, False)
    st.rerun()


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
            redraw_page()
            return
        st.caption(sentence if isinstance(sentence, str) else sentence())
        if height:
            st.skeleton(height=height)

    poll()
