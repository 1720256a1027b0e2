"""The visitor of the pages: who signed in, with which role, and whether they may see anything."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments import refusal_of
from litmus_core.people import ROLES_FILE, SIGN_IN_VARIABLE, Person, Roles, SignIn, read_roles, read_sign_in
from litmus_core.store import Workspace

__all__ = ["is_required", "permitted_button", "problem", "refusal", "visitor"]


def is_required() -> bool:
    """Return whether visitors have to sign in."""
    return bool(os.environ.get(SIGN_IN_VARIABLE))


def visitor() -> Person | None:
    """Return who signed in; None if nobody has to.

    This is asked again for each use of the studio, so an expired sign-in and a changed role count at once.
    Raises UsageError if nobody is signed in, if the sign-in has expired or names nobody, and if the roles of
    the workspace cannot be read.
    """
    path = os.environ.get(SIGN_IN_VARIABLE)
    if not path:
        return None
    if st.user.get("is_logged_in") is not True:
        raise UsageError("You are not signed in.", hint="Sign in to see anything.")
    return _settings(path).person(st.user.to_dict(), _roles())


def problem() -> LitmusError | None:
    """Return why the visitor may see nothing; None if they may, or if nobody has to sign in."""
    try:
        person = visitor()
    except LitmusError as error:
        return error
    if person is None or person.role is not None:
        return None
    return UsageError(
        f"You are signed in as {person.id}, but you have no role here: none of your groups has one, and "
        f"{ROLES_FILE} does not name you.",
        hint=(person.roles or Roles()).whom_to_ask("admin"),
    )


def refusal(action: str) -> str:
    """Return why the visitor may not do an ``action`` of the studio (``runs.start``); "" if they may."""
    person = visitor()
    return "" if person is None else refusal_of(person, action)


def permitted_button(label: str, *, action: str, **options: Any) -> bool:
    """Draw a button for an ``action`` of the studio (``runs.start``); return whether it was pressed.

    It is disabled, and says why, for a visitor whose role does not permit that. ``options`` are those of
    ``st.button``.
    """
    if why := refusal(action):
        options |= {"disabled": True, "help": why}
    return st.button(label, **options)


@lru_cache(maxsize=4)
def _settings(path: str) -> SignIn:
    return read_sign_in(Path(path))


def _roles() -> Roles:
    workspace = Workspace.locate(None).path
    try:
        changed = (workspace / ROLES_FILE).stat().st_mtime_ns
    except OSError:
        changed = 0
    return _roles_at(workspace, changed)


@lru_cache(maxsize=4)
def _roles_at(workspace: Path, _: int) -> Roles:
    return read_roles(workspace)
