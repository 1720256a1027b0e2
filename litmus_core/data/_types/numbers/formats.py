"""SQL for number formats: match texts, and turn them into plain numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import text_literal
from litmus_core.frame import (
    COMPOUND_UNITS,
    FRACTIONS,
    MARKS,
    OTHER_DIGITS,
    THEIR_DIGITS,
    CompoundUnit,
    NumberForm,
)
from litmus_core.types import ReadOptions

if TYPE_CHECKING:
    import duckdb

PLAIN = MARKS[""].shape
GROUPED = tuple(key for key, marks in MARKS.items() if marks.thousands in (" ", "'"))
_CODE_NAME = re.compile(
    r"(^|[\W_])(zip|zip[\W_]?(code|5)?|post(al)?[\W_]?code|plz|postleitzahl|pin[\W_]?code|code[\W_]?postal"
    r"|(tele|i|mobile[\W_]?)?phone([\W_]?(no|nr|num|number))?|tel|telefon|fax|mobile[\W_]?(no|number)"
    r"|(area|calling|dial(l?ing)?)[\W_]?code|(retailer|merchant|vendor|supplier)[\W_]?id"
    r"|(item|article|part|serial)[\W_]?(no|nr|num|number)|isbn([\W_]?1[03])?|issn|ean([\W_]?(8|13))?|gtin|upc|bar[\W_]?code"
    r"|mcc|naics([\W_]?code)?|sic[\W_]?code|hs[\W_]?code|cpv([\W_]?code)?|fips([\W_]?code)?|geo[\W_]?id|bsb|sort[\W_]?code"
    r"|routing([\W_]?(no|number))?|(account|acct)[\W_]?(no|nr|num|number|code)|compte[\W_]?(num|aux)|num(é|e)ro[\W_]de[\W_]compte"
    r"|konto(nummer|nr)?|kontonr|rekening(nummer|nr)?|siren|siret|insee|code[\W_]?(commune|insee|naf|ape|commune[\W_]insee)"
    r"|cnpj|cpf|nif|инн|кпп|бик|окпо|оквэд|邮编|邮政编码|郵便番号|우편번호)$",
    re.IGNORECASE,
)
_AMOUNT_NAME = re.compile(  # a price per room is not a code, even if rooms have codes
    r"(^|[\W_])(per|pro|par|por|avg|average|mean|median|min|max|total|sum|price|preis|prix|cost|amount|rate"
    r"|revenue|sales|share|n|num|count)[\W_]",
    re.IGNORECASE,
)
_LARGEST_CODE = 10**15  # phone numbers have up to 15 digits
_SMALLEST_CODE = 100  # area codes have three digits; one or two are a count


def ascii_digits(text: str) -> str:
    """Return the SQL of a text (SQL) with digits from 0 to 9 and their marks, fractions as decimals."""
    text = f"' ' || {text}"  # 3/4, behind no whole number
    for fraction, value in FRACTIONS.items():
        text = f"replace({text}, {text_literal(fraction)}, {text_literal(value)})"
    return f"translate(ltrim({text}, ' '), {text_literal(OTHER_DIGITS)}, {text_literal(THEIR_DIGITS)})"


def plain_number(form: NumberForm, text: str) -> str:
    """Return the SQL that turns ``text`` (SQL), which has this form, into a plain number."""
    text = ascii_digits(text) if form.other_digits else text
    is_compound = form.unit in COMPOUND_UNITS
    for pattern, replacement in form.first_steps if is_compound else form.steps:
        if pattern in (",", r"\."):
            text = f"replace({text}, {text_literal(pattern[-1])}, {text_literal(replacement)})"
        else:
            text = f"regexp_replace({text}, {text_literal(pattern)}, {text_literal(replacement)}, 'g')"
    return _sum_of_units(COMPOUND_UNITS[form.unit], text) if is_compound else text


def _sum_of_units(unit: CompoundUnit, text: str) -> str:
    """Return the SQL that adds up the units in ``text`` (SQL), NULL for an empty one."""
    sums = (
        (f"try_cast(replace(regexp_extract({text}, {text_literal(pattern)}, 1), ',', '') AS DOUBLE)", worth)
        for pattern, worth in unit.parts
    )
    total = " + ".join(f"coalesce({number}, 0) * {worth!r}" for number, worth in sums)
    if unit.is_signed:
        total = f"({total}) * CASE WHEN regexp_matches({text}, '^[-\u2212]') THEN -1 ELSE 1 END"
    return f"CASE WHEN {text} <> '' THEN {total} END"


def allowed_marks(options: ReadOptions) -> tuple[str, ...]:
    """Return the ways to write numbers that the marks in ``options`` allow, likeliest first."""
    return tuple(key for key in MARKS if _is_allowed(key, options))


def _is_allowed(key: str, options: ReadOptions) -> bool:
    marks = MARKS[key]
    if options.decimal is not None and marks.decimal != options.decimal:
        return False
    if options.thousands is None or marks.thousands == options.thousands:
        return True
    if options.thousands == "":
        return marks.thousands == "."  # decimal comma: dots are seldom there, and cannot be decimals
    return not marks.thousands and options.thousands != "."


def are_codes(name: str, largest: int) -> bool:
    """Return whether whole numbers up to ``largest`` in a column of this name are codes, as of ZIP or phones.

    >>> are_codes("zip_code", 94105), are_codes("n_phones", 3), are_codes("Phone", 1)
    (True, False, False)
    >>> are_codes("price_per_phone", 399), are_codes("MCC", 5411), are_codes("CompteNum", 411000)
    (False, True, True)
    >>> are_codes("Calling Code", 355), are_codes("Item Number", 284512037), are_codes("Retailer ID", 1185732)
    (True, True, True)
    """
    return largest >= _SMALLEST_CODE and _CODE_NAME.search(name) is not None and not names_amounts(name)


def are_long_codes(n_values: int, *, n_distinct: int, n_beyond: int, n_rounded: int) -> bool:
    """Return whether whole numbers are codes because most lie beyond 2**53: each of their digits matters.

    Few of them differ where accounts repeat; then a double that rounds them would make one of two.
    ``n_distinct`` may be approximate.
    """
    return n_beyond > 0.5 * n_values and (n_rounded > 0 or n_distinct > 0.5 * n_values)


def names_amounts(name: str) -> bool:
    """Return whether a column's name says that it holds amounts or counts of something."""
    return _AMOUNT_NAME.search(name) is not None


def find_codes(
    connection: duckdb.DuckDBPyConnection, rows: str, numbers: Mapping[str, str]
) -> frozenset[str]:
    """Return which columns of numbers hold codes; ``numbers`` maps their SQL over ``rows`` to their names.

    Codes are whole numbers; a column with gaps stores them as real numbers.
    """
    called = [value for value, name in numbers.items() if are_codes(name, _LARGEST_CODE)]
    if not called:
        return frozenset()
    columns = ", ".join(
        f"coalesce(max(abs({value}::DOUBLE)), 0), "
        f"coalesce(bool_and(isfinite({value}::DOUBLE) AND {value}::DOUBLE = floor({value}::DOUBLE)), true)"
        for value in called
    )
    record = connection.execute(f"SELECT {columns} FROM {rows}").fetchone() or ()  # noqa: S608 - quoted
    triples = zip(called, record[::2], record[1::2], strict=True)
    return frozenset(
        value for value, largest, integral in triples if integral and are_codes(numbers[value], largest)
    )


def codes_of(text: str, *, width: int = 0) -> str:
    """Return the SQL of a code's digits (SQL ``text``), without the .0 that real numbers end with.

    Leading zeros come back where all codes have ``width`` digits.
    """
    code = f"regexp_replace({text}, '^\\s*(-?[0-9]+)\\.0*\\s*$', '\\1')"
    if not width:
        return code
    is_short = f"regexp_matches({code}, '^[0-9]{{1,{width}}}$')"
    return f"CASE WHEN {is_short} THEN lpad({code}, {width}, '0') ELSE {code} END"


def digits_of(value: str) -> str:
    """Return the SQL of a whole number's digits (SQL ``value``), all of them, as text."""
    return f"{value}::DECIMAL(38,0)::VARCHAR"
