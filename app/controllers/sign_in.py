"""Let visitors of a shared studio in and out."""

from __future__ import annotations

import streamlit as st

from app import services, sign_in, state
from app.views.sign_in import draw_door, draw_visitor

__all__ = ["admit", "show_visitor"]

_WELCOMED = "welcomed"


def admit() -> bool:
    """Return whether the visitor may see pages; otherwise draw the door."""
    problem = sign_in.problem()
    if problem is None:
        _welcome()
        return True
    wish = draw_door(problem, is_signed_in=st.user.get("is_logged_in") is True)
    if wish == "in":
        st.login()
    elif wish == "out":
        st.logout()
    return False


def show_visitor() -> None:
    """Draw who is signed in at the end of the sidebar; nothing if nobody has to."""
    if not sign_in.is_required() or sign_in.problem() is not None:
        return
    users = services.studio().users
    with st.sidebar:
        if draw_visitor(users.person(), name=users.display_name()):
            st.logout()


def _welcome() -> None:
    """Store the name of a visitor who has just signed in."""
    if sign_in.is_required() and not state.stored(_WELCOMED, False):
        services.studio().users.welcome()
        state.keep(_WELCOMED, True)
