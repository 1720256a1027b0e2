"""Columns made of columns: what each makes, that it is traced, and its message for invalid parameters."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from litmus_core.builtin_preprocessors import (
    KNOWN_COLUMNS,
    Counts,
    Crosses,
    Pairs,
    RoundDates,
    crosses_of,
    groups_in,
    pairs_of,
    reference_of,
)
from litmus_core.engine._preprocess import fit_preprocessing
from litmus_core.plugins import copy_parts
from litmus_core.types import PluginRef
from tests.engine.conftest import COLUMNS, table

NAMES = [each.name for each in COLUMNS]


def _parts(folder):
    given = {
        "Crosses": (("columns", "count + label text + target, count"),),
        "Pairs": (("columns", 'count, width "in" [mm]'),),
    }
    asked = [
        PluginRef(point="preprocess", reference=reference_of(name), parameters=given.get(name, ()))
        for name in KNOWN_COLUMNS
    ]
    return copy_parts(asked, base=folder, to=folder / "modules")


def test_all_of_them_become_part_of_the_model(tmp_path):
    frame, answers = table(200), pd.Series(np.arange(200) % 2, name="answer")

    found, ready = fit_preprocessing(
        _parts(tmp_path),
        columns=COLUMNS,
        train=frame[NAMES],
        target=answers,
        folder=tmp_path,
        seed=0,
        deadline=time.time() + 60,
    )

    assert found.why_coded == ""
    assert [note.split(" became")[0] for note in found.notes] == list(KNOWN_COLUMNS)
    assert list(ready.columns[len(NAMES) :]) == [
        "label text, how frequent",
        "count & label text & target",
        "count as a name",
        'count / width "in" [mm]',
        'count - width "in" [mm]',
        *(f"when in {circle}, {axis}" for circle in ("year", "week") for axis in "xy"),
    ]
    assert not (tmp_path / "modules").exists()  # nothing is copied: Litmus has them


def test_the_last_day_of_a_year_lies_beside_the_first_and_sunday_beside_monday():
    frame = pd.DataFrame({"at": pd.to_datetime(["2023-12-31", "2024-01-01", "2024-07-01", None])})
    step = RoundDates()
    step.fit(frame, None)
    made = step.transform(frame)
    circle = made[["at in year, x", "at in year, y"]].to_numpy()
    assert np.linalg.norm(circle[0] - circle[1]) < 0.03
    assert np.linalg.norm(circle[0] - circle[2]) > 1.9
    assert np.isnan(circle[3]).all()
    week = made[["at in week, x", "at in week, y"]].to_numpy()
    assert np.linalg.norm(week[0] - week[1]) == pytest.approx(2 * np.sin(np.pi / 7))
    assert "at in day, x" not in made
    frame["at"] += pd.Timedelta(hours=6)
    step.fit(frame, None)
    assert step.transform(frame)["at in day, x"][0] == pytest.approx(1.0)


def test_values_that_training_did_not_hold_count_as_none():
    step = Counts()
    step.fit(pd.DataFrame({"a": list("xxxyyz"), "id": list("123456")}), None)
    made = step.transform(pd.DataFrame({"a": ["x", "new", None], "id": ["1", "2", "3"]}))
    assert made["a, how frequent"].tolist() == [pytest.approx(np.log(4)), 0.0, 0.0]
    assert "id, how frequent" not in made


def test_missing_values_cross_as_one_more_value():
    frame = pd.DataFrame({"a": [1.0, None, 2.5], "b": ["x", "x", None]})
    step = Crosses(columns="a + b, a")
    step.fit(frame, None)
    made = step.transform(frame)
    assert made["a & b"].tolist() == ["1.0 & x", " & x", "2.5 & "]
    assert made["a as a name"].tolist() == ["1.0", "", "2.5"]


@pytest.mark.parametrize("groups", [[["a, b", "c"]], [["a+b"], ["c"]], [["[a"], ["c"]], [[" a", "b"]]])
def test_names_of_crosses_with_signs_are_read_again(groups):
    assert groups_in(crosses_of(groups)) == groups


def test_a_list_of_names_is_each_a_name():
    assert groups_in('["a", ["b", "c"]]') == [["a"], ["b", "c"]]


def test_names_with_commas_are_read_again():
    frame = pd.DataFrame({"a, b": [1.0], "c": [2.0]})
    step = Pairs(columns=pairs_of(["a, b", "c"]))
    step.fit(frame, None)
    assert step.transform(frame)["a, b / c"].tolist() == [0.5]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (RoundDates(), "there is no column of dates"),
        (Counts(), "there is no category with three values or more"),
        (Pairs(columns="a, b"), "there is no column of numbers called 'b'"),
        (Pairs(columns="a"), "a pair needs two columns"),
        (Pairs(columns="[a"), "not a JSON list of names"),
        (Crosses(), "a cross needs columns"),
        (Crosses(columns="a + c"), "there is no column of numbers or categories called 'c'"),
        (Crosses(columns='[["a", "b"]'), "not a JSON list of names"),
        (Crosses(columns="[3]"), "not a JSON list of names"),
    ],
)
def test_what_cannot_be_made_of_a_table_is_said(step, said):
    with pytest.raises(ValueError, match=said):
        step.fit(pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}), None)
