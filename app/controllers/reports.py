"""Downloads of reports on experiments."""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from app import services

__all__ = ["draw_report", "html_of"]


def html_of(experiment_id: str, *, run_id: str | None = None) -> Callable[[], bytes]:
    """Return a function that writes an experiment's report when its button is pressed (seconds)."""
    return lambda: services.studio().reports.experiment(experiment_id, run_id=run_id).encode()


def draw_report(experiment_id: str, name: str, *, run_id: str | None = None) -> None:
    """Draw the download of an experiment's report, centred on ``run_id`` or the leading run."""
    stem = re.sub(r"[^\w -]+", "_", name).strip() or "experiment"
    st.download_button(
        "Report",
        html_of(experiment_id, run_id=run_id),
        file_name=f"{stem} report.html",
        mime="text/html",
        icon=":material/description:",
        key=f"report.{experiment_id}",
        help="One HTML file to forward: the verdict, the models, their mistakes, and what you tried.",
        on_click="ignore",
    )
