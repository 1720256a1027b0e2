"""Draw the Python that reproduces a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from app.errors import guard
from app.presenters.code import CodeView

__all__ = ["draw_code", "draw_folded_code", "draw_which_run"]


def draw_folded_code(read: Callable[[], CodeView], *, run_id: str) -> None:
    """Draw the code folded; it is generated when opened."""
    key = f"code.{run_id}"
    folded = st.expander("The Python of this run", icon=":material/code:", key=key, on_change="rerun")
    if folded.open:
        with folded:
            draw_code(read, run_id=run_id)


def draw_code(read: Callable[[], CodeView], *, run_id: str) -> None:
    """Draw a run's script with a copy button, and its downloads."""
    with guard():
        view = read()
        st.caption(view.about)
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                "As a script",
                view.script,
                file_name=view.script_name,
                mime="text/x-python",
                icon=":material/download:",
                key=f"code.py.{run_id}",
                on_click="ignore",
            )
            st.download_button(
                "As a notebook",
                view.notebook,
                file_name=view.notebook_name,
                mime="application/x-ipynb+json",
                icon=":material/download:",
                key=f"code.ipynb.{run_id}",
                on_click="ignore",
            )
        st.code(view.script, language="python", wrap_lines=True)


def draw_which_run(titles: Mapping[str, str], *, at_first: str | None) -> str:
    """Draw the choice of a run, and return its id; ``at_first`` is the id in the address."""
    ids = list(titles)
    return st.selectbox(
        "Run",
        ids,
        index=ids.index(at_first) if at_first in ids else 0,
        format_func=titles.__getitem__,
        key="code.run",
        width=480,
    )
