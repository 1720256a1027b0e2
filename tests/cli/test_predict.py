"""``litmus predict``: says how far it is, stops with a word on how to go on, and goes on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy._scoring import distributed, predict_file
from tests import tiny
from tests.cluster.pretend import pretend


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten rows, scored four at a time, beside a bundle."""
    tiny.bundle(tmp_path / "bundle")
    monkeypatch.setattr("litmus_core.runtime._files.tables._MAX_CHUNK_ROWS", 4)
    (tmp_path / "rows.csv").write_text("size,zip,day,new\n" + "1,x,,\n" * 10)
    return tmp_path / "rows.csv"


def interrupt_the_second_chunk(patch: pytest.MonkeyPatch) -> None:
    real, calls = predict_file.PredictionColumns.of, []

    def of(model: object, frame: object, **_: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(model, frame)  # type: ignore[arg-type]

    patch.setattr(predict_file.PredictionColumns, "of", of)


def test_an_interrupted_scoring_says_how_to_go_on_and_does(rows: Path) -> None:
    command = ("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out.csv"))
    with pytest.MonkeyPatch.context() as patch:
        interrupt_the_second_chunk(patch)
        stopped = run(*command)
    assert stopped.exit_code == 130
    assert "Stopped; 4 rows are saved. Run the same command to continue." in stopped.stderr

    again = run(*command, "--json")
    assert "Continuing after 4 rows that were scored before." in again.stderr
    told = json.loads(again.stdout)
    assert (told["rows"], told["rows_before"]) == (10, 4)


def test_columns_unlike_the_learned_ones_are_named_on_stderr_and_in_json(rows: Path) -> None:
    rows.write_text("size,zip,day,new\n" + "5000,x,,\n" * 30)
    result = run("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out.csv"), "--json")

    told = json.loads(result.stdout)
    assert (told["rows"], len(told["notes"])) == (30, 1)
    assert "Of 30 values checked, 30 lie outside the learned range 1 to 60." in told["notes"][0]
    assert result.stderr.count(told["notes"][0]) == 1


def test_fresh_begins_anew(rows: Path) -> None:
    command = ("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out.csv"))
    with pytest.MonkeyPatch.context() as patch:
        interrupt_the_second_chunk(patch)
        run(*command)

    told = json.loads(run(*command, "--fresh", "--json").stdout)
    assert (told["rows"], told["rows_before"]) == (10, 0)


def test_a_table_of_a_database_is_written(rows: Path) -> None:
    to = rows.with_name("shop.sqlite")
    result = run("predict", rows.with_name("bundle"), rows, "--to", to, "--table", "answers")
    assert result.stdout == f"Wrote 10 rows to {to}.\n"
    with closing(sqlite3.connect(to)) as file:
        assert file.execute("SELECT count(*) FROM answers").fetchall() == [(10,)]


def test_csv_for_people_is_asked_for_and_said(rows: Path) -> None:
    rows.write_text("size,zip,day,new\n1,=A1,,\n")
    command = ("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out.csv"))

    plain = run(*command).stdout, rows.with_name("out.csv").read_text()
    guarded = run(*command, "--for-spreadsheets").stdout, rows.with_name("out.csv").read_text()

    assert "apostrophe" not in plain[0]
    assert "\n1,=A1," in plain[1]
    assert guarded[0].endswith("Texts that a spreadsheet would execute begin with an apostrophe.\n")
    assert "\n1,'=A1," in guarded[1]


def test_on_ray_a_folder_is_written_piece_by_piece(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, distributed.__name__)
    monkeypatch.setattr(distributed, "chunk_rows", lambda rows: 4)
    pd.read_csv(rows).to_parquet(rows.with_suffix(".parquet"))
    to = rows.with_name("out")

    done = run(
        "predict", rows.with_name("bundle"), rows.with_suffix(".parquet"), "--to", to, "--on", "ray", "--json"
    )

    assert json.loads(done.stdout)["rows"] == 10
    assert [len(pd.read_parquet(each)) for each in sorted(to.iterdir())] == [4, 4, 2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "moon"], "'moon' is not a place to work."),
        (["--on", "ray", "--for-spreadsheets"], "Ray writes Parquet."),
        (["--on", "ray"], "'rows.csv' is no Parquet"),
    ],
)
def test_what_cannot_be_scored_there_is_said(rows: Path, words: list[str], said: str) -> None:
    refused = run("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out"), *words)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not rows.with_name("out").exists()
