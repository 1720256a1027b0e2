# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Read a stored column as another kind: as SQL, or an error that lists the values that do not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier
from litmus_core.data._types.dates.formats import possible_forms
from litmus_core.data._types.evidence import is_present
from litmus_core.data._types.hypotheses import StrippedTexts, hypotheses_of
from litmus_core.data._types.inference import TypeReading, readings
from litmus_core.data._types.schema_cast import spell_values
from litmus_core.data._types.sql_predicates import WHOLE, matches
from litmus_core.data._types.typed_column import Typed
from litmus_core.errors import DataError
from litmus_core.frame import CODES
from litmus_core.text import format_count
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, KindName

_VALUES_SEEN = 200
_FORMS_TRIED = 24
_NAMED = 3
_LONGEST = 40


def reread(
    connection: duckdb.DuckDBPyConnection, before: str, column: Column, kind: KindName
) -> tuple[Column, str]:
    """Return ``column`` of the view ``before`` as a column of ``kind``, and the SQL of its cells.

    Texts are never invented: a kind is refused if it needs the file's spelling and that is not stored. Raises
    DataError that counts and names the values which are not of that kind.
    """
    traits = COLUMN_KINDS[kind]
    cell = identifier(column.name)
    wanted = replace(column, kind=kind, storage=traits.storage)
    if wanted.stores_like(column) or (traits.number_encoder is not None and column.stores_numbers):
        return replace(column, kind=kind), cell
    if column.stores_times or column.stores_truths:
        holds = "dates" if column.stores_times else "true and false"
        raise DataError(
            f"'{column.name}' holds {holds}, and how the file wrote them is not kept, so it cannot be read "
            f"as {traits.label}.",
            hint="You can leave the column out when you choose what to predict.",
        )
    letters = cell if column.stores_text else spell_values(Typed(storage=column.storage, expression=cell))
    if wanted.stores_text:
        _check_spelling(connection, before, column, letters, label=traits.label)
        return replace(wanted, written_as=CODES), letters
    return _parse(connection, before, wanted, letters)


def _check_spelling(
    connection: duckdb.DuckDBPyConnection, before: str, column: Column, letters: str, *, label: str
) -> None:
    """Refuse numbers as texts where a file may spell them in several ways: 2.5 and 2.50, $1,200 and 1200."""
    hint = "Write the values as whole numbers or words in your file, and import it again."
    if column.written_as:
        raise DataError(
            f"The numbers of '{column.name}' had a format of their own in the file ({column.written_as}), "
            f"which is not kept, so they cannot be read as {label}.",
            hint=hint,
        )
    fits = f"{letters} IS NULL OR {matches(letters, WHOLE)}"
    _refuse(connection, before, column, letters, fits=fits, complaint="have a fraction", hint=hint)


def _parse(
    connection: duckdb.DuckDBPyConnection, before: str, wanted: Column, letters: str
) -> tuple[Column, str]:
    """Return the column parsed as numbers, dates or booleans, in the format that fits the most values."""
    tried = _candidates(connection, before, wanted, letters)
    misfits = [f"{is_present(letters)} AND ({reading.fits}) IS NOT TRUE" for reading in tried]
    counts = ", ".join(f"count(*) FILTER ({misfit})" for misfit in misfits)
    n_misfits = connection.execute(f"SELECT {counts} FROM {before}").fetchone() or ()
    place = min(range(len(tried)), key=lambda at: (n_misfits[at], at))
    best = tried[place]
    _refuse(
        connection,
        before,
        wanted,
        letters,
        fits=f"NOT ({misfits[place]})",
        complaint=f"cannot be read as {COLUMN_KINDS[wanted.kind].asks_for}",
        hint="Correct these values in your file, then import it again.",
    )
    return replace(wanted, written_as=best.typed.written_as), best.typed.expression


def _candidates(
    connection: duckdb.DuckDBPyConnection, before: str, wanted: Column, letters: str
) -> Sequence[TypeReading]:
    """Return the formats to try: those of the most frequent texts, together and one by one.

    No word among numbers counts as a missing value. Import may decide so; this fix does not ask for it.
    """
    records = connection.execute(
        f"SELECT {letters} AS cell FROM {before} WHERE {is_present(letters)} "
        f"GROUP BY cell ORDER BY count(*) DESC, cell LIMIT {_VALUES_SEEN}"
    ).fetchall()
    values = [str(cell) for (cell,) in records]
    forms: Counter[str] = Counter()
    for sample in (values, *([value] for value in values)):
        if wanted.stores_times:
            forms.update(possible_forms(sample, column="date"))
        elif wanted.stores_numbers:
            hypotheses = hypotheses_of("c0", wanted.name, sample, StrippedTexts())
            forms.update(replace(form, missing=(), free=()).written_as for form in hypotheses.forms)
    named = [form for form, _ in forms.most_common(_FORMS_TRIED)]
    candidates = [reading for form in ("", *named) for reading in readings(letters, wanted.storage, form)]
    return list({reading.typed.expression: reading for reading in candidates}.values())


def _refuse(
    connection: duckdb.DuckDBPyConnection,
    before: str,
    column: Column,
    letters: str,
    *,
    fits: str,
    complaint: str,
    hint: str,
) -> None:
    """Raise DataError where cells do not fit, with their number and the most frequent ones."""
    rows = connection.execute(
        f"SELECT {letters} AS cell, count(*) AS n FROM {before} WHERE ({fits}) IS NOT TRUE "
        "GROUP BY cell ORDER BY n DESC, cell"
    ).fetchall()
    if not rows:
        return
    n_rows = sum(n for _, n in rows)
    total = connection.execute(f"SELECT count({identifier(column.name)}) FROM {before}").fetchone() or (0,)
    shown = [f"'{_short(cell)}' ({format_count(n, 'row')})" for cell, n in rows[:_NAMED]]
    more = f" and {format_count(len(rows) - _NAMED, 'other')}" if len(rows) > _NAMED else ""
    raise DataError(
        f"{n_rows:,} of {format_count(int(total[0]), 'value')} in '{column.name}' {complaint}: "
        f"{', '.join(shown)}{more}.",
        hint=hint,
    )


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…"
