"""Scoring goes on where it was cut off; its output is whole or not there; tables of databases too."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core import load_bundle
from litmus_core.deploy import Scoring, score_file
from litmus_core.errors import BusyError, DataError, RowError, UsageError
from litmus_core.runtime import Bundle
from litmus_core.store import FileLock
from tests import tiny
from tests.elsewhere import teach_children

TEN = "size,zip,day,new\n" + "".join(f"{size},x,,\n" for size in range(10))
NAMES = ["size", "zip", "day", "new", "prediction", "probability no", "probability yes"]


@pytest.fixture
def model(tmp_path: Path) -> Bundle:
    """A bundle, and chunks of four rows."""
    tiny.bundle(tmp_path / "bundle")
    return load_bundle(tmp_path / "bundle")


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litmus_core.runtime._files.tables._MAX_CHUNK_ROWS", 4)


def ten(folder: Path) -> Path:
    (folder / "rows.csv").write_text(TEN)
    return folder / "rows.csv"


def select(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()


def cut_off(model: Bundle, source: Path, to: Path, **more: Any) -> None:
    """Score until one chunk is done, then be interrupted."""

    def interrupt(_: Scoring) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(model, source, to, on_progress=interrupt, **more)


def steps(model: Bundle, source: Path, to: Path, **more: Any) -> list[tuple[int, int, int]]:
    told: list[Scoring] = []
    score_file(model, source, to, on_progress=told.append, **more)
    return [(each.n_before, each.n_done, each.n_rows) for each in told]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """What became of scorings that were killed (SIGKILL) at several moments, asked for a second time."""
    folder = tmp_path_factory.mktemp("killed")
    tiny.bundle(folder / "bundle")
    with pytest.MonkeyPatch.context() as patch:
        teach_children(patch, folder)
        script = Path(__file__).with_name("killed.py")
        told = subprocess.run(
            [sys.executable, script, folder, folder / "bundle"], capture_output=True, text=True, check=False
        )
    assert told.returncode == 0, told.stderr
    for moment in {moment for moment, *_ in json.loads(told.stdout)}:
        tables = (
            pd.read_csv(folder / moment / "out.csv", float_precision="round_trip"),
            pd.read_parquet(folder / moment / "out.parquet"),
            pd.DataFrame(select(folder / moment / "out.sqlite", "SELECT * FROM predictions"), columns=NAMES),
        )
        whole = load_bundle(folder / "bundle").predict_proba(folder / "rows.csv")[:, 1].tolist()
        for table in tables:
            assert table["size"].astype(int).tolist() == list(range(10)), moment
            assert table["probability yes"].tolist() == whole, moment
    found: list[list[Any]] = json.loads(told.stdout)
    return found


@pytest.mark.kills
@pytest.mark.parametrize(
    ("moment", "n_again"),
    [("at the start", 10), ("written, not noted", 6), ("noted", 2), ("before the move", 0)],
)
def test_a_killed_scoring_goes_on_behind_its_last_finished_chunk(
    killed: list[list[Any]], moment: str, n_again: int
) -> None:
    assert [each[1:] for each in killed if each[0] == moment] == [
        ["out.csv", False, n_again, ["out.csv"]],
        ["out.parquet", False, n_again, ["out.csv", "out.parquet"]],
        ["out.sqlite", False, n_again, ["out.csv", "out.parquet", "out.sqlite"]],
    ]


@pytest.mark.kills
def test_a_scoring_killed_when_its_output_is_in_place_scores_nothing_again(killed: list[list[Any]]) -> None:
    told = [
        (name, there, n_again) for moment, name, there, n_again, _ in killed if moment == "after the move"
    ]

    assert told == [("out.csv", True, 0), ("out.parquet", True, 0), ("out.sqlite", True, 0)]


def test_what_was_stopped_is_not_there_until_it_goes_on(model: Bundle, tmp_path: Path) -> None:
    cut_off(model, ten(tmp_path), tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()

    assert steps(model, tmp_path / "rows.csv", tmp_path / "out.csv") == [(4, 4, 10), (4, 8, 10), (4, 10, 10)]
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 11
    assert sorted(each.name for each in tmp_path.glob(".*")) == []


def test_notes_of_earlier_attempts_are_those_of_the_last_one(
    model: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.runtime._files.tables._MAX_CHUNK_ROWS", 30)
    source, to = tmp_path / "rows.csv", tmp_path / "out.csv"
    source.write_text("size,zip,day,new\n" + "999999,02134,,\n" * 30 + "2,10115,,\n" * 2)
    cut_off(model, source, to)

    done = score_file(model, source, to)

    assert (done.n_before, done.n_done) == (30, 32)
    assert "'size'" in done.notes[0]
    assert "30 lie outside the learned range" in done.notes[0]


def test_parquet_goes_on_inside_a_row_group_and_over_files(model: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    table = pa.Table.from_pandas(tiny.FRAME)
    for at, n_rows in enumerate((6, 0, 5)):
        pq.write_table(table[:n_rows], folder / f"part-{at}.parquet", row_group_size=5)
    (folder / "_SUCCESS").touch()
    cut_off(model, folder, tmp_path / "out.parquet")

    told = steps(model, folder, tmp_path / "out.parquet")

    assert (told[0], told[-1]) == ((4, 4, 11), (4, 11, 11))
    sizes = [*tiny.FRAME["size"], *tiny.FRAME["size"][:5]]
    scored = pd.read_parquet(tmp_path / "out.parquet")
    assert scored["size"].fillna(-1).tolist() == pd.Series(sizes).fillna(-1).tolist()
    assert scored["probability yes"].tolist() == model.predict_proba(folder)[:, 1].tolist()


def test_a_folder_of_files_with_other_columns_is_refused(model: Bundle, tmp_path: Path) -> None:
    tiny.FRAME.to_parquet(tmp_path / "a.parquet")
    tiny.FRAME.astype({"size": "float32"}).to_parquet(tmp_path / "b.parquet")

    with pytest.raises(DataError, match=r"'b\.parquet' has other columns or types than 'a\.parquet'"):
        score_file(model, tmp_path, tmp_path / "out.csv")


def test_gzipped_rows_are_scored_as_they_are(model: Bundle, tmp_path: Path) -> None:
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress(TEN.encode()))

    assert score_file(model, tmp_path / "rows.csv.gz", tmp_path / "out.csv").n_done == 10
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("0,x,,,")


@pytest.mark.parametrize("change", ["source", "bundle", "fresh"])
def test_another_source_or_bundle_begins_anew(model: Bundle, tmp_path: Path, change: str) -> None:
    source = ten(tmp_path)
    cut_off(model, source, tmp_path / "out.csv")
    if change == "source":
        source.write_text(TEN.replace("9,x", "9,y"))
    if change == "bundle":
        tiny.bundle(tmp_path / "other", model=tiny.predictor(threshold=0.9))
        model = load_bundle(tmp_path / "other")

    assert steps(model, source, tmp_path / "out.csv", resume=change != "fresh")[0] == (0, 4, 10)
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 11


def test_a_source_that_changes_meanwhile_gives_no_output(model: Bundle, tmp_path: Path) -> None:
    source = ten(tmp_path)

    with pytest.raises(DataError, match=r"'rows\.csv' was changed while it was scored"):
        score_file(model, source, tmp_path / "out.csv", on_progress=lambda _: source.touch())
    assert not (tmp_path / "out.csv").exists()


def test_one_output_is_written_by_one_process(model: Bundle, tmp_path: Path) -> None:
    cut_off(model, ten(tmp_path), tmp_path / "out.csv")

    with FileLock(tmp_path / ".out.csv.partial" / "lock") as lock:
        assert lock.acquire()
        with pytest.raises(BusyError, match="Another process is writing that output"):
            score_file(model, tmp_path / "rows.csv", tmp_path / "out.csv")


def test_a_row_that_cannot_be_read_leaves_nothing_to_go_on_with(model: Bundle, tmp_path: Path) -> None:
    source = ten(tmp_path)
    source.write_text(TEN.replace("9,x", "large,x"))

    with pytest.raises(RowError, match="row 9"):
        score_file(model, source, tmp_path / "out.sqlite")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle", "rows.csv"]


def test_rows_become_a_table_beside_those_that_a_database_has(model: Bundle, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
        file.execute("CREATE TABLE sales AS SELECT 1 AS n")
        file.commit()
    frame = tiny.FRAME.assign(rowid=[1 << 63] * 6, many=[[1], []] * 3)
    frame.astype({"rowid": "uint64"}).to_parquet(tmp_path / "rows.parquet")
    cut_off(model, tmp_path / "rows.parquet", tmp_path / "shop.db", table='our "answers"')

    score_file(model, tmp_path / "rows.parquet", tmp_path / "shop.db", table='our "answers"')

    assert select(tmp_path / "shop.db", "SELECT * FROM sales") == [(1,)]
    query = 'SELECT size, zip, day, new, many, "rowid", typeof(prediction) FROM "our ""answers"""'
    huge = 9.223372036854776e18
    assert select(tmp_path / "shop.db", query)[:3] == [
        (1.0, "02134", "2024-01-31 00:00:00", 1, "[1]", huge, "text"),
        (2.5, "10115", "2024-02-01 00:00:00", 0, "[]", huge, "text"),
        (None, None, None, None, "[1]", huge, "text"),
    ]


def test_csv_cells_stay_texts_in_a_table(model: Bundle, tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("size,zip,day,new\n2.50,02134,,false\n")

    score_file(model, source, tmp_path / "out.sqlite", table="t")

    assert select(tmp_path / "out.sqlite", "SELECT size, zip, day, new, prediction FROM t") == [
        ("2.50", "02134", None, "false", "yes")
    ]


def test_a_table_that_is_there_already_is_never_replaced(model: Bundle, tmp_path: Path) -> None:
    score_file(model, ten(tmp_path), tmp_path / "out.sqlite")

    with pytest.raises(UsageError, match=r"'out\.sqlite' has a table 'Predictions' already"):
        score_file(model, tmp_path / "rows.csv", tmp_path / "out.sqlite", table="Predictions")
    with pytest.raises(UsageError, match="is an SQLite file: a table that it has stays as it is"):
        score_file(model, tmp_path / "rows.csv", tmp_path / "out.sqlite", table="new", if_exists="append")


def test_rows_in_a_duckdb_file_are_said_to_be_in_one(model: Bundle, tmp_path: Path) -> None:
    source = tmp_path / "rows.duckdb"
    source.write_bytes(bytes(8) + b"DUCK" + bytes(500))

    with pytest.raises(DataError, match=r"'rows\.duckdb' is a DuckDB database, not a table"):
        score_file(model, source, tmp_path / "out.csv")


def test_what_is_no_database_and_no_table_is_said(model: Bundle, tmp_path: Path) -> None:
    source = ten(tmp_path)
    (tmp_path / "text.db").write_text("hello")
    with pytest.raises(UsageError, match=r"'text\.db' is not an SQLite database"):
        score_file(model, source, tmp_path / "text.db")
    with pytest.raises(UsageError, match="A table cannot be called 'sqlite_stat'"):
        score_file(model, source, tmp_path / "out.db", table="sqlite_stat")
    with pytest.raises(UsageError, match=r"'out\.csv' has no tables to name"):
        score_file(model, source, tmp_path / "out.csv", table="t")
