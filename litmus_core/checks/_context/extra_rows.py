# ruff: noqa: S608 - names are quoted by identifier
"""Find rows that hold no data: totals, notes below the table, repeated headers and a row of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from litmus_core.checks._context.aggregates import numbers_of, query_each
from litmus_core.checks._format import short_cell
from litmus_core.data import identifier, read_rows, read_some_rows, text_literal
from litmus_core.frame import number_form

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

ExtraKind = Literal["total", "sum", "note", "header", "units"]
_TOTAL = (
    r"(grand[ -]?|sub[ -]?|net )?totals?|sum|totale|totaux|somme|suma|total (général|general)|totaal|"
    r"(zwischen|gesamt|end)?summe|gesamt|insgesamt|итого|всего|合計|总计|小计"
)
_NOTE = (
    r"(\*|†|‡|©|\(c\)|source|quelle|fuente|fonte|notes?\b|n\.b\.|nb:|footnote|hinweis|anmerkung|stand:|"
    r"as of\b|updated|last updated|data from|daten von|exported|generated|erstellt|printed|end of|remarks?:)"
)
_NUMBER = r"[-+(]?\W{0,3}\d[\d.,'\u2019 \u00a0]*\W{0,3}[A-Za-z%€$£]{0,4}\W?"
_TAIL, _MOST_NOTES, _MOST_TOTALS = 12, 8, 200
_MOST_SUMMED, _FEWEST_SUMMED = 1_000_000, 2
_MOST_COLUMNS = 60  # whose sums are compared
_FEWEST_ABOVE = 3
_MOSTLY = 0.9
_WORDS, _TIMES_LONGER = 4, 2.0
_NEAR, _EXACT = 1e-3, 1e-9
_SEEN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraRow:
    """A row (from 0) that holds no data, and the text that says so."""

    row: int
    kind: ExtraKind
    text: str = ""


@dataclass(frozen=True)
class ExtraRows:
    """The rows of a table that hold no data, and the texts in them by column."""

    rows: tuple[ExtraRow, ...] = ()
    texts: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Their positions, ascending."""
        return tuple(sorted({extra.row for extra in self.rows}))

    def explain(self, column: str, words: Sequence[str], n_rows: int) -> bool:
        """Return whether ``words``, in ``n_rows`` rows of a column, stand in these rows alone."""
        return n_rows <= len(self.places) and {*words} <= self.texts.get(column, frozenset())


def find_extra_rows(table: CheckContext) -> ExtraRows:
    """Return the rows that hold totals, notes, repeated headers or units rather than data."""
    if table.n_rows <= _FEWEST_ABOVE:
        return ExtraRows()
    columns = table.version.columns
    headers = _headers(table, columns)
    units = _units(table, columns)
    ends = _Ends(table)
    notes = _notes(ends)
    totals = _totals(table, ends, {extra.row for extra in (*headers, *units, *notes)})
    rows = {extra.row: extra for extra in (*totals, *notes, *units, *headers)}
    if not rows:
        return ExtraRows()
    places = np.array(sorted(rows), dtype=np.int64)
    cells = read_some_rows(table.workspace, table.version, places, columns=table.version.column_names)
    texts = {
        column.name: frozenset(map(str, cells[column.name].dropna()))
        for column in columns
        if column.stores_text
    }
    if headers or units:
        texts |= {name: frozenset(words) for name, words in _words(columns).items()}
    return ExtraRows(tuple(rows[int(place)] for place in places), texts)


class _Ends:
    """The last rows of a table, and which of their cells have a value."""

    def __init__(self, table: CheckContext) -> None:
        self.table = table
        self.places = np.arange(max(0, table.n_rows - _TAIL), table.n_rows)
        self.cells = read_some_rows(
            table.workspace, table.version, self.places, columns=table.version.column_names
        )
        self.is_filled: NDArray[np.bool_] = self.cells.notna().to_numpy()

    @cached_property
    def texts(self) -> dict[str, Column]:
        """The columns of texts, by name."""
        return {column.name: column for column in self.table.version.columns if column.stores_text}


def _words(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Return the words that import read as missing among the numbers of each column."""
    forms = {column.name: number_form(column.written_as) for column in columns if column.stores_numbers}
    return {name: form.missing for name, form in forms.items() if form is not None and form.missing}


def _headers(table: CheckContext, columns: Sequence[Column]) -> list[ExtraRow]:
    """Return the rows that repeat the names of the columns."""
    words = _words(columns)
    is_name = []
    for column in columns[:_MOST_COLUMNS]:
        cell, name = identifier(column.name), column.name.strip()
        if column.stores_text:
            is_name.append(f"lower(trim({cell})) IS NOT DISTINCT FROM {text_literal(name.lower())}")
        elif name in words.get(column.name, ()):
            is_name.append(f"{cell} IS NULL")
    if len(is_name) < max(2, len(columns[:_MOST_COLUMNS]) / 2):
        return []
    where = " AND ".join(is_name)
    rows = table.query(f"SELECT file_row_number FROM rows WHERE {where} ORDER BY 1 LIMIT {_MOST_TOTALS}")
    return [ExtraRow(row=int(row), kind="header") for (row,) in rows]


def _units(table: CheckContext, columns: Sequence[Column]) -> list[ExtraRow]:
    """Return the first row if its words stand over numbers: their units, or a second line of names."""
    names = [column.name for column in columns if column.stores_text or column.stores_numbers]
    if len(names) < 2:
        return []
    cells = read_some_rows(table.workspace, table.version, np.array([0]), columns=names).iloc[0]
    numbers = [column.name for column in columns if column.stores_numbers]
    words = _words(columns)
    if cells[numbers].notna().any():
        return []
    over_numbers = [words[name][0] for name in numbers if len(words.get(name, ())) == 1]
    present = [name for name in names if isinstance(cells[name], str)]
    over_numbers += [cells[name].strip() for name in present if _is_over_numbers(table, name, cells[name])]
    if len(over_numbers) < 2 or len(over_numbers) < max(len(numbers), len(present)) / 2:
        return []
    return [ExtraRow(row=0, kind="units", text=", ".join(over_numbers[:4]))]


def _is_over_numbers(table: CheckContext, name: str, cell: str) -> bool:
    """Return whether the first cell of a column of texts is a word, and nearly all others are numbers."""
    if re.fullmatch(_NUMBER, cell.strip()):
        return False
    rest = table.sample[name].head(_SEEN).iloc[1:].dropna().str.strip()
    return len(rest) >= _FEWEST_ABOVE and bool(rest.str.fullmatch(_NUMBER).mean() >= _MOSTLY)


def _notes(ends: _Ends) -> list[ExtraRow]:
    """Return the rows at the end in which a text stands alone that is unlike its column's other values."""
    notes: list[ExtraRow] = []
    n_columns = len(ends.table.version.columns)
    if n_columns < 3:
        return []
    for at in range(len(ends.places) - 1, -1, -1):
        n_filled = int(ends.is_filled[at].sum())
        if n_filled == 0:
            continue
        name = ends.cells.columns[int(ends.is_filled[at].argmax())]
        text = str(ends.cells[name].iloc[at]).strip()
        if n_filled > 1 or name not in ends.texts or not _is_note(ends, name, text):
            break
        notes.append(ExtraRow(row=int(ends.places[at]), kind="note", text=short_cell(text)))
    return notes if len(notes) <= _MOST_NOTES else []


def _is_note(ends: _Ends, name: str, text: str) -> bool:
    others = ends.table.sample[name].iloc[:-_TAIL].dropna().str.strip().head(_SEEN)
    begins = re.compile(_NOTE, re.IGNORECASE)
    if begins.match(text):
        return not len(others) or others.str.match(begins).mean() < 1 - _MOSTLY
    n_words = len(text.split())
    usual = float(np.quantile([len(other.split()) for other in others], 0.99)) if len(others) else 1.0
    return n_words >= _WORDS and n_words > _TIMES_LONGER * usual


def _totals(table: CheckContext, ends: _Ends, others: set[int]) -> list[ExtraRow]:
    """Return the rows that are called a total and add up, or end the table; and a last row of sums."""
    called = _called_totals(table, ends)
    last = int(
        max((place for place in ends.places[ends.is_filled.any(axis=1)] if place not in others), default=-1)
    )
    if table.n_rows > _MOST_SUMMED or not (called or _may_be_sum(table, ends, last)):
        return []
    numbers = _numbers(table, [*called, *others])
    totals, start = [], 0
    for row, text in sorted(called.items()):
        is_end = row >= last - 1 and _lacks(ends, row)
        if is_end or any(_adds_up(numbers, row, begin).any() for begin in {0, start}):
            totals.append(ExtraRow(row=row, kind="total", text=text))
        start = row + 1
    if last not in called and last not in others and _is_sum(ends, numbers, last):
        totals.append(ExtraRow(row=last, kind="sum"))
    return totals


@dataclass(frozen=True)
class _Numbers:
    """The numeric columns (n, k) of all rows, gaps as NaN, and which rows count in sums (n,)."""

    cells: NDArray[np.float64]
    counts: NDArray[np.bool_]


def _numbers(table: CheckContext, left_out: Sequence[int]) -> _Numbers:
    names = [column.name for column in numbers_of(table, with_target=True)][:_MOST_COLUMNS]
    counts = np.ones(table.n_rows, dtype=bool)
    counts[list(left_out)] = False
    cells = read_rows(table.workspace, table.version, columns=names).to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return _Numbers(cells, counts)


def _adds_up(numbers: _Numbers, row: int, start: int, *, within: float = _NEAR) -> NDArray[np.bool_]:
    """Return for each column (k,) whether the number in ``row`` is the sum of those from ``start`` on."""
    above = numbers.cells[start:row][numbers.counts[start:row]]
    total, value = np.nansum(above, axis=0), numbers.cells[row]
    is_sum = np.abs(value - total) <= within * np.abs(value)
    n_above = np.count_nonzero(np.nan_to_num(above), axis=0)
    return np.asarray(is_sum & (value != 0) & (n_above >= _FEWEST_SUMMED))


def _may_be_sum(table: CheckContext, ends: _Ends, last: int) -> bool:
    """Return whether each number of the last row is about half of its column's sum, without reading all."""
    if last < _FEWEST_ABOVE:
        return False
    columns = numbers_of(table, with_target=True)[:_MOST_COLUMNS]
    row = ends.cells.iloc[last - int(ends.places[0])]
    is_present = row.notna()
    present = [column for column in columns if is_present[column.name]]
    sums = query_each(table, present, lambda cell: [f"sum({cell}::DOUBLE)"])
    return bool(present) and all(
        abs(total - 2 * float(row[column.name])) <= _NEAR * abs(float(row[column.name]))
        for column, (total,) in zip(present, sums, strict=True)
    )


def _is_sum(ends: _Ends, numbers: _Numbers, last: int) -> bool:
    """Return whether each number of the last row, which has no word for it, is the sum of its column."""
    if last < _FEWEST_ABOVE or not numbers.cells.shape[1]:
        return False
    has_number = ~np.isnan(numbers.cells[last])
    n_sums = int(_adds_up(numbers, last, 0, within=_EXACT)[has_number].sum())
    if n_sums == 0 or n_sums < int(has_number.sum()):
        return False
    at = int(last - ends.places[0])
    return n_sums > 1 or int(ends.is_filled[at].sum()) == 1 < ends.is_filled.shape[1]


def _lacks(ends: _Ends, row: int) -> bool:
    """Return whether a row at the end has less than others have."""
    at = int(row - ends.places[0])
    return at >= 0 and not ends.is_filled[at].all()


def _called_totals(table: CheckContext, ends: _Ends) -> dict[int, str]:
    """Return the rows with a word for a total, which is the value of few other rows of its column."""
    texts = list(ends.texts.values())
    counts = query_each(table, texts, lambda cell: [f"count(*) FILTER ({_is_total(cell)})"])
    called: dict[int, str] = {}
    for column, (n_rows,) in zip(texts, counts, strict=True):
        if 0 < n_rows <= min(_MOST_TOTALS, max(1, table.n_rows // 3)):
            cell = identifier(column.name)
            rows = table.query(f"SELECT file_row_number, {cell} FROM rows WHERE {_is_total(cell)}")
            called |= {int(row): short_cell(str(text).strip()) for row, text in rows}
    return called


def _is_total(cell: str) -> str:
    return f"regexp_full_match(lower(trim({cell})), {text_literal(f'({_TOTAL}) ?:?')})"
