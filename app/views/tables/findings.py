"""Draw findings: the most harmful first, each with its evidence, its fix and a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from app import state
from app.components import permitted_button, state_text, waiting
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.tables.changes import ChangeView
from app.presenters.tables.findings import FindingsView, FindingView, FixView
from app.views.tables.changes import changes_html
from litmus_core.text import format_count

if TYPE_CHECKING:
    from litmus_core.types import Fix

__all__ = ["ApplyFixes", "FixQueries", "IgnoreFinding", "RevertFixes", "Wish", "draw_findings", "draw_fixes"]

_AT_FIRST = 12  # the number of findings drawn at first
_OF_USE = ("leave_out", "split")  # kinds of fixes that change no cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyFixes:
    """Make a version with these fixes."""

    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertFixes:
    """Make a version without these fixes."""

    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreFinding:
    """Ignore a finding, or stop ignoring it."""

    key: str
    is_ignored: bool


Wish = ApplyFixes | RevertFixes | IgnoreFinding


class FixQueries(Protocol):
    """The data that the view reads about a fix."""

    def change(self, fix: Fix, /) -> ChangeView:
        """Return what a fix would change in the table."""
        ...

    def effect(self, fix: Fix, /) -> tuple[str, Callable[[], bool] | None]:
        """Return a fix's effect on the score as text, and a test whether it is measured (None: it is)."""
        ...


def draw_findings(view: FindingsView, queries: FixQueries) -> Wish | None:
    """Draw all findings; return the visitor's request."""
    wish: Wish | None = None
    if len(view.safe) > 1:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="safe-fixes"):
            st.markdown(
                f"**{format_count(len(view.safe), 'fix', 'fixes')} can be applied together.** "
                "They lose nothing that a model could use, and can be undone.",
                width="stretch",
            )
            if permitted_button(
                "Apply the safe fixes", icon=":material/healing:", action="fixes.apply", key="apply-safe"
            ):
                wish = ApplyFixes(fixes=view.safe)
    shown = view.open
    if len(shown) > _AT_FIRST and not st.toggle(f"Show all {len(shown)}", key="all-findings"):
        shown = shown[:_AT_FIRST]
    for place, finding in enumerate(shown):
        wish = _draw_finding(finding, queries, place=place) or wish
    if view.dismissed:
        with st.expander(f"{format_count(len(view.dismissed), 'finding')} ignored", icon=":material/done:"):
            for place, finding in enumerate(view.dismissed):
                wish = _draw_finding(finding, queries, place=1000 + place) or wish
    _draw_foot(view)
    return wish


def _draw_foot(view: FindingsView) -> None:
    n_unfinished = sum(len(kinds) for _, kinds in view.not_made)
    which = "The checks made so far" if n_unfinished else "All checks"
    st.caption(f"{which} took {view.made_in}.")
    if n_unfinished:
        with st.expander("Checks not made, and why", icon=":material/block:"):
            for reason, kinds in view.not_made:
                st.markdown("\n".join([f"{reason}\n", *(f"- {kind}" for kind in kinds)]))


def _draw_finding(view: FindingView, queries: FixQueries, *, place: int) -> Wish | None:
    wish: Wish | None = None
    with st.container(border=True, key=f"verdict-{view.tone}-finding-{place}", gap="small"):
        st.markdown(f"{state_text(view.word, view.icon, view.tone)}  \n**{view.sentence}**")
        if view.evidence:
            st.markdown("\n".join(f"- {line}" for line in view.evidence))
        if view.rows:
            _draw_table(view)
        with st.container(horizontal=True, vertical_alignment="center"):
            if view.fix is not None:
                is_bad = view.tone == "bad"
                if permitted_button(
                    view.fix_title,
                    type="primary" if is_bad else "secondary",
                    action="fixes.apply",
                    key=f"fix-{view.key}",
                ):
                    wish = ApplyFixes(fixes=(view.fix,))
            label = "Show it again" if view.is_known else "Ignore this"
            if permitted_button(label, type="tertiary", action="checks.dismiss", key=f"know-{view.key}"):
                wish = IgnoreFinding(key=view.key, is_ignored=not view.is_known)
        if view.fix is not None and view.fix.is_destructive:
            _draw_effect(view.fix, queries, key=view.key)
        if view.fix is not None and view.fix.kind not in _OF_USE:
            _draw_change(view.fix, queries, key=view.key)
    return wish


def _draw_table(view: FindingView) -> None:
    """Draw the evidence as a small table, folded if it is long."""
    columns = {name: [row[place] for row in view.rows] for place, name in enumerate(_unique(view.header))}
    if len(view.rows) <= 6:
        shown = {literal(name): [literal(cell) for cell in cells] for name, cells in columns.items()}
        st.table(shown, hide_index=True, border="horizontal")
        return
    with st.expander(f"See {format_count(len(view.rows), 'line')}", icon=":material/table_rows:"):
        st.dataframe(columns, hide_index=True, placeholder="")


def _unique(header: Sequence[str]) -> list[str]:
    names: list[str] = []
    for name in header:
        names.append(name if name not in names else f"{name} ({len(names) + 1})")
    return names


def _draw_change(fix: Fix, queries: FixQueries, *, key: str) -> None:
    """Draw the effect of a fix on rows in a folded section, which reads it when it is opened."""
    with st.expander(
        "Before and after", icon=":material/compare_arrows:", key=f"preview-{key}", on_change="rerun"
    ) as expander:
        if not expander.open:
            return
        with guard(safe="Nothing was changed."):
            view = queries.change(fix)
            st.markdown(literal(view.sentence))
            if view.rows:
                st.html(changes_html(view))


def _draw_effect(fix: Fix, queries: FixQueries, *, key: str) -> None:
    """Draw a fix's effect on the score, or the button that measures it."""
    request = f"effect-{key}"
    if not state.stored(request, False):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Its effect on the score is not measured yet.", width="content")
            if st.button("Measure it", type="tertiary", key=f"measure-{key}", icon=":material/speed:"):
                state.keep(request, True)
                st.rerun()
        return
    sentence, is_done = queries.effect(fix)
    if is_done is None:
        st.caption(sentence)
    else:
        waiting(is_done, sentence, height=0)


def draw_fixes(fixes: Sequence[FixView]) -> RevertFixes | None:
    """Draw the applied fixes of the version, each with a revert button."""
    wish = None
    with st.container(border=True, key="fixes", gap="small"):
        st.markdown(f"**{format_count(len(fixes), 'fix', 'fixes')} applied to this version**")
        for place, fix in enumerate(fixes):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/healing: {fix.title}", width="stretch")
                if permitted_button("Take back", type="tertiary", action="fixes.revert", key=f"back-{place}"):
                    wish = RevertFixes(fixes=(fix.fix,))
        if len(fixes) > 1 and permitted_button(
            "Undo all", action="fixes.revert", key="back-all", icon=":material/undo:"
        ):
            wish = RevertFixes(fixes=tuple(view.fix for view in fixes))
    return wish
