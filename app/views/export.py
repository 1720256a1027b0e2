"""Draw Export: put the model to work, score a file, take it along; what was exported, what is answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import streamlit as st

from app import state
from app.components import heading
from app.errors import guard
from app.presenters.export import BundleView, EndpointView, ExportView, TriedView
from app.presenters.markdown import literal
from app.presenters.what_if import present_fields
from app.views.row_form import draw_row_form
from app.views.scoring import Chosen, ScoringBench, draw_chooser, draw_scorings
from litmus_core.diagnostics import Plain
from litmus_core.types import Column

__all__ = ["Bench", "Pick", "draw_export"]

_UNCHANGED = "Nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Put another model to work."""

    candidate_id: str


class _Rows(Protocol):
    @property
    def columns(self) -> Mapping[str, Sequence[Plain]]: ...

    def row(self, at: int) -> dict[str, Plain]: ...


class Bench(ScoringBench, Protocol):
    """What the page can do with the picked model; each raises a LitmusError in words."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns that a row needs."""
        ...

    def rows(self) -> _Rows:
        """Real rows to start from."""
        ...

    def build(self) -> str:
        """Return the id of the picked model's bundle, building it if there is none."""
        ...

    def deploy(self, bundle_id: str, /) -> None:
        """Serve a bundle on this computer."""
        ...

    def stop(self, endpoint_id: str, /) -> None:
        """Stop serving."""
        ...

    def delete(self, bundle_id: str, /) -> None:
        """Remove a bundle's file."""
        ...

    def score(self, bundle_id: str, chosen: Chosen, /) -> None:
        """Begin to answer every row of a file."""
        ...


Ask = Callable[[str, Mapping[str, Plain]], TriedView]


def draw_export(view: ExportView, bench: Bench, *, ask: Ask, answers: Callable[[str], bool]) -> Pick | None:
    """Draw the page; ``ask`` puts a row to an endpoint, ``answers`` says whether one is healthy."""
    heading("Export", f"**{literal(view.name)}**  \nPut it to work.")
    picked = _draw_picker(view)
    work, score, take = st.tabs(["Answer requests", "Score a file", "Take it along"], key="export.tabs")
    with work:
        _draw_deploy(view, bench, ask=ask, answers=answers)
    with score:
        _draw_score(view, bench)
    with take:
        _draw_bundle(view, bench)
    if view.endpoints:
        _draw_endpoints(view.endpoints, bench)
    if view.bundles:
        _draw_bundles(view.bundles, bench)
    return picked


def _draw_picker(view: ExportView) -> Pick | None:
    labels = {choice.id: choice.label for choice in view.choices}
    ids = list(labels)
    chosen = st.selectbox(
        "Model",
        ids,
        index=ids.index(view.picked.id),
        format_func=lambda each: labels[each],
        key=f"export.model.{view.picked.id}",
        width=420,
    )
    st.caption(view.picked.facts)
    if view.picked.note:
        st.warning(literal(view.picked.note), icon=":material/info:")
    return Pick(candidate_id=chosen) if chosen != view.picked.id else None


def _build(bench: Bench, view: ExportView) -> str:
    """Build the bundle if there is none, saying so."""
    if view.bundle is None:
        st.write("Building the bundle and checking that it answers as the model does…")
    return bench.build()


def _draw_deploy(view: ExportView, bench: Bench, *, ask: Ask, answers: Callable[[str], bool]) -> None:
    endpoint = view.endpoint
    if endpoint is None:
        st.markdown(
            "Starts a service on **this computer** that answers other programs over HTTP. "
            "It goes on when you close this page, until you stop it."
        )
        if st.button("Deploy", type="primary", key="deploy", icon=":material/rocket_launch:"):
            with guard(safe="The model is unchanged."), st.status("Putting it to work…", expanded=True):
                bundle_id = _build(bench, view)
                st.write("Starting the service and waiting for its first answer…")
                bench.deploy(bundle_id)
                st.rerun()
        return
    healthy = answers(endpoint.url)
    with st.container(border=True, key="endpoint", gap="small"):
        if healthy:
            st.markdown(f":green[:material/check_circle: **Answering**] at [{endpoint.url}]({endpoint.url})")
        else:
            st.markdown(f":orange[:material/hourglass_top: **Not answering now**] at {endpoint.url}")
        st.caption(
            f"{literal(endpoint.name)}, started {endpoint.since}. Its own documentation: {endpoint.url}/docs"
        )
    _draw_try(view, bench, endpoint, ask=ask)
    st.markdown("**Call it from your own program**")
    for tab, snippet in zip(st.tabs([each.title for each in view.snippets]), view.snippets, strict=True):
        with tab:
            st.code(snippet.text, language=snippet.language, wrap_lines=True)


@st.fragment
def _draw_try(view: ExportView, bench: Bench, endpoint: EndpointView, *, ask: Ask) -> None:
    st.markdown("**Try it**")
    if state.kept("try.open", "") != endpoint.id:
        st.button(
            "Fill in a row",
            key="try.begin",
            icon=":material/tune:",
            on_click=state.keep,
            args=("try.open", endpoint.id),
        )
        return
    with guard():
        with st.spinner("Reading a real row to start from…"):
            rows = bench.rows()
        fields = present_fields(bench.columns, rows.row(0), examples=rows.columns)
        with st.form(f"form.try.{endpoint.id}"):
            values = draw_row_form(fields, key=f"try.{endpoint.id}")
            asked = st.form_submit_button("Ask the endpoint", type="primary", icon=":material/send:")
        if asked:
            with st.spinner("Asking…"):
                state.keep("try.answer", (endpoint.id, ask(endpoint.url, values)))
    kept_id, answer = state.kept("try.answer", ("", None))
    if kept_id == endpoint.id and answer is not None:
        _draw_tried(answer)


def _draw_tried(tried: TriedView) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.metric("The endpoint's answer", literal(tried.answer))
        if tried.sure:
            st.markdown(f"with a probability of **{tried.sure}**")
        st.caption(tried.took)
    with right, st.expander("The answer as programs see it"):
        st.code(tried.raw, language="json", height=240)


def _draw_score(view: ExportView, bench: Bench) -> None:
    chosen = draw_chooser(view.target)
    if chosen is not None:
        with guard(safe="Your file is unchanged."), st.status("Beginning…", expanded=True):
            bench.score(_build(bench, view), chosen)
            st.rerun()
    draw_scorings(bench, download=_download)


def _draw_bundle(view: ExportView, bench: Bench) -> None:
    st.markdown(
        "A bundle is one file that holds all it takes to answer: on another computer, without Litmus's app."
    )
    bundle = view.bundle
    if bundle is None:
        if st.button("Build the bundle", type="primary", key="build", icon=":material/inventory_2:"):
            with guard(safe="The model is unchanged."), st.status("Building…", expanded=True):
                _build(bench, view)
                st.rerun()
    else:
        path = Path(bundle.path)
        if path.is_file():
            _download(f"Download {bundle.size}", path, bundle.file_name, key="bundle.download")
        st.caption(f"{literal(bundle.file_name)}, made {bundle.made}, fingerprint {bundle.fingerprint}…")
        _draw_use(bundle)
    with st.expander("What is in it", expanded=True, icon=":material/inventory_2:"):
        st.markdown("\n".join(f"- **{what}**: {how}" for what, how in view.contents))
        st.markdown("**Before you pass it on**\n" + "\n".join(f"- {note}" for note in view.notes))


def _draw_use(bundle: BundleView) -> None:
    with st.expander("Use it without this app", icon=":material/terminal:"):
        name = bundle.file_name
        st.code(f"litmus predict {name} rows.csv --to answers.csv\nlitmus serve {name}", language="bash")
        st.code(
            f'from litmus_core import load_bundle\n\nbundle = load_bundle("{name}")\nbundle.predict(rows)',
            language="python",
        )


def _download(label: str, path: Path, file_name: str, *, key: str) -> None:
    """Offer a file that is read only when somebody downloads it."""
    st.download_button(
        label,
        data=lambda: path.open("rb"),
        file_name=file_name,
        key=key,
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def _draw_endpoints(endpoints: tuple[EndpointView, ...], bench: Bench) -> None:
    st.subheader("Answering on this computer", anchor=False)
    for endpoint in endpoints:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ep-{endpoint.id}"):
            st.markdown(
                f"**{literal(endpoint.name)}** at [{endpoint.url}]({endpoint.url})  \n"
                f":small[since {endpoint.since}]"
            )
            if st.button("Stop", key=f"stop-{endpoint.id}", icon=":material/stop_circle:"):
                with guard(safe=_UNCHANGED), st.spinner("Stopping…"):
                    bench.stop(endpoint.id)
                    st.rerun()


def _draw_bundles(bundles: tuple[BundleView, ...], bench: Bench) -> None:
    st.subheader("Bundles of this experiment", anchor=False)
    event = st.dataframe(
        {
            "Model": [each.name for each in bundles],
            "Made": [each.made for each in bundles],
            "Size": [each.size for each in bundles],
            "File": [each.path if each.is_there else "no longer there" for each in bundles],
            "Fingerprint": [each.fingerprint for each in bundles],
        },
        hide_index=True,
        key="bundles",
        height="content" if len(bundles) <= 8 else 318,
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = event["selection"]["rows"]
    if not rows or rows[0] >= len(bundles):
        st.caption("Select a line to delete its file.")
        return
    bundle = bundles[rows[0]]
    if st.button(f"Delete {literal(bundle.file_name)}", key="bundle.delete", icon=":material/delete:"):
        with guard(safe=_UNCHANGED):
            bench.delete(bundle.id)
            st.rerun()
