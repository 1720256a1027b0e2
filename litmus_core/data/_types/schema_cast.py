# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Read a table with the column types of another one, and find the cells that do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.data._types.dates.formats import order_of
from litmus_core.data._types.evidence import cleaned, is_present
from litmus_core.data._types.inference import TypeReading, readings
from litmus_core.data._types.numbers.formats import codes_of
from litmus_core.data._types.typed_column import Typed
from litmus_core.errors import DataError
from litmus_core.frame import CODES, codes_width, describe_format, number_form

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, DatasetVersion

_COLUMNS_AT_ONCE = 40
_WORDS = {"VARCHAR": "texts", "TIMESTAMP": "dates", "BOOLEAN": "true and false"}
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misread:
    """A column whose inferred type is not the wanted one: its cells as SQL texts, and ways to read them."""

    place: int
    wanted: Column
    cells: str
    readings: tuple[TypeReading, ...]


def typed_like(
    connection: duckdb.DuckDBPyConnection,
    readable: str,
    inferred: Sequence[Typed],
    *,
    names: Sequence[str],
    like: DatasetVersion,
    source: str,
) -> tuple[Typed, ...]:
    """Return the ``inferred`` columns of ``readable`` (SQL) with the types of ``like``.

    Columns that ``like`` lacks stay as they are. Raises DataError with column, row and value if a cell does
    not fit the column's type there.
    """
    wanted = {column.name: column for column in like.columns}
    typed = list(inferred)
    misread = []
    for place, name in enumerate(names):
        column = wanted.get(name)
        if column is None or _has_type(inferred[place], column):
            continue
        if column.stores_text:
            typed[place] = _as_text(inferred[place], column)
        else:
            cells = inferred[place].cells or spell_values(inferred[place])
            tried = readings(cells, column.storage, column.written_as)
            misread.append(_Misread(place=place, wanted=column, cells=cells, readings=tried))
    for column_name, n_misfits in _count_misfits(connection, readable, misread):
        fitting = [
            reading.typed for reading, count in zip(column_name.readings, n_misfits, strict=True) if not count
        ]
        if fitting:
            typed[column_name.place] = fitting[0]
        elif not _is_same_amount(inferred[column_name.place], column_name.wanted):
            raise _misfit_error(connection, readable, column_name, like=like, source=source)
    return tuple(
        replace(item, note=_note(name, item, like))
        if before.storage != item.storage
        else _with_order(item, wanted.get(name), like)
        for name, before, item in zip(names, inferred, typed, strict=True)
    )


def _with_order(typed: Typed, column: Column | None, like: DatasetVersion) -> Typed:
    """Return a column of dates with a note where ``like`` has its parts in another order."""
    order, other = order_of(typed.written_as), None if column is None else order_of(column.written_as)
    if column is None or order == other or None in (order, other):
        return typed
    note = (
        f"Dates in '{column.name}' were read as {describe_format(typed.written_as)}, "
        f"but in '{like.name}' as {describe_format(column.written_as)}. "
        f"If both are written alike, import '{like.name}' again and say which comes first."
    )
    return replace(typed, note=note, differs=True)


def _has_type(typed: Typed, column: Column) -> bool:
    has_format = typed.written_as == column.written_as
    is_stored = not typed.cells and codes_width(column.written_as) is None
    return typed.stores_like(column) and (has_format or is_stored)


def _is_same_amount(typed: Typed, column: Column) -> bool:
    """Return whether cells that are written differently than in ``column`` mean the same there.

    Other marks do, and numbers without a unit. Another currency, unit or period is another amount.
    """
    if not typed.stores_like(column):
        return False
    form, wanted = number_form(typed.written_as), number_form(column.written_as)
    return form is None or wanted is None or form.measure in ("", wanted.measure)


def _as_text(typed: Typed, column: Column) -> Typed:
    """Return the column as texts; numbers are codes where ``column`` has no values, as in a schema."""
    text = cleaned(typed.cells) if typed.cells else spell_values(typed)
    are_codes = not column.n_distinct and typed.stores_numbers and not typed.written_as
    written_as = CODES if are_codes else column.written_as
    width = codes_width(written_as)
    return Typed(
        storage="VARCHAR",
        expression=text if width is None else codes_of(text, width=width),
        written_as=written_as,
    )


def spell_values(typed: Typed) -> str:
    """Return the SQL that writes a stored value as a file would: 3 rather than 3.0, dates without 0:00."""
    value = f"({typed.expression})"
    if typed.stores_fractions:
        is_integral = f"{value} = trunc({value}) AND abs({value}) < 1e15"
        return f"CASE WHEN {is_integral} THEN {value}::BIGINT::VARCHAR ELSE {value}::VARCHAR END"
    if typed.stores_times:
        return f"regexp_replace({value}::VARCHAR, ' 00:00:00$', '')"
    return f"{value}::VARCHAR"


def _count_misfits(
    connection: duckdb.DuckDBPyConnection, readable: str, misread: Sequence[_Misread]
) -> Iterator[tuple[_Misread, list[int]]]:
    """Yield each column with the number of cells that each of its readings does not fit."""
    for start in range(0, len(misread), _COLUMNS_AT_ONCE):
        batch = misread[start : start + _COLUMNS_AT_ONCE]
        counts_sql = [
            f"count(*) FILTER ({_misfit(name, reading)})" for name in batch for reading in name.readings
        ]
        answer = connection.execute(f"SELECT {', '.join(counts_sql)} FROM {readable}").fetchone() or ()
        counts = iter(answer)
        yield from ((name, [int(next(counts)) for _ in name.readings]) for name in batch)


def _misfit(column: _Misread, reading: TypeReading) -> str:
    return f"{is_present(column.cells)} AND ({reading.fits}) IS NOT TRUE"


def _misfit_error(
    connection: duckdb.DuckDBPyConnection,
    readable: str,
    column: _Misread,
    *,
    like: DatasetVersion,
    source: str,
) -> DataError:
    record = connection.execute(
        f"SELECT place, cell FROM (SELECT row_number() OVER () AS place, {column.cells} AS cell, "
        f"{_misfit(column, column.readings[-1])} AS is_misfit FROM {readable}) "
        "WHERE is_misfit ORDER BY place LIMIT 1"
    ).fetchone()
    row, cell = record or (0, "")
    shown = cell if len(cell) <= _LONGEST_SHOWN else f"{cell[: _LONGEST_SHOWN - 1]}…"
    form = number_form(column.wanted.written_as)
    measure = f" in {form.measure}" if form is not None and form.measure else ""
    return DataError(
        f"'{column.wanted.name}' holds {_storage_text(column.wanted.storage)}{measure} in '{like.name}', "
        f"but row {row:,} of '{source}' has '{shown}'.",
        hint="Correct that value, or leave it empty where it is not known.",
    )


def _storage_text(storage: str) -> str:
    return _WORDS.get(storage, "numbers")


def _note(name: str, typed: Typed, like: DatasetVersion) -> str:
    return f"'{name}' was read as {_storage_text(typed.storage)}, as in '{like.name}'."
