"""What can be done with a scored file, by how far it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.presenters.shipping.scoring import ScoringView, present_scoring
from litmus_core.types import ScoringJob

ROWS = ScoringView(
    id="sc_1", file_name="rows.csv", is_running=False, can_go_on=False, headline="3 rows", doing="",
    share=None, message="", hint="", path=None, n_rows=3,
)  # fmt: skip


def page(given) -> None:
    from unittest.mock import MagicMock

    import streamlit as st

    from app.presenters.shipping.scoring import ScoringView
    from app.views.shipping.scoring import draw_scorings

    operations = MagicMock()
    operations.scorings.return_value = [ScoringView(**given)]
    operations.head.return_value = None
    draw_scorings(operations, download=lambda label, path, name, *, key: st.button(label, key=key))


def labels(**changes: Any) -> list[str]:
    given = {name: getattr(ROWS, name) for name in ROWS.__slots__} | changes
    at = AppTest.from_function(page, kwargs={"given": given}).run()
    assert not at.exception
    return [each.label for each in at.button]


def test_notes_on_columns_are_shown_with_the_answers():
    job = ScoringJob(id="sc_1", bundle_id="b", bundle="b.zip", source="rows.csv", to="o.csv", created_at="")
    job = replace(job, progress=replace(job.progress, notes=("*size*",)))
    given = {name: getattr(present_scoring(job), name) for name in ROWS.__slots__}
    at = AppTest.from_function(page, kwargs={"given": given}).run()

    assert [warning.value for warning in at.warning] == [r"\*size\*"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_running": True}, ["Stop"]),
        ({"can_go_on": True}, ["Go on", "Delete"]),
        ({"path": Path("rows.parquet")}, ["Download the answers", "Delete"]),
        ({}, ["Delete"]),
    ],
    ids=["running", "cut off", "whole", "its answers are gone"],
)
def test_answers_are_offered_once_they_are_there(changes, expected):
    assert labels(**changes) == expected
