"""Draw the management of an experiment: its name, the sizes of its runs, and deletion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.components import permitted_button
from app.presenters.humanize import distinct
from litmus_core.text import format_bytes, format_count
from litmus_core.types import Experiment, Run

__all__ = [
    "DeleteExperiment",
    "DeleteRun",
    "ManageWish",
    "RenameExperiment",
    "RenameRun",
    "draw_manage_experiment",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameExperiment:
    """Rename the experiment."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameRun:
    """Rename a run; an empty name leaves only its number."""

    run_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRun:
    """Delete one run and its files."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteExperiment:
    """Delete the experiment with all its runs."""


ManageWish = RenameExperiment | RenameRun | DeleteRun | DeleteExperiment


def draw_manage_experiment(
    experiment: Experiment, runs: Sequence[Run], shown: Run | None
) -> ManageWish | None:
    """Draw the forms for renaming and deleting; a deletion names its size first."""
    with st.expander("Rename or delete", icon=":material/settings:"):
        with st.form("rename-experiment", border=False):
            left, right = st.columns([4, 1], vertical_alignment="bottom")
            name = left.text_input(
                "Name of the experiment", value=experiment.name, key=f"name-{experiment.id}"
            )
            if right.form_submit_button("Rename", width="stretch") and name.strip() != experiment.name:
                return RenameExperiment(name=name)
        if shown is not None and (renamed := _draw_run_name(shown)) is not None:
            return renamed
        label = f"The whole experiment: {format_count(len(runs), 'run')}, {_size(runs)}"
        choices = {run.id: f"{run.title}: {_size([run])}" for run in runs} | {experiment.id: label}
        choices = distinct(choices)
        picked = st.selectbox(
            "Delete", list(choices), index=None, format_func=choices.__getitem__, key="gone"
        )
        sure = st.checkbox("Delete it, with its models and files, for good", key="sure-gone")
        st.caption("The table and exported models stay.")
        if permitted_button(
            "Delete",
            icon=":material/delete:",
            action="experiments.delete",
            key="delete-it",
            disabled=not (picked and sure),
        ):
            return DeleteExperiment() if picked == experiment.id else DeleteRun(run_id=picked or "")
    return None


def _draw_run_name(run: Run) -> RenameRun | None:
    with st.form("rename-run", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        name = left.text_input(
            f"Name of run {run.number}",
            value=run.name,
            placeholder=f"Run {run.number}",
            key=f"name-{run.id}",
        )
        if right.form_submit_button("Rename", width="stretch") and name.strip() != run.name:
            return RenameRun(run_id=run.id, name=name)
    return None


def _size(runs: Sequence[Run]) -> str:
    sizes = [run.n_bytes for run in runs if run.n_bytes is not None]
    return format_bytes(sum(sizes)) if sizes else "size not known yet"
