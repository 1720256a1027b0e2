"""Verify types guessed from first rows: SQL that fails at the first cell that does not fit.

Counting evidence in all rows takes longer than the rest of an import. If the first rows settle a column's
type, provided that all other cells fit, each cell is checked once, while it is written. The result is the one
that counting would have given, or a misfit; then that column is counted.
"""

from __future__ import annotations

import re

from litmus_core.data._duckdb import text_literal
from litmus_core.data._types.dates.formats import ISO, ISO_ZONED, ZONE
from litmus_core.data._types.evidence import LARGEST, Evidence, is_missing
from litmus_core.data._types.hypotheses import ColumnHypotheses
from litmus_core.data._types.numbers.formats import PLAIN
from litmus_core.data._types.sql_predicates import (
    LONG,
    PADDED,
    WHOLE,
    has_many_digits,
    matches,
    moment,
    strptime_sql,
)
from litmus_core.data._types.typed_column import Typed
from litmus_core.frame import number_form
from litmus_core.types import PLACEHOLDER_WORDS

_MISFIT = re.compile(r"litmus misfit in c(\d+)")


def is_settled(hypotheses: ColumnHypotheses, evidence: Evidence, typed: Typed) -> bool:
    """Return whether a verdict from some rows holds for all, provided that each other cell fits it."""
    wanted = evidence.wanted
    if (
        wanted == 0
        or hypotheses.evidence.ambiguous
        or not hypotheses.is_plain
        or hypotheses.evidence.differing
    ):
        return False  # only all rows decide the type and the note
    if typed.stores_fractions:  # whole numbers: how many are very large decides
        return not evidence["infinite"] and (bool(typed.written_as) or evidence["whole"] < wanted)
    if typed.stores_times:
        return sum(1 for form in hypotheses.date_forms if evidence[form] == wanted) == 1
    if typed.stores_text:
        is_number = max(evidence[form.written_as or "plain"] for form in hypotheses.forms) == wanted
        return not hypotheses.may_be_number or bool(evidence["padded"]) or not is_number
    return True


def misfit_of(error: Exception) -> int | None:
    """Return the place of the column whose guess did not fit, if ``error`` names one."""
    place = _MISFIT.search(str(error))
    return int(place.group(1)) if place else None


def prepared_sql(typed: Typed) -> str | None:
    """Return the SQL that :func:`checked_sql` needs as ``v3`` for a column ``c3``; None if none."""
    cell = typed.cells
    if typed.stores_numbers and not typed.written_as:
        return f"try_cast({cell} AS {typed.storage})"
    if not typed.stores_times:
        return None
    if typed.form == ISO:
        return f"try_cast({cell} AS TIMESTAMP)"
    return None if typed.form == ISO_ZONED else strptime_sql(cell, typed.form)


def checked_sql(typed: Typed) -> str:
    """Return the SQL of a column's values, which fails at a cell that does not fit."""
    cell, value = typed.cells, typed.cells.replace("c", "v", 1)
    if typed.stores_text:
        return typed.expression
    if typed.stores_truths:
        careful = _careful_sql(
            typed, fits=f"lower(trim({cell})) IN ('true', 'false')", with_placeholders=False
        )
        return (
            f"CASE WHEN {cell} = 'true' THEN true WHEN {cell} = 'false' THEN false "
            f"WHEN {cell} IS NULL THEN NULL ELSE {careful} END"
        )
    if typed.stores_times:
        return _moments(typed, cell, value)
    form = number_form(typed.written_as)
    if form is not None and typed.written_as:
        # Numbers that a double may round are counted.
        is_exact = f"NOT ({has_many_digits(cell)})"
        return _careful_sql(typed, fits=f"{_is_spelled(cell, form.shape)} AND {is_exact}")
    if typed.stores_whole_numbers:
        # Written as Litmus would write it: no padding, no plus, no fraction that a cast would round.
        quick = f"{value}::VARCHAR = {cell} AND {value} BETWEEN {1 - LARGEST} AND {LARGEST - 1}"
        fits = f"{_is_spelled(cell, WHOLE)} AND abs(try_cast(trim({cell}) AS DOUBLE)) < {LARGEST}"
    else:
        # Whole numbers that a double rounds are counted, and infinite ones.
        quick = f"abs({value}) < {LARGEST} AND NOT contains({cell}, '_') AND {_begins_plainly(cell)}"
        is_exact = f"isfinite({value}) AND (abs({value}) < {LARGEST} OR NOT {_is_spelled(cell, LONG)})"
        fits = f"{_is_spelled(cell, PLAIN)} AND {is_exact}"
    return _quick_sql(cell, value, quick=quick, careful=_careful_sql(typed, fits=fits))


def _moments(typed: Typed, cell: str, value: str) -> str:
    trimmed = f"trim({cell})"
    fits = f"{moment(trimmed, typed.form)} IS NOT NULL"
    if typed.form == ISO_ZONED:
        return _careful_sql(typed, fits=fits)
    quick = f"{value} >= TIMESTAMP '1000-01-01' AND {value} < TIMESTAMP '3000-01-01'"
    if typed.form == ISO:
        # One cell with a zone converts the column to UTC: ten letters hold none, nor what Litmus would write.
        is_zoned = matches(trimmed, ZONE)
        quick += f" AND (strlen({cell}) <= 10 OR {value}::VARCHAR = {cell} OR NOT {is_zoned})"
        fits += f" AND NOT {is_zoned}"
    return _quick_sql(cell, value, quick=quick, careful=_careful_sql(typed, fits=fits))


def _quick_sql(cell: str, value: str, *, quick: str, careful: str) -> str:
    return f"CASE WHEN {quick} THEN {value} WHEN {cell} IS NULL THEN NULL ELSE {careful} END"


def _careful_sql(typed: Typed, *, fits: str, with_placeholders: bool = True) -> str:
    """Return the SQL for the few cells that need more tests: missing, fitting after all, or a misfit."""
    cell = typed.cells
    missing = is_missing(cell)
    if with_placeholders:
        words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
        missing = f"({missing} OR lower(trim({cell})) IN ({words}))"
    return (
        f"CASE WHEN {cell} IS NULL OR {missing} THEN NULL WHEN {fits} THEN {typed.expression} "
        f"ELSE error('litmus misfit in {cell}') END"
    )


def _is_spelled(cell: str, shape: str) -> str:
    trimmed = f"trim({cell})"
    return f"({matches(trimmed, shape)} AND NOT {matches(trimmed, PADDED)})"


def _begins_plainly(cell: str) -> str:
    """Return the SQL that tests whether a number begins with 1 to 9 or ``0.``, with or without a minus."""
    return (
        f"({cell} >= '1' OR ({cell} >= '0.' AND {cell} < '0/') OR {cell} = '0' "
        f"OR ({cell} >= '-1' AND {cell} < '-:') OR ({cell} >= '-0.' AND {cell} < '-0/'))"
    )
