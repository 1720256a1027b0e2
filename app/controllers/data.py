"""The sections of the Data page: read, draw, and carry out the visitor's requests."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import services, state
from app.components import waiting
from app.controllers import data_checks, train, user_requests
from app.controllers.data_checks import TableInspection
from app.errors import guard
from app.presenters.tables.data import present_cards, readiness
from app.presenters.tables.findings import FindingsView, present_fixes
from app.presenters.tables.relations import present_relations
from app.presenters.tables.versions import present_reading, refreshable_address
from app.views.tables.data import (
    Section,
    draw_columns,
    draw_manage,
    draw_relations,
    draw_sections,
    draw_table,
    draw_view_picker,
)
from app.views.tables.findings import draw_findings, draw_fixes
from app.views.tables.import_form import draw_add, draw_import_page
from app.views.tables.rows import draw_row_page
from app.views.tables.versions import draw_history, draw_reading, draw_refresh

__all__ = ["chosen", "import_page", "table"]


def import_page(selection: services.Selection) -> None:
    """Draw the ways to add a table if none is selected, or if the address asks for it."""
    state.keep_adding()
    back = None if selection.dataset is None else selection.dataset.name
    user_requests.add(draw_import_page(turn=_turn(), back=back, **selection.ids), None)


def table(shown: TableInspection) -> Section:
    """Draw the table and whether it is usable; return the selected section."""
    view, counted, findings = (
        train.table(shown.version),
        services.profile(shown.version),
        _findings(shown),
    )
    if services.exists(counted):
        lead = "Not checked yet." if findings is None else findings.lead
        unchecked = "" if findings is None else findings.unchecked
        ready = readiness(shown.version, counted.result())
        wish = draw_table(view, train.tables(), ready=ready, lead=lead, unchecked=unchecked)
        user_requests.data(wish, shown.version)
    else:
        waiting(counted.done, f"Counting what is in {shown.version.name}…", height=140)
    data_checks.first_rows(shown)
    return draw_sections(
        at_first=state.section(),
        n_open=None if findings is None else len(findings.open),
        n_versions=len(view.versions),
        turn=_turn(),
    )


def chosen(section: Section, shown: TableInspection) -> None:
    """Draw one section; sections that do not need the checks show their progress."""
    sections: dict[Section, Callable[[TableInspection], None]] = {
        "checks": _checks,
        "columns": _columns,
        "rows": lambda shown: draw_row_page(shown.version.column_names, shown, table_id=shown.version.id),
        "versions": _versions,
        "add": lambda shown: user_requests.add(
            draw_add(shown.version, turn=_turn(), target=shown.target), shown.version
        ),
    }
    checked = shown.report()
    if section not in ("checks", "add") and not checked.done():
        waiting(checked.done, shown.so_far, height=0)
    sections[section](shown)


def _findings(shown: TableInspection) -> FindingsView | None:
    checked = shown.report()
    return shown.findings() if services.exists(checked) and checked.exception() is None else None


def _checks(shown: TableInspection) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        data_checks.choose_target(shown.version, shown.target)
        data_checks.draw_report(shown)
    fixes = present_fixes(shown.version.lineage.fixes)
    if fixes:
        data_checks.act(draw_fixes(fixes), shown)
    findings, checked = _findings(shown), shown.report()
    if findings is not None:
        data_checks.act(draw_findings(findings, shown), shown)
    elif checked.done():
        with guard(safe="Your table is unchanged."):
            checked.result()
    else:
        waiting(checked.done, shown.so_far, height=300)


def _columns(shown: TableInspection) -> None:
    counted = services.profile(shown.version)
    related = shown.relations() if draw_view_picker(shown.target) else None
    if related is None:
        if services.exists(counted):
            draw_columns(present_cards(counted.result(), shown.version))
    elif services.exists(related):
        with guard(safe="Your table is unchanged."):
            draw_relations(present_relations(related.result()))
    else:
        waiting(related.done, f"Counting {shown.target} by each column…", height=400)


def _versions(shown: TableInspection) -> None:
    user_requests.data(draw_refresh(refreshable_address(shown.version)), shown.version)
    draw_reading(present_reading(shown.version))
    user_requests.data(draw_history(shown.history(), shown), shown.version)
    user_requests.data(draw_manage(train.table(shown.version)), shown.version)


def _turn() -> int:
    """Return the number of imports so far, for widget keys: after each, fields are empty and Checks opens."""
    return state.stored("import-turn", 0)
