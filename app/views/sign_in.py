"""Draw the door of a shared studio, and who is inside."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app.components import heading
from app.presenters.markdown import literal
from litmus_core.errors import LitmusError
from litmus_core.people import Person

Wish = Literal["in", "out"]


def draw_door(problem: LitmusError, *, is_signed_in: bool) -> Wish | None:
    """Draw why there is nothing to see, and return whether the visitor wants in or out."""
    heading("Sign in", "This studio is shared.")
    if is_signed_in:
        st.warning(literal(problem.hint) or " ", title=literal(problem.message), icon=":material/lock:")
    with st.container(horizontal=True):
        if st.button("Sign in", key="sign-in", type="primary", icon=":material/login:"):
            return "in"
        if is_signed_in and st.button("Sign out", key="sign-out", icon=":material/logout:"):
            return "out"
    return None


def draw_visitor(person: Person, *, name: str) -> bool:
    """Draw who is signed in; return whether they want out."""
    shown = name if name == person.id else f"{name} ({person.id})"
    st.caption(f"Signed in as {literal(shown)}")
    st.caption(f"Role: {person.role}")
    return st.button("Sign out", key="sign-out", icon=":material/logout:")
