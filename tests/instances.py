"""Instances of DuckDB that stores have one after the other: making one takes longer than all else of opening.

A store attaches its file to an instance of its own, asks it, and closes it. In the processes of tests, those
of ``tests/store`` excepted, its instance is kept for the next store when its file was detached: 2 ms in place
of 20 for a store that is opened again.
"""

from __future__ import annotations

from typing import Any

import duckdb

from litmus_core.store._analytic.tables import _IN_FILE, _OFFLINE

_MOST_IDLE = 6
_ATTACHED = ("litmus", "snap", "fresh")  # what stores call what they attach
_DETACH = "; ".join(f"DETACH DATABASE IF EXISTS {each}" for each in _ATTACHED)

make_instance = duckdb.connect
_idle: dict[int, list[duckdb.DuckDBPyConnection]] = {id(_OFFLINE): [], id(_IN_FILE): []}


def connect(*given: Any, **settings: Any) -> Any:
    """Connect as DuckDB does; to an instance that a store left where one asks for a store's."""
    idle = _idle.get(id(settings.get("config")))
    if given or idle is None:
        return make_instance(*given, **settings)
    return Lent(idle.pop() if idle else make_instance(**settings), idle)


class Lent:
    """A connection to an instance that outlives it."""

    def __init__(self, instance: duckdb.DuckDBPyConnection, idle: list[duckdb.DuckDBPyConnection]) -> None:
        self._instance: duckdb.DuckDBPyConnection | None = instance
        self._idle = idle
        self._connection = instance.cursor()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def close(self) -> None:
        """Close the connection, let go of its files, and keep the instance where that went well."""
        instance, self._instance = self._instance, None
        self._connection.close()
        if instance is None:
            return
        if _is_as_before(instance):
            self._idle.append(instance)
        else:
            instance.close()
        if len(self._idle) > _MOST_IDLE:
            self._idle.pop(0).close()


def _is_as_before(instance: duckdb.DuckDBPyConnection) -> bool:
    """Detach a store's files; return whether another one may have the instance."""
    try:
        row = instance.execute("SELECT current_setting('lock_configuration')").fetchone()
        instance.execute(_DETACH)
    except duckdb.Error:  # of a file that is damaged or cannot be written
        return False
    return row == (False,)  # where somebody's SQL was answered, nothing can be attached any more
