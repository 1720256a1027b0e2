# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""CSV to a staged Parquet file of texts: by DuckDB if possible, otherwise by Python's own reader.

The staged columns are called ``c0``, ``c1`` … and hold every cell unchanged; types are inferred later, from
all rows. Python's reader is slower, accepts more (mixed line ends, stray quotes), and knows the
exact line of a bad row; it also reads rows to score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from litmus_core.data._duckdb import path_literal, text_literal
from litmus_core.runtime import CsvRows, Dialect, StrayQuote, read_rows

if TYPE_CHECKING:
    import duckdb

_BATCH_CELLS = 500_000
_Row = TypeVar("_Row")
_CHUNK = 1 << 20
_BUFFER = 8 << 20  # bytes of the file that a thread holds: a quarter of DuckDB's own choice


def csv_cells(text: Path, dialect: Dialect) -> str | None:
    """Return the SQL that reads the cells of the UTF-8 file ``text``; None if DuckDB may misread it.

    Running it raises duckdb.Error if a row has another number of values than the header, or the like.
    """
    # DuckDB reads a blank line as a row if there is one column, and no row below a stray quote in a header.
    if len(dialect.names) <= 1 or dialect.has_stray_quotes or not has_uniform_line_ends(text):
        return None
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.names)))
    options = (
        f"auto_detect = false, delim = {text_literal(dialect.delimiter)}, "
        f"quote = {text_literal(dialect.quote)}, escape = {text_literal(dialect.quote)}, "
        f"header = {str(dialect.has_header).lower()}, "
        f"skip = {dialect.n_skipped}, columns = {{{columns}}}"
    )
    return f"read_csv({path_literal(text)}, {options}, buffer_size = {_BUFFER})"


def stage_csv(
    connection: duckdb.DuckDBPyConnection, text: Path, dialect: Dialect, *, staged: Path, name: str
) -> Sequence[StrayQuote]:
    """Write the cells of the UTF-8 file ``text`` to the Parquet file ``staged``, rows in file order.

    Returns the cells with stray quotes, which were read as letters. Raises DataError with the line number if
    a row has another number of values than the header.
    """
    import duckdb

    cells = csv_cells(text, dialect)
    if cells is not None:
        try:
            connection.execute(
                f"COPY (SELECT * FROM {cells}) TO {text_literal(str(staged))} "
                "(FORMAT parquet, COMPRESSION snappy)"
            )
        except duckdb.Error:
            pass  # Python's reader accepts more, and names the line
        else:
            return ()
    width = len(dialect.names)

    def read(rows: CsvRows) -> Sequence[StrayQuote]:
        _stage_with_python(rows, staged, width=width)
        return rows.strays

    return read_rows(text, dialect, name=name, read=read)


def has_uniform_line_ends(text: Path) -> bool:
    """Return whether all lines end alike, in LF or in CRLF: otherwise DuckDB may silently skip rows."""
    with text.open("rb") as file:
        if not any(b"\r" in chunk for chunk in iter(lambda: file.read(_CHUNK), b"")):
            return True
        file.seek(0)
        n_returns = n_feeds = n_both = 0
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)
            n_returns += chunk.count(b"\r")
            n_feeds += chunk.count(b"\n")
            n_both += chunk.count(b"\r\n")
    return n_returns == n_feeds == n_both


def _stage_with_python(rows: Iterable[list[str]], staged: Path, *, width: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    with pq.ParquetWriter(staged, schema, compression="snappy") as writer:
        for batch in row_batches(iter(rows), width=width):
            cells = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
            writer.write_table(pa.Table.from_arrays(cells, schema=schema))


def row_batches(rows: Iterator[_Row], *, width: int) -> Iterator[list[_Row]]:
    """Yield ``rows`` of ``width`` cells in batches that are quick to write and small in memory."""
    size = max(100, _BATCH_CELLS // max(width, 1))
    while batch := list(islice(rows, size)):
        yield batch
