"""Asking in SQL, from any process."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.errors import UsageError, WorkspaceError
from litmus_core.store import Store, Workspace, open_store, sql

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
