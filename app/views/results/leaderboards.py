"""Draw Leaderboards: filters, the table, and two experiments side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app import navigation
from app.components import facts, state_line, verdict_banner
from app.presenters.markdown import literal
from app.presenters.results.comparison import LinesView
from app.presenters.results.leaderboards import CHIPS, BoardRow, BoardView, SideBySideView, SideView
from litmus_core.text import NARROW

__all__ = ["Compare", "Filters", "Open", "draw_board", "draw_filters", "draw_lines", "draw_side_by_side"]


_ROW_PX = 62  # two lines (texts wrap from 4 rem on): a long name, a score above its interval
_MOST_ROWS = 11
_WHO = "Who uses the model whatever its verdict, and why."
_DECISIVE = (
    "experiment",
    "verdict",
    "score",
    "gap",
    "chance",
    "decided",
    "latency",
    "cost",
    "cost_on",
    "updated",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The visitor's filters; empty ones pass everything."""

    states: tuple[str, ...]
    table: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open an experiment's results."""

    experiment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """Compare two experiments."""

    left_id: str
    right_id: str


def draw_filters(view: BoardView) -> Filters:
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


def draw_board(view: BoardView) -> Open | Compare | None:
    """Draw the table: a click opens an experiment; in comparison mode, two clicks compare two."""
    with st.container(horizontal=True, gap="medium"):
        comparing = st.toggle("Compare two", key="comparing", help="Tick two lines to see them side by side.")
        everything = st.toggle("All columns", key="all-columns", help="Also size, table, runs and owner.")
    if not view.rows:
        st.info("No experiment passes these filters.", icon=":material/filter_alt_off:")
        return None
    frame = _frame(view.rows)
    event = st.dataframe(
        frame,
        hide_index=True,
        column_config=_columns(),
        column_order=None if everything else [name for name in _DECISIVE if name in frame],
        on_select="rerun",
        selection_mode="multi-row" if comparing else ["single-row", "single-cell"],
        key="board-compare" if comparing else "board",
        height=_ROW_PX * min(len(view.rows), _MOST_ROWS) + 40,
        row_height=_ROW_PX,
        placeholder="",
        alt="Experiments by readiness",
    )
    at_rows = [*event.selection.rows, *(row for row, _ in event.selection.cells)]
    picked = [view.rows[at].experiment_id for at in at_rows if at < len(view.rows)]
    if comparing:
        if len(picked) == 2:
            return Compare(left_id=picked[0], right_id=picked[1])
        st.caption("Tick two lines." if len(picked) < 2 else "Tick two lines only.")
        return None
    return Open(experiment_id=picked[0]) if picked else None


def _frame(rows: Sequence[BoardRow]) -> Any:
    import pandas as pd

    getters: dict[str, Callable[[BoardRow], Any]] = {
        "experiment": lambda row: row.name,
        "verdict": lambda row: list(row.chips),
        "score": lambda row: row.score.replace(" to ", "\u00a0to\u00a0"),  # keeps the interval on one line
        "gap": lambda row: row.to_bar,
        "chance": lambda row: row.chance,
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
    return pd.DataFrame({name: [get(row) for row in rows] for name, get in getters.items()})


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "experiment": column.TextColumn("Experiment", width=160),
        "verdict": column.MultiselectColumn(
            "Verdict", options=list(CHIPS), color=list(CHIPS.values()), width=140
        ),
        "score": column.TextColumn(
            "Score",
            width=135,
            help=f"On test rows that no model had learnt from, with its 95{NARROW}% interval.",
        ),
        "gap": column.TextColumn(
            "To the bar",
            width=80,
            alignment="right",
            help="Positive: better than the bar. In the measure's own unit.",
        ),
        "chance": column.ProgressColumn(
            "Passes",
            format="%.0f %%",
            min_value=0,
            max_value=100,
            width=100,
            help=f"Chance that the bar is really passed; 99{NARROW}% stands for 99 or more.",
        ),
        "decided": column.TextColumn("Decided", width=150, help=_WHO),
        "latency": column.NumberColumn(
            "Answers in", width=82, format="%.3g ms", help="19 of 20 answers (p95), if 20 or more were timed."
        ),
        "cost": column.NumberColumn(
            "A million cost", width=105, format="%.2g USD", help="A million predictions, as certified."
        ),
        "cost_on": column.TextColumn("Certified on", help="The environment that the cost was measured in."),
        "size": column.NumberColumn("Size", format="%,.1f MB", help="Of the chosen model on disk."),
        "table": column.TextColumn("Table"),
        "runs": column.NumberColumn("Runs", width="small"),
        "owner": column.TextColumn("Owner"),
        "updated": column.DatetimeColumn("Updated", width=95, format="distance"),
    }


def draw_side_by_side(
    view: SideBySideView, *, paired: Callable[[], None], report: Callable[[str, str], None]
) -> bool:
    """Draw two experiments and their comparison; return whether to close it.

    ``paired`` draws their models' scores on the same rows, ``report`` the download of an experiment's report
    by id and name.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Side by side", anchor=False, width="content")
        closing = st.button("Close", icon=":material/close:", type="tertiary", key="close-comparison")
    st.markdown(view.sentence)
    paired()
    for place, side in zip(st.columns(2), (view.left, view.right), strict=True):
        with place:
            _draw_side(side, report)
    return closing


def draw_lines(view: LinesView, *, left: str, right: str) -> None:
    """Draw the differences between two experiments, line by line, and what is equal."""
    if view.differs:
        st.markdown("**What differs**")
        st.dataframe(
            {
                "what": [line.what for line in view.differs],
                "left": [line.left for line in view.differs],
                "right": [line.right for line in view.differs],
            },
            hide_index=True,
            height="content",
            key="differs",
            column_config={
                "what": st.column_config.TextColumn("", width=190),
                "left": st.column_config.TextColumn(left, width="large"),
                "right": st.column_config.TextColumn(right, width="large"),
            },
            alt=f"What differs between {left} and {right}",
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
