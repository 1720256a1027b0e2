# ruff: noqa: S608 - names and paths are quoted by _duck
"""The evidence for how numbers and dates were read: the cell that settles it, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._dates import order_of, swapped
from litmus_core.data._duck import parquet, text_literal
from litmus_core.data._spelled import SPELLINGS
from litmus_core.data._typing import Typed, is_known
from litmus_core.errors import DataError
from litmus_core.types import Detected

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import ReadOptions

_COLUMNS_ASKED = 5
_LONGEST_SHOWN = 40
_OPTIONS = {"decimal": "decimal mark or the mark between thousands", "date_order": "order of dates"}


def explain(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    names: Sequence[str],
    columns: Sequence[Typed],
    *,
    options: ReadOptions,
) -> tuple[Detected, ...]:
    """Return what was found out about numbers and dates where ``options`` leave it open.

    Raises DataError with a cell where numbers or dates of a column do not fit an option.
    """
    named = list(zip(names, columns, strict=True))
    cells = _Cells(connection, staged)
    _refuse_misfits(cells, named)
    found = [*_numbers(cells, named), *_dates(cells, named)]
    return tuple(each for each in found if getattr(options, each.option) is None)


class _Cells:
    """The staged cells, to be asked for the first one of a kind."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, staged: Path) -> None:
        self._connection = connection
        self._table = parquet(staged).removesuffix(")") + ", file_row_number = true)"

    def first(self, column: Typed, condition: str) -> tuple[str, int] | None:
        """Return the first known cell for which the SQL ``condition`` holds, and its row (from 1)."""
        found = self._connection.execute(
            f"SELECT {column.cells}, file_row_number FROM {self._table} "
            f"WHERE {is_known(column.cells)} AND ({condition}) LIMIT 1"
        ).fetchone()
        return None if found is None else (str(found[0]).strip()[:_LONGEST_SHOWN], int(found[1]) + 1)


def _refuse_misfits(cells: _Cells, named: Sequence[tuple[str, Typed]]) -> None:
    for option, said in _OPTIONS.items():
        for name, column in named:
            if column.misfit == option:
                cell, row = (
                    cells.first(column, _is_odd(column, option)) or cells.first(column, "true") or ("", 0)
                )
                raise DataError(
                    f"The {said} that was asked for does not fit '{name}': row {row:,} has '{cell}'.",
                    hint="Choose another one, or leave it out: Litmus then finds it for each column.",
                )


def _is_odd(column: Typed, option: str) -> str:
    """Return the SQL that says whether a cell shows why an option does not fit."""
    if option == "date_order":
        return f"regexp_matches({column.cells}, '(^|[^0-9])(1[3-9]|2[0-9]|3[01])[^0-9]')"
    return f"NOT regexp_full_match(trim({column.cells}), '[0-9]*')"


def _numbers(cells: _Cells, named: Sequence[tuple[str, Typed]]) -> Iterator[Detected]:
    for option in ("decimal", "thousands"):
        spelled = [(name, each) for name, each in named if each.storage == "DOUBLE"]
        spelled.sort(key=lambda pair: not pair[1].written_as)
        for name, column in spelled[:_COLUMNS_ASKED]:
            mark = getattr(SPELLINGS[column.written_as], option)
            found = cells.first(column, _has(column.cells, mark)) if mark else None
            if found is not None:
                shown = {" ": "space"}.get(mark, mark)
                yield Detected(
                    option=option, value=shown, why=f"'{found[0]}' in row {found[1]:,} of '{name}'"
                )
                break


def _has(cells: str, mark: str) -> str:
    if mark == " ":
        return f"regexp_matches(trim({cells}), '[ \u00a0\u202f]')"
    if mark == "'":
        return f"regexp_matches({cells}, {text_literal(chr(91) + chr(39) + chr(0x2019) + chr(93))})"
    return f"contains({cells}, {text_literal(mark)})"


def _dates(cells: _Cells, named: Sequence[tuple[str, Typed]]) -> Iterator[Detected]:
    dated = [
        (name, each)
        for name, each in named
        if each.storage == "TIMESTAMP" and each.written_as and order_of(each.written_as) is not None
    ]
    for name, column in dated[:_COLUMNS_ASKED]:
        order = str(order_of(column.written_as))
        other = f"try_strptime(trim({column.cells}), {text_literal(swapped(column.written_as))}) IS NULL"
        if found := cells.first(column, other):
            why = f"'{found[0]}' in row {found[1]:,} of '{name}' can only be {order}"
            yield Detected(option="date_order", value=order, why=why)
            return
    if dated:
        name, column = dated[0]
        order = str(order_of(column.written_as))
        why = f"no date in '{name}' settles it; {order} is the commoner way"
        yield Detected(option="date_order", value=order, why=why)
