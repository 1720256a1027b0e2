"""Network access: refuse addresses that other machines can reach, unless the user allowed it."""

from __future__ import annotations

import os

import streamlit as st

from app.sign_in import is_required
from litmus_core.serving import OPEN_VARIABLE, OPENS, require_permission, require_sign_in

__all__ = ["check"]


def check() -> None:
    """Raise UsageError if other machines can reach the pages without permission and a sign-in.

    ``litmus app`` refuses such addresses before it starts; this check also covers ``streamlit run``.
    """
    address = st.get_option("server.address") or ""
    require_permission(address, opened=bool(os.environ.get(OPEN_VARIABLE)), opens=OPENS)
    require_sign_in(address, has_sign_in=is_required())
