"""The journal's tables."""

from __future__ import annotations

import sqlite3

from litmus_core.store._workspace import new_id, utc_now

FORMAT = 1
_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)",
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, run_id TEXT, experiment_id TEXT,
        person TEXT NOT NULL, payload TEXT NOT NULL, checksum TEXT)""",
    "CREATE INDEX events_of_run ON events (run_id, id)",
    "CREATE INDEX events_of_experiment ON events (experiment_id, id)",
    "CREATE INDEX events_of_type ON events (type, id)",
    """CREATE TABLE jobs (
        position INTEGER PRIMARY KEY, run_id TEXT NOT NULL, state TEXT NOT NULL,
        mode TEXT NOT NULL DEFAULT 'run', attempts INTEGER NOT NULL DEFAULT 0, stop TEXT, pid INTEGER,
        heartbeat_at TEXT, enqueued_at TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX job_of_run ON jobs (run_id)",
)


def create_tables(connection: sqlite3.Connection, *, journal_id: str | None = None) -> None:
    """Create the tables, in the caller's transaction; a ``journal_id`` of None creates a new id."""
    for statement in _TABLES:
        connection.execute(statement)
    facts = [("journal_id", journal_id or new_id("jr")), ("created_at", utc_now())]
    connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", facts)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
