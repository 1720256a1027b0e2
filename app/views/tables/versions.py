"""Draw the history of a table's versions, how their files were read, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.tables.versions import DifferenceView, HistoryLine, ReadingView
from app.views.tables.data import ShowVersion

__all__ = ["DifferenceSource", "RefreshTable", "draw_history", "draw_reading", "draw_refresh"]


class DifferenceSource(Protocol):
    """The source of differences."""

    def difference(self, before_id: str, newer_id: str, /) -> DifferenceView:
        """Return the differences between two versions."""
        ...


@dataclass(frozen=True, slots=True)
class RefreshTable:
    """Read the table again from its address."""


def draw_refresh(address: str | None) -> RefreshTable | None:
    """Draw the table's address and the button that reads it again; draw nothing for a table from a file."""
    if address is None:
        return None
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="refresh"):
        st.markdown(f"From {literal(address)}")
        if st.button(
            "Refresh",
            icon=":material/refresh:",
            help="Read the rows that are there now. Where they changed, they become a new version.",
        ):
            return RefreshTable()
    return None


def draw_history(lines: Sequence[HistoryLine], source: DifferenceSource) -> ShowVersion | None:
    """Draw the versions, the newest first; each can be opened, and compared with its parent."""
    wish = None
    for place, line in enumerate(lines):
        before = line.parent_id or (lines[place + 1].id if place + 1 < len(lines) else None)
        with st.container(border=True, gap="small", key=f"history-{line.id}"):
            current_mark = " :primary[(current)]" if line.is_shown else ""
            st.markdown(f"**{line.label}**{current_mark}  \n{line.message}")
            with st.container(horizontal=True):
                if not line.is_shown and st.button("Make it current", key=f"show-{line.id}"):
                    wish = ShowVersion(version_id=line.id)
                differs = before is not None and st.toggle("What differs", key=f"differs-{line.id}")
            if differs and before is not None:
                with guard(safe="Nothing was changed."):
                    _draw_difference(source.difference(before, line.id))
    return wish


def _draw_difference(view: DifferenceView) -> None:
    st.markdown("  \n".join(view.sentences))
    if view.cells:
        names = ("Column", "Cells changed", "Row", "Before", "After")
        st.dataframe(_columns(names, view.cells), hide_index=True, placeholder="")
    for title, rows in (("Added rows", view.added), ("Removed rows", view.removed)):
        if rows:
            st.caption(title)
            st.dataframe(_columns(view.header, rows), hide_index=True, placeholder="")


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def draw_reading(view: ReadingView) -> None:
    """Draw the detected properties of the file, with the evidence."""
    if not view.reading and not view.notes:
        return
    with st.expander("How the file was read", icon=":material/fact_check:"):
        if view.reading:
            st.table(
                _columns(("What", "Found", "Because"), view.reading), hide_index=True, border="horizontal"
            )
            st.caption("If something is wrong, add the file again and set it under **How to read it**.")
        for note in view.notes:
            st.markdown(f"- {note}")
