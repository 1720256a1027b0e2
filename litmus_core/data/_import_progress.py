"""The progress of an import."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["ImportProgress"]


class ImportProgress:
    """The progress of an import, from 0 to 1: one thread imports, others may read it.

    DuckDB reports the progress of a statement; during other work the share stays the same.
    """

    def __init__(self) -> None:
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._start, self._end, self._reached = 0.0, 0.0, 0.0

    @property
    def share(self) -> float:
        """The share that is done; it never decreases."""
        part = self._statement_share()
        self._reached = max(self._reached, self._start + part * (self._end - self._start))
        return self._reached

    def follow(self, connection: duckdb.DuckDBPyConnection, *, start: float, end: float) -> None:
        """Read the progress of ``connection``; its statements lead from ``start`` to ``end``."""
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        self._connection, self._start, self._end = connection, start, end

    def _statement_share(self) -> float:
        connection = self._connection
        if connection is None:
            return 0.0
        import duckdb

        with suppress(duckdb.Error):  # the import may have closed it a moment ago
            return min(1.0, max(0.0, connection.query_progress() / 100))
        return 0.0
