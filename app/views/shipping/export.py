"""Draw Export: deploy the model, certify it, score a file, download it; other endpoints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from app import navigation
from app.components import heading, permitted_button, state_text
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.certificate import CertificateView, EnvironmentView
from app.presenters.shipping.endpoints import EndpointView
from app.presenters.shipping.export import ExportView
from app.views.results.downloads import DownloadOperations, download, draw_bundles, draw_downloads
from app.views.shipping.certificate import CertificateOperations, draw_certificate
from app.views.shipping.endpoint import Ask, EndpointOperations, draw_deploy, draw_endpoint
from app.views.shipping.environments import EnvironmentOperations, draw_environments
from app.views.shipping.final_model import FinalModelOperations, draw_final_model
from app.views.shipping.scoring import ChosenRows, ScoringOperations, draw_chooser, draw_scorings
from litmus_core.experiments import ModelSource

__all__ = ["ExportOperations", "PickModel", "draw_export"]


_PAGES: dict[ModelSource, navigation.PageKey] = {
    "experiment": "export",
    "forecast": "forecast",
    "targets": "targets",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PickModel:
    """Select another model."""

    candidate_id: str


class ExportOperations(
    EndpointOperations,
    CertificateOperations,
    EnvironmentOperations,
    ScoringOperations,
    DownloadOperations,
    FinalModelOperations,
    Protocol,
):
    """Operations on the selected model; each may raise a LitmusError."""

    def certificate(self) -> CertificateView | None:
        """Return the certificate of the picked model's bundle."""
        ...

    def environments(self) -> Sequence[EnvironmentView]:
        """Return the deployment environments."""
        ...

    def score(self, bundle_id: str, chosen: ChosenRows, /) -> None:
        """Start scoring every row of a file."""
        ...


def draw_export(
    view: ExportView, operations: ExportOperations, *, ask: Ask, is_answering: Callable[[str], bool]
) -> PickModel | None:
    """Draw the page; ``ask`` sends a row to an endpoint, ``is_answering`` tests its health."""
    heading("Export", f"**{literal(view.name)}**  \nPut it to work.")
    picked = _draw_picker(view)
    draw_final_model(view.final, operations)
    names = ["Live service", "Certificate", "Score a file", "Download"]
    work, proof, score, take = st.tabs(names, key="export.tabs")
    with work:
        if view.deploy is not None:
            draw_deploy(view.deploy, operations, is_built=view.bundle is not None)
        if view.endpoint is not None:
            draw_endpoint(view.endpoint, view.snippets, operations, ask=ask, is_answering=is_answering)
    with proof:
        environments = operations.environments()
        draw_certificate(
            operations.certificate(),
            operations,
            form=view.form,
            is_built=view.bundle is not None,
            environments=environments,
        )
        draw_environments(environments, operations)
    with score:
        _draw_score(view, operations)
    with take:
        draw_downloads(view, operations)
    if view.others:
        _draw_others(view.others, operations)
    if view.bundles:
        draw_bundles(view.bundles, operations)
    return picked


def _draw_picker(view: ExportView) -> PickModel | None:
    labels = {choice.id: choice.label for choice in view.choices}
    ids = list(labels)
    chosen = st.selectbox(
        "Model",
        ids,
        index=ids.index(view.picked.id),
        format_func=lambda id_: labels[id_],
        key=f"export.model.{view.picked.id}",
        width=420,
    )
    st.caption(view.picked.facts)
    if view.picked.note:
        st.warning(literal(view.picked.note), icon=":material/info:")
    return PickModel(candidate_id=chosen) if chosen != view.picked.id else None


def _build(operations: ExportOperations, view: ExportView) -> str:
    """Build the bundle if there is none, with a message."""
    if view.bundle is None:
        st.write("Building the bundle and checking that it answers as the model does…")
    return operations.build()


def _draw_score(view: ExportView, operations: ExportOperations) -> None:
    chosen = draw_chooser(view.target)
    if chosen is not None:
        with guard(safe="Your file is unchanged."), st.status("Beginning…", expanded=True):
            if view.bundle is None:
                st.write("Building the bundle and checking that it answers as the model does…")
            operations.score(operations.build(), chosen)
            st.rerun()
    draw_scorings(operations, download=download)


def _draw_others(endpoints: Sequence[EndpointView], operations: ExportOperations) -> None:
    st.subheader("Also running on this computer", anchor=False)
    for endpoint in endpoints:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ep-{endpoint.id}"):
            state = endpoint.state
            text = "" if state is None else f"{state_text(state.word, state.icon, state.tone)} · "
            name = literal(endpoint.name or endpoint.model)
            st.markdown(
                f"{text}**{name}** at [{endpoint.url}]({endpoint.url})  \n"
                f":small[{literal(endpoint.model)}, since {endpoint.since}]"
            )
            if endpoint.served is not None:
                source = endpoint.served.source
                navigation.link(_PAGES[source], "Open", **{source: endpoint.served.source_id})
            if permitted_button(
                "Stop", action="endpoints.stop", key=f"stop-{endpoint.id}", icon=":material/stop_circle:"
            ):
                with guard(safe="Nothing was changed."), st.spinner("Stopping…"):
                    operations.stop(endpoint.id)
                    st.rerun()
