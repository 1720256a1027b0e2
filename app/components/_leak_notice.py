"""A notice about data problems that would mislead a model."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import navigation

__all__ = ["leak_notice"]

_MOST = 3


def leak_notice(sentences: Sequence[str], *, dataset: str) -> None:
    """Draw the unfixed findings of the checks of version ``dataset``, if any."""
    if not sentences:
        return
    more = len(sentences) - _MOST
    lines = [f"- {sentence}" for sentence in sentences[:_MOST]] + ([f"- and {more} more"] if more > 0 else [])
    st.warning("\n".join(lines), title="The checks found serious data problems", icon=":material/gpp_maybe:")
    navigation.link("data", "See the problem and fix it", dataset=dataset)
