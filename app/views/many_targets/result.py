"""Draw trained targets: the decision, a line for each, thresholds to move, and ways to use them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import streamlit as st

from app.components import permitted_button
from app.errors import guard
from app.presenters.many_targets.result import AnsweredRowView, JointResultView
from app.presenters.markdown import literal
from app.presenters.results.what_if import InputFieldView
from app.uploads import refuse_other_than_rows
from app.views.results.row_form import draw_row_form
from app.views.sliders import draw_slider
from app.views.work import draw_download

__all__ = [
    "MoveThreshold",
    "ThresholdView",
    "TryDesk",
    "draw_grade",
    "draw_lines",
    "draw_thresholds",
    "draw_use",
]

_MOST_HEIGHT = 420
_SAME = 0.005  # thresholds are set to two decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveThreshold:
    """Let a label begin to be yes elsewhere."""

    label: str
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdView:
    """Where a label begins to be yes now, and where Litmus chose."""

    label: str
    now: float
    chosen: float


class TryDesk(Protocol):
    """What answers rows, and what it takes."""

    @property
    def fields(self) -> Sequence[InputFieldView]:
        """A real row as form fields."""

    def answer(self, row: dict[str, Any], /) -> AnsweredRowView:
        """Return what one row is answered."""

    def score(self, file: Path, /) -> tuple[bytes, int, tuple[str, ...]]:
        """Return the answers to a file's rows as CSV, how many they are, and notes on the columns."""

    def zipped(self) -> bytes:
        """Return the folder that answers."""


def draw_grade(view: JointResultView, *, name: str) -> None:
    """Draw the decision first, then how good it is in plain words."""
    with st.container(border=True, key=f"verdict-{view.state.tone}-targets", gap="small"):
        st.caption(literal(name))
        chance = f": {view.chance}" if view.chance else ""
        st.markdown(f"### {view.state.icon} {view.state.word}{literal(chance)}")
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.markdown(literal(view.plain))
            st.markdown(literal(view.sentence))
            st.markdown(literal(view.guess))
            st.markdown(f"**{literal(view.advice)}**")
        with right, st.grid(min_column_width=120, gap="small"):
            for title, score, help_ in view.scores:
                st.metric(title, score, help=help_)
        for note in view.notes:
            st.caption(f":material/info: {note}")
        if view.why:
            with st.expander("Why?", icon=":material/help:"):
                st.markdown("\n".join(f"- {literal(sentence)}" for sentence in view.why))


def draw_lines(lines: dict[str, list[Any]]) -> None:
    """Draw a line for each target: its score, and where a label begins to be yes."""
    column = st.column_config
    is_label = "Yes from" in lines
    config: dict[str, Any] = {
        "Score": column.ProgressColumn(
            "F1" if is_label else "R²",
            format="%.3f",
            min_value=0,
            max_value=1,
            help="On the test rows; 1 is perfect."
            + (" How many of its rows it finds, and how many of those are right." if is_label else ""),
        )
    }
    if is_label:
        config["Yes from"] = column.NumberColumn(
            format="%.2f", help="From this probability on, the answer is yes (decision threshold)."
        )
        config["Test rows"] = column.NumberColumn("Test rows that have it", format="%,d")
    st.subheader("Each target", anchor=False)
    st.dataframe(
        lines,
        hide_index=True,
        column_config=config,
        height="content" if len(lines["Target"]) <= 10 else _MOST_HEIGHT,
        alt="Each target with its score",
    )


def draw_thresholds(
    views: Sequence[ThresholdView],
    effect: Callable[[str, float], str],
    act: Callable[[MoveThreshold | None], None],
    *,
    key: str,
    moved: str,
) -> None:
    """Draw, folded, where a label begins to be yes, with what another threshold does to validation rows."""
    if moved:
        st.caption(f":material/info: {literal(moved)}")
    folded = st.expander(
        "When should a label apply?", icon=":material/tune:", key=f"{key}.thresholds", on_change="rerun"
    )
    if not folded.open:
        return

    @st.fragment
    def draw() -> None:
        by_label = {view.label: view for view in views}
        view = by_label[st.selectbox("Label", list(by_label), key=f"{key}.label", width=320)]
        at = draw_slider(
            literal(f"“{view.label}” from this probability on"),
            0.01,
            0.99,
            start=round(min(max(view.now, 0.01), 0.99), 2),
            step=0.01,
            key=f"{key}.threshold.{view.label}",
            format="%.2f",
            help="Technical word: decision threshold. Its effect is counted on validation data.",
        )
        with guard(safe="Nothing was changed."):
            st.markdown(literal(effect(view.label, at)))
            act(_ask_move(view, at, key))

    with folded:
        draw()


def _ask_move(view: ThresholdView, at: float, key: str) -> MoveThreshold | None:
    with st.container(horizontal=True, gap="small"):
        if permitted_button(
            "Use this",
            icon=":material/check:",
            action="targets.move",
            key=f"{key}.move",
            disabled=abs(at - view.now) < _SAME,
        ):
            return MoveThreshold(label=view.label, threshold=at)
        if view.now != view.chosen and permitted_button(
            f"Back to {view.chosen:.2f}",
            icon=":material/undo:",
            action="targets.move",
            key=f"{key}.back",
        ):
            return MoveThreshold(label=view.label, threshold=view.chosen)
    return None


def draw_use(desk: TryDesk, *, key: str) -> None:
    """Draw what can be done with what answers: a row, a file, the folder, and code."""
    one, many, away = st.tabs(["Try a row", "Score a file", "Download"])
    with one:
        _draw_try(desk, key)
    with many:
        _draw_score(desk, key)
    with away:
        draw_download("Export the folder", desk.zipped, f"{key}.zip", key=key, first=True)
        st.caption("It holds a model for each target, and answers all of them in one call.")
        st.code(
            f"litmus targets export my-targets --id {key}\n"
            "litmus targets answer my-targets rows.csv --to answers.csv\nlitmus serve my-targets",
            language="bash",
        )
        st.code(
            'from litmus_core import load_targets\n\nmodel = load_targets("my-targets")\n'
            "model.predict_records(model.examples[:1])",
            language="python",
        )


@st.fragment
def _draw_try(desk: TryDesk, key: str) -> None:
    with st.form(f"{key}.form", border=False):
        row = draw_row_form(desk.fields, key=f"{key}.try")
        pressed = st.form_submit_button("Ask", type="primary", icon=":material/send:")
    if not pressed:
        return
    with guard():
        view = desk.answer(row)
        if view.sentence:
            st.markdown(f"### {literal(view.sentence)}")
        st.dataframe(
            view.lines,
            hide_index=True,
            column_config={
                "Probability": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100)
            },
            height="content" if len(view.lines["Target"]) <= 10 else _MOST_HEIGHT,
            alt="The answer for each target",
        )


@st.fragment
def _draw_score(desk: TryDesk, key: str) -> None:
    st.markdown("Its rows come back as CSV, in their order: the answers, and how likely each label is.")
    upload = st.file_uploader("A CSV or Parquet file", key=f"{key}.file")
    if upload is None:
        return
    with guard(safe="Your file is unchanged."), TemporaryDirectory() as folder:
        refuse_other_than_rows(upload.name)
        file = Path(folder) / f"rows{Path(upload.name).suffix.lower()}"
        file.write_bytes(upload.getvalue())
        with st.spinner("Answering every row…"):
            predictions, n_rows, notes = desk.score(file)
        st.markdown(f"{n_rows:,} rows are answered.")
        for note in notes:
            st.warning(literal(note), icon=":material/troubleshoot:")
        draw_download("Download the answers", lambda: predictions, "answers.csv", key=key, first=True)
