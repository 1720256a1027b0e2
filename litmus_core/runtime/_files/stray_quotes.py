"""Rows of a CSV with quotes that close nothing: ``6" x``, ``"height``, ``"a 6" b"``.

A row is read by Python's csv module unless that raises an error. Otherwise a quote that does not close is a
letter, in the reading that gives the row as many cells as the table has columns.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

_MOST_LINES = 1_000  # of one cell, in a file with stray quotes
_MOST_MERGED = 40  # separators inside the quoted texts of one row


@dataclass(frozen=True, slots=True)
class StrayQuote:
    """A cell with a quote that was read as a letter: its line, counted from 1, and its column's index."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A row, the line that it starts on, how many lines it takes, and the columns with stray quotes."""

    line: int
    n_lines: int = 1
    cells: list[str]
    strays: tuple[int, ...] = ()


def usual_width(lines: Iterable[str], settings: dict[str, Any]) -> int:
    """Return the most common number of cells among lines that can be read one by one; 0 if none can."""
    widths = Counter(len(row) for line in lines if (row := _strict([line], settings)))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def rows_by_line(
    lines: Iterable[str], settings: dict[str, Any], *, width: int, first_line: int
) -> Iterator[LineRow]:
    """Yield the rows of a table of ``width`` columns, blank lines left out.

    ``settings`` are those of Python's csv reader. A row that fits no reading is yielded as that reader reads
    it. A cell may take up to 1,000 lines, except in the first row if each of its lines is as wide as the
    table.
    """
    ahead: deque[str] = deque()
    rest = iter(lines)
    number, is_first = first_line, True
    for line in chain.from_iterable(iter(lambda: _next(ahead, rest), [])):
        row = _row(line, ahead, rest, settings, width=width)
        lines = [line, *islice(ahead, row.n_lines - 1)]
        if is_first and len(lines) > 1 and _are_rows(lines, settings, width=width):
            row = _one_line(line, settings, width=width)
        if row.cells:
            is_first = False
            yield LineRow(line=number, n_lines=row.n_lines, cells=row.cells, strays=row.strays)
        for _ in range(row.n_lines - 1):
            ahead.popleft()
        number += row.n_lines


def _next(ahead: deque[str], rest: Iterator[str]) -> list[str]:
    """Return the next line in a list, an empty list at the end."""
    if ahead:
        return [ahead.popleft()]
    return [line for line in [next(rest, None)] if line is not None]


def _row(
    line: str, ahead: deque[str], rest: Iterator[str], settings: dict[str, Any], *, width: int
) -> LineRow:
    """Return the row that starts in ``line``; lines that it needs are left in ``ahead``."""
    cells = _strict([line], settings)
    if cells is not None and (len(cells) in (0, width) or settings["quotechar"] not in line):
        return LineRow(line=0, cells=cells)
    joined = _over_lines(line, ahead, rest, settings, width=width) if cells is None else None
    if joined is not None:
        return joined
    return _one_line(line, settings, width=width)


def _are_rows(lines: Sequence[str], settings: dict[str, Any], *, width: int) -> bool:
    """Return whether each line is a row of ``width`` cells by itself."""
    return all(len(_one_line(line, settings, width=width).cells) == width for line in lines)


def _one_line(line: str, settings: dict[str, Any], *, width: int) -> LineRow:
    """Return the row of one line; if it cannot have ``width`` cells, as Python's csv reader reads it."""
    split = _split(line.rstrip("\r\n"), settings["delimiter"], settings["quotechar"], width=width)
    if split is not None:
        return LineRow(line=0, cells=split[0], strays=split[1])
    return LineRow(line=0, cells=next(csv.reader([line], **settings), []))


def _over_lines(
    line: str, ahead: deque[str], rest: Iterator[str], settings: dict[str, Any], *, width: int
) -> LineRow | None:
    """Return the row of ``line`` and the lines after it, if a quote closes there and the cells fit."""
    lines, quote = [line], settings["quotechar"]
    for place in range(_MOST_LINES - 1):
        if place == len(ahead):
            following = next(rest, None)
            if following is None:
                return None
            ahead.append(following)
        lines.append(ahead[place])
        if quote in ahead[place] and (cells := _strict(lines, settings)) is not None:
            return LineRow(line=0, n_lines=len(lines), cells=cells) if len(cells) == width else None
    return None


def _strict(lines: Sequence[str], settings: dict[str, Any]) -> list[str] | None:
    """Return the cells of lines that form one row; None if a quote in them does not close, or closes
    early."""
    reader = csv.reader(lines, strict=True, **settings)
    try:
        return next(reader, [])
    except csv.Error:
        return None


def _split(line: str, delimiter: str, quote: str, *, width: int) -> tuple[list[str], tuple[int, ...]] | None:
    """Return ``width`` cells and the columns with stray quotes; None without a single best reading.

    >>> _split('1,"a 6", b",2', ",", '"', width=3)
    (['1', 'a 6", b', '2'], (1,))
    >>> _split('1,"a,2', ",", '"', width=3), _split('1,"a" b,2', ",", '"', width=3)
    ((['1', '"a', '2'], (1,)), (['1', 'a b', '2'], ()))
    """
    pieces = line.split(delimiter)
    while len(pieces) > width and not pieces[-1]:
        pieces.pop()
    excess = len(pieces) - width
    if not 0 <= excess <= _MOST_MERGED:
        return None
    # The readings with fewest odd cells of the pieces from each place on, by the separators inside texts.
    best: list[dict[int, _RowReading]] = [{} for _ in pieces] + [{0: _RowReading()}]
    for place in reversed(range(len(pieces))):
        for end in range(place + 1, min(place + 1 + excess, len(pieces)) + 1):
            cell = _cell(pieces[place:end], delimiter, quote)
            if cell is None:
                continue
            for merged, way in best[end].items():
                n_merged = merged + end - place - 1
                if n_merged <= excess:
                    best[place][n_merged] = way.after(cell).or_else(best[place].get(n_merged))
    split = best[0].get(excess)
    if split is None or split.n_ways > 1:
        return None
    cells = split.cells()
    return [cell.text for cell in cells], tuple(place for place, cell in enumerate(cells) if cell.is_stray)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell.

    ``is_odd``: a quote in it neither opens nor closes it. ``is_stray``: that quote is part of the text.
    """

    text: str
    is_odd: bool = False
    is_stray: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowReading:
    """A reading of the rest of a row: its first cell, the number of odd cells, and the following reading."""

    n_odd: int = 0
    n_ways: int = 1
    cell: _Cell | None = None
    rest: _RowReading | None = None

    def after(self, cell: _Cell) -> _RowReading:
        return _RowReading(n_odd=self.n_odd + cell.is_odd, n_ways=self.n_ways, cell=cell, rest=self)

    def or_else(self, other: _RowReading | None) -> _RowReading:
        """Return the reading with fewer odd cells; this one if both have the same, marked as one of
        several."""
        if other is None or self.n_odd < other.n_odd:
            return self
        if other.n_odd < self.n_odd:
            return other
        return replace(self, n_ways=self.n_ways + other.n_ways)

    def cells(self) -> list[_Cell]:
        cells, way = [], self
        while way.cell is not None and way.rest is not None:
            cells.append(way.cell)
            way = way.rest
        return cells


def _cell(pieces: Sequence[str], delimiter: str, quote: str) -> _Cell | None:
    """Return the cell that ``pieces`` form together; None if they form none."""
    text = delimiter.join(pieces)
    if text.startswith(quote) and text.endswith(quote) and len(text) > 1:
        inside = text[1:-1]
        is_stray = quote in inside.replace(2 * quote, "")
        return _Cell(inside.replace(2 * quote, quote), is_odd=is_stray, is_stray=is_stray)
    if len(pieces) > 1:
        return None
    if not text.startswith(quote):
        return _Cell(text)
    before, closing, behind = text[1:].partition(quote)
    return _Cell(before + behind, is_odd=True) if closing else _Cell(text, is_odd=True, is_stray=True)
