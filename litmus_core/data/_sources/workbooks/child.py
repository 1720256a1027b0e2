"""Read one sheet of a workbook into Parquet, in a process of its own.

A sheet declares its own size, and a damaged or malicious one can make the reader allocate terabytes or crash:
here that ends only a child process with a memory limit.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from litmus_core.data._sources._staged import as_cell, check_width, write_cells
from litmus_core.data._sources.workbooks.heads import HeadFinder, Merged
from litmus_core.data._sources.workbooks.number_formats import NumberFormats, number_formats
from litmus_core.errors import DataError, LitmusError
from litmus_core.runtime import find_header

_ROWS_SEEN = 100  # of a sheet, searched for its header


def main() -> None:
    """Do the job that the first argument names, and print the result, or the error."""
    job = json.loads(sys.argv[1])
    _limit_memory(job["memory_bytes"])
    try:
        report = _read(job)
    except LitmusError as error:
        report = {"error": error.message, "hint": error.hint}
    print(json.dumps(report))


def _limit_memory(n_bytes: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_DATA, (n_bytes, n_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(job: dict[str, Any]) -> dict[str, Any]:
    import python_calamine

    name = job["name"]
    try:
        with python_calamine.CalamineWorkbook.from_path(job["source"]) as workbook:
            sheets = _sheets(workbook)
            sheet = _choose_sheet(workbook, sheets, job["sheet"], name=name)
            formats = number_formats(Path(job["source"]), sheet.name)
            table = _Table(sheet, header_row=job["header_row"], name=name, formats=formats)
            n_rows = write_cells(table.rows(), Path(job["staged"]), width=len(table.names))
    except python_calamine.PasswordError as locked:
        raise DataError(
            f"'{name}' is protected with a password.", hint="Save a copy without one, and add that."
        ) from locked
    except (python_calamine.CalamineError, ParseError, zipfile.BadZipFile, OSError, ValueError) as damaged:
        raise DataError(
            f"'{name}' is damaged, or not a workbook.", hint="Open it in Excel and save it again."
        ) from damaged
    if not n_rows:
        raise DataError(
            f"The sheet '{sheet.name}' of '{name}' has a header but no rows.",
            hint="Choose a sheet with at least one row below its header.",
        )
    return {
        "names": table.names, "sheet": sheet.name, "sheets": sheets, "header_row": table.header_row,
        "last_header_row": table.last_header_row, "n_above": table.n_above, "n_merged": table.n_merged,
        "in_part": table.in_part(),
    }  # fmt: skip


def _sheets(workbook: Any) -> list[str]:
    """Return the names of the sheets with cells, visible ones first."""
    import python_calamine

    sheets = [
        sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    sheets.sort(key=lambda sheet: sheet.visible != python_calamine.SheetVisibleEnum.Visible)
    return [sheet.name for sheet in sheets]


def _choose_sheet(workbook: Any, sheets: Sequence[str], wanted: str | None, *, name: str) -> Any:
    """Return the requested sheet, or the first one with a table in it."""
    if wanted is not None:
        by_name = {title.strip().casefold(): title for title in sheets}
        chosen = wanted if wanted in sheets else by_name.get(wanted.strip().casefold())
        if chosen is None:
            listed = ", ".join(f"'{title}'" for title in sheets[:20]) or "none"
            raise DataError(f"'{name}' has no sheet '{wanted}'.", hint=f"It has {listed}.")
        return workbook.get_sheet_by_name(chosen)
    for candidate in sheets:
        sheet = workbook.get_sheet_by_name(candidate)
        if sum(1 for _ in _filled(sheet, n_rows=_ROWS_SEEN)) > 1:
            return sheet
    raise DataError(f"'{name}' has no sheet with a table.", hint="Choose a workbook with a header and rows.")


def _filled(sheet: Any, *, n_rows: int) -> Iterator[list[Any]]:
    for place, row in enumerate(sheet.iter_rows() if sheet.start is not None else ()):
        if place >= n_rows:
            return
        if any(map(_is_filled, row)):
            yield row


def _is_filled(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


class _Table:
    """The part of a sheet below its titles: from the header on, without completely empty columns.

    ``header_row`` counts the sheet's rows from 1; 0 means no header.
    """

    def __init__(self, sheet: Any, *, header_row: int | None, name: str, formats: NumberFormats) -> None:
        if sheet.start is None:
            raise DataError(f"The sheet '{sheet.name}' of '{name}' is empty.", hint="Choose another sheet.")
        self._sheet, self._first, self._left = sheet, int(sheet.start[0]), int(sheet.start[1])
        self._formats = formats
        self._forms = {column - self._left: form for column, form in formats.forms.items()}
        merged: Merged = sheet.merged_cell_ranges or ()
        self._fill = _fills(merged, sheet.start)
        first_rows = [(number, row) for number, row in self._numbered(n_rows=_ROWS_SEEN) if any(row)]
        if not first_rows:
            raise DataError(f"The sheet '{sheet.name}' of '{name}' is empty.", hint="Choose another sheet.")
        row, has_header = self._find(first_rows, header_row, name=name)
        finder = HeadFinder(dict(first_rows), merged, self._left)
        head = finder.head(row, is_given=header_row is not None)
        self.header_row, self.last_header_row = (head.first, head.last) if has_header else (0, row - 1)
        self.n_above = sum(1 for number, _ in first_rows if number < (head.first if has_header else row))
        self.n_merged = sum(
            top < bottom and bottom >= self.last_header_row for (top, _), (bottom, _) in merged
        )
        header = head.names if has_header else first_rows[0][1]
        used = self._used()
        self._places = [
            place for place in range(len(header)) if (has_header and header[place]) or place in used
        ]
        check_width(len(self._places), name=name)
        self.names = [(header[place] or "") if has_header else "" for place in self._places]

    def _find(
        self, rows: Sequence[tuple[int, list[str | None]]], header_row: int | None, *, name: str
    ) -> tuple[int, bool]:
        """Return the row the table starts with, and whether it names the columns."""
        if header_row:
            if header_row not in {number for number, _ in rows}:
                raise DataError(
                    f"Row {header_row:,} of '{self._sheet.name}' in '{name}' is empty or not there.",
                    hint="Give the row that names the columns, counted from 1, or 0 when none does.",
                )
            return header_row, True
        place, has_header = find_header([[cell or "" for cell in row] for _, row in rows])
        return rows[place][0], has_header and header_row is None

    def _numbered(self, *, n_rows: int | None = None) -> Iterator[tuple[int, list[str | None]]]:
        """Yield the rows as texts, merged cells filled, with the numbers that the sheet shows."""
        standing: dict[tuple[int, int], Any] = {}
        for place, row in enumerate(self._sheet.iter_rows()):
            if place == n_rows:
                return
            for column, source in self._fill.get(place, {}).items():
                if source == (place, column):
                    standing[source] = row[column]
                elif column < len(row):
                    row[column] = standing.get(source, row[column])
            for column, form in self._forms.items():
                if column < len(row) and form.shows(row[column]):
                    row[column] = form.text(row[column])
            yield self._first + place + 1, [_text(value) for value in row]

    def _used(self) -> set[int]:
        used: set[int] = set()
        for number, row in self._numbered():
            if number > self.last_header_row:
                used.update(place for place, cell in enumerate(row) if cell)
        return used

    def in_part(self) -> list[tuple[str, str, bool]]:
        """Return columns of which some numbers have a form: name, mask, and whether all were read so."""
        names = dict(zip(self._places, self.names, strict=True))
        return [
            (names[column - self._left], form.mask, column in self._formats.forms)
            for column, form in self._formats.in_part.items()
            if column - self._left in names
        ]

    def rows(self) -> Iterator[list[str | None]]:
        """Yield the cells of the rows below the header, skipping blank rows."""
        for number, row in self._numbered():
            if number > self.last_header_row:
                cells = [row[place] for place in self._places]
                if any(cells):
                    yield cells


def _fills(merged: Merged, start: tuple[int, int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Return, by row and column, the cell whose value fills merged ones; titles across rows stay one."""
    fills: dict[int, dict[int, tuple[int, int]]] = {}
    for (top, left), (bottom, right) in merged:
        if top == bottom or (bottom - top + 1) * (right - left + 1) > 1_000_000:
            continue
        source = (top - start[0], left - start[1])
        for row in range(top - start[0], bottom - start[0] + 1):
            for column in range(left - start[1], right - start[1] + 1):
                if row >= 0 and column >= 0:
                    fills.setdefault(row, {})[column] = source
    return fills


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return str(value.total_seconds()) if isinstance(value, timedelta) else as_cell(value)


if __name__ == "__main__":
    main()
