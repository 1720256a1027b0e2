"""Draw a table's first rows, with a menu over each column that shows and changes its kind."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from app.components import permitted_button
from app.presenters.invisible_characters import visible_html
from app.presenters.markdown import literal
from app.presenters.tables.first_rows import FirstColumn, FirstRows
from litmus_core.text import format_count
from litmus_core.types import Fix, KindName

__all__ = ["N_COLUMNS", "ForgetMeaning", "ReadAs", "Wish", "draw_column_pages", "draw_first_rows"]

N_COLUMNS = 16  # columns at a time, so that wide tables stay fast


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """Read a column as another kind."""

    column: str
    kind: KindName


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetMeaning:
    """Read a column again as it was detected."""

    fix: Fix


Wish = ReadAs | ForgetMeaning


def draw_column_pages(n_columns: int, *, table_id: str) -> slice:
    """Draw the page picker of a wide table's columns; return the columns to show."""
    n_pages = -(-n_columns // N_COLUMNS)
    page = 1
    if n_pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Pages of {N_COLUMNS} columns:", width="content")
            page = st.pagination(n_pages, key=f"first-columns-{table_id}")
    return slice((page - 1) * N_COLUMNS, page * N_COLUMNS)


def draw_first_rows(view: FirstRows, *, table_id: str) -> Wish | None:
    """Draw the rows, column by column; return the visitor's request."""
    wish: Wish | None = None
    st.html(_sideways(len(view.columns)))
    with st.container(horizontal=True, wrap=False, gap="xxsmall", key="first-rows"):
        for place, column in enumerate(view.columns):
            with st.container(width=148, gap="xxsmall", key=f"first-column-{place}"):
                kinds = dict(column.choices)
                picked = st.menu_button(
                    column.label,
                    list(kinds),
                    format_func=kinds.__getitem__,
                    icon=column.icon,
                    type="primary" if column.is_changed else "secondary",
                    help=f"What {literal(column.name)} means. Click to change it.",
                    key=f"meaning-{table_id}-{column.name}",
                    width="stretch",
                )
                st.html(_cells(column))
                if picked is not None:
                    wish = ReadAs(column=column.name, kind=picked)
    first = "row" if view.n_rows == 1 else format_count(view.n_rows, "row")
    st.caption(
        f"Your first {first}. {view.part}The label over a column says what "
        "Litmus takes it to mean, which decides how models read it."
    )
    for place, change in enumerate(view.changes):
        with st.container(horizontal=True, vertical_alignment="center", key=f"meaning-change-{place}"):
            st.markdown(change.sentence, width="content")
            if permitted_button(
                "Take back",
                type="tertiary",
                action="fixes.revert",
                key=f"meaning-back-{place}",
                icon=":material/undo:",
            ):
                wish = ForgetMeaning(fix=change.fix)
    return wish


def _sideways(n_columns: int) -> str:
    """Return a line for pages too narrow for the columns; the theme hides it on others."""
    words = f"{format_count(n_columns, 'column')} here: scroll sideways to see them"
    return f'<div class="litmus-sideways" style="--columns: {n_columns}">{words}</div>'


def _cells(column: FirstColumn) -> str:
    cells = "".join(
        f'<div title="{escape(cell)}">{visible_html(cell)}</div>'
        if cell
        else '<div class="litmus-warn-none">missing</div>'
        for cell in column.cells
    )
    name = escape(column.name)
    return f'<div class="litmus-first"><strong title="{name}">{name}</strong>{cells}</div>'
