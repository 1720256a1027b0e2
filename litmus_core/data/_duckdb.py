"""DuckDB for tables: short-lived in-memory connections whose errors are always translated."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._memory import free_gb
from litmus_core.errors import DataError, LitmusError, MissingExtraError

if TYPE_CHECKING:
    import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # reading a table must not use the network
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
_MOST_IDLE = 2
_MOST_THREADS = 8  # each holds a piece of the file and of the table in memory
_MEMORY_SHARE, _LEAST_GB = 0.5, 0.5
_OPTIMIZERS = ("unused_columns", "column_lifetime")


@contextmanager
def open_duckdb(
    purpose: str, *, spill: Path | None = None, plans_fully: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection for ``purpose`` ("read the table"); spills to the folder ``spill``.

    It uses at most half of the free memory and spills the rest to the folder (None: a temporary one).
    ``plans_fully`` enables all of DuckDB's optimisers, for queries of a few columns that scan less with them.
    Raises DataError with DuckDB's first line on failure, MissingExtraError without DuckDB, LitmusError if
    DuckDB itself does not start.
    """
    with _translate_errors(purpose), closing(_open()) as connection:
        _set_up(connection, spill=spill or _spill_folder(), plans_fully=plans_fully)
        yield connection


@contextmanager
def reuse_duckdb(purpose: str, *, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection for queries that create only TEMP objects; otherwise like :func:`open_duckdb`.

    Opening DuckDB takes longer than most queries, so an open connection is reused, unless it failed or
    spilled. Nothing of one query is left for the next.
    """
    with _translate_errors(purpose):
        database, spill = _pop_idle() or _open(), spill or _spill_folder()
        is_sound = False
        try:
            with closing(database.cursor()) as connection:
                _set_up(connection, spill=spill, plans_fully=False)
                yield connection
            is_sound = not spill.exists() and len(_idle) < _MOST_IDLE
        finally:
            if is_sound:
                _idle.append(database)
            else:
                database.close()


_idle: list[duckdb.DuckDBPyConnection] = []


def _pop_idle() -> duckdb.DuckDBPyConnection | None:
    with suppress(IndexError):  # another thread may have taken it
        return _idle.pop()
    return None


def _close_idle() -> None:
    while database := _pop_idle():
        database.close()


os.register_at_fork(before=_close_idle)  # a forked child would inherit them without their threads


def _open() -> duckdb.DuckDBPyConnection:
    try:
        import duckdb
    except ModuleNotFoundError as missing:
        raise MissingExtraError(subject="Reading tables", extra="train") from missing
    return duckdb.connect(config=_SETTINGS)


@contextmanager
def _translate_errors(purpose: str) -> Iterator[None]:
    """Raise DuckDB's errors as DataError."""
    try:
        yield
    except LitmusError:  # DuckDB may be missing
        raise
    except Exception as error:
        import duckdb

        if not isinstance(error, duckdb.Error):
            raise
        is_short = isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error)
        hint = "Free some memory and disk space, and try again." if is_short else "Nothing was changed."
        raise DataError(f"Litmus could not {purpose}: {first_line(error)}", hint=hint) from error


def _spill_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"litmus-{uuid.uuid4().hex}"  # created by DuckDB


def _set_up(connection: duckdb.DuckDBPyConnection, *, spill: Path, plans_fully: bool) -> None:
    """Set the connection's limits; raises LitmusError, not DataError, if DuckDB refuses one."""
    import duckdb

    most_gb = max(_LEAST_GB, _MEMORY_SHARE * free_gb())
    try:
        connection.execute("SET TimeZone = 'UTC'")
        _hide_progress(connection)
        connection.execute(f"SET threads = least({_MOST_THREADS}, current_setting('threads'))")
        if not plans_fully:
            _plan_quickly(connection)
        connection.execute(f"SET temp_directory = {text_literal(str(spill))}")
        connection.execute(f"SET memory_limit = '{most_gb:.2f} GB'")
    except duckdb.Error as error:
        raise LitmusError(
            f"DuckDB, which reads tables for Litmus, does not start here: {first_line(error)}",
            hint="Your table was not read. Litmus is tested with the versions in constraints.txt.",
        ) from error


def _hide_progress(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn DuckDB's progress bar off if it is on: notebooks without ipywidgets refuse the setting."""
    [(is_shown,)] = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if is_shown:
        connection.execute("SET enable_progress_bar = false")


def _plan_quickly(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn off the optimisers that plain scans do not need, and that thousands of columns make slow.

    (``in_clause`` is cubic in the number of columns: 25 s for a hundred.)
    """
    records = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    unused = [str(name) for (name,) in records if name not in _OPTIMIZERS]
    connection.execute(f"SET disabled_optimizers = {text_literal(','.join(unused))}")


def first_line(error: Exception) -> str:
    """Return the first line of ``error``, without DuckDB's prefix."""
    line = (str(error).strip().splitlines() or ["no reason was given"])[0]
    return line.split(" Error: ", 1)[-1].rstrip(".") + "."


def identifier(name: str) -> str:
    """Return ``name`` quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """Return ``text`` quoted as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def parquet(path: Path) -> str:
    """Return the SQL table function that reads the Parquet file at ``path``, in its own order."""
    return f"read_parquet({path_literal(path)})"


def path_literal(path: Path) -> str:
    """Return ``path`` as an SQL string that names exactly this file.

    DuckDB treats a path as a pattern: a folder called ``[a]`` must not match a choice of letters.
    """
    return text_literal("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)))
