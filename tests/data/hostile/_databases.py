# ruff: noqa: E501 - a file a line, in its own letters
"""Databases of SQLite and DuckDB."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.data.hostile._file import Hostile, Write


def _database(*statements: str) -> Write:
    def write(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return write


_ROWS = ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x'), (2, 'y')")


def _half_a_database(path: Path) -> None:
    _database("CREATE TABLE t (a)", *["INSERT INTO t VALUES (hex(zeroblob(3000)))"] * 20)(path)
    path.write_bytes(path.read_bytes()[:20_000])


def _endless_view(path: Path) -> None:
    _database(
        "CREATE VIEW t AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    )(path)


def _wrong_schema(path: Path) -> None:
    """Write a database whose schema says that the table is a function's."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE t (a, b AS (load_extension(a)))'")
        connection.commit()


def sqlites() -> Iterable[Hostile]:
    yield Hostile("SQLite", "t.sqlite", _database(*_ROWS), n_rows=2)
    yield Hostile("SQLite by another name", "t.csv", _database(*_ROWS), n_rows=2)
    yield Hostile(
        "SQLite without a table",
        "t.db",
        _database("PRAGMA user_version = 1"),
        says="There is no table in 't.db'.",
    )
    yield Hostile(
        "SQLite of an empty table", "t.db", _database("CREATE TABLE t (a)"), says="'t' of 't.db' has no rows"
    )
    yield Hostile(
        "SQLite of several tables", "t.db", _database(*_ROWS, "CREATE TABLE u (a)", "INSERT INTO u VALUES (1)"),
        says="'t.db' has 2 tables: 't' (2 rows) and 'u' (1 row).",
    )  # fmt: skip
    yield Hostile("SQLite cut off", "t.db", _half_a_database, says="'t.db' is a damaged SQLite database")
    yield Hostile("SQLite that is none", "t.db", b"SQLite format 3\x00" + bytes(500), says="t.db'")
    yield Hostile(
        "SQLite of noise",
        "t.db",
        b"SQLite format 3\x00" + random.Random(1).randbytes(9000),
        says="'t.db' is a damaged",
    )
    yield Hostile("SQLite with an endless view", "t.db", _endless_view, says="Views are not read")
    yield Hostile(
        "SQLite with triggers", "t.db",
        _database(*_ROWS, "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END"), n_rows=2,
    )  # fmt: skip
    yield Hostile("SQLite with a schema that runs code", "t.db", _wrong_schema, says="t.db'")
    yield Hostile(
        "SQLite with a virtual table", "t.db", _database("CREATE VIRTUAL TABLE v USING fts5(a)", *_ROWS),
        says="tables: ",
    )  # fmt: skip
    yield Hostile(
        "SQLite with names of SQL", "t.db",
        _database('CREATE TABLE "t""; DROP TABLE x; --" ("a""b", "select")', 'INSERT INTO "t""; DROP TABLE x; --" VALUES (1, 2)'),
        n_rows=1,
    )  # fmt: skip
    yield Hostile(
        "SQLite of binary data",
        "t.db",
        _database("CREATE TABLE t (a)", "INSERT INTO t VALUES (x'00ff')"),
        says="binary data only",
    )
    yield Hostile(
        "SQLite of texts that are none", "t.db",
        _database("CREATE TABLE t (a, b)", "INSERT INTO t VALUES (CAST(x'ff00fe' AS TEXT), 1)"), n_rows=1,
    )  # fmt: skip
    yield Hostile(
        "SQLite of all types in one column", "t.db",
        _database("CREATE TABLE t (a)", "INSERT INTO t VALUES (1), ('x'), (2.5), (NULL), (x'00'), (9e999)"), n_rows=6,
    )  # fmt: skip
    yield Hostile(
        "SQLite in write-ahead mode", "t.db", _database("PRAGMA journal_mode = WAL", *_ROWS), n_rows=2
    )


def _duck(*statements: str) -> Write:
    def write(path: Path) -> None:
        import duckdb

        with duckdb.connect(str(path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return write


def _half_a_duck(path: Path) -> None:
    _duck("CREATE TABLE t AS SELECT range AS a FROM range(100000)")(path)
    path.write_bytes(path.read_bytes()[:30_000])


def ducks() -> Iterable[Hostile]:
    yield Hostile("DuckDB", "t.duckdb", _duck("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b"), n_rows=1)
    yield Hostile(
        "DuckDB without a table",
        "t.duckdb",
        _duck("CREATE SEQUENCE s"),
        says="There is no table in 't.duckdb'.",
    )
    yield Hostile(
        "DuckDB with a view of other files", "t.duckdb",
        _duck("CREATE VIEW v AS SELECT * FROM read_csv('/etc/passwd', header = false, sep = ':')"), says="There is no table",
    )  # fmt: skip
    yield Hostile("DuckDB cut off", "t.duckdb", _half_a_duck, says="t.duckdb'")
    yield Hostile("DuckDB that is none", "t.duckdb", bytes(8) + b"DUCK" + bytes(5000), says="t.duckdb'")
    yield Hostile(
        "DuckDB of records and lists", "t.duckdb",
        _duck("CREATE TABLE t AS SELECT {'x': 1} AS a, [1, 2] AS b, MAP {'k': 1} AS c, 1::HUGEINT AS d, INTERVAL 1 DAY AS e"),
        n_rows=1,
    )  # fmt: skip
