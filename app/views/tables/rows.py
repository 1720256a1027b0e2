"""Draw a table's rows a page at a time: searchable, sortable, and fast at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from app.downloads import csv_bytes
from app.errors import guard
from litmus_core.text import format_count

__all__ = ["PAGE_ROWS", "RowsSource", "RowsWish", "draw_row_page"]

PAGE_ROWS = 100
_FILE_ORDER = "File order"
_MOST_SORTABLE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWish:
    """The rows to show: those that contain ``search``, in the order of ``sort`` (None: the file's)."""

    search: str
    sort: str | None
    descending: bool
    offset: int


class RowsSource(Protocol):
    """The source of rows."""

    def page(self, wish: RowsWish, /) -> tuple[Any, int]:
        """Return a data frame of at most PAGE_ROWS rows, and how many rows match."""
        ...


def draw_row_page(columns: Sequence[str], source: RowsSource, *, table_id: str) -> None:
    """Draw the rows with search field and order; only this part is redrawn."""

    @st.fragment
    def rows() -> None:
        search, sort, descending = _draw_question(columns, table_id=table_id)
        key = f"rows-page-{table_id}-{search}-{sort}-{descending}"
        at = int(st.session_state.get(key, 1))
        with guard(safe="The table is unchanged."):
            wish = RowsWish(search=search, sort=sort, descending=descending, offset=(at - 1) * PAGE_ROWS)
            frame, total = source.page(wish)
            if not total:
                st.caption(f"No row holds '{search}'." if search else "The table has no rows.")
                return
            first, last = wish.offset + 1, wish.offset + len(frame)
            caption = f"Rows {first:,} to {last:,} of {format_count(total, 'row')}" + (
                f" that hold '{search}'" if search else ""
            )
            st.caption(caption)
            st.dataframe(frame, hide_index=True, height=520, placeholder="", alt=caption)
            st.download_button(
                "Download these rows",
                lambda: csv_bytes(frame),
                file_name="rows.csv",
                mime="text/csv",
                icon=":material/download:",
                key=f"rows-download-{table_id}",
                help="As CSV. Texts that a spreadsheet would execute begin with an apostrophe.",
                on_click="ignore",
            )
            if total > PAGE_ROWS:
                st.pagination(-(-total // PAGE_ROWS), key=key)

    rows()


def _draw_question(columns: Sequence[str], *, table_id: str) -> tuple[str, str | None, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Rows that hold", placeholder="a word or a number", key=f"rows-search-{table_id}", width=280
        )
        sort = st.selectbox(
            "In the order of",
            [_FILE_ORDER, *columns[:_MOST_SORTABLE]],
            key=f"rows-sort-{table_id}",
            width=280,
        )
        descending = False
        if sort != _FILE_ORDER:
            descending = st.toggle("Largest first", key=f"rows-down-{table_id}")
    return search.strip(), None if sort == _FILE_ORDER else sort, descending
