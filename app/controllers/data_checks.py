"""The Data page's checks, fixes, rows and report."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from app import navigation, services, state
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.question.draft import Draft, draft_on
from app.presenters.tables.changes import ChangeView, present_change, present_effect
from app.presenters.tables.findings import FindingsView, present_findings, remaining_problems
from app.presenters.tables.first_rows import N_FIRST, present_first_rows
from app.presenters.tables.versions import (
    DifferenceView,
    HistoryLine,
    present_difference,
    present_history,
)
from app.views.tables.findings import ApplyFixes, IgnoreFinding, RevertFixes
from app.views.tables.findings import Wish as FindingsWish
from app.views.tables.first_rows import ForgetMeaning, ReadAs, draw_column_pages, draw_first_rows
from app.views.tables.rows import PAGE_ROWS, RowsWish
from litmus_core.errors import LitmusError
from litmus_core.types import CheckReport, DatasetVersion, Fix, SplitPlan, Task

if TYPE_CHECKING:
    from litmus_core.data import Relations

__all__ = [
    "TableInspection",
    "act",
    "choose_target",
    "draw_report",
    "first_rows",
    "problems_of_task",
    "target_of",
    "unfixed_problems",
]

_NONE = "Not decided yet"
_UNMEASURED = "Its effect on the score is not measured: {why}."


def target_of(selection: services.Selection) -> str | None:
    """Return the target column: the visitor's last choice, else the address's, else the experiment's."""
    version = selection.dataset
    if version is None:
        return None
    key = f"room-target-{version.dataset_id}"
    drafted = draft_on(version.id, state.stored("draft", None)).target
    if drafted is not None:
        state.keep(key, drafted)
    target = None if selection.experiment is None else selection.experiment.task.target
    chosen = state.stored(key, state.target() or target)
    return chosen if chosen in version.column_names else None


def choose_target(version: DatasetVersion, target: str | None) -> str | None:
    """Draw the choice of a target, store the visitor's choice, and return it."""
    names = [_NONE, *version.column_names]
    picked = st.selectbox(
        "What do you want to predict?",
        names,
        index=0 if target is None else names.index(target, 1),
        key=f"room-target-{version.id}",
        width=340,
        help="Some checks need to know it: whether a column gives the answer away, whether labels are right.",
    )
    chosen = None if picked == _NONE else picked
    if chosen != target:
        state.keep(f"room-target-{version.dataset_id}", chosen)
        _draft(version, chosen)
        state.name_target(chosen)
        st.rerun()
    return chosen


def _draft(version: DatasetVersion, target: str | None) -> None:
    """Store the choice made here in the Target page's draft; another target resets the draft."""
    if draft_on(version.id, state.stored("draft", None)).target != target:
        state.keep("draft", Draft(version_id=version.id, target=target))


def default_split(version: DatasetVersion, target: str) -> SplitPlan | None:
    """Return the split that suits the table's structure; None as long as its checks are not done."""
    opened = services.studio()
    if opened.checks.report(version.id, target) is None:
        return None
    return opened.checks.default_split(version.id, target)


def unfixed_problems(draft: Draft, version: DatasetVersion) -> tuple[str, ...]:
    """Return the known data problems that the draft does not avoid."""
    if draft.target is None or draft.version_id != version.id:
        return ()
    checked = services.checks(version, draft.target)
    if not services.exists(checked, is_quick=False) or checked.exception() is not None:
        return ()
    report = services.studio().checks.report(version.id, draft.target) or checked.result()
    return remaining_problems(report, features=draft.features, split=draft.split)


def problems_of_task(task: Task) -> tuple[str, ...]:
    """Return the data problems of a task, as far as the checks of its table were run."""
    report = services.studio().checks.report(task.dataset_version_id, task.target)
    return () if report is None else remaining_problems(report, features=task.features, split=task.split)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInspection:
    """One version and its chosen target."""

    version: DatasetVersion
    target: str | None

    def report(self) -> Future[CheckReport]:
        """Return the report of the checks as a future."""
        return services.checks(self.version, self.target)

    def findings(self) -> FindingsView:
        """Return the findings as text, with the latest marks of ignored ones."""
        studio = services.studio()
        report = studio.checks.report(self.version.id, self.target) or self.report().result()
        return present_findings(report, titles=_titles())

    def so_far(self) -> str:
        """Return the progress of the checks as text."""
        return services.checks_so_far(self.version, self.target)

    def change(self, fix: Fix) -> ChangeView:
        """Return what a fix would change in the table."""
        return present_change(services.studio().fixes.preview(self.version.id, fix))

    def effect(self, fix: Fix) -> tuple[str, Callable[[], bool] | None]:
        """Start to measure a fix's effect on the score; return its text, and a test whether it is done.

        The test is None where the text is final.
        """
        if self.target is None:
            return _UNMEASURED.format(why="choose what to predict first"), None
        measured = services.fix_effect(self.version, self.target, fix)
        if not services.exists(measured):
            return "Measuring what it does to the score…", measured.done
        error = measured.exception()
        if isinstance(error, LitmusError):
            return _UNMEASURED.format(why=literal(error.message)), None
        return present_effect(measured.result(), fix), None

    def page(self, wish: RowsWish) -> tuple[Any, int]:
        """Return a page of rows, and the number of matches."""
        page = services.studio().datasets.page(
            self.version.id,
            offset=wish.offset,
            n_rows=PAGE_ROWS,
            search=wish.search or None,
            sort=wish.sort,
            descending=wish.descending,
        )
        return page.rows, page.n_matching

    def relations(self) -> Future[Relations] | None:
        """Return the target's relation to each column as a future; None without a target."""
        return None if self.target is None else services.relations(self.version, self.target)

    def history(self) -> tuple[HistoryLine, ...]:
        """Return the history of the table's versions."""
        versions = services.studio().datasets.versions(self.version.dataset_id)
        return present_history(self.version, versions, now=datetime.now(UTC))

    def difference(self, before_id: str, newer_id: str) -> DifferenceView:
        """Return the differences between two versions."""
        studio = services.studio()
        return present_difference(
            studio.datasets.difference(before_id, newer_id),
            fixes_before=studio.datasets.get(before_id).lineage.fixes,
            newer_fixes=studio.datasets.get(newer_id).lineage.fixes,
        )

    def html(self) -> Callable[[], bytes]:
        """Return a function that writes the data report when its button is pressed."""
        return lambda: services.studio().reports.data(self.version.id, target=self.target).encode()


def _titles() -> dict[str, str]:
    from litmus_core.checks import CHECKS

    return {check.kind: check.title for check in CHECKS}


def act(wish: FindingsWish | None, data_room: TableInspection) -> None:
    """Fix the table, revert a fix, or ignore a finding."""
    studio, version = services.studio(), data_room.version
    with guard(safe="Nothing was changed."):
        match wish:
            case ApplyFixes(fixes=fixes):
                with st.spinner("Making a new version…"):
                    fixed_version = studio.fixes.apply(version.id, studio.fixes.ordered(fixes))
                _go_on(fixed_version, data_room.target)
            case RevertFixes(fixes=fixes):
                with st.spinner("Undoing it…"):
                    fixed_version = studio.fixes.revert(version.id, fixes)
                _go_on(fixed_version, data_room.target)
            case IgnoreFinding(key=key, is_ignored=is_ignored):
                studio.checks.dismiss(version.id, [key], is_dismissed=is_ignored)
                st.rerun()
            case None:
                pass


def first_rows(data_room: TableInspection) -> None:
    """Draw the table's first rows, and read a column as the kind that the visitor selects."""
    studio, version = services.studio(), data_room.version
    shown = draw_column_pages(len(version.columns), table_id=version.id)
    with guard(safe="Nothing was changed."):
        names = version.column_names[shown]
        page = studio.datasets.page(version.id, offset=0, n_rows=N_FIRST, columns=names)
        view = present_first_rows(version, studio.fixes.base_of(version), page.rows)
        wish = draw_first_rows(view, table_id=version.id)
        match wish:
            case ReadAs(column=column, kind=kind):
                with st.spinner(f"Reading {column} again…"):
                    read = studio.fixes.read_as(version.id, column, kind)
                _go_on(read, data_room.target)
            case ForgetMeaning(fix=fix):
                with st.spinner("Undoing it…"):
                    read = studio.fixes.revert(version.id, [fix])
                _go_on(read, data_room.target)
            case None:
                pass


def _go_on(version: DatasetVersion, target: str | None) -> None:
    _draft(version, target)
    navigation.go("data", dataset=version.id)


def draw_report(data_room: TableInspection) -> None:
    """Draw the download of the data report."""
    st.download_button(
        "Data report",
        data_room.html(),
        file_name=f"{data_room.version.name} v{data_room.version.version} data report.html",
        mime="text/html",
        icon=":material/description:",
        key="data-report",
        help="One HTML file to forward: what the table holds and what the checks found.",
        on_click="ignore",
    )
