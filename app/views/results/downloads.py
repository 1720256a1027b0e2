"""Draw the downloads: the bundle, its other formats, and all exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import streamlit as st

from app.components import name_width, permitted_button
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.bundle_forms import FormView
from app.presenters.shipping.export import BundleView, ExportView

__all__ = ["DownloadOperations", "download", "draw_bundles", "draw_downloads"]


class DownloadOperations(Protocol):
    """Operations on bundles; each may raise a LitmusError."""

    def build(self) -> str:
        """Return the id of the picked model's bundle, building it if there is none."""
        ...

    def make(self, bundle_id: str, form: str, /) -> None:
        """Export a bundle in another format."""
        ...

    def delete(self, bundle_id: str, /) -> None:
        """Remove a bundle's file."""
        ...


def draw_downloads(view: ExportView, operations: DownloadOperations) -> None:
    """Draw the selected model's bundle, or the button that builds it, and other formats."""
    st.markdown(
        "A bundle is one file with all that is needed to predict on another computer, without the Litmus app."
    )
    bundle = view.bundle
    if bundle is None:
        if permitted_button(
            "Build the bundle",
            type="primary",
            action="bundles.export",
            key="build",
            icon=":material/inventory_2:",
        ):
            with guard(safe="The model is unchanged."), st.status("Building…", expanded=True):
                operations.build()
                st.rerun()
    else:
        path = Path(bundle.path)
        if path.is_file():
            download(f"Download {bundle.size}", path, bundle.file_name, key="bundle.download")
        st.caption(f"{literal(bundle.file_name)}, made {bundle.exported}, fingerprint {bundle.fingerprint}…")
        _draw_use(bundle)
        _draw_forms(bundle, view.forms, operations)
    with st.expander("What is in it", expanded=bundle is None, icon=":material/inventory_2:"):
        st.markdown("\n".join(f"- **{title}**: {how}" for title, how in view.contents))
        st.markdown("**Before you pass it on**\n" + "\n".join(f"- {note}" for note in view.notes))


def _draw_forms(bundle: BundleView, forms: Sequence[FormView], operations: DownloadOperations) -> None:
    st.markdown("**In other forms**")
    for form in forms:
        with st.container(border=True, key=f"form-{form.key}", gap="small"):
            st.markdown(f"**{form.title}**  \n{form.sentence}")
            if form.path is not None:
                download(f"Download {form.size}", form.path, form.path.name, key=f"form.download.{form.key}")
            elif permitted_button(
                f"Make {form.title}",
                action="bundles.export_as",
                key=f"form.make.{form.key}",
                icon=":material/inventory_2:",
            ):
                with guard(safe="The bundle is unchanged."), st.spinner("Writing it…"):
                    operations.make(bundle.id, form.key)
                    st.rerun()


def _draw_use(bundle: BundleView) -> None:
    with st.expander("Use it without this app", icon=":material/terminal:"):
        name = bundle.file_name
        st.code(f"litmus predict {name} rows.csv --to answers.csv\nlitmus serve {name}", language="bash")
        st.code(
            f'from litmus_core import load_bundle\n\nbundle = load_bundle("{name}")\nbundle.predict(rows)',
            language="python",
        )


def download(label: str, path: Path, file_name: str, *, key: str) -> None:
    """Draw a download button whose file is only read when somebody presses it."""
    st.download_button(
        label,
        data=lambda: path.open("rb"),
        file_name=file_name,
        key=key,
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def draw_bundles(bundles: Sequence[BundleView], operations: DownloadOperations) -> None:
    """Draw every bundle of the experiment in a folded section; a selected one can be deleted."""
    folded = st.expander(
        "Bundles of this experiment", icon=":material/inventory_2:", key="bundles.folded", on_change="rerun"
    )
    if folded.open:
        with folded:
            _draw_bundles(bundles, operations)


def _draw_bundles(bundles: Sequence[BundleView], operations: DownloadOperations) -> None:
    event = st.dataframe(
        {
            "Model": [view.name for view in bundles],
            "Made": [view.exported for view in bundles],
            "Size": [view.size for view in bundles],
            "File": [view.path if view.is_there else "no longer there" for view in bundles],
            "Fingerprint": [view.fingerprint for view in bundles],
        },
        column_config={
            "Model": st.column_config.TextColumn(width=name_width([view.name for view in bundles]))
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
    if permitted_button(
        f"Delete {literal(bundle.file_name)}",
        action="bundles.delete",
        key="bundle.delete",
        icon=":material/delete:",
    ):
        with guard(safe="Nothing was changed."):
            operations.delete(bundle.id)
            st.rerun()
