"""Frames and plans outlive the process that they were said in, and copies of them are their own."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import polars as pl
import pytest

from litmus_core.frame import FramePlan, FrameTransformer, ScalableDataFrame
from tests.frame.test_frame_plan import COLUMNS, VALUES, Pre, in_form

ROWS = [
    {"title": "A lamp", "size": 2.0, "when": datetime(2024, 1, 2)},
    {"title": None, "size": None, "when": None},
    {"title": "chair", "size": 8.0, "when": datetime(1999, 5, 6)},
]
GIVEN: dict[str, Any] = {
    "dicts": ROWS,
    "columns": {name: [row[name] for row in ROWS] for name in ROWS[0]},
    "pandas": pd.DataFrame(ROWS),
    "polars": pl.DataFrame(ROWS),
    "lazy": pl.LazyFrame(ROWS),
}


def pickled(given: Any) -> Any:
    return pickle.loads(pickle.dumps(given))


def n_letters(text: str | None) -> float:
    return float(len(text or ""))


def said(rows: Any) -> ScalableDataFrame:
    frame = ScalableDataFrame(rows)
    frame["size"] = frame["size"].fillna(frame["size"].mean())
    frame["n"] = frame["title"].map(n_letters)
    left: ScalableDataFrame = frame[frame["size"] > 3]
    return left.assign(year=left["when"].dt.year)


@pytest.mark.parametrize("again", [pickled, copy.deepcopy, copy.copy])
@pytest.mark.parametrize("form", GIVEN)
def test_a_frame_and_what_was_said_of_it_are_there_again(form: str, again: Callable[[Any], Any]) -> None:
    frame = said(GIVEN[form])

    made = again(frame)
    made["more"] = made["size"] + made["size"].max()

    assert [repr(row) for row in made.drop(columns="more").to_dicts()] == [
        repr({"title": None, "size": 5.0, "when": None, "n": 0.0, "year": float("nan")}),
        repr({"title": "chair", "size": 8.0, "when": datetime(1999, 5, 6), "n": 5.0, "year": 1999}),
    ]
    assert made[["more"]].to_dicts() == [{"more": 13.0}, {"more": 16.0}]
    assert "more" not in frame


def test_a_pickle_holds_no_answers_that_can_be_computed_again() -> None:
    frame = ScalableDataFrame({"size": [float(each) for each in range(10_000)]})
    n_before = len(pickle.dumps(frame))

    frame["size"].mean()

    assert len(pickle.dumps(frame)) == n_before


@pytest.mark.parametrize("again", [pickled, copy.deepcopy])
@pytest.mark.parametrize(
    "fitted",
    [
        lambda rows: FramePlan.fitted(Pre(), COLUMNS, rows),
        FrameTransformer(Pre(), COLUMNS).fit,
        lambda rows: ScalableDataFrame(rows).assign(size=lambda f: f["size"] * 2).to_plan(),
    ],
)
def test_a_plan_gives_the_same_again(fitted: Callable[[Any], FramePlan], again: Callable[[Any], Any]) -> None:
    rows = in_form(VALUES, "records")
    plan = fitted(rows)

    made = again(plan)

    assert repr(made.of(rows)) == repr(plan.of(rows))
    assert repr(made.of(rows[:1])) == repr(plan.of(rows[:1]))
    assert made.of(pl.DataFrame(VALUES)).equals(plan.of(pl.DataFrame(VALUES)))


def test_a_plan_leaves_behind_the_rows_that_it_was_said_of() -> None:
    few, many = (
        ScalableDataFrame({"size": [float(each) for each in range(n)]}).to_plan() for n in (1, 10_000)
    )

    assert len(pickle.dumps(many)) == len(pickle.dumps(few))
