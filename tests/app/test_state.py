"""What is in hand, in the address and beyond it."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from litmus_core.experiments import Studio
from tests.app.visit import go, text, visit

OTHER = "dv_0000000001"  # the table that the latest experiment does not ask about


@pytest.mark.parametrize("text_", ["ex_1", "ex_00000000zz", "EX_0000000001", "ex_00000000011", ""])
def test_what_has_not_the_shape_of_an_id_names_nothing(text_):
    def show() -> None:
        import streamlit as st

        from app import state

        st.text(str(state.named("experiment")))

    app = AppTest.from_function(show)
    app.query_params["experiment"] = text_
    assert app.run().text[0].value == "None"


def test_an_address_without_an_id_shows_what_was_held_last(seeded):
    app = visit("train", experiment="ex_0000000002")
    name = app.markdown[0].value
    del app.query_params["experiment"]
    assert go(go(app, "leaderboards"), "train").markdown[0].value == name


def test_a_table_taken_in_hand_comes_before_the_experiment_of_another(seeded):
    app = visit("target", experiment="ex_0000000000")
    app.query_params.clear()
    app.query_params["dataset"] = OTHER
    go(app, "data")
    app.query_params.clear()
    assert "Column to predict" in [each.label for each in go(app, "target").selectbox]
    assert "Go on to Train" not in text(app)


def test_the_browser_tab_names_the_experiment_or_the_table_first(seeded, monkeypatch):
    named: list[str] = []
    monkeypatch.setattr(st, "set_page_config", lambda page_title="", **_: named.append(page_title))
    app = visit("results", experiment="ex_0000000002")
    with Studio.open() as studio:
        asked, other = studio.experiments.get("ex_0000000002").name, studio.datasets.get(OTHER).name
    assert named[-1] == f"{asked} · Results · Litmus"
    app.query_params.clear()
    go(app, "leaderboards")
    assert named[-1] == "Leaderboards · Litmus"
    app.query_params["dataset"] = OTHER
    go(app, "data")
    assert named[-1] == f"{other} · Data · Litmus"
    visit("train", experiment="ex_ffffffffff")
    assert named[-1] == "Train · Litmus"
