"""The steps from a table to a deployed model, and the visitor's position among them."""

from __future__ import annotations

import streamlit as st

from app import navigation
from app.navigation import JOURNEY, PAGES, PageKey

__all__ = ["stepper"]


def stepper(current_page: PageKey, *, done: frozenset[PageKey] = frozenset(), **ids: str | None) -> None:
    """Draw the steps as links: done ones ticked, the current one filled.

    ``ids`` (``experiment=``, ``dataset=``, ``run=``) go into every link's address.
    """
    with st.container(horizontal=True, gap="small", key="stepper"):
        for number, key in enumerate(JOURNEY, start=1):
            if key == current_page:
                icon = ":material/radio_button_checked:"
            elif key in done:
                icon = ":material/check_circle:"
            else:
                icon = ":material/radio_button_unchecked:"
            navigation.link(key, f"{number} {PAGES[key].title}", icon=icon, **ids)
