"""Draw Data: the selected table, its sections, and its management."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import streamlit as st

from app.components import column_cards, permitted_button, relation_cards
from app.presenters.humanize import distinct
from app.presenters.markdown import literal
from app.presenters.tables.data import ColumnCard, ReadinessView, TableView
from app.presenters.tables.relations import RelationsView

__all__ = [
    "AddTable",
    "AskAboutColumn",
    "DeleteTable",
    "RenameTable",
    "Section",
    "ShowVersion",
    "Wish",
    "draw_columns",
    "draw_manage",
    "draw_relations",
    "draw_sections",
    "draw_table",
    "draw_view_picker",
]

T = TypeVar("T")
_CARDS_A_PAGE = 24
Section = Literal["checks", "columns", "rows", "versions", "add"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowVersion:
    """Select another table or version."""

    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutColumn:
    """Continue to Target, to choose what to predict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTable:
    """Add another table, as nothing can be learned from this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Rename the table."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTable:
    """Remove the table and its files."""


Wish = ShowVersion | AskAboutColumn | AddTable | RenameTable | DeleteTable


def draw_table(
    view: TableView, tables: Sequence[tuple[str, str]], *, ready: ReadinessView, lead: str, unchecked: str
) -> ShowVersion | AskAboutColumn | AddTable | None:
    """Draw the table's name, whether it is usable, and the next step.

    ``lead`` sums up the checks, and ``unchecked`` says which were not run.
    """
    wish: ShowVersion | AskAboutColumn | AddTable | None = None
    with st.container(border=True, key="table"):
        if len(tables) > 1:
            names = dict(tables)
            shown = next(
                (id_ for id_ in names if id_ in {version.id for version in view.versions}), view.shown
            )
            names.setdefault(shown, view.name)
            names = distinct(names)
            picked = st.selectbox(
                "Table",
                list(names),
                index=list(names).index(shown),
                format_func=names.__getitem__,
                key=f"table-{view.shown}",
            )
            if picked != shown:
                wish = ShowVersion(version_id=picked)
        else:
            st.markdown(f"### {literal(view.name)}")
        st.markdown(f"#### {ready.sentence} {lead if ready.is_ready else ready.missing}")
        if unchecked and ready.is_ready:
            st.caption(unchecked)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if not ready.is_ready:
                if st.button("Add another table", type="primary", icon=":material/add:", key="next"):
                    wish = AddTable()
            elif st.button("Choose what to predict", type="primary", icon=":material/flag:", key="next"):
                wish = AskAboutColumn()
            if len(view.versions) > 1:
                wish = _draw_versions(view) or wish
    return wish


def _draw_versions(view: TableView) -> ShowVersion | None:
    labels = {version.id: version.label for version in view.versions}
    picked = st.selectbox(
        "Version",
        list(labels),
        index=list(labels).index(view.shown),
        format_func=labels.__getitem__,
        key=f"version-{view.shown}",
        label_visibility="collapsed",
        width=320,
    )
    return ShowVersion(version_id=picked) if picked != view.shown else None


def draw_sections(*, at_first: str | None, n_open: int | None, n_versions: int, turn: int) -> Section:
    """Draw the sections of the page; ``n_open`` findings are open (None: not known yet).

    ``at_first`` is the section in the address; another ``turn`` begins with it again.
    """
    names: dict[Section, str] = {
        "checks": "Checks" if not n_open else f"Checks ({n_open})",
        "columns": "Columns",
        "rows": "Rows",
        "versions": "Versions" if n_versions == 1 else f"Versions ({n_versions})",
        "add": "Add a table",
    }
    return st.segmented_control(
        "What to look at",
        list(names),
        default=at_first if at_first in names else "checks",
        required=True,
        format_func=names.__getitem__,
        key=f"section-{turn}",
        label_visibility="collapsed",
    )


def draw_columns(cards: Sequence[ColumnCard]) -> None:
    """Draw the columns as cards, a page of them at a time."""
    column_cards(_page(cards))


def draw_relations(view: RelationsView) -> None:
    """Draw the target's relation to each column, a page of cards at a time."""
    st.caption(literal(view.lead))
    relation_cards(view, _page(view.cards))


def draw_view_picker(target: str | None) -> bool:
    """Draw the choice between columns and the target's relations; return whether relations are chosen."""
    if target is None:
        st.caption("Choose what to predict under **Checks** to see it against each column.")
        return False
    names = {False: "What each column holds", True: f"{literal(target)} against each column"}
    return bool(
        st.segmented_control(
            "Way of looking",
            list(names),
            default=False,
            required=True,
            format_func=names.__getitem__,
            key="columns-way",
            label_visibility="collapsed",
        )
    )


def _page(cards: Sequence[T]) -> Sequence[T]:
    n_pages = -(-len(cards) // _CARDS_A_PAGE)
    page = st.pagination(n_pages, key="columns-page") if n_pages > 1 else 1
    return cards[(page - 1) * _CARDS_A_PAGE : page * _CARDS_A_PAGE]


def draw_manage(view: TableView) -> RenameTable | DeleteTable | None:
    """Draw renaming and deleting, with the table's size."""
    with st.container(border=True, key="manage"):
        st.markdown("**Rename or delete**")
        with st.form("rename", border=False):
            left, right = st.columns([4, 1], vertical_alignment="bottom")
            name = left.text_input("Name", value=view.name, key=f"rename-{view.shown}")
            if right.form_submit_button("Rename", width="stretch") and name.strip() != view.name:
                return RenameTable(name=name)
        st.markdown(view.detail)
        if view.users:
            st.caption(f"Used by {', '.join(view.users[:3])}: delete those first.")
        sure = st.checkbox(
            "Delete this table, its versions and its files for good", key="sure", disabled=bool(view.users)
        )
        st.caption("Exported models, forecasts and many targets stay, and hold some of its rows.")
        if permitted_button(
            "Delete", icon=":material/delete:", action="datasets.delete", key="delete", disabled=not sure
        ):
            return DeleteTable()
    return None
