# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Explain how numbers and dates were read: by the deciding cell and its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, parquet, text_literal
from litmus_core.data._time.zones import written_zones
from litmus_core.data._types.dates.formats import order_of
from litmus_core.data._types.evidence import is_present
from litmus_core.data._types.typed_column import Typed
from litmus_core.errors import DataError
from litmus_core.frame import MARKS, number_form
from litmus_core.types import Detected

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from litmus_core.data._rows.wide_tables import WideCells
    from litmus_core.types import ReadOptions

_MOST_COLUMNS = 5
_MOST_ROWS, _FIRST_ROWS = 100_000, 1_000
_LONGEST_SHOWN = 40
_OPTIONS = {"decimal": "decimal mark or the mark between thousands", "date_order": "order of dates"}


def explain(
    connection: duckdb.DuckDBPyConnection,
    cells: str | WideCells,
    written: Path | pa.Table,
    names: Sequence[str],
    columns: Sequence[Typed],
    *,
    options: ReadOptions,
) -> tuple[Detected, ...]:
    """Return what was detected about numbers and dates and is not set by ``options``.

    ``cells`` (SQL, or in memory) are the texts that ``columns`` were read from, ``written`` the resulting
    table. Raises DataError with a cell where numbers or dates of a column do not fit an option.
    """
    named = list(zip(names, columns, strict=True))
    view = _Cells(connection, cells, written)
    _refuse_misfits(view, named)
    detected = [*_numbers(view, named), *_dates(view, named)]
    open_ones = [item for item in detected if getattr(options, item.option) is None]
    return (*open_ones, *written_zones(connection, cells, named))


class _Cells:
    """Find the first cell that meets a condition."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, cells: str | WideCells, written: Path | pa.Table
    ) -> None:
        self._connection, self._cells, self._written = connection, cells, written

    def _first_row(self, column: Typed, select: Callable[[str], str]) -> tuple[Any, ...] | None:
        """Return the first row of the query that ``select`` builds from the SQL of the column's cells."""
        if isinstance(self._cells, str):
            return self._connection.execute(select(self._cells)).fetchone()
        one_column_cells = self._cells.one_column(column.cells)  # DuckDB reads the variable by its name
        record = self._connection.execute(select("one_column_cells")).fetchone()
        del one_column_cells
        return record

    def first(self, column: Typed, condition: str, *, n_rows: int | None = _MOST_ROWS) -> str:
        """Return the first cell that meets the SQL ``condition``, with its row; "" if none does."""
        if n_rows == _MOST_ROWS and (early := self.first(column, condition, n_rows=_FIRST_ROWS)):
            return early
        limit = "" if n_rows is None else f" LIMIT {n_rows}"
        row = self._first_row(
            column,
            lambda cells: (
                f"SELECT {column.cells}, place FROM (SELECT {column.cells}, row_number() OVER () AS place "
                f"FROM (SELECT {column.cells} FROM {cells}{limit})) "
                f"WHERE {is_present(column.cells)} AND ({condition}) ORDER BY place LIMIT 1"
            ),
        )
        return "" if row is None else _cell_in_row(row[0], int(row[1]))

    def late_day(self, name: str, column: Typed) -> str:
        """Return the first cell whose day is above 12, with its row; "" if there is none."""
        row = self._late_row(name)
        if row is None:
            return ""
        example_row = self._first_row(
            column, lambda cells: f"SELECT {column.cells} FROM {cells} LIMIT 1 OFFSET {row}"
        )
        (cell,) = example_row or ("",)
        return _cell_in_row(cell, row + 1)

    def _late_row(self, name: str) -> int | None:
        if not isinstance(self._written, Path):
            import pyarrow.compute as pc

            row = pc.index(pc.greater(pc.day(self._written.column(name)), 12), True).as_py()
            return None if row < 0 else int(row)
        table = parquet(self._written).removesuffix(")") + ", file_row_number = true)"
        record = self._connection.execute(
            f"SELECT file_row_number FROM {table} WHERE day({identifier(name)}) > 12 LIMIT 1"
        ).fetchone()
        return None if record is None else int(record[0])


def _cell_in_row(cell: object, row: int) -> str:
    return f"'{str(cell).strip()[:_LONGEST_SHOWN]}' in row {row:,}"


def _refuse_misfits(view: _Cells, named: Sequence[tuple[str, Typed]]) -> None:
    for option, option_value in _OPTIONS.items():
        for name, column in named:
            if column.misfit == option:
                odd = view.first(column, _is_odd(column, option), n_rows=None) or view.first(column, "true")
                raise DataError(
                    f"The {option_value} that was asked for does not fit '{name}': it has {odd}.",
                    hint="Choose another one, or leave it out: Litmus then finds it for each column.",
                )


def _is_odd(column: Typed, option: str) -> str:
    """Return the SQL that tests whether a cell shows why an option does not fit."""
    if option == "date_order":
        return f"regexp_matches({column.cells}, '(^|[^0-9])(1[3-9]|2[0-9]|3[01])[^0-9]')"
    return f"NOT regexp_full_match(trim({column.cells}), '[0-9]*')"


def _numbers(view: _Cells, named: Sequence[tuple[str, Typed]]) -> Iterator[Detected]:
    spelled = [(name, typed) for name, typed in named if typed.stores_fractions and typed.cells]
    spelled.sort(key=lambda pair: not pair[1].written_as)
    for option in ("decimal", "thousands"):
        for name, column in spelled[:_MOST_COLUMNS]:
            form = number_form(column.written_as)
            mark = "" if form is None else getattr(MARKS[form.marks], option)
            if mark and (example := view.first(column, _has(column.cells, mark))):
                shown = {" ": "space"}.get(mark, mark)
                yield Detected(option=option, value=shown, why=f"{example} of '{name}'")
                break


def _has(cells: str, mark: str) -> str:
    if mark == " ":
        return f"regexp_matches(trim({cells}), '[ \u00a0\u202f]')"
    if mark == "'":
        return f"contains(replace({cells}, '\u2019', ''''), '''')"
    return f"contains({cells}, {text_literal(mark)})"


def _dates(view: _Cells, named: Sequence[tuple[str, Typed]]) -> Iterator[Detected]:
    dated = [
        (name, typed, order)
        for name, typed in named
        if typed.stores_times and typed.cells and (order := order_of(typed.written_as)) is not None
    ]
    for name, column, order in dated[:_MOST_COLUMNS]:
        if order == "year first":
            yield Detected(option="date_order", value=order, why=f"{view.first(column, 'true')} of '{name}'")
            return
        if example := view.late_day(name, column):
            other = "month first" if order == "day first" else "day first"
            why = f"{example} of '{name}' cannot be {other}"
            yield Detected(option="date_order", value=order, why=why)
            return
    if dated:
        name, _, order = dated[0]
        why = f"no date in '{name}' settles it; {order} is more common"
        yield Detected(option="date_order", value=order, why=why)
