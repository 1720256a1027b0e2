"""SQL that tests whether a text is a number, a date or a boolean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from litmus_core.data._duckdb import text_literal
from litmus_core.data._rows.wide_tables import Measure
from litmus_core.data._types.dates.formats import ISO, ISO_ZONED, ZONE
from litmus_core.data._types.numbers.formats import PLAIN
from litmus_core.frame import GERMAN, GERMAN_DATE, GERMAN_MONTHS, NumberForm

# Shapes may distinguish the digits 0 to 3, but not those from 4 to 9: see Measure.
WHOLE = r"[+-]?\d+"
INTEGRAL = r"\d+(\.0*)?"  # whole numbers of a column that had gaps: 94105.0
LONG = r"[+-]?\d{16,}(\.\d*)?"  # a double may not keep each digit before its point
PADDED = r"[+-]?0\d+([.]\d*)?"  # 00501, 09.15: a code or a time, whose zeros matter
FAR = 10**15  # an upper bound of bare numbers, to find the smallest as the largest distance
CODED = r"\d+[eE]\d+|\+\d{9,15}"  # 1E5, a place on a plate; +447700900123, a phone


@lru_cache(maxsize=256)
def of_forms(column: str, forms: tuple[NumberForm, ...]) -> dict[str, Measure]:
    """Return a measure for each number format."""
    return {form.written_as: of_shape(column, form.shape) for form in forms if form.written_as}


@lru_cache(maxsize=256)
def of_mark(column: str, mark: str) -> dict[str, Measure]:
    """Return the measures of numbers with an ambiguous mark: 1,234."""
    # A unit may have points of its own: 3.300 Stk.
    literal = text_literal(mark)
    has_mark = f"regexp_matches({column}, {text_literal(rf'[0-9]{re.escape(mark)}[0-9]')})"
    ambiguous_shape = rf"[^0-9]*[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}[^0-9]*"
    return {
        "marked": Measure(has_mark, "true", is_of_shape=True),
        "ambiguous": of_shape(column, ambiguous_shape),
        "bare": Measure(f"CASE WHEN NOT {has_mark} THEN {_digits(column)} END", "largest"),
        "bare_below": Measure(
            f"CASE WHEN NOT {has_mark} THEN greatest({FAR} - {_digits(column)}, 0) END", "largest"
        ),
        "before": Measure(
            f"CASE WHEN {has_mark} THEN {_digits(f'split_part({column}, {literal}, 1)')} END", "largest"
        ),
        "widths": Measure(
            f"CASE WHEN {has_mark} THEN strpos({column}, {literal}) END", "spread", is_of_shape=True
        ),
        "tens": of_shape(column, ambiguous_shape.replace(r"\d{3}", r"\d{2}0")),
        "long": Measure(
            f"NOT {has_mark} AND regexp_matches({column}, '[0-9]{{4}}')", "true", is_of_shape=True
        ),
    }


def _digits(column: str) -> str:
    return f"try_cast(regexp_replace({column}, '[^0-9]', '', 'g') AS DOUBLE)"


@lru_cache(maxsize=1_024)
def first_measures(
    column: str, date_forms: tuple[str, ...], *, may_be_number: bool, may_be_codes: bool, may_be_boolean: bool
) -> Mapping[str, Measure]:
    """Return the measures of a column (SQL), by name or date format."""
    measures = {"values": Measure(column, "known", is_of_shape=True)}
    if may_be_number:
        measures["plain"] = of_shape(column, PLAIN)
        measures["whole"] = of_shape(column, WHOLE)
        # Signs and 0 sort before 1: most cells need no further test.
        measures["padded"] = Measure(
            f"CASE WHEN {column} < '1' THEN {matches(column, PADDED)} END", "true", is_of_shape=True
        )
        if may_be_codes:
            measures["coded"] = of_shape(column, CODED)
        measures["largest"] = Measure(f"abs(try_cast({column} AS DOUBLE))", "largest")
    if may_be_boolean:
        measures["boolean"] = Measure(f"lower({column}) IN ('true', 'false')", "true", is_of_shape=True)
    measures |= {form: Measure(moment(column, form), "known") for form in date_forms}
    if ISO in date_forms:
        measures["zoned"] = of_shape(column, ZONE)
    return measures


def matches(column: str, shape: str) -> str:
    """Return the SQL that tests whether all of a text has this shape."""
    return f"regexp_full_match({column}, {text_literal(shape)})"


def is_rounded(plain: str) -> str:
    """Return the SQL that tests whether a double changes the whole part of a plain number (SQL ``plain``)."""
    before_point, number = f"try_cast(split_part({plain}, '.', 1) AS HUGEINT)", f"try_cast({plain} AS DOUBLE)"
    is_other = (
        f"({before_point} IS NULL OR {before_point} IS DISTINCT FROM try_cast(trunc({number}) AS HUGEINT))"
    )
    return f"{matches(plain, LONG)} AND isfinite({number}) AND {is_other}"


def has_many_digits(column: str) -> str:
    """Return the SQL that tests whether a text has more digits than a double surely keeps."""
    return f"strlen({column}) > 15 AND strlen(regexp_replace({column}, '[^0-9]', '', 'g')) > 15"


def of_shape(column: str, shape: str) -> Measure:
    """Return the measure of how many of a column's texts have this shape."""
    return Measure(matches(column, shape), "true", is_of_shape=True)


def moment(column: str, form: str) -> str:
    """Return the SQL that reads ``column`` as a moment; NULL if it is none, or of an impossible year."""
    if form == ISO:
        moment = f"try_cast({column} AS TIMESTAMP)"
    elif form == ISO_ZONED:
        moment = f"timezone('UTC', try_cast({column} AS TIMESTAMPTZ))"
    else:
        moment = strptime_sql(column, form)
    return f"CASE WHEN year({moment}) BETWEEN 1000 AND 2999 THEN {moment} END"


def strptime_sql(column: str, form: str) -> str:
    """Return the SQL that reads ``column`` by a strptime format; NULL where it does not fit."""
    if not form.endswith(GERMAN):
        return f"try_strptime({column}, '{form}')"
    text = f"trim(lower({column}))"
    day, name, year, rest = (f"regexp_extract({text}, '^{GERMAN_DATE}$', {place})" for place in range(1, 5))
    months = " ".join(f"WHEN '{name}' THEN '{month}'" for name, month in GERMAN_MONTHS.items())
    english = f"{day} || ' ' || CASE {name} {months} END || ' ' || {year} || {rest}"
    return f"try_strptime({english}, '{form.removesuffix(GERMAN)}')"
