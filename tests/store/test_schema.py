from __future__ import annotations

import re
from pathlib import Path

import duckdb

from litmus_core.store import Store, Workspace, rebuild
from litmus_core.store._analytic.schema import TABLES

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "sql.md"


def test_the_guide_names_every_table_and_column_that_can_be_asked(store: Store):
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", GUIDE.read_text(), flags=re.MULTILINE)
    documented = {table: re.findall(r"`(\w+)`", columns) for table, columns in rows}

    there = store.query("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'litmus'")
    tables = {row["table_name"] for row in there} - {"meta"}
    assert documented == {
        table: [row["column_name"] for row in there if row["table_name"] == table] for table in tables
    }


def test_folding_knows_the_tables_as_they_are(store: Store):
    there = store.query(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'litmus'"
    )
    known = [
        {"table_name": table.name, "column_name": name, "data_type": kind}
        for table in TABLES.values()
        for name, kind in table.columns
    ]

    assert sorted(map(str, known)) == sorted(str(row) for row in there if row["table_name"] != "meta")


def test_the_events_of_a_rebuilt_store_are_compressed_by_zstd(told: Workspace):
    """DuckDB's own choice for such texts, FSST, takes three times as long and twice the space."""
    rebuild(told)

    text = "SELECT compression FROM pragma_storage_info('events') WHERE column_name = 'payload'"
    with duckdb.connect(told.store_path, read_only=True) as connection:
        assert {how for (how,) in connection.execute(f"{text} AND segment_type = 'VARCHAR'").fetchall()} == {
            "ZSTD"
        }
