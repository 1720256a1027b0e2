"""Draw which model is deployed, the switch between both, and the button that trains on all rows."""

from __future__ import annotations

from typing import Protocol

import streamlit as st

from app.components import permitted_button, redraw_page
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.final_model import FinalModelView

__all__ = ["FinalModelOperations", "draw_final_model"]

_EVERY_S = 1.0


class FinalModelOperations(Protocol):
    """Operations on the selected candidate's final model; each may raise a LitmusError."""

    def use_final_model(self, final: bool, /) -> None:
        """Deploy the final model, or the judged one."""
        ...

    def train_on_all_rows(self) -> None:
        """Start training the model again on all rows, in a separate process."""
        ...

    def training_on_all_rows(self) -> str | None:
        """Return the last message of that process; None if there is none."""
        ...

    def why_not_on_all_rows(self) -> str:
        """Return why the final model cannot be trained, or the last attempt failed; "" if unknown."""
        ...

    def stop_training_on_all_rows(self) -> None:
        """End the training; the judged model does not change."""
        ...


def draw_final_model(view: FinalModelView, operations: FinalModelOperations) -> None:
    """Draw which model is deployed, and the ways to change that."""
    is_training = operations.training_on_all_rows() is not None
    problem = "" if view.has_final or is_training else operations.why_not_on_all_rows()
    st.markdown(f":material/model_training: {literal(problem or view.sentence)}")
    if view.has_final:
        wish = st.toggle("Use the model trained on all rows", value=view.in_use, key="export.final")
        if wish != view.in_use:
            with guard(safe="Nothing was changed."):
                operations.use_final_model(wish)
                st.rerun()
        return
    if is_training:
        _draw_progress(operations)
        return
    if permitted_button(
        "Train it on all rows",
        action="final_models.start",
        key="export.all-rows",
        icon=":material/model_training:",
    ):
        with guard(safe="The judged model is unchanged."):
            operations.train_on_all_rows()
            st.rerun()


@st.fragment(run_every=_EVERY_S)
def _draw_progress(operations: FinalModelOperations) -> None:
    progress = operations.training_on_all_rows()
    if progress is None:
        redraw_page()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/hourglass_top: {literal(progress)}")
        if permitted_button(
            "Stop", action="final_models.stop", key="export.all-rows.stop", icon=":material/stop_circle:"
        ):
            with guard(safe="The judged model is unchanged."):
                operations.stop_training_on_all_rows()
                st.rerun()
