# ruff: noqa: S608 - names and paths are quoted by _duck
"""CSV to a staged Parquet file of texts: DuckDB where it can, Python's own reader where it cannot.

The staged columns are called ``c0``, ``c1`` … and hold every cell as it stands; types come later, from
all rows. Python's reader is slower, forgives more (mixed line ends, text behind a closing quote), and
knows the exact line of a row that does not fit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._dialect import Dialect
from litmus_core.data._duck import path_literal, text_literal
from litmus_core.errors import DataError

if TYPE_CHECKING:
    import duckdb

_BATCH_CELLS = 500_000
_CHUNK = 1 << 20


def stage_csv(
    connection: duckdb.DuckDBPyConnection, text: Path, dialect: Dialect, *, staged: Path, name: str
) -> None:
    """Write the cells of the UTF-8 file ``text`` to the Parquet file ``staged``, rows in file order.

    Raises DataError with the line number where a row has another number of values than the header.
    """
    import duckdb

    if _ends_lines_alike(text):
        try:
            _stage_with_duckdb(connection, text, dialect, staged)
        except duckdb.Error:
            pass  # Python's reader takes more, and names the line
        else:
            return
    try:
        _stage_with_python(text, dialect, staged, strict=True)
    except _MisfitError as misfit:
        _stage_forgivingly(text, dialect, staged, misfit, name=name)


def _ends_lines_alike(text: Path) -> bool:
    """Say whether all lines end in a line feed, or all in both marks: else DuckDB may miss rows silently."""
    n_returns = n_feeds = n_both = 0
    with text.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)
            n_returns += chunk.count(b"\r")
            n_feeds += chunk.count(b"\n")
            n_both += chunk.count(b"\r\n")
    return n_returns == 0 or n_returns == n_feeds == n_both


def _stage_forgivingly(
    text: Path, dialect: Dialect, staged: Path, misfit: _MisfitError, *, name: str
) -> None:
    """Try what else the quotes could mean: text behind a closing one, or nothing at all (5" pipe)."""
    try:
        _stage_with_python(text, dialect, staged, strict=False, quoting=not misfit.is_about_width)
    except _MisfitError:
        raise misfit.in_words(name) from None


class _MisfitError(Exception):
    """A row that does not fit; lines count from 1. ``n_values`` None: its quotes are the trouble."""

    def __init__(
        self, *, line: int, n_columns: int, n_values: int | None = None, never_closed: bool = False
    ) -> None:
        super().__init__(line, n_values, n_columns)
        self.line, self.n_values, self.n_columns = line, n_values, n_columns
        self.never_closed = never_closed

    @property
    def is_about_width(self) -> bool:
        """Whether reading quotes as plain letters could help."""
        return self.n_values is not None or self.never_closed

    def in_words(self, name: str) -> DataError:
        if self.n_values is None:
            what = (
                "opens a quote that is never closed"
                if self.never_closed
                else "has text behind a closing quote"
            )
            return DataError(
                f"Line {self.line:,} of '{name}' {what}.",
                hint="Correct that line, or double the quote in it.",
            )
        values = "1 value" if self.n_values == 1 else f"{self.n_values:,} values"
        return DataError(
            f"Line {self.line:,} of '{name}' has {values} where the table has {self.n_columns:,} columns.",
            hint="Correct that line, or put values that contain the separator in double quotes.",
        )


def _stage_with_duckdb(
    connection: duckdb.DuckDBPyConnection, text: Path, dialect: Dialect, staged: Path
) -> None:
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.names)))
    options = (
        f"auto_detect = false, delim = {text_literal(dialect.delimiter)}, quote = '\"', escape = '\"', "
        f"header = {str(dialect.has_header).lower()}, "
        f"skip = {dialect.n_skipped}, columns = {{{columns}}}"
    )
    connection.execute(
        f"COPY (SELECT * FROM read_csv({path_literal(text)}, {options})) TO {text_literal(str(staged))} "
        "(FORMAT parquet, COMPRESSION snappy)"
    )


def _stage_with_python(
    text: Path, dialect: Dialect, staged: Path, *, strict: bool, quoting: bool = True
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    width = len(dialect.names)
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    with pq.ParquetWriter(staged, schema, compression="snappy") as writer:
        for batch in _batches(_even_rows(text, dialect, strict=strict, quoting=quoting), width=width):
            cells = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
            writer.write_table(pa.Table.from_arrays(cells, schema=schema))


def _batches(rows: Iterator[list[str]], *, width: int) -> Iterator[Sequence[list[str]]]:
    size, batch = max(100, _BATCH_CELLS // max(width, 1)), []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _even_rows(text: Path, dialect: Dialect, *, strict: bool, quoting: bool) -> Iterator[list[str]]:
    """Yield the rows below the header, each as wide as the table; blank lines are passed over."""
    width, is_header = len(dialect.names), dialect.has_header
    for line, row in _numbered_rows(text, dialect, strict=strict, quoting=quoting):
        if is_header:
            is_header = False
            continue
        while len(row) > width and not row[-1]:
            row.pop()  # separators at a line's end
        if len(row) != width:
            raise _MisfitError(line=line, n_values=len(row), n_columns=width)
        yield row


def _numbered_rows(
    text: Path, dialect: Dialect, *, strict: bool, quoting: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the physical line it begins on, from the header on."""
    with text.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(dialect.n_skipped):
            file.readline()
        reader = csv.reader(
            file,
            delimiter=dialect.delimiter,
            strict=strict,
            quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE,
        )
        begins = dialect.n_skipped + 1
        try:
            for row in reader:
                line, begins = begins, dialect.n_skipped + reader.line_num + 1
                if row:
                    yield line, row
        except csv.Error as broken:
            never_closed = "end of data" in str(broken)
            raise _MisfitError(
                line=begins, n_columns=len(dialect.names), never_closed=never_closed
            ) from broken
