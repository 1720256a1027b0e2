# ruff: noqa: S608 - names and paths are quoted by _duck
"""What a column of texts holds, by the evidence of every row: numbers, dates, truth values, or texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.data._dates import ISO, ISO_ZONED, ZONE, in_words, is_day_first, order_of, possible_forms
from litmus_core.data._duck import parquet, text_literal
from litmus_core.data._spelled import GROUPED, PLAIN, SPELLINGS, allowed_spellings
from litmus_core.types import AS_FOUND, MISSING_WORDS, PLACEHOLDER_WORDS, ReadOptions

if TYPE_CHECKING:
    import duckdb

_WHOLE = r"[+-]?\d+"
_PADDED = r"[+-]?0\d+"  # 00501: a code, whose zeros matter
_NUMBER = re.compile("|".join(spelling.shape for spelling in SPELLINGS.values()))
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
    the SQL of the text that was there, empty where the file holds typed values. ``misfit`` names the option
    that kept it a text.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""
    misfit: Literal["", "decimal", "date_order"] = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What is known beforehand: how numbers may be written, and the order of dates where it could be both."""

    spellings: tuple[str, ...]
    decimal_comma: bool
    date_order: str | None = None
    day_first: bool | None = None

    @classmethod
    def of(cls, options: ReadOptions, *, decimal_comma: bool) -> _Rules:
        spellings = allowed_spellings(options)
        return cls(spellings=spellings, decimal_comma=decimal_comma, date_order=options.date_order)

    def takes(self, form: str) -> bool:
        """Say whether dates may be in this form."""
        return self.date_order is None or order_of(form) in (None, self.date_order)


class _Evidence(Counter[str]):
    """Counts over all rows of one column, by what was counted (dates by their form); 0 where it was not."""

    @property
    def wanted(self) -> int:
        """How many values have to fit: all that are not a mere placeholder."""
        return self["values"] - self["placeholders"]


def find_types(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    *,
    names: Sequence[str],
    decimal_comma: bool,
    options: ReadOptions = AS_FOUND,
) -> tuple[Typed, ...]:
    """Return a verdict for each column ``c0``, ``c1`` … of the Parquet file ``staged``.

    ``names`` are the columns' real names; ``decimal_comma`` says that the file's separator makes a comma
    inside a number a decimal mark where it could be either; ``options`` may say what marks and order of dates
    there are. A value that does not fit the others makes
    its column a text: nothing is dropped in silence but the words that mean "missing".
    """
    questions = _look(connection, staged, names)
    rules = _Rules.of(options, decimal_comma=decimal_comma)
    evidence: list[_Evidence] = []
    for start in range(0, len(questions), _COLUMNS_AT_ONCE):
        evidence += _gather(connection, staged, questions[start : start + _COLUMNS_AT_ONCE], rules)
    pairs = list(zip(questions, evidence, strict=True))
    rules = replace(rules, day_first=_day_first_elsewhere(pairs, otherwise=decimal_comma))
    return tuple(
        replace(_verdict(question, found, rules), cells=question.column) for question, found in pairs
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
    spelling = SPELLINGS[written_as]
    fits = _matches(trimmed, spelling.shape)
    return Reading(typed=_number(spelling.made_plain(trimmed), fits, written_as=written_as), fits=fits)


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
    may_be_number = all(_NUMBER.fullmatch(text) for text in solid)
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
    connection: duckdb.DuckDBPyConnection, staged: Path, questions: Sequence[_Question], rules: _Rules
) -> list[_Evidence]:
    """Count over all rows; where the first answers leave a doubt, ask a second time."""
    asked = [_aggregates(question) for question in questions]
    found = _count(connection, staged, questions, asked)
    again = [_doubts(question, evidence, rules) for question, evidence in zip(questions, found, strict=True)]
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


def _doubts(question: _Question, found: _Evidence, rules: _Rules) -> dict[str, str]:
    """Return what else to ask of a column: about placeholders and commas, or about very long numbers."""
    column = question.column
    if not question.could_be_more_than_text or found["values"] == 0:
        return {}
    asked = {}
    is_in_doubt = max(found[key] for key in ("plain", "boolean", *question.date_forms)) < found["values"]
    if is_in_doubt:
        words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
        asked["placeholders"] = f"count(*) FILTER (lower({column}) IN ({words}))"
    if question.may_be_number and (is_in_doubt or "" not in rules.spellings):
        asked |= {key: _count_shape(column, each.shape) for key, each in SPELLINGS.items() if key}
        asked["lengths"] = f"max(length({column})) - min(length({column}))"
    if found["largest"] >= _EXACT:
        asked["distinct"] = f"approx_count_distinct({column})"
        asked["beyond"] = f"count(*) FILTER (abs(try_cast({column} AS DOUBLE)) >= {_EXACT})"
    return asked


def _aggregates(question: _Question) -> dict[str, str]:
    """Return the SQL aggregates to ask of a column, by the name (or date form) they are counted under."""
    column = question.column
    asked = {"values": f"count({column})"}
    if question.may_be_number:
        asked["plain"] = _count_shape(column, PLAIN)
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
    return f"regexp_full_match({column}, {text_literal(shape)})"


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


def _verdict(question: _Question, found: _Evidence, rules: _Rules) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(question.column))
    if found.wanted == 0:
        return text
    if found["boolean"] == found["values"]:
        expression = f"lower(trim({cleaned(question.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    return _as_number(question, found, rules) or _as_date(question, found, rules) or text


def _as_number(question: _Question, found: _Evidence, rules: _Rules) -> Typed | None:
    wanted, trimmed = found.wanted, f"trim({question.column})"
    if not question.may_be_number or found["padded"]:
        return None
    if "%Y%m%d" in question.date_forms and found["%Y%m%d"] == wanted:
        return None
    if found["plain"] == wanted and found["whole"] == wanted:
        if found["largest"] < _EXACT:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        if min(found["distinct"], found["beyond"]) > 0.5 * wanted:
            return None  # a long code, each digit of which matters
        return _number(trimmed, _matches(trimmed, _WHOLE))
    fitting = [key for key in SPELLINGS if _fits(found, key)]
    left = [key for key in fitting if key in rules.spellings]
    if not left:
        text = Typed(storage="VARCHAR", expression=cleaned(question.column), misfit="decimal")
        return text if fitting else None
    if rules.decimal_comma and "decimal comma" in left and "" not in left:
        left = ["decimal comma"]
    note = SPELLINGS[left[0]].words.replace("{}", question.name)
    return replace(_number_reading(trimmed, left[0]).typed, note=note)


def _fits(found: _Evidence, spelling: str) -> bool:
    """Say whether every value is written so. Numbers in groups differ in length: else they are codes."""
    return found[spelling or "plain"] == found.wanted and (spelling not in GROUPED or found["lengths"] > 0)


def _number(plain: str, condition: str, *, written_as: str = "") -> Typed:
    value = f"CASE WHEN {condition} THEN try_cast({plain} AS DOUBLE) END"
    finite = f"CASE WHEN isfinite({value}) THEN {value} END"
    return Typed(storage="DOUBLE", expression=finite, written_as=written_as)


def _as_date(question: _Question, found: _Evidence, rules: _Rules) -> Typed | None:
    possible = [form for form in question.date_forms if found[form] == found.wanted]
    fitting = [form for form in possible if rules.takes(form)]
    if not fitting:
        text = Typed(storage="VARCHAR", expression=cleaned(question.column), misfit="date_order")
        return text if possible else None
    form = ISO_ZONED if found["zoned"] else fitting[0]
    if len(fitting) > 1 and rules.day_first is not None:
        form = next((each for each in fitting if is_day_first(each) is rules.day_first), form)
    note = ""
    if is_day_first(form) is not None:
        sure = "" if len(fitting) == 1 else "; day and month could also be the other way round"
        note = f"Dates in '{question.name}' were read as {in_words(form)}{sure}."
    return replace(_as_moments(f"trim({question.column})", form), note=note)


def _as_moments(trimmed: str, form: str) -> Typed:
    written_as = "" if form in (ISO, ISO_ZONED) else form
    return Typed(storage="TIMESTAMP", expression=_moment(trimmed, form), written_as=written_as)
