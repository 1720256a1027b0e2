"""The display of errors: expected ones with message and hint, bugs with their traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app import navigation
from litmus_core.errors import DataError, LitmusError, UntrustedNameError, machine_message

__all__ = ["guard", "show", "show_bug"]

_log = logging.getLogger(__name__)


@contextmanager
def guard(*, safe: str = "", is_page: bool = False, is_far: bool = False) -> Iterator[None]:
    """Show an expected error raised inside, with its hint, and continue after the block.

    ``safe`` says what is unharmed ("Your data is unchanged."). ``is_page``: the error is the whole page, so
    links lead back. ``is_far``: it stands out of sight of what was clicked, so a toast says it, too. Anything
    that is not a :class:`~litmus_core.errors.LitmusError` passes through: a bug
    stays a bug.
    """
    try:
        with machine_message():
            yield
    except LitmusError as error:
        show(error, safe=safe)
        if is_far:
            st.toast(error.message, icon=":material/info:", duration="long")
        if is_page:
            with st.container(horizontal=True, key="ways-back"):
                navigation.link("home", "Go to Home")
                navigation.link("leaderboards", "See all experiments")


def show(error: LitmusError, *, safe: str = "") -> None:
    """Draw what happened, what to do, and what is safe."""
    if not safe and isinstance(error, DataError):
        safe = "Nothing was changed."
    parts = [part for part in (error.hint, safe) if part]
    st.warning("  \n".join(parts) or " ", title=error.message, icon=":material/info:")
    if isinstance(error, UntrustedNameError):
        navigation.link("plugins", "See what waits for trust")


def show_bug(error: BaseException, *, title: str, safe: str) -> None:
    """Draw a bug in an optional part of the page: the missing part, and the folded traceback."""
    _log.error("%s.", title, exc_info=error)
    st.warning(safe, title=title, icon=":material/info:")
    with st.expander("Technical details", icon=":material/bug_report:"):
        st.exception(error)
