"""CSV files as tables of raw rows: read once, a chunk at a time, every cell kept as the file spells it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from litmus_core.errors import DataError
from litmus_core.runtime._spelling import read_cells
from litmus_core.types import Column, tidy_names

if TYPE_CHECKING:
    import pandas as pd

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 1 << 18
_LAST_HEADER_ROW = 20  # a title or comment may stand above the header
_LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvChunk:
    """Some rows of a file: every cell, as text."""

    table: CsvTable
    rows: Sequence[Sequence[str]]

    @property
    def n_rows(self) -> int:
        """Rows in this chunk."""
        return len(self.rows)

    def frame(self) -> pd.DataFrame:
        """Return the raw values of those feature columns that the file has."""
        import pandas as pd

        places = {name: place for place, name in enumerate(self.table.names)}
        data = {
            column.name: _objects(read_cells([row[places[column.name]] for row in self.rows], column))
            for column in self.table.columns
            if column.name in places
        }
        return pd.DataFrame(data, index=pd.RangeIndex(len(self.rows)), copy=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """A CSV file and how it is written. ``header`` has the names as the file spells them.

    ``n_skipped`` rows stand above the header; ``columns`` are the features to look for.
    """

    path: Path
    columns: tuple[Column, ...]
    encoding: str
    delimiter: str = ","
    n_skipped: int = 0
    header: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, trimmed and unique."""
        return tidy_names(self.header)

    def chunks(self, n_rows: int) -> Iterator[CsvChunk]:
        """Yield the rows below the header, ``n_rows`` at a time; at least one chunk, maybe empty.

        Blank lines are passed over. Raises DataError with the line where a row is of another width.
        """
        with _open(self.path, self.encoding) as file:
            rows = self._even_rows(csv.reader(file, delimiter=self.delimiter))
            yield CsvChunk(table=self, rows=list(islice(rows, n_rows)))
            while chunk := list(islice(rows, n_rows)):
                yield CsvChunk(table=self, rows=chunk)

    def _even_rows(self, reader: Any) -> Iterator[list[str]]:
        width = len(self.header)
        try:
            for _ in range(self.n_skipped + 1):
                next(reader)
            for row in reader:
                if len(row) == width:
                    yield row
                elif row:
                    yield self._mended(row, reader.line_num)
        except csv.Error as error:
            raise DataError(
                f"'{self.path.name}' cannot be read at line {reader.line_num:,}: {error}."
            ) from error

    def _mended(self, row: list[str], line: int) -> list[str]:
        width = len(self.header)
        while len(row) > width and not row[-1]:
            row.pop()  # separators at a line's end
        if len(row) != width:
            values = "1 value" if len(row) == 1 else f"{len(row):,} values"
            raise DataError(
                f"Line {line:,} of '{self.path.name}' has {values} where the header has {width:,}.",
                hint="Correct that line, or put values that contain the separator in double quotes.",
            )
        return row


def open_csv(path: Path, columns: Sequence[Column]) -> CsvTable:
    """Look at the file's beginning for its encoding, its delimiter and the row that names ``columns``.

    Raises DataError when the file is empty or of another kind.
    """
    encoding = _encoding(path)
    with _open(path, encoding) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    if not sample.strip():
        raise DataError(f"'{path.name}' is empty.", hint="Choose a file with a header and some rows.")
    delimiter, n_skipped, header = _find_header(sample, {column.name for column in columns})
    return CsvTable(
        path=path,
        columns=tuple(columns),
        encoding=encoding,
        delimiter=delimiter,
        n_skipped=n_skipped,
        header=header,
    )


def _find_header(sample: str, wanted: set[str]) -> tuple[str, int, tuple[str, ...]]:
    """Return delimiter, rows above, and cells of the row that names most of ``wanted``; else of the first."""
    found = []
    for delimiter in _DELIMITERS:
        for place, row in enumerate(islice(_sample_rows(sample, delimiter), _LAST_HEADER_ROW)):
            n_named = len(wanted.intersection(tidy_names(row)))
            if n_named or place == 0:
                found.append(((n_named, -place, len(row)), delimiter, place, tuple(row)))
    _, delimiter, place, header = max(found, key=lambda each: each[0])
    return delimiter, place, header


def _sample_rows(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    except csv.Error:
        return


@contextmanager
def _open(path: Path, encoding: str) -> Iterator[TextIO]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        yield file


def _encoding(path: Path) -> str:
    """Return ``utf-8-sig``, ``utf-16`` by its mark, or ``cp1252`` / ``latin-1`` for what is not UTF-8."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") and _decodes(path, "utf-16"):
        return "utf-16"
    if head == b"PAR1":
        raise DataError(f"'{path.name}' is a Parquet file.", hint="Give it a name that ends in .parquet.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(f"'{path.name}' is a workbook or archive, not CSV.", hint="Save the sheet as CSV.")
    return next((each for each in ("utf-8-sig", "cp1252") if _decodes(path, each)), "latin-1")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _objects(values: list[Any]) -> Any:
    import numpy as np

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
