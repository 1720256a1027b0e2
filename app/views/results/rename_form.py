"""Draw the form that renames an experiment and its shown run."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

__all__ = ["NewNames", "draw_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNames:
    """The new names of the experiment and the run; a run without a name has only its number."""

    name: str
    run_name: str


def draw_names(*, name: str, run_id: str, run_name: str, run_number: int) -> NewNames | None:
    """Draw both names in a form behind a button; return them if they were changed."""
    with (
        st.popover("Rename", icon=":material/edit:", type="tertiary", key=f"names.{run_id}"),
        st.form(f"names.form.{run_id}", border=False),
    ):
        called = st.text_input("Name of the experiment", value=name, key=f"names.experiment.{run_id}.{name}")
        run_called = st.text_input(
            "Name of this run",
            value=run_name,
            placeholder=f"Run {run_number}",
            key=f"names.run.{run_id}.{run_name}",
            help="What tells it from the others, such as “more rows” or “5 folds”.",
        )
        pressed = st.form_submit_button("Rename", type="primary")
    wish = NewNames(name=called.strip(), run_name=run_called.strip())
    return wish if pressed and wish != NewNames(name=name, run_name=run_name) else None
