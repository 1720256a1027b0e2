"""Users' own SELECT statements: on the store and the data sets only, with limits on time, memory and rows."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.store._analytic.tables import Tables, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VERSIONS = re.compile(r"\bdv_\w+\b", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlLimits:
    """Limits of one statement: seconds, MB of memory, rows of its result."""

    seconds: float = 30.0
    memory_mb: int = 1024
    rows: int = 100_000


def run_select(tables: Tables, datasets: Path, text: str, limits: SqlLimits) -> list[dict[str, Any]]:
    """Return the rows of one SELECT over ``tables``, which nobody else may use.

    The tables are then closed to everything else. Files of data sets can be read by path, or as a table named
    by a version's id; no other file, address or Python variable can. Raises UsageError for any statement but
    a SELECT, one that fails, or one that exceeds ``limits``.
    """
    import duckdb

    try:
        with tables.transaction() as cursor:
            _confine(cursor, datasets, limits)
            _name_datasets(cursor, datasets, text)
        with _cancel_after(tables, limits.seconds):
            rows = tables.read(text, most_rows=limits.rows + 1)
    except duckdb.InterruptException as error:
        raise UsageError(
            f"The statement took more than {limits.seconds:g} seconds.",
            hint="Ask for fewer rows, or give it longer with --time-limit.",
        ) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise UsageError(
            f"The statement takes more than the {limits.memory_mb:,} MB of memory that it may have.",
            hint="Ask for fewer rows or columns, or summarise them.",
        ) from error
    except duckdb.PermissionException as error:
        raise UsageError(
            f"Only the store's tables and the data sets can be asked: {_first_line(error)}",
            hint="Import the file first: litmus import FILE. Its version's id (dv_…) is then a table.",
        ) from error
    except duckdb.Error as error:
        raise UsageError(f"The store cannot answer this: {error}") from error
    if len(rows) > limits.rows:
        raise UsageError(
            f"The answer has more than {limits.rows:,} rows.", hint="Add LIMIT, or summarise them."
        )
    return rows


def _confine(cursor: DuckDBPyConnection, datasets: Path, limits: SqlLimits) -> None:
    for setting in (
        f"memory_limit = '{limits.memory_mb}MB'",
        "temp_directory = ''",
        f"allowed_directories = ['{quoted(datasets.resolve())}']",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",  # last: none of these settings can be undone
    ):
        cursor.execute(f"SET {setting}")


def _name_datasets(cursor: DuckDBPyConnection, datasets: Path, text: str) -> None:
    """Create a view for each data set version that the statement names by its id."""
    for id_ in set(_VERSIONS.findall(text)):
        record = cursor.execute("SELECT path FROM dataset_versions WHERE id = ?", [id_]).fetchone()
        if record is not None:
            path = datasets.parent.resolve() / str(record[0])
            cursor.execute(f"CREATE VIEW \"{id_}\" AS FROM read_parquet('{quoted(path)}')")


@contextmanager
def _cancel_after(tables: Tables, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, tables.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
