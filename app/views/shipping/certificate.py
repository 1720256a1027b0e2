"""Draw a model's certificate line by line, the button for a full one, and its model card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import streamlit as st

from app import theme
from app.charts import batch_times_chart, caller_times_chart
from app.components import permitted_button, redraw_page, state_text
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.certificate import CertificateView, EnvironmentView, TimesView

__all__ = ["CertificateOperations", "draw_certificate"]

_EVERY_S = 1.0


class CertificateOperations(Protocol):
    """Operations for certifying the selected model; each may raise a LitmusError."""

    def build(self) -> str:
        """Return the id of the picked model's bundle, building it if there is none."""
        ...

    def certify(self, bundle_id: str, environment: str, /) -> None:
        """Start making the full certificate in a separate process."""
        ...

    def certifying(self) -> str | None:
        """Return the last message of that process; None if there is none."""
        ...

    def certifying_problem(self) -> str:
        """Return why the last attempt gave no certificate; "" after a success."""
        ...

    def stop_certifying(self) -> None:
        """End the certification; the bundle keeps its earlier certificates."""
        ...

    def card(self) -> Callable[[], bytes] | None:
        """Return a function that reads the model card; None if the bundle has none."""
        ...


def draw_certificate(
    view: CertificateView | None,
    operations: CertificateOperations,
    *,
    form: str,
    is_built: bool,
    environments: Sequence[EnvironmentView],
) -> None:
    """Draw the selected model's certificate, or that it has none yet."""
    if form:
        st.markdown(f":material/inventory_2: {literal(form)}")
    if view is None:
        st.markdown(
            "Not certified yet. A certificate runs the exported model as production does. It says whether "
            "it predicts the same as the trained model, how fast it answers, and how much memory and money "
            "that takes."
        )
    else:
        _draw_lines(view)
    _draw_progress(operations)
    if operations.certifying() is None:
        problem = operations.certifying_problem()
        if problem:
            st.warning(f"The last certification did not finish. {literal(problem)}")
        _draw_request(operations, environments, is_built=is_built, is_first=view is None)
    if view is not None and view.times is not None:
        _draw_times(view.times)
    model_card = operations.card()
    if model_card is not None:
        st.download_button(
            "Download the model card",
            data=model_card,
            file_name="model_card.html",
            mime="text/html",
            key="card.download",
            icon=":material/description:",
            on_click="ignore",
            help="Data, task, scores, limits and how it was made, as a page to pass on.",
        )


def _draw_lines(view: CertificateView) -> None:
    tone = view.state.tone
    with st.container(border=True, key=f"verdict-{tone}-certificate", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            with st.container(gap="small", width="stretch"):
                st.markdown(state_text(view.state.word, view.state.icon, tone))
                st.caption(literal(view.sentence))
            if view.cost:
                st.metric("A million predictions", f"{view.cost} USD", width="content")
        for line in view.lines:
            icon = state_text(line.state.word, line.state.icon, line.state.tone)
            st.markdown(f"{icon} · **{literal(line.title)}**  \n{literal(line.text)}")


def _draw_progress(operations: CertificateOperations) -> None:
    """Draw the progress of the certification while it runs, then redraw the page."""
    is_running = operations.certifying() is not None

    @st.fragment(run_every=_EVERY_S if is_running else None)
    def follow() -> None:
        progress = operations.certifying()
        if is_running and progress is None:
            redraw_page()
            return
        if progress is not None:
            with st.container(border=True, key="certifying", gap="small"):
                word = state_text("Certifying in full", ":material/progress_activity:", "accent")
                st.markdown(f"{word}  \n{literal(progress)}")
                st.caption("It takes a minute or more, and goes on when you close this page.")
                if permitted_button(
                    "Stop certifying",
                    action="certificates.stop",
                    key="certify.stop",
                    icon=":material/stop_circle:",
                ):
                    with guard(safe="The model is unchanged."):
                        operations.stop_certifying()
                        st.rerun()

    follow()


def _draw_request(
    operations: CertificateOperations,
    environments: Sequence[EnvironmentView],
    *,
    is_built: bool,
    is_first: bool,
) -> None:
    labels = {environment.name: environment.label for environment in environments}
    if not labels:
        st.caption("Add a deployment environment below: a certificate needs one.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "As it would run on", list(labels), format_func=labels.__getitem__, key="certify.place", width=560
        )
        pressed = permitted_button(
            "Certify in full",
            type="primary" if is_first else "secondary",
            action="certificates.start",
            key="certify",
            icon=":material/verified:",
            help="Installs the bundle's requirements in their own environment, once, and calls it over HTTP.",
        )
    if pressed:
        with guard(safe="The model is unchanged."), st.status("Beginning…", expanded=True):
            if not is_built:
                st.write("Building the bundle and checking that it answers as the model does…")
            operations.certify(operations.build(), place)
            st.rerun()


def _draw_times(times: TimesView) -> None:
    st.markdown("**Answering time**")
    dark = theme.is_dark()
    charts = [(batch_times_chart(times, dark=dark), "batches", times.reading)]
    if times.callers:
        charts.append((caller_times_chart(times, dark=dark), "callers", times.reading))
    for place, (figure, key, alt) in zip(st.columns(len(charts), gap="medium"), charts, strict=True):
        with place:
            st.vega_lite_chart(spec=figure, key=f"chart.{key}", alt=alt)
    st.caption(literal(times.reading))
