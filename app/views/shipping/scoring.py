"""Draw the scoring of files: choose one, watch it, stop it, resume it, download the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from app.components import permitted_button, redraw_page
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.scoring import ScoringView
from app.uploads import refuse_other_than_rows
from litmus_core.text import decimals_of

__all__ = ["ChosenRows", "ScoringOperations", "draw_chooser", "draw_scorings"]

_KINDS = {"": "As the file", "csv": "CSV", "parquet": "Parquet", "sqlite": "SQLite table"}
_LEVELS = (None, 0.8, 0.9, 0.95, 0.99)
_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRows:
    """The rows to score, an upload or a path on this computer, and the format of the output; "": the input's.

    With a ``level`` each prediction has an interval or a label set that holds the truth for this share of
    rows.
    """

    upload: Any
    path: str
    kind: str
    level: float | None = None


class ScoringOperations(Protocol):
    """Operations on scorings."""

    def scorings(self) -> Sequence[ScoringView]:
        """Return the experiment's scorings, newest first."""
        ...

    def stop_scoring(self, scoring_id: str, /) -> None:
        """Stop a scoring; finished rows are kept."""
        ...

    def resume_scoring(self, scoring_id: str, /) -> None:
        """Resume a scoring."""
        ...

    def delete_scoring(self, scoring_id: str, /) -> None:
        """Remove a scoring with its predictions in the workspace."""
        ...

    def head(self, scoring: ScoringView, /) -> Any:
        """Return the first predictions as a pandas frame; None for a database."""
        ...


def draw_chooser(target: str) -> ChosenRows | None:
    """Draw the choice of a file; return the request to score it."""
    st.markdown(
        f"Rows without *{literal(target)}* (with it is fine too) come back with the answers added. "
        "It keeps running when you close this page."
    )
    upload = st.file_uploader("A CSV or Parquet file, gzipped if you like", key="score.file")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = st.text_input(
            "Or a path on this computer",
            key="score.path",
            placeholder="/data/rows.parquet, or a folder of Parquet files",
            width=420,
        )
        kind = st.selectbox(
            "Write the answers as",
            list(_KINDS),
            format_func=_KINDS.__getitem__,
            key="score.kind",
            width=180,
            help="In CSV, texts that a spreadsheet would execute begin with an apostrophe. Parquet and "
            "SQLite keep every value as it is.",
        )
        level = st.selectbox(
            "How sure is each answer?",
            _LEVELS,
            format_func=lambda level: "Not asked" if level is None else f"Right in {100 * level:.0f} of 100",
            key="score.level",
            width=200,
            help="Adds an interval to each number, or a set of labels, that holds the truth that often.",
        )
    if upload is None and not path.strip():
        return None
    with guard(safe="Your file is unchanged."):
        if upload is not None:
            refuse_other_than_rows(upload.name)
        if permitted_button(
            "Score it", type="primary", action="scorings.start", key="score", icon=":material/play_arrow:"
        ):
            return ChosenRows(upload=upload, path=path.strip(), kind=kind, level=level)
    return None


def draw_scorings(operations: ScoringOperations, *, download: Callable[..., None]) -> None:
    """Draw running scorings with refresh, and finished ones."""
    was_running = any(scoring.is_running for scoring in operations.scorings())

    @st.fragment(run_every=_EVERY_S if was_running else None)
    def once() -> None:
        scorings = operations.scorings()
        if was_running and not any(scoring.is_running for scoring in scorings):
            redraw_page()
            return
        newest = next((scoring.id for scoring in scorings if scoring.path is not None), None)
        for job in scorings:
            with st.container(border=True, key=f"scoring-{job.id}"):
                _draw(job, operations, download=download)
                if job.id == newest:
                    _draw_head(job, operations.head(job))

    once()


def _draw(scoring: ScoringView, operations: ScoringOperations, *, download: Callable[..., None]) -> None:
    st.markdown(f"**{literal(scoring.file_name)}** {scoring.headline}")
    if scoring.share is not None or (scoring.is_running and scoring.doing):
        st.progress(scoring.share or 0.0, text=scoring.doing or " ")
    if scoring.message:
        st.warning(literal(scoring.hint) or " ", title=literal(scoring.message), icon=":material/info:")
    for note in scoring.notes:
        st.warning(note, icon=":material/troubleshoot:")
    with st.container(horizontal=True):
        if scoring.path is not None:
            key = f"score.download.{scoring.id}"
            download("Download the answers", scoring.path, scoring.file_name, key=key)
        if scoring.is_running:
            _button("Stop", "stop_circle", scoring, operations.stop_scoring)
            return
        if scoring.can_go_on:
            _button("Go on", "play_arrow", scoring, operations.resume_scoring)
        _button("Delete", "delete", scoring, operations.delete_scoring)


def _button(label: str, icon: str, scoring: ScoringView, act: Callable[[str], None]) -> None:
    key = f"scoring.{label.split()[0].lower()}.{scoring.id}"
    if st.button(label, key=key, icon=f":material/{icon}:"):
        with guard(safe="Nothing was changed."):
            act(scoring.id)
            st.rerun()


def _draw_head(scoring: ScoringView, frame: Any) -> None:
    """Draw the first predictions, so that nobody has to download a file to check it."""
    if frame is None:
        return
    shown = "All rows" if len(frame) == scoring.n_rows else f"The first {len(frame)} rows"
    number = st.column_config.NumberColumn
    config = {
        name: number(name, format="%.3f") for name in frame.columns if str(name).startswith("probability ")
    }
    if frame["prediction"].dtype.kind == "f":
        places = decimals_of(frame["prediction"].tolist())
        config["prediction"] = number("prediction", format=f"%,.{places}f")
    st.caption(f"{shown}, the answers in front.")
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else 318,
        column_config=config,
        key="score.head",
        placeholder="",
        alt=f"{shown} of the scored file",
    )
