"""How a CSV file is written: delimiter, where the table begins, whether it has a header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from litmus_core.errors import DataError
from litmus_core.types import Column, tidy_names

MAX_COLUMNS = 20_000
MAX_CELL = 256 * 1024 * 1024  # characters
_SAMPLE = 256 * 1024  # characters, more where lines are long
_SAMPLE_LINES = 20
_DELIMITERS = (",", ";", "\t", "|")
_NO_DELIMITER = "\x1f"  # for a table of one column, whose cells may hold any of the others
_MAX_PREAMBLE = 20  # lines of title or comment above a header
_NUMBER = re.compile(r"\s*[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a CSV reader needs to know. ``n_skipped`` counts physical lines above the header (or first row).

    ``names`` are the columns as the file calls them, blank where it does not.
    """

    delimiter: str
    n_skipped: int
    has_header: bool
    names: tuple[str, ...]


def find_dialect(path: Path, *, name: str, columns: Sequence[Column] = ()) -> Dialect:
    """Read the beginning of the UTF-8 file at ``path`` and say how it is written.

    ``name`` is what messages call it. Where ``columns`` are expected, the row that names most of them is the
    header. Raises DataError when the file is empty, has too many columns, or (where nothing is expected) has
    a header only.
    """
    text, is_all = _sample(path)
    if not text.strip():
        raise DataError(f"'{name}' is empty.", hint="Choose a file with a header and some rows.")
    csv.field_size_limit(MAX_CELL)
    readings = [_Reading.of(text, delimiter, is_all=is_all) for delimiter in _DELIMITERS]
    if not all(reading.rows for reading in readings):
        raise DataError(f"'{name}' has no values in it.", hint="Choose a file with a header and some rows.")
    best = max(readings, key=lambda reading: reading.merit)
    if best.merit[0] == 0.0:
        best = _Reading.of(text, _NO_DELIMITER, is_all=is_all)
    if best.width > MAX_COLUMNS:
        raise DataError(
            f"'{name}' has {best.width:,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
            hint="Leave out the columns that cannot matter.",
        )
    if columns:
        return _with_columns(best.dialect(), readings, columns)
    if len(best.rows) == best.first_of_table() + 1 and best.dialect().has_header:
        raise DataError(f"'{name}' has a header but no rows.", hint="Choose a file with at least one row.")
    return best.dialect()


def _with_columns(found: Dialect, readings: Sequence[_Reading], columns: Sequence[Column]) -> Dialect:
    """Return ``found``, or a dialect whose header names more of ``columns``.

    Columns that all came from a file without a header are looked for in one without.
    """
    wanted = {column.name for column in columns}
    n_found = len(wanted.intersection(tidy_names(found.names)))
    rows = [
        (len(wanted.intersection(tidy_names(row))), -index, reading)
        for reading in readings
        for index, (_, row) in enumerate(reading.rows[: _MAX_PREAMBLE + 1])
    ]
    n_named, index, reading = max(rows, key=lambda each: each[:2])
    if n_named > n_found:
        return reading.below(-index)
    if n_found == 0 and found.has_header and not any(column.original_name for column in columns):
        return replace(found, has_header=False, names=("",) * len(found.names))
    return found


def _sample(path: Path) -> tuple[str, bool]:
    """Return the beginning of the file, and whether that is all of it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read(_SAMPLE)
        while text.count("\n") < _SAMPLE_LINES and (more := file.read(len(text))):
            text += more
        return text, not file.read(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The sample read with one delimiter: rows with the physical line each begins on (from 0)."""

    delimiter: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    width: int  # of most rows
    agreement: float  # share of rows that have this width

    @classmethod
    def of(cls, text: str, delimiter: str, *, is_all: bool) -> _Reading:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        rows, begins = [], 0
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, tuple(row)))
            begins = reader.line_num
        if not is_all and len(rows) > 1:
            del rows[-1]  # cut off by the sample's end
        widths = Counter(len(row) for _, row in rows)
        width, n_agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return cls(
            delimiter=delimiter, rows=tuple(rows), width=width, agreement=n_agreeing / max(1, len(rows))
        )

    @property
    def merit(self) -> tuple[float, int]:
        """Share of rows that agree on their width, then that width; 0 where the header does not."""
        header = len(self.rows[self.first_of_table()][1])
        fits = header == self.width or (header == self.width - 1 and header > 1) or self.agreement > 0.95
        return (self.agreement if self.width > 1 and fits else 0.0, self.width)

    def dialect(self) -> Dialect:
        first = self.first_of_table()
        n_skipped, header = self.rows[first]
        if _is_header(header, [row for _, row in self.rows[first + 1 :]]):
            return self.below(first)
        return Dialect(
            delimiter=self.delimiter, n_skipped=n_skipped, has_header=False, names=("",) * len(header)
        )

    def below(self, header: int) -> Dialect:
        """Return the dialect of a table whose header is the row at this place."""
        n_skipped, names = self.rows[header]
        body = [row for _, row in self.rows[header + 1 :]]
        return Dialect(
            delimiter=self.delimiter, n_skipped=n_skipped, has_header=True, names=_names(names, body)
        )

    def first_of_table(self) -> int:
        """Return the index of the first row that belongs to the table: titles above it are narrow."""
        for index, (_, row) in enumerate(self.rows[: _MAX_PREAMBLE + 1]):
            if row[0].lower().startswith("sep="):
                continue  # what Excel is told about the separator
            filled = sum(1 for cell in row if cell.strip())
            if self.width < 3 or filled > max(1, self.width // 3):
                return index
        return 0


def _names(header: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the header's names; R leaves the first one out when it writes row names."""
    widths = {len(row) for row in body}
    if widths == {len(header) + 1} and any(row[-1].strip() for row in body):
        return ("", *header)
    return header


def _is_header(first: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> bool:
    """Say whether ``first`` names the columns: some cell of it does not look like those below it."""
    cells = [cell.strip() for cell in first]
    if _are_numbered([int(cell) for cell in cells if re.fullmatch(r"\d{1,5}", cell)]):
        return True
    typed = [column for column in range(len(cells)) if _is_typed(column, body)]
    if not typed:
        return True
    return not all(_is_value(cells[column]) for column in typed)


def _are_numbered(whole: list[int]) -> bool:
    """Say whether these header cells number the columns (0, 1, 2 …) or name years."""
    if len(whole) < 2 or whole != sorted(set(whole)):
        return False
    return whole == list(range(len(whole))) or all(1800 <= number <= 2200 for number in whole)


def _is_typed(column: int, body: Sequence[tuple[str, ...]]) -> bool:
    values = [row[column].strip() for row in body if column < len(row) and row[column].strip()]
    return bool(values) and all(_is_value(value) for value in values)


def _is_value(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))
