"""Draw the deployment of a model and its endpoint: state, versions, a row to try, ways to call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import streamlit as st

from app import state
from app.components import permitted_button, redraw_page, state_text
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.results.what_if import present_fields
from app.presenters.shipping.endpoints import EndpointVersionView, EndpointView
from app.presenters.shipping.export import DeployView, Snippet, TriedBundleView
from app.views.results.row_form import draw_row_form
from app.views.shipping.outcomes import OutcomesOperations, draw_outcomes
from litmus_core.diagnostics import Plain
from litmus_core.types import Column

__all__ = [
    "Ask",
    "DeployOperations",
    "DeployWish",
    "EndpointOperations",
    "StateOperations",
    "draw_calls",
    "draw_deploy",
    "draw_endpoint",
    "draw_state",
]

_EVERY_S = 2.0
_UNCHANGED, _COMPARED = "Nothing was changed.", "endpoint.compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployWish:
    """The request to deploy the selected model; None keeps what the endpoint had before."""

    name: str
    port: int | None
    sample_rate: float | None
    key_file: Path | None


class _Rows(Protocol):
    @property
    def columns(self) -> Mapping[str, Sequence[Plain]]: ...

    def row(self, at: int) -> dict[str, Plain]: ...


class DeployOperations(Protocol):
    """Operations that deploy the selected model; each may raise a LitmusError."""

    def build(self) -> str:
        """Return the id of the bundle to serve, built first if there is none."""
        ...

    def deploy(self, source: str, wish: DeployWish, /) -> None:
        """Serve it on this computer."""
        ...


class StateOperations(Protocol):
    """Operations on an endpoint; each may raise a LitmusError."""

    def endpoint(self, endpoint: EndpointView, /) -> EndpointView:
        """Return the current state of the endpoint."""
        ...

    def log(self, name: str, /) -> str:
        """Return the last lines of an endpoint's log."""
        ...

    def stop(self, endpoint_id: str, /) -> None:
        """Stop serving."""
        ...

    def start(self, name: str, /) -> None:
        """Start a stopped endpoint again with the same settings."""
        ...

    def promote(self, name: str, version: int, because: str = "", /) -> None:
        """Switch to another version that outcomes show to be better, or for a reason (seconds)."""
        ...

    def compare(self, name: str, version: int, /) -> str:
        """Return a sentence that compares a waiting version with the live one, by outcomes (seconds)."""
        ...

    def roll_back(self, name: str, /) -> None:
        """Switch back to the previous version."""
        ...


class EndpointOperations(DeployOperations, StateOperations, OutcomesOperations, Protocol):
    """Operations on the selected model and its endpoint; each may raise a LitmusError."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns that a row needs."""
        ...

    def rows(self) -> _Rows:
        """Real rows as examples."""
        ...


Ask = Callable[[str, Mapping[str, Plain], str], TriedBundleView]


def draw_deploy(view: DeployView, operations: DeployOperations, *, is_built: bool) -> None:
    """Draw the form for deploying the selected model, and deploy it on request."""
    st.markdown(
        "Starts a service on **this computer** that answers other programs over HTTP. "
        "It keeps running when you close this page, until you stop it."
    )
    name = st.text_input(
        "Name",
        value=view.name,
        key=f"deploy.name.{view.name}",
        width=420,
        max_chars=60,
        help="Lowercase letters, digits and hyphens. All versions answer under this name and address.",
    ).strip()
    if view.note(name):
        st.caption(view.note(name))
    wish = _draw_advanced(name)
    if not permitted_button(
        "Deploy", type="primary", action="endpoints.deploy", key="deploy", icon=":material/rocket_launch:"
    ):
        return
    with guard(safe="The model is unchanged."), st.status("Deploying…", expanded=True):
        if not is_built:
            st.write("Building the bundle and checking that it answers as the model does…")
        source = operations.build()
        st.write(view.starting)
        operations.deploy(source, wish)
        st.rerun()


def _draw_advanced(name: str) -> DeployWish:
    with st.expander("Advanced", icon=":material/tune:"), st.grid(min_column_width=240, gap="small"):
        port = st.number_input(
            "Port (0 takes a free one)",
            0,
            65535,
            None,
            key="deploy.port",
            placeholder="as before, or a free one",
        )
        share = st.number_input(
            "Rows to keep with their answers, in %",
            0,
            100,
            None,
            key="deploy.sample",
            placeholder="as before, or 10",
            help="A sample stays on this computer, to see later why a score fell.",
        )
        key_file = st.text_input(
            "File with an API key",
            key="deploy.key",
            placeholder="as before, or none",
            help="A path on this computer; callers have to send what the file holds. Without a key, anyone "
            "who can reach it may use it.",
        ).strip()
    path = Path(key_file).expanduser() if key_file else None
    return DeployWish(name=name, port=port, sample_rate=None if share is None else share / 100, key_file=path)


def draw_endpoint(
    endpoint: EndpointView,
    snippets: Sequence[Snippet],
    operations: EndpointOperations,
    *,
    ask: Ask,
    is_answering: Callable[[str], bool],
) -> None:
    """Draw an endpoint; its state is refreshed while it runs."""

    draw_state(endpoint, operations, is_answering=is_answering)
    if endpoint.name:
        draw_outcomes(endpoint.name, operations)
    if not endpoint.is_alive:
        return
    _draw_try(endpoint, operations, ask=ask)
    draw_calls(snippets)


def draw_state(
    endpoint: EndpointView, operations: StateOperations, *, is_answering: Callable[[str], bool]
) -> None:
    """Draw an endpoint's card and its versions, refreshed while it runs."""

    @st.fragment(run_every=_EVERY_S if endpoint.is_alive else None)
    def draw() -> None:
        with guard():
            now = operations.endpoint(endpoint)
            if now.is_alive != endpoint.is_alive:
                redraw_page()
            with st.container(border=True, key="endpoint", gap="small"):
                _draw_card(now, operations, is_answering=is_answering)
            if now.versions:
                _draw_versions(now, operations)

    draw()


def draw_calls(snippets: Sequence[Snippet]) -> None:
    """Draw ways to call an endpoint from a program."""
    st.markdown("**Call it from your own program**")
    for tab, snippet in zip(
        st.tabs([snippet_view.title for snippet_view in snippets]), snippets, strict=True
    ):
        with tab:
            st.code(snippet.text, language=snippet.language, wrap_lines=True)


def _draw_card(
    endpoint: EndpointView, operations: StateOperations, *, is_answering: Callable[[str], bool]
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(_headline(endpoint, is_answering=is_answering), width="content")
        if endpoint.is_alive and permitted_button(
            "Stop", action="endpoints.stop", key=f"stop-{endpoint.id}", icon=":material/stop_circle:"
        ):
            with guard(safe=_UNCHANGED), st.spinner("Stopping…"):
                operations.stop(endpoint.id)
                st.rerun()
        elif not endpoint.is_alive and endpoint.name:
            key = f"start-{endpoint.id}"
            if permitted_button(
                "Start again", action="endpoints.start", key=key, icon=":material/play_arrow:"
            ):
                with guard(safe=_UNCHANGED), st.spinner("Starting…"):
                    operations.start(endpoint.name)
                    st.rerun()
    name = f"**{literal(endpoint.name)}**, version {endpoint.version}: " if endpoint.name else ""
    docs = f" Its own documentation: {endpoint.page}" if endpoint.is_alive else ""
    st.caption(f"{name}{literal(endpoint.model)}, started {endpoint.since}.{docs}")
    if endpoint.problems.message:
        st.warning(literal(endpoint.problems.message), icon=":material/info:")
    if endpoint.facts:
        with st.grid(min_column_width=130, gap="small"):
            for title, value, help_ in endpoint.facts:
                st.metric(title, value, help=help_)
    if endpoint.problems.errors:
        st.caption(f"What was refused or failed: {literal(endpoint.problems.errors)}")
    if endpoint.problems.restarts:
        st.caption(f":material/autorenew: {literal(endpoint.problems.restarts)}")
    if endpoint.name:
        with st.expander("Log", icon=":material/terminal:"):
            st.code(operations.log(endpoint.name) or "Nothing was written yet.", language=None, height=240)


def _headline(endpoint: EndpointView, *, is_answering: Callable[[str], bool]) -> str:
    state_view = endpoint.state
    if state_view is not None:
        text = state_text(state_view.word, state_view.icon, state_view.tone)
    elif is_answering(endpoint.url):
        text = state_text("Answering", ":material/check_circle:", "good")
    else:
        text = state_text("Not answering now", ":material/hourglass_top:", "near")
    return f"{text} at [{endpoint.url}]({endpoint.url})" if endpoint.is_alive else text


def _draw_versions(endpoint: EndpointView, operations: StateOperations) -> None:
    st.markdown("**Versions**")
    for version in endpoint.versions:
        with st.container(border=True, key=f"version-{endpoint.id}-{version.number}", gap="small"):
            _draw_version(version, endpoint, operations)


def _draw_roll_back(endpoint: EndpointView, operations: StateOperations) -> None:
    key, words = f"rollback-{endpoint.id}", "This version answered before."
    if permitted_button(
        "Roll back", action="endpoints.rollback", key=key, icon=":material/undo:", help=words
    ):
        with guard(safe=_UNCHANGED), st.spinner("Switching versions; no request is lost…"):
            operations.roll_back(endpoint.name)
            st.rerun()


def _draw_version(version: EndpointVersionView, endpoint: EndpointView, operations: StateOperations) -> None:
    now = " :green-badge[:material/check: answers now]" if version.is_live and endpoint.is_alive else ""
    before = " :gray-badge[answered before]" if version.is_previous else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{version.number}** · {literal(version.model)}{now}{before}  \n"
            f":small[:gray[{literal(version.file_name)}, added {version.added}]]{_proof_line(version)}"
            f"{_change_line(version)}",
            width="stretch",
        )
        if version.is_live or not endpoint.is_alive:
            return
        if version.is_previous:
            _draw_roll_back(endpoint, operations)
            return
        if version.proof is not None and st.button(
            "Is it better?", key=f"compare-{endpoint.id}-{version.number}", icon=":material/balance:"
        ):
            with guard(safe=_UNCHANGED), st.spinner("Both predict the rows whose outcomes came since…"):
                state.keep(
                    _COMPARED,
                    (endpoint.id, version.number, operations.compare(endpoint.name, version.number)),
                )
        promotes = permitted_button(
            "Promote",
            action="endpoints.promote",
            key=f"promote-{endpoint.id}-{version.number}",
            icon=":material/publish:",
            disabled=bool(version.blocked),
        )
    *compared, sentence = state.stored(_COMPARED, ("", 0, ""))
    if compared == [endpoint.id, version.number]:
        st.markdown(literal(sentence))
    for note in filter(None, (version.blocked, version.broken)):
        st.caption(literal(note))
    because = _draw_reason(version, endpoint) if version.takes_reason and not version.blocked else ""
    if promotes:
        with guard(safe=_UNCHANGED), st.spinner("Switching versions; no request is lost…"):
            operations.promote(endpoint.name, version.number, because)
            st.rerun()


def _draw_reason(version: EndpointVersionView, endpoint: EndpointView) -> str:
    return st.text_input(
        "Why it should answer anyway"
        if version.broken
        else "Your reason, unless outcomes show that it is better",
        key=f"because-{endpoint.id}-{version.number}",
        max_chars=400,
        help="Your reason is recorded with your name, and shown beside the version.",
    ).strip()


def _change_line(version: EndpointVersionView) -> str:
    return f"  \n:small[:gray[{literal(version.change)}]]" if version.change else ""


def _proof_line(version: EndpointVersionView) -> str:
    proof = version.proof
    return "" if proof is None else f"  \n:small[{state_text(proof.word, proof.icon, proof.tone)}]"


@st.fragment
def _draw_try(endpoint: EndpointView, operations: EndpointOperations, *, ask: Ask) -> None:
    st.markdown("**Try it**")
    with guard():
        with st.spinner("Reading a real row to start from…"):
            rows = operations.rows()
        fields = present_fields(operations.columns, rows.row(0), examples=rows.columns)
        with st.form(f"form.try.{endpoint.id}"):
            values = draw_row_form(fields, key=f"try.{endpoint.id}")
            key = ""
            if endpoint.needs_key:
                key = st.text_input("Its API key", type="password", key=f"try.{endpoint.id}.key")
            is_submitted = st.form_submit_button("Ask the endpoint", type="primary", icon=":material/send:")
        if is_submitted:
            with st.spinner("Asking…"):
                state.keep("try.answer", (endpoint.id, ask(endpoint.url, values, key)))
    stored_id, answer = state.stored("try.answer", ("", None))
    if stored_id == endpoint.id and answer is not None:
        _draw_tried(answer)


def _draw_tried(tried: TriedBundleView) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.metric("The endpoint's answer", literal(tried.answer))
        if tried.sure:
            st.markdown(f"with a probability of **{tried.sure}**")
        if tried.certainty:
            st.markdown(literal(tried.certainty))
        st.caption(tried.duration)
    with right, st.expander("The answer as programs see it"):
        st.code(tried.raw, language="json", height=240)
