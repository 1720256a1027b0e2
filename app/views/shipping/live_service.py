"""Draw a forecast or many targets as a live service: deploy it, its state, a request to try, ways to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from app import state
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.endpoints import EndpointView
from app.presenters.shipping.live_service import LiveServiceView, ReplyView
from app.views.shipping.endpoint import (
    DeployOperations,
    StateOperations,
    draw_calls,
    draw_deploy,
    draw_state,
)

__all__ = ["AskService", "LiveServiceOperations", "draw_live_service"]

_REPLY = "service.reply"


class LiveServiceOperations(DeployOperations, StateOperations, Protocol):
    """Operations on what is to be served, and on its endpoint."""


AskService = Callable[[EndpointView, str, str], ReplyView]


def draw_live_service(
    view: LiveServiceView,
    operations: LiveServiceOperations,
    *,
    ask: AskService,
    is_answering: Callable[[str], bool],
) -> None:
    """Draw the section; ``ask`` sends a body with a key to an endpoint."""
    st.subheader("Live service", anchor=False)
    if view.changed:
        st.caption(f":material/info: {view.changed}")
    if view.deploy is not None:
        draw_deploy(view.deploy, operations, is_built=True)
    endpoint = view.endpoint
    if endpoint is None:
        return
    draw_state(endpoint, operations, is_answering=is_answering)
    if view.no_outcomes:
        st.caption(f":material/info: {literal(view.no_outcomes)}")
    if endpoint.is_alive:
        _draw_try(endpoint, view.request, ask=ask)
        draw_calls(view.snippets)


@st.fragment
def _draw_try(endpoint: EndpointView, request: str, *, ask: AskService) -> None:
    st.markdown("**Try it**")
    with guard():
        with st.form(f"form.service.{endpoint.id}"):
            body = st.text_area("Request", request, key=f"service.{endpoint.id}.request", height=100)
            key = ""
            if endpoint.needs_key:
                key = st.text_input("Its API key", type="password", key=f"service.{endpoint.id}.key")
            is_submitted = st.form_submit_button("Ask the endpoint", type="primary", icon=":material/send:")
        if is_submitted:
            with st.spinner("Asking…"):
                state.keep(_REPLY, (endpoint.id, ask(endpoint, body, key)))
    stored_id, reply = state.stored(_REPLY, ("", None))
    if stored_id == endpoint.id and reply is not None:
        st.caption(reply.duration)
        st.code(reply.text, language="json", height=240)
