"""Durations as clocks show them, flags, second values in brackets and areas: the number that is meant."""

from __future__ import annotations

import math
from typing import Any

import pytest

from litmus_core.data import read_rows
from litmus_core.frame import read_rows as read_dicts
from litmus_core.store import Workspace
from tests.data.test_units import Importer, table


@pytest.mark.parametrize(
    ("cells", "values", "written_as"),
    [
        (
            ("110 kW (150 PS)", "66 kW (90 PS)", "7 kW (10 PS)"),
            [110.0, 66.0, 7.0],
            "unit kW; then second in brackets",
        ),
        (
            ("0", "3 (2d ago)", "12 (118d ago)", "7 (5h12m ago)"),
            [0.0, 3.0, 12.0, 7.0],
            "then second in brackets",
        ),
        (("63.2 [62.1-64.3]", "78.0 [77.2-78.7]", "9 [8-10]"), [63.2, 78.0, 9.0], "then second in brackets"),
        (
            ("5'11 (180 cm)", "6'2 (188 cm)", "5'9 (175 cm)"),
            [71.0, 74.0, 69.0],
            "unit ft and in; then second in brackets",
        ),
        (("5 Marla", "1 Kanal", "3.5 Marla"), [5.0, 20.0, 3.5], "unit Kanal and Marla"),
        (("2 Bigha 5 Biswa", "7 Biswa", "1 Bigha"), [45.0, 7.0, 20.0], "unit Bigha and Biswa"),
        (("250 sq yd", "100 Gaz", "900 sq ft"), [2250.0, 900.0, 900.0], "unit sq yd and sq ft"),
        (("2 weeks", "3 months", "1 year", "5 days"), [14.0, 91.3125, 365.25, 5.0], "unit years to days"),
        (("36:24", "5:09", "0:47"), [2184.0, 309.0, 47.0], "unit mm:ss"),
        (("1:25.187", "0:59.5", "1:26.25"), [85.187, 59.5, 86.25], "unit h:mm:ss"),
        (("00:52:31", "125:07:10", "1:00"), [3151.0, 450430.0, 60.0], "unit h:mm:ss"),
        (("0 days 00:52:31", "1 days 02:00:00", "00:00:01.5"), [3151.0, 93600.0, 1.5], "unit h:mm:ss"),
        (("12,3", "15,0E", "9,9", "7,2"), [12.3, 15.0, 9.9, 7.2], "decimal comma; then flags glued: E"),
        (("12.3", "15.0r", "9.9", "7.2x", "4.4"), [12.3, 15.0, 9.9, 7.2, 4.4], "then flags glued: r,x"),
        (("54", "57s", "61", "58s"), [54.0, 57.0, 61.0, 58.0], "then flags glued: s"),
    ],
)
def test_what_stands_behind_numbers_is_read_or_left_out_and_said(
    workspace: Workspace, imported: Importer, cells: tuple[str, ...], values: list[float], written_as: str
) -> None:
    version = imported(table("x", cells))

    assert read_rows(workspace, version)["x"].tolist() == values
    assert version.columns[0].written_as == written_as
    assert "' was read as " in version.notes[0]
    rows: list[Any] = [{"x": cell} for cell in cells]
    assert read_dicts(rows, version.columns[:1])["x"].tolist() == values


def test_letters_of_debits_are_never_dropped_as_flags(workspace: Workspace, imported: Importer) -> None:
    cells = ("1234.56D", "500.00", "20.10", "99.90D", "12.00")
    version = imported(table("balance", cells))

    assert read_rows(workspace, version)["balance"].tolist() == list(cells)


def test_the_null_of_databases_is_missing_among_durations(workspace: Workspace, imported: Importer) -> None:
    version = imported(table("q2", ("1:25.187", "\\N", "1:26.25", "0:59.5")))

    values = read_rows(workspace, version)["q2"].tolist()
    assert [values[0], *values[2:]] == [85.187, 86.25, 59.5]
    assert math.isnan(values[1])


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Avg Pace", "mm:ss"), ("duration", "mm:ss"), ("Spieldauer", "mm:ss"), ("durée", "mm:ss"),
     ("duração (min)", "mm:ss"), ("所要時間", "mm:ss"), ("hours_worked", "h:mm"), ("Arbeitszeit", "h:mm")],
)  # fmt: skip
def test_times_are_durations_where_the_name_says_so(imported: Importer, name: str, unit: str) -> None:
    version = imported(table(name, ("5:14", "5:47", "4:58", "--")))

    assert version.columns[0].written_as == f"unit {unit}"
    assert "in seconds" in version.notes[0]


def test_times_that_may_be_of_the_day_stay_and_the_note_says_how_to_read_them(imported: Importer) -> None:
    version = imported(table("Time", ("08:14:52", "23:59:04", "00:12:40")))

    assert version.columns[0].storage == "VARCHAR"
    assert "as in 'Time duration': then they are read as seconds" in version.notes[0]
    assert imported(table("score", ("28:25", "31:30", "24:22"))).columns[0].storage == "VARCHAR"


@pytest.mark.parametrize(
    "cells",
    [("12B", "7", "15", "11A"), ("36.5C", "98.1F", "36.9", "37.0", "36.4"), ("5.2k", "4.1", "3.3", "2.2")],
)
def test_letters_that_are_no_flags_are_not_left_out(imported: Importer, cells: tuple[str, ...]) -> None:
    assert "flags" not in imported(table("x", cells)).columns[0].written_as


def test_a_word_for_missing_among_durations_is_not_nought(workspace: Workspace, imported: Importer) -> None:
    cells = ("36:24", "34:07", "41:55", "28:13", "12:40", "5:09", "0:47", "Did Not Play")

    version = imported(table("MP", cells))

    assert read_rows(workspace, version)["MP"].isna().tolist() == [*[False] * 7, True]
    assert math.isnan(read_dicts([{"MP": cells[-1]}], version.columns[:1])["MP"][0])


def test_letters_behind_counts_are_millions_and_metres_elsewhere(
    workspace: Workspace, imported: Importer
) -> None:
    cells = ("475.8m", "366.2m", "34.9m")

    counts, depths = imported(table("avg_likes", cells)), imported(table("depth", cells))

    assert read_rows(workspace, counts)["avg_likes"].tolist() == [475.8e6, 366.2e6, 34.9e6]
    assert "'475.8m' was read as 475800000" in counts.notes[0]
    assert read_rows(workspace, depths)["depth"].tolist() == [475.8, 366.2, 34.9]


@pytest.mark.parametrize("cells", [("(2.9M)", "2M", "867K"), ("($5.00)", "$6.00", "($7.50)")])
def test_some_brackets_are_signs(workspace: Workspace, imported: Importer, cells: tuple[str, ...]) -> None:
    version = imported(table("x", cells))

    assert version.columns[0].storage == "VARCHAR" or min(read_rows(workspace, version)["x"]) < 0


@pytest.mark.parametrize("others", [(), ("Undetermined",)])
def test_points_of_numbers_of_one_width_are_decimal_marks(
    workspace: Workspace, imported: Importer, others: tuple[str, ...]
) -> None:
    cells = ("24.813", "24.902", "31.046", "35.610", "18.337", "22.158", *others)

    version = imported(table("Cт", cells))

    assert read_rows(workspace, version)["Cт"].tolist()[:4] == [24.813, 24.902, 31.046, 35.61]
    assert "they could also stand between thousands" in version.notes[0]
    rounds = imported(table("n", ("1.500", "12.750", "3.000")))
    assert read_rows(workspace, rounds)["n"].tolist() == [1500.0, 12750.0, 3000.0]
