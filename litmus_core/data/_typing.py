"""What a column of texts holds, by the evidence of every row: numbers, dates, truth values, or texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.data._dates import ISO, ISO_ZONED, in_words, is_day_first
from litmus_core.data._evidence import (
    COMMA,
    LARGEST,
    PLAIN,
    THOUSANDS,
    WHOLE,
    Evidence,
    Question,
    cleaned,
    find_evidence,
    matches,
    moment,
)

if TYPE_CHECKING:
    import duckdb

SPELLED = {  # how a number is written: its shape, and the SQL that makes it plain
    "": (PLAIN, "{}"),
    "thousands": (THOUSANDS, "replace({}, ',', '')"),
    "decimal comma": (COMMA, "replace(replace({}, '.', ''), ',', '.')"),
}
# As a model reads them in rows to score (litmus_core.frame).
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1', '1.0')", "('false', 'f', 'no', 'n', '0', '0.0')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One staged column's verdict: DuckDB type, the SQL that makes it, and what is worth saying of it.

    ``written_as`` is a Column's: how the file spells dates or numbers, where not ISO or plain; ``cells`` is
    the SQL of the text that was there, empty where the file holds typed values; ``form`` is that of dates.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a column's texts, and the SQL that says of a text whether it can be read so."""

    typed: Typed
    fits: str


def find_types(
    connection: duckdb.DuckDBPyConnection, cells: str, *, names: Sequence[str], decimal_comma: bool
) -> tuple[Typed, ...]:
    """Return a verdict for each column ``c0``, ``c1`` … of the texts ``cells`` (SQL), from all rows.

    ``names`` are the columns' real names; ``decimal_comma`` says that the file's separator makes a comma
    inside a number a decimal mark where it could be either. A value that does not fit the others makes
    its column a text: nothing is dropped in silence but the words that mean "missing".
    """
    pairs = find_evidence(connection, cells, names, places=range(len(names)))
    return judge(pairs, decimal_comma=decimal_comma)


def judge(pairs: Sequence[tuple[Question, Evidence]], *, decimal_comma: bool) -> tuple[Typed, ...]:
    """Return the verdict that the evidence of each column comes to."""
    day_first = _day_first_elsewhere(pairs, otherwise=decimal_comma)
    return tuple(
        replace(_verdict(question, found, decimal_comma, day_first), cells=question.column)
        for question, found in pairs
    )


def readings(cells: str, storage: str, written_as: str) -> tuple[Reading, ...]:
    """Return how texts (SQL ``cells``) may be read as ``storage``: as ``written_as`` says, then plainly."""
    trimmed = f"trim({cells})"
    if storage == "BOOLEAN":
        words = f"lower({trimmed})"
        typed = Typed(
            storage=storage,
            expression=f"CASE WHEN {words} IN {_TRUE} THEN true WHEN {words} IN {_FALSE} THEN false END",
        )
        return (Reading(typed=typed, fits=f"{words} IN {_TRUE} OR {words} IN {_FALSE}"),)
    if storage == "TIMESTAMP":
        forms = dict.fromkeys((written_as or ISO, ISO, ISO_ZONED))
        return tuple(
            Reading(typed=_as_moments(trimmed, form), fits=f"{moment(trimmed, form)} IS NOT NULL")
            for form in forms
        )
    spelled = dict.fromkeys((written_as, ""))
    return tuple(_number_reading(trimmed, spelling) for spelling in spelled)


def _number_reading(trimmed: str, written_as: str) -> Reading:
    shape, plain = SPELLED[written_as]
    fits = matches(trimmed, shape)
    return Reading(typed=_number(plain.format(trimmed), fits, written_as=written_as), fits=fits)


def _day_first_elsewhere(pairs: Sequence[tuple[Question, Evidence]], *, otherwise: bool) -> bool | None:
    """Return the order of day and month that other columns of the file prove; None where none does."""
    proven = set()
    for question, found in pairs:
        fitting = [form for form in question.date_forms if found[form] and found[form] == found.wanted]
        orders = {is_day_first(form) for form in fitting} - {None}
        if len(orders) == 1:
            proven |= orders
    if len(proven) == 1:
        return proven.pop()
    return True if otherwise else None


def _verdict(question: Question, found: Evidence, decimal_comma: bool, day_first: bool | None) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(question.column))
    if found.wanted == 0:
        return text
    if found["boolean"] == found["values"]:
        expression = f"lower(trim({cleaned(question.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    return _as_number(question, found, decimal_comma) or _as_date(question, found, day_first) or text


def _as_number(question: Question, found: Evidence, decimal_comma: bool) -> Typed | None:
    wanted, trimmed = found.wanted, f"trim({question.column})"
    if not question.may_be_number or found["padded"]:
        return None
    if "%Y%m%d" in question.date_forms and found["%Y%m%d"] == wanted:
        return None
    if found["plain"] == wanted:
        if found["whole"] < wanted:
            return _number(trimmed, matches(trimmed, PLAIN))
        if found["largest"] < LARGEST:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        if min(found["distinct"], found["beyond"]) > 0.5 * wanted:
            return None  # a long code, each digit of which matters
        return _number(trimmed, matches(trimmed, WHOLE))
    return _as_written_number(question, found, decimal_comma)


def _as_written_number(question: Question, found: Evidence, decimal_comma: bool) -> Typed | None:
    """Judge numbers with a comma in them: thousands (1,234.5) or decimals (1.234,5)."""
    trimmed = f"trim({question.column})"
    fits_thousands, fits_comma = found["thousands"] == found.wanted, found["comma"] == found.wanted
    if fits_thousands and not (fits_comma and decimal_comma):
        note = f"Commas in '{question.name}' were read as thousands separators."
        return replace(_number_reading(trimmed, "thousands").typed, note=note)
    if fits_comma:
        note = f"Commas in '{question.name}' were read as decimal marks."
        return replace(_number_reading(trimmed, "decimal comma").typed, note=note)
    return None


def _number(plain: str, condition: str, *, written_as: str = "") -> Typed:
    value = f"CASE WHEN {condition} THEN try_cast({plain} AS DOUBLE) END"
    finite = f"CASE WHEN isfinite({value}) THEN {value} END"
    return Typed(storage="DOUBLE", expression=finite, written_as=written_as)


def _as_date(question: Question, found: Evidence, day_first: bool | None) -> Typed | None:
    fitting = [form for form in question.date_forms if found[form] == found.wanted]
    if not fitting:
        return None
    form = ISO_ZONED if found["zoned"] else fitting[0]
    if len(fitting) > 1 and day_first is not None:
        form = next((each for each in fitting if is_day_first(each) is day_first), form)
    note = ""
    if is_day_first(form) is not None:
        sure = "" if len(fitting) == 1 else "; day and month could also be the other way round"
        note = f"Dates in '{question.name}' were read as {in_words(form)}{sure}."
    return replace(_as_moments(f"trim({question.column})", form), note=note)


def _as_moments(trimmed: str, form: str) -> Typed:
    written_as = "" if form in (ISO, ISO_ZONED) else form
    return Typed(storage="TIMESTAMP", expression=moment(trimmed, form), written_as=written_as, form=form)
