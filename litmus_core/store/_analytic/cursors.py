"""Cursors of one DuckDB connection, each lent to one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CLOSE_WAIT_S = 5.0


class Cursors:
    """Lend cursors to threads: DuckDB's own connections refuse a second thread instead of making it wait."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._idle: list[DuckDBPyConnection] = []
        self._lent: list[DuckDBPyConnection] = []
        self._changed = threading.Condition()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[DuckDBPyConnection]:
        """Lend a cursor; raises duckdb.ConnectionException once the connection is closed."""
        cursor = self._checkout()
        try:
            yield cursor
        except BaseException:
            self._give_back(cursor, keep=False)  # closing it rolls back its transaction
            raise
        self._give_back(cursor, keep=True)

    def close(self) -> None:
        """Close the connection once queries in other threads have ended; long ones are interrupted."""
        with self._changed:
            self._closed = True
            if not self._wait_for_all(_CLOSE_WAIT_S):
                for cursor in self._lent:
                    cursor.interrupt()
                self._wait_for_all(_CLOSE_WAIT_S)
            for cursor in self._idle:
                cursor.close()
            self._idle.clear()
            self._connection.close()

    def interrupt(self) -> None:
        """Interrupt the queries on cursors that are lent out."""
        with self._changed:
            for cursor in self._lent:
                cursor.interrupt()

    def _checkout(self) -> DuckDBPyConnection:
        import duckdb

        with self._changed:
            if self._closed:
                raise duckdb.ConnectionException("the connection was closed")
            cursor = self._idle.pop() if self._idle else self._connection.cursor().execute("USE litmus")
            self._lent.append(cursor)
            return cursor

    def _give_back(self, cursor: DuckDBPyConnection, *, keep: bool) -> None:
        with self._changed:
            self._lent.remove(cursor)
            if keep and not self._closed:
                self._idle.append(cursor)
            else:
                cursor.close()
            self._changed.notify_all()

    def _wait_for_all(self, seconds: float) -> bool:
        return self._changed.wait_for(lambda: not self._lent, timeout=seconds)
