"""Whether the pages may be where they are: an address that other machines reach is opened on purpose only."""

from __future__ import annotations

import os

import streamlit as st

from litmus_core.serving import OPEN_VARIABLE, require_word

__all__ = ["check"]


def check() -> None:
    """Raise UsageError where other machines reach the pages and nobody said that they may.

    ``litmus app`` refuses that before anything is started; this holds for ``streamlit run``, too.
    """
    require_word(
        st.get_option("server.address") or "",
        opened=bool(os.environ.get(OPEN_VARIABLE)),
        opens="whoever comes here sees all data and models and runs code as the one who started it.",
    )
