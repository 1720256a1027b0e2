"""Pages that other machines reach open only where somebody said that they may."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from litmus_core.serving import OPEN_VARIABLE
from tests.app.visit import ROOT


@pytest.mark.parametrize(("address", "word", "opens"), [
    ("127.0.0.1", "", True), ("0.0.0.0", "", False), (None, "", False), ("0.0.0.0", "1", False),
])  # fmt: skip
def test_the_studio_opens_beyond_this_machine_only_with_a_word(
    seeded: object, monkeypatch: pytest.MonkeyPatch, address: str | None, word: str, opens: bool
) -> None:
    of = st.get_option
    monkeypatch.setattr(st, "get_option", lambda key: address if key == "server.address" else of(key))
    monkeypatch.setenv(OPEN_VARIABLE, word)

    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60).run()

    refused = [
        each.value for each in app.warning if "--open-to-network" in each.value or "--sign-in" in each.value
    ]
    assert (refused == []) is opens
    assert not app.exception
