"""Draw Leaderboards: filters, the table, and two experiments side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app import navigation, state
from app.components import facts, state_line, verdict_banner
from app.downloads import csv_bytes
from app.presenters.humanize import short
from app.presenters.markdown import literal
from app.presenters.results.comparison import LinesView
from app.presenters.results.leaderboards import (
    CHIPS,
    BoardRow,
    BoardView,
    FiltersView,
    SideBySideView,
    SideView,
)
from app.presenters.work.board import WorkSection
from app.views.work_board import work_frame
from litmus_core.text import NARROW

__all__ = [
    "BoardWish",
    "CompareExperiments",
    "Filters",
    "OpenResults",
    "StopComparing",
    "board_csv",
    "board_frame",
    "draw_board",
    "draw_comparison",
    "draw_decisions",
    "draw_filters",
    "draw_lines",
]


_ROW_PX = (
    62  # the height of two lines (texts wrap from 4 rem on), for long names and for intervals below scores
)
_MOST_ROWS = 11
_LONGEST_NAME = 44  # characters, in two lines
_WHO = "What people decided after they knew the score: who, and why, is below."
# As many columns as fit into 1,280 pixels; the cost of a million only where a model was certified.
_DECISIVE = ("experiment", "verdict", "chance", "score", "gap", "decided")
_CLOSED = "comparisons-closed"
_UNITS = {"chance": ", %", "latency": ", ms", "cost": ", USD", "size": ", MB"}  # units of numbers in a CSV


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The visitor's filters; empty ones pass everything."""

    states: tuple[str, ...]
    table: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenResults:
    """Open an experiment's results."""

    experiment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareExperiments:
    """Compare two experiments or more."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopComparing:
    """Stop comparing."""


BoardWish = OpenResults | CompareExperiments | StopComparing


def draw_filters(view: FiltersView) -> Filters:
    """Draw the filters; their values are in the address."""
    states = st.pills(
        "Verdict",
        view.states,
        selection_mode="multi",
        key="verdict",
        bind="query-params",
        label_visibility="collapsed",
    )
    left, right = st.columns([2, 1])
    text = left.text_input(
        "Find",
        placeholder="Find by name, table or owner",
        key="find",
        bind="query-params",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    table = right.selectbox(
        "Table",
        view.tables,
        index=None,
        placeholder="All tables",
        key="table",
        bind="query-params",
        label_visibility="collapsed",
    )
    return Filters(states=tuple(states), table=table, text=text)


def draw_board(
    view: BoardView, sections: Sequence[WorkSection], *, compared: Sequence[str]
) -> BoardWish | None:
    """Draw the table: a click on a row opens its experiment, two or more ticks compare.

    The experiments in ``compared`` are ticked at first. The download has the lines of ``sections``, too.
    """
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="board-choices"):
        all_columns = st.toggle(
            "All columns", key="all-columns", help="Also answering time, size, cost, table, runs and owner."
        )
        frame = board_frame(view.rows)
        shown = list(frame) if all_columns else [name for name in _DECISIVE if name in frame]
        _draw_download(frame, shown, sections)
    if not view.rows:
        if not sections:
            st.info("Nothing passes these filters.", icon=":material/filter_alt_off:")
        return None
    ids = [row.experiment_id for row in view.rows]
    with st.container(key="board-table"):
        ticked, clicked = _draw_table(frame, shown, ids, compared=compared)
        st.caption("Click a line to open its experiment. Tick two or more to compare them.")
    if clicked:
        return OpenResults(experiment_id=clicked[0])
    hidden = [key for key in compared if key not in ids]  # experiments that the filters hide stay compared
    if len(ticked) + len(hidden) < 2:
        return StopComparing() if compared else None
    return CompareExperiments(ids=(*hidden, *ticked))


def _draw_table(
    frame: Any, shown: list[str], ids: list[str], *, compared: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Draw the table, at first with ticks at ``compared``; return the ticked rows and the clicked one."""
    at_first = [at for at, key in enumerate(ids) if key in compared]
    place = hashlib.blake2s(
        "".join(ids).encode(), digest_size=4
    ).hexdigest()  # ticks are positions among these rows
    key = f"board-{place}-{state.stored(_CLOSED, 0)}"
    event = st.dataframe(
        frame.assign(experiment=[short(name, _LONGEST_NAME) for name in frame["experiment"]]),
        hide_index=True,
        column_config=_columns(),
        column_order=shown,
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        selection_default={"selection": {"rows": state.initial_value(key, at_first)}},
        key=key,
        height=_ROW_PX * min(len(ids), _MOST_ROWS) + 40,
        row_height=_ROW_PX,
        placeholder="",
        alt="Experiments by readiness",
    )
    clicked = [row for row, _ in event.selection.cells]
    return [ids[at] for at in event.selection.rows if at < len(ids)], [
        ids[at] for at in clicked if at < len(ids)
    ]


def _draw_download(frame: Any, shown: Sequence[str], sections: Sequence[WorkSection]) -> None:
    """Draw the download of the rows and columns that the page shows."""
    st.download_button(
        "Download as CSV",
        lambda: board_csv(frame, shown, sections),
        file_name="leaderboards.csv",
        mime="text/csv",
        icon=":material/download:",
        key="board-csv",
        on_click="ignore",
        help="These lines with these columns.",
    )


def board_csv(frame: Any, shown: Sequence[str], sections: Sequence[WorkSection] = ()) -> bytes:
    """Return the columns ``shown`` of a leaderboard as CSV, with the page's column titles and units.

    Lines of ``sections`` follow those of experiments, with table and time; a column says which are which.
    """
    import pandas as pd

    config = _columns()
    columns = [*shown, "table", "updated"] if sections else shown
    plain = frame[list(dict.fromkeys(columns))].assign(
        verdict=[" · ".join(chips) for chips in frame["verdict"]]
    )
    plain = plain.rename(columns=lambda name: str(config[name]["label"]) + _UNITS.get(name, ""))
    if not sections:
        return csv_bytes(plain)
    plain.insert(0, "Kind", "Experiments")
    tables = [plain.rename(columns={"Experiment": "Name"}), work_frame(sections)]
    return csv_bytes(pd.concat([table for table in tables if len(table)], ignore_index=True))


def draw_decisions(sentences: Sequence[str]) -> None:
    """Draw the decisions of people, if there are any."""
    if sentences:
        st.subheader("Who decided what", anchor=False)
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def board_frame(rows: Sequence[BoardRow]) -> Any:
    """Return rows as a data frame, without columns that are empty in all rows."""
    import pandas as pd

    getters: dict[str, Callable[[BoardRow], Any]] = {
        "experiment": lambda row: row.name,
        "verdict": lambda row: list(row.chips),
        "chance": lambda row: row.chance,
        "score": lambda row: row.score.replace(" to ", "\u00a0to\u00a0"),  # keeps the interval on one line
        "gap": lambda row: row.to_bar,
        "decided": lambda row: row.decided,
        "latency": lambda row: row.latency_ms,
        "cost": lambda row: row.cost_usd,
        "cost_on": lambda row: row.cost_on,
        "size": lambda row: row.size_mb,
        "table": lambda row: row.table,
        "runs": lambda row: row.n_runs,
        "owner": lambda row: row.owner,
        "updated": lambda row: row.updated,
    }
    if not any(row.decided for row in rows):
        del getters["decided"]
    if not any(row.owner for row in rows):
        del getters["owner"]
    if all(row.cost_usd is None for row in rows):
        del getters["cost"], getters["cost_on"]
    frame = pd.DataFrame({name: [get(row) for row in rows] for name, get in getters.items()})
    return frame.astype({"chance": "Float64"})  # numbers, though some have none


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "experiment": column.TextColumn("Experiment", width=155),
        "verdict": column.MultiselectColumn(
            "Verdict", options=list(CHIPS), color=list(CHIPS.values()), width=168
        ),
        "score": column.TextColumn(
            "Score",
            width=135,
            help=f"On test rows that no model had learned from, with its 95{NARROW}% interval.",
        ),
        "gap": column.TextColumn(
            "To the bar",
            width=165,
            help="In the measure's own unit; and as a part of the way from guessing (the best constant "
            "answer) to the bar, which can be compared.",
        ),
        "chance": column.ProgressColumn(
            "Chance",
            format="%.3g %%",
            min_value=0,
            max_value=100,
            width=90,
            help=f"Chance that the bar is really passed; 0.1{NARROW}% stands for 0.1 or less, "
            f"99.9{NARROW}% for 99.9 or more.",
        ),
        "decided": column.TextColumn("Decided", width=95, help=_WHO),
        "latency": column.NumberColumn(
            "Answers in", width=82, format="%.3g ms", help="19 of 20 answers (p95), if 20 or more were timed."
        ),
        "cost": column.NumberColumn(
            "Cost of a million", width=105, format="%.2g USD", help="A million predictions, as certified."
        ),
        "cost_on": column.TextColumn("Certified on", help="The environment that the cost was measured in."),
        "size": column.NumberColumn("Size", format="%,.1f MB", help="Of the chosen model on disk."),
        "table": column.TextColumn("Table"),
        "runs": column.NumberColumn("Runs", width="small"),
        "owner": column.TextColumn("Owner"),
        "updated": column.DatetimeColumn("Updated", width=95, format="distance"),
    }


def draw_comparison(
    view: SideBySideView | None,
    *,
    paired: Callable[[SideBySideView], None],
    report: Callable[[str, str], None],
) -> None:
    """Draw the compared experiments; for two of them also both verdicts and which one is ahead.

    ``paired`` draws their models' scores on the same rows, ``report`` the download of an experiment's report
    by id and name.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Side by side", anchor=False, width="content")
        st.button(
            "Close",
            icon=":material/close:",
            type="tertiary",
            key="close-comparison",
            on_click=_stop_comparing,
        )
    if view is None:
        st.markdown("Scores of different questions or tables do not tell which model is better.")
        return
    st.markdown(view.sentence)
    paired(view)
    for place, side in zip(st.columns(2), (view.left, view.right), strict=True):
        with place:
            _draw_side(side, report)


def _stop_comparing() -> None:
    """Clear the address and all ticks; a table with a new key has no ticks."""
    state.stop_comparing()
    state.keep(_CLOSED, state.stored(_CLOSED, 0) + 1)


def draw_lines(view: LinesView) -> None:
    """Draw the differences between experiments, line by line, and what is equal."""
    if view.differs:
        names = [literal(name) for name in view.names]
        st.markdown("**What differs**")
        st.table(
            {" ": [line.title for line in view.differs]}
            | {
                f"{at} · {name}" if names.count(name) > 1 else name: [
                    literal(line.values[at - 1]) for line in view.differs
                ]
                for at, name in enumerate(names, start=1)
            },
            hide_index=True,
        )
    st.caption(literal(view.same))


def _draw_side(side: SideView, report: Callable[[str, str], None]) -> None:
    st.markdown(f"### {literal(side.name)}")
    st.markdown(side.question)
    if side.verdict is not None:
        verdict_banner(side.verdict, key=side.experiment_id)
    else:
        state_line(side.state.word, side.state.icon, side.state.tone)
    facts(side.facts, min_column_width=180)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        navigation.link("results", "Open its results", experiment=side.experiment_id)
        report(side.experiment_id, side.name)
