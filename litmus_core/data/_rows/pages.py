# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""A page of a table's rows, in file order, searched or sorted, however long the table is."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, open_duckdb, path_literal, text_literal
from litmus_core.data._rows.read import check_names, read_rows, table_path, to_pandas
from litmus_core.errors import BusyError, UsageError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion

_MOST_ROWS = 1_000
_LIMIT_S = 20.0
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a table, in the requested order.

    ``rows`` has a RangeIndex; ``places`` (one a row) are the rows' positions in the table, from 0.
    ``n_matching`` is the number of rows to page through: all, or those found.
    """

    rows: pd.DataFrame
    places: tuple[int, ...]
    offset: int
    n_matching: int
    n_rows: int


def page_of(
    workspace: Workspace,
    version: DatasetVersion,
    *,
    offset: int,
    n_rows: int,
    search: str | None = None,
    sort: str | None = None,
    descending: bool = False,
    columns: Sequence[str] | None = None,
    limit_s: float = _LIMIT_S,
) -> Page:
    """Return up to ``n_rows`` rows (at most 1,000) from row ``offset`` on, typed as in ``read_rows``.

    ``search`` matches inside texts, ignoring case, and, if it can be read as one, a cell's number, date, time
    or boolean; in ``columns`` (None: all). ``sort`` is a column's name; missing values come last, equal ones
    in the table's order. Raises UsageError for a negative offset or too many rows, UnknownNameError for an
    unknown column, BusyError after ``limit_s`` seconds.
    """
    if offset < 0 or not 0 <= n_rows <= _MOST_ROWS:
        raise UsageError(f"A page has up to {_MOST_ROWS:,} rows, and its offset cannot be negative.")
    shown = check_names(version, columns)
    check_names(version, [] if sort is None else [sort])
    wanted = (search or "").strip()
    if not wanted and sort is None:
        rows = read_rows(workspace, version, columns=shown, n_rows=n_rows, offset=offset)
        places = tuple(range(offset, offset + len(rows)))
        return Page(rows=rows, places=places, offset=offset, n_matching=version.n_rows, n_rows=version.n_rows)
    query = _Query(
        table=f"read_parquet({path_literal(table_path(workspace, version))}, file_row_number = true)",
        condition=_condition([version.column(name) for name in shown], wanted) if wanted else "",
        order="" if sort is None else f"{identifier(sort)} {'DESC' if descending else 'ASC'} NULLS LAST, ",
        key="" if sort is None else f", {identifier(sort)}",
    )
    subject = f"'{wanted}' in" if wanted else f"the order by '{sort}' of"
    with limited_duckdb(
        limit_s, subject=f"{subject} the {version.n_rows:,} rows of '{version.name}'"
    ) as connection:
        n_matches, row_places = query.places(connection, offset=offset, n_rows=n_rows)
        rows = query.rows(connection, row_places, columns=shown)
    n_matching = version.n_rows if n_matches is None else n_matches
    return Page(
        rows=rows, places=tuple(row_places), offset=offset, n_matching=n_matching, n_rows=version.n_rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """SQL over a Parquet file with row positions: what to find, and in which order."""

    table: str
    condition: str
    order: str
    key: str

    def places(
        self, connection: duckdb.DuckDBPyConnection, *, offset: int, n_rows: int
    ) -> tuple[int | None, list[int]]:
        """Return the number of matching rows (None: no search), and the positions of the page's rows."""
        n_matches, source = None, self.table
        if self.condition:
            source = "found"
            connection.execute(
                f"CREATE TEMP TABLE found AS SELECT file_row_number{self.key} FROM {self.table} "
                f"WHERE {self.condition}"
            )
            (n_matches,) = connection.execute("SELECT count(*) FROM found").fetchone() or (0,)
        rows = connection.execute(
            f"SELECT file_row_number FROM {source} ORDER BY {self.order}file_row_number "
            f"LIMIT {n_rows} OFFSET {offset}"
        ).fetchall()
        return n_matches, [int(place) for (place,) in rows]

    def rows(
        self, connection: duckdb.DuckDBPyConnection, places: Sequence[int], *, columns: Sequence[str]
    ) -> pd.DataFrame:
        """Return the rows at ``places``, in that order."""
        listed = ", ".join(f"({place}, {rank})" for rank, place in enumerate(places)) or "(-1, 0)"
        connection.execute(
            f"CREATE TEMP TABLE page AS SELECT * FROM (VALUES {listed}) AS page(file_row_number, page_rank)"
        )
        shown = ", ".join(f"stored.{identifier(name)}" for name in columns)
        rows = connection.sql(
            f"SELECT {shown} FROM {self.table} AS stored JOIN page USING (file_row_number) "
            "ORDER BY page.page_rank"
        )
        return to_pandas(rows.to_arrow_table())


@contextmanager
def limited_duckdb(limit_s: float, *, subject: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that stops after ``limit_s`` seconds with BusyError, which names the work."""
    with (
        TemporaryDirectory(prefix="litmus-") as spill,
        open_duckdb("page through the table", spill=Path(spill), plans_fully=True) as connection,
    ):
        import duckdb

        done = threading.Event()
        watch = threading.Thread(target=_interrupt, args=(connection, done, limit_s), daemon=True)
        watch.start()
        try:
            yield connection
        except duckdb.InterruptException as stopped:
            raise BusyError(
                f"Finding {subject} took longer than {limit_s:g} seconds, so Litmus stopped.",
                hint="Look in one column, or page through the table as it is.",
            ) from stopped
        finally:
            done.set()
            watch.join()


def _interrupt(connection: duckdb.DuckDBPyConnection, done: threading.Event, limit_s: float) -> None:
    """Interrupt the running query, and any later one, once the time is over."""
    wait_s = limit_s
    while not done.wait(wait_s):
        connection.interrupt()
        wait_s = 0.05


def _condition(columns: Sequence[Column], wanted: str) -> str:
    """Return the SQL that tests whether a row contains ``wanted`` in one of ``columns``."""
    conditions = [sql for column in columns if (sql := _matches(column, wanted))]
    return " OR ".join(conditions) or "false"


def _matches(column: Column, wanted: str) -> str:
    name = identifier(column.name)
    if column.stores_text:
        return f"contains(lower({name}), {text_literal(wanted.lower())})"
    if column.stores_truths:
        return f"{name} = {wanted.lower()}" if wanted.lower() in ("true", "false") else ""
    if column.stores_times:
        return _is_moment(name, wanted)
    number = _number(wanted)
    return "" if number is None else f"{name} = {number!r}"


def _number(wanted: str) -> int | float | None:
    for read in (int, float):
        try:
            number = read(wanted)
        except ValueError:
            continue
        return number if math.isfinite(number) and abs(number) < 1e300 else None
    return None


def _is_moment(name: str, wanted: str) -> str:
    try:
        moment = datetime.fromisoformat(wanted).replace(tzinfo=None)
    except ValueError:
        return ""
    length = timedelta(days=1) if _DAY.fullmatch(wanted) else timedelta(microseconds=1)
    return f"({name} >= TIMESTAMP '{moment}' AND {name} < TIMESTAMP '{moment + length}')"
