"""What layouts took is kept for the next start, and only believed where it fits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from litmus_core.frame import FramePlan
from litmus_core.frame._layouts import calibration
from litmus_core.frame._layouts.selection import Line
from tests.frame.raw_columns import SIZE, TITLE

ROWS = [{"size": 1.0, "title": "A b"}, {"size": None, "title": None}] * 3
RECORDS = "records"


def plan(step: float = 1.0, *, upper: bool = False) -> FramePlan:
    return FramePlan(
        [SIZE, TITLE],
        lambda frame: frame.assign(
            size=frame["size"] + step,
            title=frame["title"].str.upper() if upper else frame["title"].str.lower(),
        ),
    )


def calibrated(folder: Path, made: FramePlan | None = None, **settings: Any) -> str:
    """Calibrate as a new start would, and return what is said of it."""
    made = made or plan()
    made.calibrate(ROWS, folder=folder, **settings)
    return made.explain(ROWS).source


def altered(folder: Path, **changed: Any) -> Path:
    [file] = folder.iterdir()
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))
    return file


def test_the_next_start_takes_what_was_measured(tmp_path: Path) -> None:
    assert calibrated(tmp_path) == "measured on rows at hand"
    file = altered(
        tmp_path, forms={RECORDS: {"record": [9, 9, 9], "columns": [1, 1, 1], "polars": [5, 0, 0]}}
    )
    before = file.read_text()

    again = plan()

    assert calibrated(tmp_path, again).startswith("measured here on 20")
    assert [again.explain(ROWS[:n]).layout for n in (1, 6)] == ["columns", "polars"]
    assert file.read_text() == before


def test_measuring_again_is_asked_for(tmp_path: Path) -> None:
    calibrated(tmp_path)

    assert calibrated(tmp_path, again=True) == "measured on rows at hand"


def test_what_a_fit_learned_does_not_matter_and_what_is_done_does(tmp_path: Path) -> None:
    calibrated(tmp_path)

    assert calibrated(tmp_path, plan(2.0)).startswith("measured here on")
    assert calibrated(tmp_path, plan(upper=True)) == "measured on rows at hand"
    assert len(list(tmp_path.iterdir())) == 2


def test_each_form_is_kept_beside_the_others(tmp_path: Path) -> None:
    columns = {"size": [1.0, 2.0], "title": ["a", "b"]}
    calibrated(tmp_path)
    plan().calibrate(columns, folder=tmp_path)

    made = plan()
    made.calibrate(columns, folder=tmp_path)

    assert made.explain(columns).source.startswith("measured here on")
    assert calibrated(tmp_path).startswith("measured here on")


@pytest.mark.parametrize(
    "changed",
    [
        {"made_on": {"processor": "another"}},
        {"forms": {}},
        {"forms": {RECORDS: {"record": [1, 1, 1]}}},
        {"forms": {RECORDS: {"record": [1, 1, 1], "columns": [1, 1, 1], "sideways": [1, 1, 1]}}},
    ],
)
def test_what_does_not_fit_is_measured_and_replaced(tmp_path: Path, changed: dict[str, Any]) -> None:
    calibrated(tmp_path)
    altered(tmp_path, **changed)

    assert calibrated(tmp_path) == "measured on rows at hand"
    assert calibrated(tmp_path).startswith("measured here on")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b"3", b'{"made_on": {}}', b'{"made_on": {}, "forms": []}',
     b'{"made_on": {}, "forms": {"records": {"record": [1, NaN, 1]}}}',
     b'{"made_on": {}, "forms": {"records": {"record": [-1, 1, 1]}}}',
     b'{"made_on": {}, "forms": {"records": {"record": [1, 1]}}}'],
)  # fmt: skip
def test_a_damaged_file_is_said_and_replaced(tmp_path: Path, content: bytes) -> None:
    calibrated(tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(content)

    assert calibrated(tmp_path) == f"measured on rows at hand, as '{file}' was not readable"
    assert calibrated(tmp_path).startswith("measured here on")


def test_a_folder_that_cannot_be_written_is_said_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = calibrated(tmp_path / "file" / "folder")

    assert said.startswith("measured on rows at hand, ")
    assert "and not kept: '" in said
    assert "cannot be written (Not a directory)" in said


def test_by_itself_it_is_kept_in_the_persons_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    plan().calibrate(ROWS)

    assert [each.parent for each in tmp_path.rglob("*.json")] == [tmp_path / "litmus" / "frame"]


def test_a_line_is_two_numbers_that_a_clock_can_have_given() -> None:
    assert calibration._line([1, 2.5, None]) == Line(1, 2.5)
    assert calibration._line([1, 2.5, 3]).at(110) == 1 + 250 + 30
