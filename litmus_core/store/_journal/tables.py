"""The journal's tables, as numbered migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from litmus_core.store._journal.facts import checksum
from litmus_core.store._workspace import new_id, utc_now

if TYPE_CHECKING:
    from sqlite_utils import Database
else:
    Database = Any


def migrate(connection: sqlite3.Connection, *, since: int) -> None:
    """Bring the tables from format ``since`` to the newest, in the caller's transaction."""
    import sqlite_utils  # imported late: it loads pandas if installed, which most processes do not need

    db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
    for step in _STEPS[since:]:
        step(db)


def _first(db: Database) -> None:
    db["meta"].create({"key": str, "value": str}, pk="key")
    db["meta"].insert_all(
        [{"key": "journal_id", "value": new_id("jr")}, {"key": "created_at", "value": utc_now()}]
    )
    db["events"].create(
        {"id": int, "at": str, "type": str, "run_id": str, "experiment_id": str, "payload": str},
        pk="id",
        not_null={"at", "type", "payload"},
    )
    db["events"].create_index(["run_id", "id"])
    db["events"].create_index(["experiment_id", "id"])
    db["jobs"].create(
        {
            "position": int,
            "run_id": str,
            "state": str,
            "mode": str,
            "attempts": int,
            "stop": str,
            "pid": int,
            "heartbeat_at": str,
            "enqueued_at": str,
        },
        pk="position",
        not_null={"run_id", "state", "mode", "attempts", "enqueued_at"},
        defaults={"mode": "run", "attempts": 0},
    )
    db["jobs"].create_index(["run_id"], unique=True)


def _checksums(db: Database) -> None:
    db["events"].add_column("checksum", str)
    names = "id, at, type, run_id, experiment_id, payload"
    rows = db.execute(f"SELECT {names} FROM events").fetchall()  # noqa: S608 - only the words above
    for row in rows:
        db.execute("UPDATE events SET checksum = ? WHERE id = ?", [checksum(*row), row[0]])


# One migration a format. Never change a released one; add a new one after it.
_STEPS: tuple[Callable[[Database], None], ...] = (_first, _checksums)
FORMAT = len(_STEPS)
