"""Asking in SQL, from any process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from litmus_core.errors import UsageError, WorkspaceError
from litmus_core.store import SqlLimits, Store, Workspace, open_store, sql

WRITES = (
    "DELETE FROM runs",
    "DROP TABLE runs",
    "EXPLAIN ANALYZE DELETE FROM runs",
    "SELECT 1; DELETE FROM runs",
    "COPY runs TO '/tmp/litmus-must-not-exist.csv'",
    "ATTACH '/tmp/litmus-must-not-exist.duckdb'",
    "SET threads = 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "",
)


def test_sql_reads_from_any_process(told: Workspace):
    text = "SELECT r.id, c.name FROM runs r JOIN candidates c ON c.id = r.chosen_id"
    with open_store(told):
        assert sql(told, text) == [{"id": "run_1", "name": "A"}]
    assert sql(told, text) == [{"id": "run_1", "name": "A"}]


def test_sql_changes_nothing(told: Workspace):
    with open_store(told) as owner, open_store(told) as reader:
        for store in (owner, reader):
            for text in WRITES:
                with pytest.raises(UsageError):
                    store.query(text)

            assert store.query("SELECT count(*) AS n FROM runs") == [{"n": 1}]
    assert not Path("/tmp/litmus-must-not-exist.csv").exists()


def test_sql_writes_no_file_by_a_statement_that_is_explained_by_doing_it(told: Workspace, tmp_path: Path):
    with pytest.raises(UsageError, match="one SELECT at a time"):
        sql(told, f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{tmp_path / 'new.csv'}'")

    assert not (tmp_path / "new.csv").exists()


def test_sql_reads_in_any_spelling(store: Store):
    for text in (
        "SELECT * FROM meta",
        "FROM meta",
        "DESCRIBE runs",
        "SHOW TABLES",
        "WITH a AS (FROM meta) FROM a",
    ):
        assert len(store.query(text)) >= 1


def test_sql_keeps_columns_of_one_name_apart(told: Workspace):
    rows = sql(told, "SELECT e.id, r.id FROM experiments e JOIN runs r ON r.experiment_id = e.id")

    assert rows == [{"id": "ex_1", "id_2": "run_1"}]


def test_sql_that_is_wrong_is_said_in_duckdbs_words(told: Workspace):
    with pytest.raises(UsageError, match=r"cannot answer this: .*runz does not exist"):
        sql(told, "SELECT * FROM runz")


def test_a_workspace_that_is_not_there_is_said_in_words(tmp_path: Path):
    with pytest.raises(WorkspaceError, match="Check that the workspace folder exists"):
        open_store(Workspace(tmp_path / "nowhere"))


@pytest.fixture
def with_data(told: Workspace) -> Workspace:
    """A workspace whose data set's file is there, beside files that nobody is to read."""
    import duckdb

    [version] = sql(told, "SELECT path FROM dataset_versions")
    file = told.path / version["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY (SELECT 7 AS a) TO '{file}' (FORMAT parquet)")
    (told.path / "secret.csv").write_text("a\n1\n")
    (file.parent / "link.csv").symlink_to(told.path / "secret.csv")
    return told


def test_sql_reads_data_sets_by_path_and_by_their_version(with_data: Workspace):
    [version] = sql(with_data, "SELECT id, path FROM dataset_versions")

    assert sql(with_data, f"FROM {version['id']}") == [{"a": 7}]
    assert sql(with_data, f"SELECT a + 1 AS b FROM '{with_data.path / version['path']}'") == [{"b": 8}]


SECRETS = (
    "FROM '{0}/secret.csv'",
    "FROM '{0}/datasets/../secret.csv'",
    "FROM '{0}/datasets/{1}/link.csv'",
    "FROM '{0}/journal.db'",
    "FROM read_text('{0}/secret.csv')",
    "FROM read_blob('/etc/passwd')",
    "FROM read_csv('/etc/passwd', header = false)",
    "FROM sniff_csv('/etc/passwd')",
    "FROM glob('/etc/*')",
    "FROM 'http://127.0.0.1:9/x.parquet'",
    "FROM query('FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM duckdb_secrets()",
)


@pytest.mark.parametrize("text", SECRETS)
def test_sql_reads_no_other_file_and_no_address(with_data: Workspace, text: str):
    [version] = sql(with_data, "SELECT path FROM dataset_versions")
    folder = Path(version["path"]).parent.name

    with pytest.raises(UsageError, match=r"Only the store's tables and the data sets.*litmus import"):
        sql(with_data, text.format(with_data.path, folder))


def test_sql_sees_no_variable_of_python(told: Workspace):
    import pandas as pd

    leaked = pd.DataFrame({"a": [1]})

    with pytest.raises(UsageError, match="leaked does not exist"):
        sql(told, "FROM leaked")
    assert len(leaked) == 1


@pytest.mark.parametrize(
    ("text", "limits", "words"),
    [
        (
            "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = 3",
            SqlLimits(seconds=0.3),
            "took more than 0.3 seconds",
        ),
        (
            "SELECT list(range) FROM range(100000000)",
            SqlLimits(memory_mb=50),
            "more than the 50 MB of memory",
        ),
        ("FROM range(1001)", SqlLimits(rows=1000), "more than 1,000 rows"),
    ],
)
def test_sql_is_bounded_in_time_memory_and_rows(told: Workspace, text: str, limits: SqlLimits, words: str):
    with pytest.raises(UsageError, match=words):
        sql(told, text, limits=limits)
    assert sql(told, "SELECT count(*) AS n FROM runs") == [{"n": 1}]


def test_a_text_that_would_fill_the_memory_is_refused_by_the_command(told: Workspace):
    command = "from litmus_core.cli import main; main()"
    words = [sys.executable, "-c", command, "sql", "--workspace", str(told.path)]
    done = subprocess.run(
        [*words, "SELECT repeat('x', 900000000) FROM range(1000)"],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "more than" in done.stderr
