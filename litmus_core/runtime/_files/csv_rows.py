"""The rows of a CSV file, all with the table's number of columns: one reader for import and for scoring.

Blank lines are skipped, and so are separators at the end of a line. One pass over the file decides what its
quotes mean: regular quoting, or quotes some of which are letters (5" pipe).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO, TypeVar

from litmus_core.errors import DataError
from litmus_core.runtime._files.dialect import MAX_CELL, Dialect, csv_format
from litmus_core.runtime._files.stray_quotes import LineRow, StrayQuote, rows_by_line

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRows:
    """The rows below the header of the UTF-8 file ``text``.

    With ``is_strict`` every quote opens or closes a cell. Otherwise ``strays`` are the cells with other
    quotes, of the header and of the rows read last.
    """

    text: Path
    dialect: Dialect
    is_strict: bool
    n_rows: int = 0  # counted by find_rows
    strays: list[StrayQuote] = field(default_factory=list)

    def __iter__(self) -> Iterator[list[str]]:
        width, is_header = len(self.dialect.names), self.dialect.has_header
        self.strays.clear()
        for one in self.numbered():
            self.strays.extend(StrayQuote(one.line, column) for column in one.strays)
            if is_header:
                is_header = False
                continue
            row = one.cells
            while len(row) > width and not row[-1]:
                row.pop()
            if len(row) != width:
                raise _MisfitError(line=one.line, n_values=len(row), n_columns=width)
            yield row

    def numbered(self) -> Iterator[LineRow]:
        """Yield the header and each row below it, and the line that it starts on."""
        csv.field_size_limit(MAX_CELL)
        n_skipped = self.dialect.n_skipped
        settings = csv_format(self.dialect.delimiter, self.dialect.quote)
        with self.text.open(encoding="utf-8-sig", newline="") as file:
            for _ in range(n_skipped):
                file.readline()
            if self.is_strict or not self.dialect.quote:
                yield from self._strict(file)
            else:
                width = len(self.dialect.names)
                yield from rows_by_line(file, settings, width=width, first_line=n_skipped + 1)

    def _strict(self, file: TextIO) -> Iterator[LineRow]:
        n_skipped = self.dialect.n_skipped
        settings = csv_format(self.dialect.delimiter, self.dialect.quote)
        reader = csv.reader(file, strict=True, **settings)
        begins = n_skipped + 1
        try:
            for row in reader:
                line, begins = begins, n_skipped + reader.line_num + 1
                if row:
                    yield LineRow(line=line, cells=row)
        except csv.Error as broken:
            never_closed = "end of data" in str(broken)
            raise _MisfitError(
                line=begins, n_columns=len(self.dialect.names), never_closed=never_closed
            ) from broken


def find_rows(text: Path, dialect: Dialect, *, name: str) -> CsvRows:
    """Return the rows of the UTF-8 file ``text`` in the reading that fits them all, and count them.

    ``name`` is the file's name in messages. Raises DataError with the line number if a row has another number
    of values than the header.
    """
    return read_rows(text, dialect, name=name, read=lambda rows: replace(rows, n_rows=sum(1 for _ in rows)))


def read_rows(text: Path, dialect: Dialect, *, name: str, read: Callable[[CsvRows], T]) -> T:
    """Return ``read``'s result for the rows of :func:`find_rows`; it restarts if a row does not fit.

    Raises the same DataError.
    """
    misfit = None
    for is_strict in (False,) if dialect.has_stray_quotes else (True, False):
        try:
            return read(CsvRows(text=text, dialect=dialect, is_strict=is_strict))
        except _MisfitError as other:
            misfit = misfit or other
    if misfit is None:
        raise RuntimeError("one of the readings returns or raises")
    raise misfit.data_error(name) from None


class _MisfitError(Exception):
    """A row that does not fit; lines count from 1. ``n_values`` None: its quotes are wrong."""

    def __init__(
        self, *, line: int, n_columns: int, n_values: int | None = None, never_closed: bool = False
    ) -> None:
        super().__init__(line, n_values, n_columns)
        self.line, self.n_values, self.n_columns = line, n_values, n_columns
        self.never_closed = never_closed

    def data_error(self, name: str) -> DataError:
        if self.n_values is None:
            problem = (
                "opens a quote that is never closed"
                if self.never_closed
                else "has text behind a closing quote"
            )
            return DataError(
                f"Line {self.line:,} of '{name}' {problem}.",
                hint="Correct that line, or double the quote in it.",
            )
        values = "1 value" if self.n_values == 1 else f"{self.n_values:,} values"
        return DataError(
            f"Line {self.line:,} of '{name}' has {values} where the table has {self.n_columns:,} columns.",
            hint="Correct that line, or put values that contain the separator in double quotes.",
        )
