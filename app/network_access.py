"""Network access: refuse addresses that other machines can reach, unless the user allowed it."""

from __future__ import annotations

import os

import streamlit as st

from litmus_core.serving import OPEN_VARIABLE, require_permission

__all__ = ["check"]


def check() -> None:
    """Raise UsageError if other machines can reach the pages without permission.

    ``litmus app`` refuses such addresses before it starts; this check also covers ``streamlit run``.
    """
    require_permission(
        st.get_option("server.address") or "",
        opened=bool(os.environ.get(OPEN_VARIABLE)),
        opens="anyone who reaches this address sees all data and models, and runs code as the person who "
        "started Litmus.",
    )
