"""Ask whether to trust a workspace that somebody else made."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.components import permitted_button
from app.errors import guard
from app.presenters import trust
from app.presenters.markdown import literal

_ASKS = "workspace-trust.open"


def draw(read: Callable[[], trust.TrustView], act: Callable[[], None]) -> None:
    """Draw the notice; ``read`` returns the question for the dialog, ``act`` trusts the workspace."""
    st.warning(trust.NOTICE, title=trust.TITLE, icon=":material/lock:")
    st.button(
        "See what it would run",
        key="workspace-trust.ask",
        icon=":material/lock_open:",
        on_click=state.keep,
        args=(_ASKS, True),
    )
    if state.stored(_ASKS, False):
        _ask(read, act)


def _close() -> None:
    state.keep(_ASKS, False)


@st.dialog("Trust this workspace?", icon=":material/lock_open:", width="large", on_dismiss=_close)
def _ask(read: Callable[[], trust.TrustView], act: Callable[[], None]) -> None:
    with guard(safe="Nothing was trusted."):
        for line in read().lines:
            st.markdown(literal(line))
        with st.container(horizontal=True, gap="small"):
            trusted = permitted_button(
                "Trust it", type="primary", action="trust.grant", key="workspace-trust.confirm"
            )
            left = st.button("Leave it", key="workspace-trust.cancel")
        if trusted:
            act()
        if trusted or left:
            _close()
            st.rerun()
