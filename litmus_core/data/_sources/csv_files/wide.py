"""A CSV with very many columns as an Arrow table of texts: DuckDB is slow to plan so many columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._rows.arrow import array_of
from litmus_core.data._rows.wide_tables import FEWEST_COLUMNS, MOST_CELLS
from litmus_core.data._sources.csv_files.staging import has_uniform_line_ends
from litmus_core.runtime import Dialect, StrayQuote, read_rows

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_BYTES = 1 << 30
_CELLS_AT_ONCE = 2_000_000
_BLOCK = 32 << 20  # bytes that a thread reads at once; no line may be longer
_BOM = b"\xef\xbb\xbf"


def read_wide(text: Path, dialect: Dialect, *, name: str) -> tuple[pa.Table, Sequence[StrayQuote]] | None:
    """Return the cells of the UTF-8 file ``text`` as columns ``c0``, ``c1`` …; None for a narrow or long one.

    With them come the cells with stray quotes, which were read as letters. Raises DataError with the line
    number if a row has another number of values than the header.
    """
    width = len(dialect.names)
    if width < FEWEST_COLUMNS or text.stat().st_size > _MOST_BYTES:
        return None
    content = text.read_bytes()
    if content.count(b"\n") * width > MOST_CELLS + width:
        return None
    is_plain = not dialect.quote or dialect.quote.encode() not in content
    if is_plain and has_uniform_line_ends(text) and len(dialect.delimiter.encode()) == 1:
        cells = _plain_cells(content, dialect)
        if cells is not None:
            return cells, ()
    del content
    return read_rows(text, dialect, name=name, read=lambda rows: (_table(rows, width=width), rows.strays))


def _plain_cells(content: bytes, dialect: Dialect) -> pa.Table | None:
    """Return the cells of a file without quotes; None if rows differ in width, or the like."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    names = [f"c{place}" for place in range(len(dialect.names))]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(content).slice(_body_start(content, dialect))),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=dialect.delimiter, quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None  # Python's reader accepts more, and names the line


def _body_start(content: bytes, dialect: Dialect) -> int:
    """Return where the first row below the header starts."""
    place = len(_BOM) if content.startswith(_BOM) else 0
    for _ in range(dialect.n_skipped):
        place = _next_line(content, place)
    return _next_line(content, place) if dialect.has_header else place


def _next_line(content: bytes, place: int) -> int:
    return content.find(b"\n", place) + 1 or len(content)


def _table(rows: Iterable[list[str]], *, width: int) -> pa.Table:
    """Return rows as a table: all cells in reading order, then arranged by column."""
    import pyarrow as pa

    names = [f"c{place}" for place in range(width)]
    batches = []
    for cells, n_rows in _batches(iter(rows), width=width):
        order = np.arange(n_rows * width).reshape(n_rows, width).T.ravel()
        flat = pa.array(cells, pa.string()).take(array_of(order))
        columns = [flat.slice(place * n_rows, n_rows) for place in range(width)]
        batches.append(pa.RecordBatch.from_arrays(columns, names=names))
    return pa.Table.from_batches(batches, pa.schema([(name, pa.string()) for name in names]))


def _batches(rows: Iterator[list[str]], *, width: int) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of some rows one after the other, and the number of rows."""
    size = max(1, _CELLS_AT_ONCE // width)
    while some := list(islice(rows, size)):
        yield list(chain.from_iterable(some)), len(some)
