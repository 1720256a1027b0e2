"""Whatever file is brought: data, or one sentence with what to do; never less than there was before."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from litmus_core.data import import_table, profile, read_rows, suggest
from litmus_core.errors import LitmusError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests.data.hostile import CORPUS, Hostile

READ = [each for each in CORPUS if each.n_rows is not None]
REFUSED = [each for each in CORPUS if each.n_rows is None]


@pytest.fixture(autouse=True)
def _small_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let archives be bombs from 8 MiB on, not from 256: the same rule on less."""
    monkeypatch.setattr("litmus_core.runtime._files.encoding._SMALL", 8 << 20)


@pytest.fixture
def there(workspace: Workspace, tmp_path: Path) -> DatasetVersion:
    """A version that was imported before the hostile file comes."""
    source = tmp_path / "before.csv"
    source.write_text("a,b\n1,x\n2,y\n")
    return import_table(workspace, source)


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder for the hostile file and nothing else."""
    (folder := tmp_path / "brought").mkdir()
    return folder


def files_in(workspace: Workspace) -> set[str]:
    return {path.relative_to(workspace.path).as_posix() for path in workspace.path.rglob("*")}


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(CORPUS) >= 120
    assert len({each.id for each in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("file", READ, ids=lambda each: each.id)
def test_a_hostile_file_that_holds_a_table_gives_its_rows(
    workspace: Workspace, there: DatasetVersion, brought: Path, file: Hostile
) -> None:
    source = file.write(brought)
    before, bytes_before = files_in(workspace), source.read_bytes()

    version = import_table(workspace, source, dataset_id=there.dataset_id, version=2)

    assert version.n_rows == file.n_rows
    assert read_rows(workspace, version).shape == (version.n_rows, len(version.columns))
    assert len(set(version.column_names)) == len(version.columns)
    assert profile(workspace, version).n_rows == version.n_rows
    new = {path for path in files_in(workspace) - before if not path.endswith(".profile.json")}
    assert new == {version.path}
    check_that_nothing_was_lost(workspace, there, source, bytes_before)


@pytest.mark.parametrize("file", REFUSED, ids=lambda each: each.id)
def test_a_hostile_file_that_holds_none_gives_words_and_leaves_nothing_behind(
    workspace: Workspace, there: DatasetVersion, brought: Path, file: Hostile
) -> None:
    source = file.write(brought)
    before, bytes_before = files_in(workspace), source.read_bytes()

    with pytest.raises(LitmusError) as said:
        import_table(workspace, source, dataset_id=there.dataset_id, version=2)

    assert file.says in said.value.message + said.value.hint
    assert said.value.message.endswith(".")
    assert said.value.hint.endswith((".", "..."))
    assert files_in(workspace) == before
    check_that_nothing_was_lost(workspace, there, source, bytes_before)


def check_that_nothing_was_lost(
    workspace: Workspace, there: DatasetVersion, source: Path, bytes_before: bytes
) -> None:
    assert read_rows(workspace, there)["b"].tolist() == ["x", "y"]
    assert source.read_bytes() == bytes_before
    assert [path.name for path in source.parent.iterdir()] == [source.name]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,x\n2,x\n3,x\n", "'b'"),
        ("a,b\n1,\n2,NA\n3,\n", "'b' is empty in every row."),
        ("a,b\n1,2020-01-01\n2,2020-01-02\n", "'b' holds dates"),
        ("a,b\ninf,inf\n1,-inf\n", "'b'"),
    ],
    ids=["one class", "all missing", "dates", "infinities only"],
)
def test_a_target_that_cannot_be_learned_is_said(
    workspace: Workspace, tmp_path: Path, content: str, says: str
) -> None:
    source = tmp_path / "t.csv"
    source.write_text(content)
    version = import_table(workspace, source)

    with pytest.raises(LitmusError) as said:
        suggest(workspace, version, "b")

    assert says in said.value.message


def test_an_sqlite_file_that_another_program_writes_is_said_to_be_busy(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.data._sources._sqlite._WAIT_S", 0.05)
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("BEGIN EXCLUSIVE")

        with pytest.raises(
            LitmusError, match=r"'t\.db' is being written by another program\. Close it there"
        ):
            import_table(workspace, path)


def test_an_sqlite_file_in_use_in_write_ahead_mode_is_read_with_what_was_written_last(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1), (2)")

        assert import_table(workspace, path).n_rows == 2


def test_a_duckdb_file_that_another_process_writes_is_said_to_be_busy(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "t.duckdb"
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t AS SELECT 1 AS a');"
        "print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with pytest.raises(LitmusError, match=r"'t\.duckdb' is being written by another program"):
            import_table(workspace, path)

        other.communicate()
    assert import_table(workspace, path).n_rows == 1


def test_a_folder_with_one_damaged_parquet_file_names_it(workspace: Workspace, tmp_path: Path) -> None:
    import pandas as pd

    (folder := tmp_path / "parts").mkdir()
    pd.DataFrame({"a": [1]}).to_parquet(folder / "1.parquet")
    (folder / "2.parquet").write_bytes(b"PAR1 and then nonsense")

    with pytest.raises(LitmusError, match=r"'2\.parquet' is damaged or not a Parquet file"):
        import_table(workspace, folder)
