"""Detect a CSV file's format: delimiter, where the table starts, whether it has a header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from litmus_core.errors import DataError
from litmus_core.frame import says_missing
from litmus_core.runtime._files.stray_quotes import rows_by_line, usual_width
from litmus_core.types import DETECT_ALL, Column, ReadOptions, tidy_names

MAX_COLUMNS = 20_000
MAX_CELL = 256 * 1024 * 1024  # characters
_SAMPLE = 256 * 1024  # characters, more if lines are long
_SAMPLE_LINES = 20
_DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # for a table of one column, whose cells may contain any other delimiter
_MAX_PREAMBLE = 20  # lines of title or comment above a header
_NUMBER = re.compile(r"\s*[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The format of a CSV file. ``n_skipped`` counts physical lines above the header (or first row).

    ``names`` are the columns' names in the file, blank where it has none; with ``quote`` "" quotes are plain
    characters. Of ``n_seen`` rows at the start of the file, ``n_agreeing`` have the most common number of
    cells. ``has_stray_quotes``: a quote there closes nothing, and only :class:`CsvRows` reads all rows.
    """

    delimiter: str
    n_skipped: int
    has_header: bool
    names: tuple[str, ...]
    quote: str = '"'
    n_seen: int = 0
    n_agreeing: int = 0
    has_stray_quotes: bool = False

    @property
    def is_one_column(self) -> bool:
        """Whether nothing separates cells."""
        return self.delimiter == NO_DELIMITER


def find_dialect(
    path: Path, *, name: str, columns: Sequence[Column] = (), options: ReadOptions = DETECT_ALL
) -> Dialect:
    """Read the start of the UTF-8 file at ``path`` and return its format.

    ``name`` is the file's name in messages. If ``columns`` are expected, the row that names most of them is
    the header. Raises DataError if the file is empty, has too many columns, does not have the delimiter or
    header row in ``options``, or (if nothing is expected) has only a header.
    """
    text, is_all = _sample(path, n_lines=max(_SAMPLE_LINES, (options.header_row or 0) + 2))
    if not text.strip():
        raise DataError(f"'{name}' is empty.", hint="Choose a file with a header and some rows.")
    csv.field_size_limit(MAX_CELL)
    quote = _find_quote(text) if options.quote is None else options.quote
    delimiters = _DELIMITERS if options.delimiter is None else (options.delimiter or NO_DELIMITER,)
    readings = [_Reading.of(text, delimiter, quote=quote, is_all=is_all) for delimiter in delimiters]
    if not all(reading.rows for reading in readings) or not text.strip(f" \t\r\n{quote}"):
        raise DataError(f"'{name}' has no values in it.", hint="Choose a file with a header and some rows.")
    best = max(readings, key=lambda reading: reading.merit)
    if options.delimiter:
        _check_delimiter(best, text, name=name)
    elif best.merit[0] == 0.0:
        best = _Reading.of(text, NO_DELIMITER, quote=quote, is_all=is_all)
    if best.width > MAX_COLUMNS:
        raise DataError(
            f"'{name}' has {best.width:,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
            hint="Leave out the columns that cannot matter.",
        )
    dialect = best.dialect()
    if options.header_row is not None:
        dialect = best.with_header_at(options.header_row, name=name)
    elif columns:
        return _with_columns(dialect, readings, columns)
    if dialect.has_header and not columns and best.rows[-1][0] <= dialect.n_skipped:
        raise DataError(f"'{name}' has a header but no rows.", hint="Choose a file with at least one row.")
    return dialect


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Return the index of the first of these equally wide rows in the table, and whether it is a header.

    Titles may come above a sheet's table, as in a text file.
    """
    numbered = tuple((place, tuple(row)) for place, row in enumerate(rows))
    reading = _Reading(delimiter="", quote="", rows=numbered, width=len(rows[0]), agreement=1.0)
    first = reading.first_of_table()
    while (
        reading.width == 2 and first + 1 < len(rows) and _n_filled(rows[first]) < _n_filled(rows[first + 1])
    ):
        first += 1  # a title next to an empty cell
    return first, _is_header(numbered[first][1], [row for _, row in numbered[first + 1 :]])


def _n_filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _find_quote(text: str) -> str:
    """Return ' if cells are quoted with it and none with \", else \"."""
    singles = len(re.findall(r"(?:^|[,;|\t])'[^'\r\n]*'(?=[,;|\t\r\n]|$)", text, re.MULTILINE))
    return "'" if singles >= max(2, text.count("\n") // 2) and '"' not in text else '"'


def _check_delimiter(reading: _Reading, text: str, *, name: str) -> None:
    """Raise an error for a delimiter that occurs in none of the rows seen."""
    if reading.width > 1:
        return
    counts = Counter({delimiter: text.count(delimiter) for delimiter in _DELIMITERS})
    likeliest, n_delimiters = counts.most_common(1)[0]
    hint = f"Try '{shown_delimiter(likeliest)}', or leave the delimiter out." if n_delimiters else ""
    raise DataError(
        f"The rows of '{name}' are not separated by '{shown_delimiter(reading.delimiter)}'.",
        hint=hint or "Leave the delimiter out: Litmus then finds it.",
    )


def shown_delimiter(delimiter: str) -> str:
    """Return a delimiter in readable form.

    >>> shown_delimiter(" "), shown_delimiter(";")
    ('space', ';')
    """
    return {"\t": "tab", " ": "space", NO_DELIMITER: "none"}.get(delimiter, delimiter)


def _with_columns(dialect: Dialect, readings: Sequence[_Reading], columns: Sequence[Column]) -> Dialect:
    """Return ``dialect``, or a dialect whose header names more of ``columns``.

    If the columns came from a file without a header, a file without one is expected.
    """
    wanted = {column.name for column in columns}
    n_matches = len(wanted.intersection(tidy_names(dialect.names)))
    rows = [
        (len(wanted.intersection(tidy_names(row))), -index, reading)
        for reading in readings
        for index, (_, row) in enumerate(reading.rows[: _MAX_PREAMBLE + 1])
    ]
    n_named, index, reading = max(rows, key=lambda row: row[:2])
    if n_named > n_matches:
        return reading.below(-index)
    if n_matches == 0 and dialect.has_header and not any(column.original_name for column in columns):
        return replace(dialect, has_header=False, names=("",) * len(dialect.names))
    return dialect


def _sample(path: Path, *, n_lines: int) -> tuple[str, bool]:
    """Return the start of the file, and whether it is the whole file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read(_SAMPLE)
        while text.count("\n") < n_lines and (more := file.read(len(text))):
            text += more
        return text, not file.read(1)


def csv_format(delimiter: str, quote: str) -> dict[str, Any]:
    """Return the settings for Python's csv reader."""
    if not quote:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    return {"delimiter": delimiter, "quotechar": quote}


def _rows(text: str, delimiter: str, quote: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that are not blank, read by Python's csv reader, and the line that each starts on."""
    reader = csv.reader(StringIO(text, newline=""), **csv_format(delimiter, quote))
    rows, begins = [], 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((begins, tuple(row)))
        begins = reader.line_num
    return rows


def _has_stray_quotes(text: str, delimiter: str, quote: str, *, is_all: bool) -> bool:
    """Return whether a quote closes early, or does not close within the file or many lines of its start."""
    reader = csv.reader(StringIO(text, newline=""), strict=True, **csv_format(delimiter, quote))
    begins = 0
    try:
        for _ in reader:
            begins = reader.line_num
    except csv.Error as broken:
        is_open = "end of data" in str(broken)
        return is_all or not is_open or reader.line_num - begins > _SAMPLE_LINES
    return False


def _rows_by_line(text: str, delimiter: str, quote: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that are not blank, with stray quotes as letters, and the line that each starts on."""
    settings = csv_format(delimiter, quote)
    lines = list(StringIO(text, newline=""))
    rows = rows_by_line(lines, settings, width=usual_width(lines, settings), first_line=0)
    return [(row.line, tuple(row.cells)) for row in rows if any(cell.strip() for cell in row.cells)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The sample read with one delimiter: rows with the physical line each starts on (from 0)."""

    delimiter: str
    quote: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    width: int  # of most rows
    agreement: float  # share of rows with this width
    has_stray_quotes: bool = False

    @classmethod
    def of(cls, text: str, delimiter: str, *, quote: str, is_all: bool) -> _Reading:
        rows = _rows(text, delimiter, quote)
        if not is_all and len(rows) > 1:
            del rows[-1]  # cut off by the end of the sample
        best_rows = cls._of_rows(rows, delimiter, quote)
        may_differ = delimiter in text or delimiter == NO_DELIMITER
        if not (rows and quote and quote in text and may_differ):
            return best_rows
        is_torn = any("\n" in cell for cell in rows[0][1])  # a quote in the header may close in a row
        has_stray_quotes = _has_stray_quotes(text, delimiter, quote, is_all=is_all)
        if is_torn or has_stray_quotes or best_rows.merit[0] < 1.0:
            lines = _rows_by_line(text, delimiter, quote)
            if not is_all and len(lines) > 1:
                del lines[-1]
            by_line = replace(cls._of_rows(lines, delimiter, quote), has_stray_quotes=True)
            if by_line.n_agreeing + has_stray_quotes > best_rows.n_agreeing:
                return by_line
        return best_rows

    @classmethod
    def _of_rows(cls, rows: Sequence[tuple[int, tuple[str, ...]]], delimiter: str, quote: str) -> _Reading:
        widths = Counter(len(row) for _, row in rows)
        width, n_agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        agreement = n_agreeing / max(1, len(rows))
        return cls(delimiter=delimiter, quote=quote, rows=tuple(rows), width=width, agreement=agreement)

    @property
    def n_agreeing(self) -> int:
        """The number of rows with this width."""
        return round(self.agreement * len(self.rows))

    @property
    def merit(self) -> tuple[float, int]:
        """Share of rows with the same width, then that width; 0 if the header has another width."""
        header = len(self.rows[self.first_of_table()][1])
        fits = header == self.width or (header == self.width - 1 and header > 1) or self.agreement > 0.95
        return (self.agreement if self.width > 1 and fits else 0.0, self.width)

    def dialect(self) -> Dialect:
        first = self.first_of_table()
        n_skipped, header = self.rows[first]
        if _is_header(header, [row for _, row in self.rows[first + 1 :]]):
            return self.below(first)
        return self._dialect(n_skipped, has_header=False, names=("",) * len(header))

    def below(self, header: int) -> Dialect:
        """Return the dialect of a table whose header is the row at this index."""
        n_skipped, names = self.rows[header]
        body = [row for _, row in self.rows[header + 1 :]]
        return self._dialect(n_skipped, has_header=True, names=_names(names, body))

    def _dialect(self, n_skipped: int, *, has_header: bool, names: tuple[str, ...]) -> Dialect:
        return Dialect(
            delimiter=self.delimiter,
            n_skipped=n_skipped,
            has_header=has_header,
            names=names,
            quote=self.quote,
            n_seen=len(self.rows),
            n_agreeing=self.n_agreeing,
            has_stray_quotes=self.has_stray_quotes,
        )

    def with_header_at(self, line: int, *, name: str) -> Dialect:
        """Return the dialect with its header on this line, counted from 1; 0: there is none."""
        if line == 0:
            n_skipped, first = self.rows[self.first_of_table()]
            return self._dialect(n_skipped, has_header=False, names=("",) * len(first))
        places = {begins: place for place, (begins, _) in enumerate(self.rows)}
        if line - 1 not in places:
            raise DataError(
                f"Line {line:,} of '{name}' is blank, not there, or in the middle of a quoted text.",
                hint="Give the line that names the columns, counted from 1, or 0 when none does.",
            )
        return self.below(places[line - 1])

    def first_of_table(self) -> int:
        """Return the index of the table's first row; titles above it are narrower."""
        rows = [row for _, row in self.rows]
        first = next((place for place, row in enumerate(rows[: _MAX_PREAMBLE + 1]) if len(row) > 1), 0)
        if self.width == 2 and _names_typed(
            rows[first], rows[first + 1 :]
        ):  # R writes one name above two values
            return first
        for index, (_, row) in enumerate(self.rows[: _MAX_PREAMBLE + 1]):
            if row[0].lower().startswith("sep="):
                continue  # a line that tells Excel the separator
            if self.width < 3 or _n_filled(row) > max(1, self.width // 3):
                return index
        return 0


def _names(header: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the header's names; R leaves the first one out when it writes row names."""
    widths = {len(row) for row in body}
    if widths == {len(header) + 1} and any(row[-1].strip() for row in body):
        return ("", *header)
    return header


def _is_header(first: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> bool:
    """Return whether ``first`` names the columns: one of its cells does not look like those below it."""
    cells = [cell.strip() for cell in first]
    if _are_numbered([int(cell) for cell in cells if re.fullmatch(r"\d{1,5}", cell)]):
        return True
    is_typed = False
    for column, cell in enumerate(cells):
        if _is_typed(column, body):
            is_typed = True
            if not _is_value(cell):
                return True
    return not is_typed


def _names_typed(first: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> bool:
    """Return whether ``first`` has a word above numbers or dates, and no missing value."""
    if any(says_missing(cell.strip()) for cell in first):
        return False
    return any(_is_typed(column, body) and not _is_value(cell.strip()) for column, cell in enumerate(first))


def _are_numbered(numbers: list[int]) -> bool:
    """Return whether these header cells number the columns (0, 1, 2 …) or name years."""
    if len(numbers) < 2 or numbers != sorted(set(numbers)):
        return False
    return numbers == list(range(len(numbers))) or all(1800 <= number <= 2200 for number in numbers)


def _is_typed(column: int, body: Sequence[tuple[str, ...]]) -> bool:
    values = [row[column].strip() for row in body if column < len(row) and row[column].strip()]
    return bool(values) and all(_is_value(value) for value in values)


def _is_value(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))
