"""A scored CSV opens in a spreadsheet without running what somebody wrote into its cells."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from litmus_core import load_bundle
from litmus_core.deploy import score_file
from litmus_core.runtime import Bundle
from litmus_core.types import safe_cell
from tests import tiny


@pytest.fixture
def model(tmp_path: Path) -> Bundle:
    tiny.bundle(tmp_path / "bundle")
    return load_bundle(tmp_path / "bundle")


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


ROWS = "size,zip,day,new,=note\n-1.5,=cmd|' /C calc'!A0,,,@SUM(A1)\n2,+a,,,-2+3\n3,plain,,,\"\tx\"\n"


def test_texts_that_a_spreadsheet_would_execute_are_written_as_texts(model: Bundle, tmp_path: Path) -> None:
    (source := tmp_path / "rows.csv").write_text(ROWS)

    score_file(model, source, to := tmp_path / "answers.csv", for_spreadsheets=True)

    header, *rows = read(to)
    assert header[:6] == ["size", "zip", "day", "new", "'=note", "prediction"]
    assert [row[:5] for row in rows] == [
        ["-1.5", "'=cmd|' /C calc'!A0", "", "", "'@SUM(A1)"],
        ["2", "'+a", "", "", "'-2+3"],
        ["3", "plain", "", "", "'\tx"],
    ]


LABELS = ("(-20.000, -10.000)", "-10.000)", "=yes", "@home")


@pytest.mark.parametrize("written", ["answers.csv", "answers.parquet", "answers.sqlite"])
def test_labels_are_read_back_as_the_model_says_them(tmp_path: Path, written: str) -> None:
    tiny.bundle(tmp_path / "bundle", model=tiny.predictor(classes=LABELS))
    frame = pd.DataFrame(
        {"size": [1.0, 9.0], "zip": ["-10.000)", None], "day": [None] * 2, "new": [None] * 2}
    )
    frame.to_csv(source := tmp_path / "rows.csv", index=False)
    model = load_bundle(tmp_path / "bundle")

    score_file(model, source, to := tmp_path / written)

    if to.suffix == ".sqlite":
        with closing(sqlite3.connect(to)) as file:
            back = pd.read_sql("SELECT * FROM predictions", file)
    else:
        back = pd.read_csv(to) if to.suffix == ".csv" else pd.read_parquet(to)
    assert back["prediction"].tolist() == list(model.predict(frame)) == ["@home", "@home"]
    assert back.columns[-4:].tolist() == [f"probability {each}" for each in LABELS]
    assert back["zip"][0] == "-10.000)"


def test_a_machine_gets_them_as_they_are(model: Bundle, tmp_path: Path) -> None:
    (source := tmp_path / "rows.csv").write_text(ROWS)

    score_file(model, source, to := tmp_path / "answers.csv")

    header, *rows = read(to)
    assert header[4] == "=note"
    assert [row[4] for row in rows] == ["@SUM(A1)", "-2+3", "\tx"]


def test_texts_of_a_parquet_file_are_safe_in_csv_and_untouched_in_parquet(
    model: Bundle, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"size": [-1.5], "zip": ["=1+1"], "day": [None], "new": [None]})
    frame.to_parquet(source := tmp_path / "rows.parquet")

    score_file(model, source, text := tmp_path / "answers.csv", for_spreadsheets=True)
    score_file(model, source, typed := tmp_path / "answers.parquet")

    assert read(text)[1][:2] == ["-1.5", "'=1+1"]
    assert pd.read_parquet(typed)["zip"].tolist() == ["=1+1"]


@pytest.mark.parametrize(
    "number", ["-1", "+1", "-1.5e-3", "-1,234.5", "-12 %", "+49 30 1234", "-.5", "-", "+"]
)
def test_numbers_and_lone_signs_stay(number: str) -> None:
    assert safe_cell(number) == number


@pytest.mark.parametrize("text", ["=A1", "+A1", "-A1", "@A1", "\tx", "\rx", "-1+2", "＝1+1", "=1", "--1"])  # noqa: RUF001
def test_what_could_be_a_formula_is_a_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
