"""Draw a diagnosis: mistakes, confusions, segments, importances."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import theme
from app.charts import confusion_chart, importance_chart, residuals_chart, segments_chart
from app.presenters.markdown import literal
from app.presenters.results.diagnosis import (
    ConfusionView,
    DiagnosisView,
    ImportanceView,
    MistakesView,
    ResidualsView,
    SegmentsView,
    SegmentView,
    present_mistake,
)
from app.views.results.what_if import SelectedMistake
from litmus_core.text import NARROW, decimals_of, in_unit

__all__ = ["draw_diagnosis"]

_TABLE_HEIGHT = 318


def draw_diagnosis(view: DiagnosisView, *, run_id: str) -> SelectedMistake | None:
    """Draw the chosen model's mistakes and the columns that it uses; return the selected mistake, if any."""
    st.subheader("Where the chosen model goes wrong", anchor="mistakes")
    st.caption(view.rows_note)
    middle = "Errors by class" if view.confusion is not None else "Truth and prediction"
    titles = ["Worst mistakes", *([] if view.is_order else [middle]), "Results by group"]
    mistakes, *shapes, parts = st.tabs(titles, key=f"tabs.{run_id}", on_change="rerun")
    mistaken = None
    if mistakes.open:
        with mistakes:
            mistaken = _draw_mistakes(view.mistakes, run_id=run_id)
    if shapes and shapes[0].open:
        with shapes[0]:
            if view.confusion is not None:
                _draw_confusion(view.confusion)
            if view.residuals is not None:
                _draw_residuals(view.residuals)
    if parts.open:
        with parts:
            _draw_segments(view.segments)
    st.subheader("What drives the predictions", anchor="drivers")
    _draw_importance(view.importance)
    return mistaken


def _draw_mistakes(view: MistakesView, *, run_id: str) -> SelectedMistake | None:
    st.markdown(literal(view.reading))
    n_rows = len(view.truths)
    if n_rows == 0:
        return None
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {}
    if not view.sure_title:
        amount = in_unit(f"%,.{view.decimals}f", view.unit)
        config |= {name: number(name, format=amount) for name in ("Truth", "Prediction")}
        off_by = f"Off by ({in_unit('', view.unit)})" if view.unit else "Off by"
        config["Off by"] = number(off_by, format=f"%+,.{view.decimals}f")
        config["Places off"] = number("Places off", format=f"%+,.{view.decimals}f")
    else:
        config[view.sure_title] = st.column_config.ProgressColumn(
            view.sure_title,
            min_value=0,
            max_value=1,
            format="%.2f",
            help="The probability it gave its answer.",
        )
    left, right = st.columns([3, 2], gap="medium")
    event = left.dataframe(
        view.columns,
        key=f"mistakes.{run_id}",
        hide_index=True,
        height="content" if n_rows <= 8 else _TABLE_HEIGHT,
        column_config=config,
        on_select="rerun",
        selection_mode="single-row",
        alt=view.reading,
    )
    left.caption("Look for wrong labels and missing columns.")
    rows = event["selection"]["rows"]
    at = rows[0] if rows and rows[0] < n_rows else None
    with right:
        if at is None:
            st.caption("Select a line: the whole row opens here.")
            return None
        return _draw_mistake(view, at)


def _draw_mistake(view: MistakesView, at: int) -> SelectedMistake:
    """Draw one mistake with all its values."""
    with st.container(border=True, key="mistake", gap="small"):
        mistake = present_mistake(view, at)
        st.markdown(literal(mistake.sentence))
        st.dataframe(
            {"Column": mistake.names, "Value": mistake.values},
            hide_index=True,
            key="mistake.values",
            height="content" if len(mistake.names) <= 6 else 248,
        )
        st.markdown("[Change its values under What if](#what-if)")
    return SelectedMistake(number=at + 1, values=view.values[at], truth=view.truths[at])


def _draw_confusion(view: ConfusionView) -> None:
    st.markdown(literal(view.reading))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.vega_lite_chart(
            spec=confusion_chart(view, dark=theme.is_dark()), key="chart.confusion", alt=view.reading
        )
    with right:
        if view.pairs:
            st.markdown("**Most frequent errors**")
            st.dataframe(
                {
                    "Truth": [truth for truth, _, _ in view.pairs],
                    "Predicted": [answer for _, answer, _ in view.pairs],
                    "Rows": [count for _, _, count in view.pairs],
                },
                hide_index=True,
                column_config={"Rows": st.column_config.NumberColumn("Rows", format="%,d")},
                key="pairs",
                height="content",
            )


def _draw_residuals(view: ResidualsView, *, width: int = 720) -> None:
    st.markdown(literal(view.reading))
    st.vega_lite_chart(
        spec=residuals_chart(view, dark=theme.is_dark()),
        key="chart.residuals",
        width=width,
        alt=view.reading,
    )


def _draw_segments(view: SegmentsView) -> None:
    st.markdown(literal(view.reading))
    if not view.rows:
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.vega_lite_chart(
            spec=segments_chart(view, dark=theme.is_dark()), key="chart.segments", alt=view.reading
        )
    with right:
        st.dataframe(
            {
                "Group": [_part(row) for row in view.rows],
                "Rows": [row.n_rows for row in view.rows],
                "Score": [row.score for row in view.rows],
                f"Likely (95{NARROW}%)": [row.interval for row in view.rows],
            },
            hide_index=True,
            key="segments",
            height="content" if len(view.rows) <= 12 else 460,
            column_config={
                "Group": st.column_config.TextColumn("Group", width=136, help="◆ is clearly worse."),
                "Rows": st.column_config.NumberColumn("Rows", width=55, format="%,d"),
                "Score": st.column_config.NumberColumn(
                    view.metric, width=75, format=f"%,.{decimals_of([view.overall])}f"
                ),
            },
        )
    st.caption(view.caption)


def _part(row: SegmentView) -> str:
    """Return the name of a segment; a diamond marks a significantly worse one, as in the chart."""
    return f"{'◆ ' if row.stands_out else ''}{row.column}: {row.segment}"


def _draw_importance(view: ImportanceView) -> None:
    st.markdown(literal(view.reading))
    if view.bars:
        st.vega_lite_chart(
            spec=importance_chart(view, dark=theme.is_dark()),
            key="chart.importance",
            alt=view.reading,
        )
    more = f" {view.n_more} more columns matter less than these." if view.n_more else ""
    st.caption(literal(view.caption) + more)
