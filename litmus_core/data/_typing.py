# ruff: noqa: S608 - names and paths are quoted by _duck
"""What a column of texts holds, by the evidence of every row: numbers, dates, truth values, or texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._dates import ISO, ISO_ZONED, ZONE, in_words, is_day_first, possible_forms
from litmus_core.data._duck import parquet, text_literal
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

if TYPE_CHECKING:
    import duckdb

_PLAIN = r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[iI]nf(inity)?)"
_WHOLE = r"[+-]?\d+"
_PADDED = r"[+-]?0\d+"  # 00501: a code, whose zeros matter
_THOUSANDS = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"
_COMMA = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?"
_SPELLED = {  # how a number is written: its shape, and the SQL that makes it plain
    "": (_PLAIN, "{}"),
    "thousands": (_THOUSANDS, "replace({}, ',', '')"),
    "decimal comma": (_COMMA, "replace(replace({}, '.', ''), ',', '.')"),
}
# As a model reads them in rows to score (litmus_core.frame).
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1', '1.0')", "('false', 'f', 'no', 'n', '0', '0.0')"
_EXACT = 2**53  # whole numbers below survive as float64
_ROWS_SEEN = 1_000
_CELLS_SEEN = 400_000
_COLUMNS_AT_ONCE = 40  # planning takes time squared in what is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One staged column's verdict: DuckDB type, the SQL that makes it, and what is worth saying of it.

    ``written_as`` is a Column's: how the file spells dates or numbers, where not ISO or plain; ``cells`` is
    the SQL of the text that was there, empty where the file holds typed values.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a column's texts, and the SQL that says of a text whether it can be read so."""

    typed: Typed
    fits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A staged column and what it could be, after a look at some of its values."""

    column: str
    name: str
    may_be_number: bool
    may_be_boolean: bool
    date_forms: tuple[str, ...]

    @property
    def could_be_more_than_text(self) -> bool:
        return self.may_be_number or self.may_be_boolean or bool(self.date_forms)


class _Evidence(Counter[str]):
    """Counts over all rows of one column, by what was counted (dates by their form); 0 where it was not."""

    @property
    def wanted(self) -> int:
        """How many values have to fit: all that are not a mere placeholder."""
        return self["values"] - self["placeholders"]


def find_types(
    connection: duckdb.DuckDBPyConnection, staged: Path, *, names: Sequence[str], decimal_comma: bool
) -> tuple[Typed, ...]:
    """Return a verdict for each column ``c0``, ``c1`` … of the Parquet file ``staged``.

    ``names`` are the columns' real names; ``decimal_comma`` says that the file's separator makes a comma
    inside a number a decimal mark where it could be either. A value that does not fit the others makes
    its column a text: nothing is dropped in silence but the words that mean "missing".
    """
    questions = _look(connection, staged, names)
    evidence: list[_Evidence] = []
    for start in range(0, len(questions), _COLUMNS_AT_ONCE):
        evidence += _gather(connection, staged, questions[start : start + _COLUMNS_AT_ONCE])
    pairs = list(zip(questions, evidence, strict=True))
    day_first = _day_first_elsewhere(pairs, otherwise=decimal_comma)
    return tuple(
        replace(_verdict(question, found, decimal_comma, day_first), cells=question.column)
        for question, found in pairs
    )


def is_known(cells: str) -> str:
    """Return the SQL that says whether a text is neither a word nor a placeholder for "missing"."""
    words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
    return f"({cleaned(cells)} IS NOT NULL AND lower(trim({cells})) NOT IN ({words}))"


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
            Reading(typed=_as_moments(trimmed, form), fits=f"{_moment(trimmed, form)} IS NOT NULL")
            for form in forms
        )
    spelled = dict.fromkeys((written_as, ""))
    return tuple(_number_reading(trimmed, spelling) for spelling in spelled)


def _number_reading(trimmed: str, written_as: str) -> Reading:
    shape, plain = _SPELLED[written_as]
    fits = _matches(trimmed, shape)
    return Reading(typed=_number(plain.format(trimmed), fits, written_as=written_as), fits=fits)


def _look(connection: duckdb.DuckDBPyConnection, staged: Path, names: Sequence[str]) -> list[_Question]:
    n_rows = max(50, min(_ROWS_SEEN, _CELLS_SEEN // max(len(names), 1)))
    seen = connection.execute(
        f"SELECT * FROM {parquet(staged)} USING SAMPLE reservoir({n_rows} ROWS) REPEATABLE (0)"
    ).fetchall()
    columns: Iterable[tuple[str | None, ...]] = zip(*seen, strict=True) if seen else ((),) * len(names)
    return [
        _question(f"c{index}", name, values)
        for index, (name, values) in enumerate(zip(names, columns, strict=True))
    ]


def _question(column: str, name: str, values: Sequence[str | None]) -> _Question:
    texts = {value.strip() for value in values if value is not None} - set(MISSING_WORDS)
    solid = [text for text in texts if text.lower() not in PLACEHOLDER_WORDS]
    number = re.compile(rf"{_PLAIN}|{_THOUSANDS}|{_COMMA}")
    may_be_number = all(number.fullmatch(text) for text in solid)
    return _Question(
        column=column,
        name=name,
        may_be_number=may_be_number,
        may_be_boolean=all(text.lower() in ("true", "false") for text in solid),
        # With nothing to go by, the commonest form is asked for; rows not seen may still hold dates.
        date_forms=possible_forms(solid, column=name) if solid else (ISO,),
    )


def cleaned(column: str) -> str:
    """Return the SQL of a text, NULL where it is one of the words for "missing"."""
    words = ", ".join(text_literal(word) for word in MISSING_WORDS)
    return f"CASE WHEN trim({column}) IN ({words}) THEN NULL ELSE {column} END"


def _gather(
    connection: duckdb.DuckDBPyConnection, staged: Path, questions: Sequence[_Question]
) -> list[_Evidence]:
    """Count over all rows; where the first answers leave a doubt, ask a second time."""
    asked = [_aggregates(question) for question in questions]
    found = _count(connection, staged, questions, asked)
    again = [_doubts(question, evidence) for question, evidence in zip(questions, found, strict=True)]
    if any(again):
        for evidence, more in zip(found, _count(connection, staged, questions, again), strict=True):
            evidence.update(more)
    return found


def _count(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    questions: Sequence[_Question],
    asked: Sequence[dict[str, str]],
) -> list[_Evidence]:
    """Answer the aggregates ``asked`` of each question's column, in one pass over the rows."""
    used = [question.column for question, each in zip(questions, asked, strict=True) if each]
    texts = ", ".join(f"trim({cleaned(column)}) AS {column}" for column in used)
    flat = ", ".join(sql for each in asked for sql in each.values())
    answers = iter(
        connection.execute(f"SELECT {flat} FROM (SELECT {texts} FROM {parquet(staged)})").fetchone() or ()
    )
    return [_Evidence({key: int(next(answers) or 0) for key in each}) for each in asked]


def _doubts(question: _Question, found: _Evidence) -> dict[str, str]:
    """Return what else to ask of a column: about placeholders and commas, or about very long numbers."""
    column = question.column
    if not question.could_be_more_than_text or found["values"] == 0:
        return {}
    asked = {}
    if max(found[key] for key in ("plain", "boolean", *question.date_forms)) < found["values"]:
        words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
        asked["placeholders"] = f"count(*) FILTER (lower({column}) IN ({words}))"
        if question.may_be_number:
            asked |= {"thousands": _count_shape(column, _THOUSANDS), "comma": _count_shape(column, _COMMA)}
    if found["largest"] >= _EXACT:
        asked["distinct"] = f"approx_count_distinct({column})"
        asked["beyond"] = f"count(*) FILTER (abs(try_cast({column} AS DOUBLE)) >= {_EXACT})"
    return asked


def _aggregates(question: _Question) -> dict[str, str]:
    """Return the SQL aggregates to ask of a column, by the name (or date form) they are counted under."""
    column = question.column
    asked = {"values": f"count({column})"}
    if question.may_be_number:
        asked["plain"] = _count_shape(column, _PLAIN)
        asked["whole"] = _count_shape(column, _WHOLE)
        # Signs and 0 sort before 1: most cells need no second look.
        asked["padded"] = f"count(*) FILTER (CASE WHEN {column} < '1' THEN {_matches(column, _PADDED)} END)"
        asked["largest"] = f"least(max(abs(try_cast({column} AS DOUBLE))), 1e18)"
    if question.may_be_boolean:
        asked["boolean"] = f"count(*) FILTER (lower({column}) IN ('true', 'false'))"
    asked |= {form: f"count({_moment(column, form)})" for form in question.date_forms}
    if ISO in question.date_forms:
        asked["zoned"] = _count_shape(column, ZONE)
    return asked


def _matches(column: str, shape: str) -> str:
    return f"regexp_full_match({column}, '{shape}')"


def _count_shape(column: str, shape: str) -> str:
    return f"count(*) FILTER ({_matches(column, shape)})"


def _moment(column: str, form: str) -> str:
    """Return the SQL that reads ``column`` as a moment; NULL where it is none, or of an impossible year."""
    if form == ISO:
        moment = f"try_cast({column} AS TIMESTAMP)"
    elif form == ISO_ZONED:
        moment = f"timezone('UTC', try_cast({column} AS TIMESTAMPTZ))"
    else:
        moment = f"try_strptime({column}, '{form}')"
    return f"CASE WHEN year({moment}) BETWEEN 1000 AND 2999 THEN {moment} END"


def _day_first_elsewhere(pairs: Sequence[tuple[_Question, _Evidence]], *, otherwise: bool) -> bool | None:
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


def _verdict(question: _Question, found: _Evidence, decimal_comma: bool, day_first: bool | None) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(question.column))
    if found.wanted == 0:
        return text
    if found["boolean"] == found["values"]:
        expression = f"lower(trim({cleaned(question.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    return _as_number(question, found, decimal_comma) or _as_date(question, found, day_first) or text


def _as_number(question: _Question, found: _Evidence, decimal_comma: bool) -> Typed | None:
    wanted, trimmed = found.wanted, f"trim({question.column})"
    if not question.may_be_number or found["padded"]:
        return None
    if "%Y%m%d" in question.date_forms and found["%Y%m%d"] == wanted:
        return None
    if found["plain"] == wanted:
        if found["whole"] < wanted:
            return _number(trimmed, _matches(trimmed, _PLAIN))
        if found["largest"] < _EXACT:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        if min(found["distinct"], found["beyond"]) > 0.5 * wanted:
            return None  # a long code, each digit of which matters
        return _number(trimmed, _matches(trimmed, _WHOLE))
    return _as_written_number(question, found, decimal_comma)


def _as_written_number(question: _Question, found: _Evidence, decimal_comma: bool) -> Typed | None:
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


def _as_date(question: _Question, found: _Evidence, day_first: bool | None) -> Typed | None:
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
    return Typed(storage="TIMESTAMP", expression=_moment(trimmed, form), written_as=written_as)
