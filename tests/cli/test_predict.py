"""``litmus predict``: says how far it is, stops with a word on how to go on, and goes on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import _predict_file
from tests import tiny


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten rows, scored four at a time, beside a bundle."""
    tiny.bundle(tmp_path / "bundle")
    monkeypatch.setattr("litmus_core.runtime._files._MAX_CHUNK_ROWS", 4)
    (tmp_path / "rows.csv").write_text("size,zip,day,new\n" + "1,x,,\n" * 10)
    return tmp_path / "rows.csv"


def interrupt_the_second_chunk(patch: pytest.MonkeyPatch) -> None:
    real, calls = _predict_file.Answers.of, []

    def of(model: object, frame: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(model, frame)  # type: ignore[arg-type]

    patch.setattr(_predict_file.Answers, "of", of)


def test_an_interrupted_scoring_says_how_to_go_on_and_does(rows: Path) -> None:
    command = ("predict", rows.with_name("bundle"), rows, "--to", rows.with_name("out.csv"))
    with pytest.MonkeyPatch.context() as patch:
        interrupt_the_second_chunk(patch)
        stopped = run(*command)
    assert stopped.exit_code == 130
    assert "Stopped; 4 rows are kept. The same command goes on behind them." in stopped.stderr

    again = run(*command, "--json")
    assert "Going on behind 4 rows that were scored before." in again.stderr
    told = json.loads(again.stdout)
    assert (told["rows"], told["rows_before"]) == (10, 4)


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
