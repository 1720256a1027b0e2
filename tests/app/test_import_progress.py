"""An import shows its percent while it goes on."""

from __future__ import annotations

import threading

from streamlit.testing.v1 import AppTest

GO_ON = threading.Event()


def _page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from app.controllers.import_progress import import_with_progress
    from tests.app.test_import_progress import GO_ON

    drawn = []
    progress_of = st.delta_generator.DeltaGenerator.progress

    def draw(self, share, text):
        drawn.append(text)
        GO_ON.set()
        return progress_of(self, share, text)

    st.delta_generator.DeltaGenerator.progress = draw
    try:

        def work(progress):
            progress.follow(SimpleNamespace(execute=str, query_progress=lambda: 50.0), start=0.2, end=0.6)
            GO_ON.wait(60)
            return "the table"

        st.text(import_with_progress("file", work, every_s=0.01))
        st.text(drawn[0])
    finally:
        st.delta_generator.DeltaGenerator.progress = progress_of


def test_an_import_shows_its_percent_until_it_is_done() -> None:
    GO_ON.clear()
    app = AppTest.from_function(_page).run()
    assert not app.exception
    assert [each.value for each in app.text] == ["the table", "Reading the table: 40%"]
