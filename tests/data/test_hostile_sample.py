"""A few of the hostile files and odd numbers that ``benchmarks.hostile`` and ``benchmarks.numbers`` have."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks._hostile_files import in_a_child, silent_changes, try_files
from benchmarks._hostile_makers import MAKERS, Reference
from benchmarks._number_cases import FIXED, STYLES, number_case
from benchmarks.numbers import read_case


@pytest.mark.parametrize("kind", MAKERS)
def test_hostile_files_end_in_words_or_in_what_is_there(kind: str) -> None:
    found = try_files(kind, 0, 4)

    assert found["files"] == 4
    assert found["imported"] >= 1
    assert (found["tracebacks"], found["changes"]) == ([], [])


def test_a_changed_cell_and_a_lost_column_are_seen(tmp_path: Path) -> None:
    reference = MAKERS["json"](random.Random(0), tmp_path)
    assert reference is not None
    there = Reference(["a", "b"], [[1, "x"], [2**53 + 1, "y"]])

    assert silent_changes(there, {"a": [1, 2**53 + 1], "b": ["x", "y"]}, ()) == []
    assert (
        silent_changes(there, {"a": [1, 2.0**53], "b": ["x", "y"]}, ("1 number in 'a' was rounded.",)) == []
    )
    assert len(silent_changes(there, {"a": [1, 2.0**53], "b": ["x", "y"]}, ())) == 1
    assert silent_changes(there, {"a": [1, 2]}, ()) == ["another number of columns"]


def test_damaged_statistics_of_parquet_do_not_end_the_process() -> None:
    """Seed 39 has sizes in its statistics that pyarrow ends the process for."""
    assert in_a_child("parquet", 39, 40)["tracebacks"] == []


@pytest.mark.parametrize("style", STYLES)
def test_numbers_are_read_as_they_are_meant(style: str) -> None:
    outcome = read_case(number_case(style, 100))

    assert outcome["right"] or outcome["is_open"]
    assert not outcome["wrong"]
    assert not outcome["differs"]


@pytest.mark.parametrize("case", FIXED, ids=lambda case: case.cells[0])
def test_open_marks_and_shorthand_are_never_silently_wrong(case: object) -> None:
    outcome = read_case(case)  # type: ignore[arg-type]

    assert outcome["right"] or outcome["is_open"]
    assert not outcome["wrong"]
    assert not outcome["differs"]
