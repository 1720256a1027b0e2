"""Draw the form for a file with more rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.components import permitted_button

__all__ = ["MoreRows", "draw_more_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreRows:
    """A file of rows to append: an upload, or (None) a ``path`` on this computer."""

    upload: Any
    path: str


def draw_more_rows(*, key: str, label: str) -> MoreRows | None:
    """Draw the choice of a file; return it once ``label`` is pressed."""
    upload = st.file_uploader(
        "A file with the new rows, with the same columns and their answers",
        key=f"{key}.file",
        help="CSV, Excel, JSON, Parquet, SQLite or DuckDB. Columns are matched by their names.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = st.text_input(
            "Or a path on this computer", key=f"{key}.path", placeholder="/data/more.csv", width=340
        )
        pressed = permitted_button(
            label,
            action="datasets.append_rows",
            key=f"{key}.add",
            icon=":material/playlist_add:",
            disabled=upload is None and not path.strip(),
        )
    st.caption(
        "The rows go below those that are here, as a new version of the table, and a new experiment goes on "
        "with all of them. This one stays as it is: scores on different tables cannot be compared."
    )
    return MoreRows(upload=upload, path=path.strip()) if pressed else None
