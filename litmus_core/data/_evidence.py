# ruff: noqa: S608 - names and paths are quoted by _duck
"""What speaks for a column of texts being numbers, dates or truth values: looked at, then counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.data._dates import ISO, ISO_ZONED, ZONE, possible_forms
from litmus_core.data._duck import text_literal
from litmus_core.data._spelled import PLAIN, are_codes, own_digits
from litmus_core.data._tails import has_other_digits, in_own_digits, without_tail
from litmus_core.data._units import PAIR, Seen, look_at, look_at_marks
from litmus_core.data._wide import CELL
from litmus_core.frame import CURRENCIES, FOOTNOTES, LATITUDE, LONGITUDE, MARKS, RAISED, NumberForm
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._wide import WideCells

WHOLE = r"[+-]?\d+"
INTEGRAL = r"\d+(\.0*)?"  # as whole numbers come where a column had gaps: 94105.0
PADDED = r"[+-]?0\d+([.]\d*)?"  # 00501, 09.15: a code or a time, whose zeros matter
CODED = r"\d+[eE]\d+|\+\d{9,15}"  # 1E5, a place on a plate; +447700900123, a phone
_NUMBER = re.compile("|".join(marks.shape for marks in MARKS.values()))
_CODED = re.compile(CODED)
LARGEST = 2**53  # whole numbers below survive as float64
_PHONE = re.compile(r"\+\d+ \d")  # +49 30 1234567
_NINTH = re.compile(r"\d{1,3}\.9", re.ASCII)
_FEW = 20
_ROWS_SEEN = 1_000
_CELLS_SEEN = 400_000
_COLUMNS_AT_ONCE = 20  # planning takes time squared in what is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A staged column and what it could be, after a look at some of its values."""

    column: str
    name: str
    may_be_number: bool
    may_be_boolean: bool
    date_forms: tuple[str, ...]
    seen: Seen = Seen(None)  # noqa: RUF009 - it is frozen
    example: str = ""
    are_pairs: bool = False
    tail: str = ""
    other_digits: bool = False
    counts_on: str = ""  # behind the point, as versions do: 10.10 after 10.9
    may_be_codes: bool = False

    @property
    def could_be_more_than_text(self) -> bool:
        return self.may_be_number or self.may_be_boolean or bool(self.date_forms)

    @property
    def forms(self) -> tuple[NumberForm, ...]:
        """The ways in which numbers with this column's unit are written, likeliest first."""
        unit = self.seen.unit or ""
        marks = ("",) if unit in (LATITUDE, LONGITUDE) else MARKS
        return tuple(NumberForm(each, unit, self.tail, self.other_digits) for each in marks)

    @property
    def is_plain(self) -> bool:
        """Whether its numbers may be written as Python and SQL read them."""
        return not (self.seen.unit or self.tail or self.other_digits)

    @property
    def digits(self) -> str:
        """The SQL of ``column`` with digits from 0 to 9."""
        return own_digits(self.column) if self.other_digits else self.column


class Evidence(Counter[str]):
    """Counts over all rows of one column, by what was counted (dates by their form); 0 where it was not."""

    @property
    def wanted(self) -> int:
        """How many values have to fit: all that are not a mere placeholder."""
        return self["values"] - self["placeholders"]


def find_evidence(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    names: Sequence[str],
    *,
    places: Sequence[int],
    spellings_matter: bool = False,
    wide: WideCells | None = None,
) -> list[tuple[Question, Evidence]]:
    """Return what is known of the columns ``c0``, ``c1`` … of ``cells`` (SQL) that ``places`` name.

    ``names`` are all columns' real names. ``spellings_matter``: it is also asked how plain numbers may be
    written. ``wide`` are the same cells where they are asked of one below the other.
    """
    if not places:
        return []
    questions = _look(connection, cells, names, places)
    if wide is not None:
        found = _gather(connection, cells, questions, spellings_matter=spellings_matter, wide=wide)
        return list(zip(questions, found, strict=True))
    evidence: list[Evidence] = []
    for start in range(0, len(questions), _COLUMNS_AT_ONCE):
        some = questions[start : start + _COLUMNS_AT_ONCE]
        evidence += _gather(connection, cells, some, spellings_matter=spellings_matter)
    return list(zip(questions, evidence, strict=True))


def is_known(cells: str) -> str:
    """Return the SQL that says whether a text is neither a word nor a placeholder for "missing"."""
    words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
    return f"({cleaned(cells)} IS NOT NULL AND lower(trim({cells})) NOT IN ({words}))"


def _look(
    connection: duckdb.DuckDBPyConnection, cells: str, names: Sequence[str], places: Sequence[int]
) -> list[Question]:
    n_rows = max(50, min(_ROWS_SEEN, _CELLS_SEEN // max(len(names), 1)))
    chosen = ", ".join(f"c{place}" for place in places)
    seen = connection.execute(
        f"SELECT {chosen} FROM {cells} USING SAMPLE reservoir({n_rows} ROWS) REPEATABLE (0)"
    ).fetchall()
    columns: Iterable[tuple[str | None, ...]] = zip(*seen, strict=True) if seen else ((),) * len(places)
    return [
        _question(f"c{place}", names[place], values) for place, values in zip(places, columns, strict=True)
    ]


def _question(column: str, name: str, values: Sequence[str | None]) -> Question:
    texts = {value.strip() for value in values if value is not None} - set(MISSING_WORDS)
    solid = [text for text in texts if text.lower() not in PLACEHOLDER_WORDS]
    other_digits = has_other_digits(solid)
    bare = in_own_digits(solid) if other_digits else solid
    tail, seen, are_bare, noted = "", *_shown(bare), solid
    if solid and not are_bare and not seen.unit and (found := without_tail(bare)) is not None:
        shown = _shown(found[1])
        if _takes(found[0], *shown):
            tail, (seen, are_bare) = found[0], shown
            noted = [text for text, left in zip(solid, found[1], strict=True) if text != left]
    has_unit = bool(seen.unit or tail or other_digits)
    return Question(
        column=column,
        name=name,
        may_be_number=(are_bare or bool(seen.unit))
        and not any(text.startswith("+") and _PHONE.match(text) for text in solid),
        seen=seen,
        example=max(noted, key=lambda text: (len(text), text), default="") if has_unit else "",
        counts_on=_counts_on(solid),
        may_be_codes=are_bare and bool(solid) and all(_CODED.fullmatch(text) for text in solid),
        tail=tail,
        other_digits=other_digits,
        are_pairs=bool(solid) and all(PAIR.fullmatch(text) for text in solid),
        may_be_boolean=all(text.lower() in ("true", "false") for text in solid),
        # With nothing to go by, the commonest form is asked for; rows not seen may still hold dates.
        date_forms=possible_forms(solid, column=name) if solid else (ISO,),
    )


def _shown(texts: Sequence[str]) -> tuple[Seen, bool]:
    """Return what texts show of units and marks, and whether all are numbers without a unit."""
    are_bare = all(_NUMBER.fullmatch(text) for text in texts)
    return _seen(texts, are_bare=are_bare), are_bare


def _counts_on(texts: Sequence[str]) -> str:
    """Return a number that follows on one with 9 behind its point, as a version does; "" where none does.

    Numbers do not: where 10.9 is written, 10.10 would be 10.1.

    >>> _counts_on(["10.9", "10.10", "11.2"]), _counts_on(["10.9", "11.10"]), _counts_on(["10.90", "10.10"])
    ('10.10', '', '')
    """
    there = {*texts}
    follows = (f"{text[:-1]}10" for text in texts if _NINTH.fullmatch(text))
    return next((text for text in follows if text in there), "")


def _takes(tail: str, seen: Seen, are_bare: bool) -> bool:
    """Say whether texts without ``tail`` are numbers that may have it: amounts of money go by the month."""
    if tail in (FOOTNOTES, RAISED):
        return are_bare or (bool(seen.unit) and seen.unit not in (LATITUDE, LONGITUDE))
    return seen.unit in CURRENCIES


def _seen(texts: Sequence[str], *, are_bare: bool) -> Seen:
    """Return what texts show of units and marks; plain whole numbers show nothing."""
    if are_bare:
        return look_at_marks(texts)
    first = look_at(texts[:_FEW])
    return first if len(texts) <= _FEW or (first.units is None and not first.odd) else look_at(texts)


def cleaned(column: str) -> str:
    """Return the SQL of a text, NULL where it is one of the words for "missing"."""
    return f"CASE WHEN {is_missing(column)} THEN NULL ELSE {column} END"


def is_missing(column: str) -> str:
    """Return the SQL that says whether a text is one of the words for "missing" (NULL for NULL)."""
    words = ", ".join(text_literal(word) for word in MISSING_WORDS)
    # Few texts have spaces around them: the others need not be trimmed, which copies them.
    trimmed = f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN trim({column}) ELSE {column} END"
    return f"list_contains([{words}], {trimmed})"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[Question],
    *,
    spellings_matter: bool,
    wide: WideCells | None = None,
) -> list[Evidence]:
    """Count over all rows; where the first answers leave a doubt, ask a second time."""

    def count(asked: Sequence[dict[str, str]]) -> list[Evidence]:
        if wide is None:
            return _count(connection, cells, questions, asked)
        by_place = {int(each.column[1:]): sql for each, sql in zip(questions, asked, strict=True)}
        answers = wide.count(connection, by_place, cleaned=f"trim({cleaned(CELL)})")
        return [Evidence(answer) for answer in answers.values()]

    over = questions
    if wide is not None:
        over = [replace(each, column=replace(each, column=CELL).digits) for each in questions]
    found = count([_aggregates(question) for question in over])
    again = [
        _doubts(question, evidence, spellings_matter=spellings_matter)
        for question, evidence in zip(over, found, strict=True)
    ]
    if any(again):
        for evidence, more in zip(found, count(again), strict=True):
            evidence.update(more)
    return found


def _count(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[Question],
    asked: Sequence[dict[str, str]],
) -> list[Evidence]:
    """Answer the aggregates ``asked`` of each question's column, in one pass over the rows."""
    used = [question for question, each in zip(questions, asked, strict=True) if each]
    texts = ", ".join(f"{_counted(each)} AS {each.column}" for each in used)
    flat = ", ".join(sql for each in asked for sql in each.values())
    answers = iter(connection.execute(f"SELECT {flat} FROM (SELECT {texts} FROM {cells})").fetchone() or ())
    return [Evidence({key: int(next(answers) or 0) for key in each}) for each in asked]


def _counted(question: Question) -> str:
    text = f"trim({cleaned(question.column)})"
    return own_digits(text) if question.other_digits else text


def _doubts(question: Question, found: Evidence, *, spellings_matter: bool) -> dict[str, str]:
    """Return what else to ask of a column: about placeholders and commas, or about very long numbers."""
    column = question.column
    if not question.could_be_more_than_text or found["values"] == 0:
        return {}
    asked = {}
    is_in_doubt = max(found[key] for key in ("plain", "boolean", *question.date_forms)) < found["values"]
    if is_in_doubt:
        words = ", ".join(text_literal(word) for word in PLACEHOLDER_WORDS)
        asked["placeholders"] = f"count(*) FILTER (lower({column}) IN ({words}))"
    if question.may_be_number and (
        is_in_doubt or spellings_matter or question.seen.ambiguous or not question.is_plain
    ):
        forms = {each.written_as: each.shape for each in question.forms if each.written_as}
        asked |= {key: _count_shape(column, shape) for key, shape in forms.items()}
        asked["lengths"] = f"max(length({column})) - min(length({column}))"
    if found["whole"] < found["plain"] and are_codes(question.name, LARGEST):
        asked["integral"] = _count_shape(column, INTEGRAL)
    if mark := question.seen.ambiguous:
        asked |= _of_mark(column, mark)
    if found["largest"] >= LARGEST:
        asked["distinct"] = f"approx_count_distinct({column})"
        asked["beyond"] = f"count(*) FILTER (abs(try_cast({column} AS DOUBLE)) >= {LARGEST})"
        asked["rounded"] = (
            f"count(*) FILTER ({matches(column, WHOLE)} AND try_cast({column} AS HUGEINT) "
            f"IS DISTINCT FROM try_cast(try_cast({column} AS DOUBLE) AS HUGEINT))"
        )
        asked["infinite"] = f"count(*) FILTER (isinf(try_cast({column} AS DOUBLE)))"
    return asked


def _of_mark(column: str, mark: str) -> dict[str, str]:
    """Return what to ask of numbers whose mark could be either: 1,234."""
    # A unit may have points of its own: 3.300 Stk.
    has_mark = f"regexp_matches({column}, {text_literal(rf'[0-9]{re.escape(mark)}[0-9]')})"
    one = rf"[^0-9]*[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}[^0-9]*"
    return {
        "marked": f"count(*) FILTER ({has_mark})",
        "ambiguous": _count_shape(column, one),
        "long": f"count(*) FILTER (NOT {has_mark} AND regexp_matches({column}, '[0-9]{{4}}'))",
    }


def _aggregates(question: Question) -> dict[str, str]:
    """Return the SQL aggregates to ask of a column, by the name (or date form) they are counted under."""
    column = question.column
    asked = {"values": f"count({column})"}
    if question.may_be_number:
        asked["plain"] = _count_shape(column, PLAIN)
        asked["whole"] = _count_shape(column, WHOLE)
        # Signs and 0 sort before 1: most cells need no second look.
        asked["padded"] = f"count(*) FILTER (CASE WHEN {column} < '1' THEN {matches(column, PADDED)} END)"
        if question.may_be_codes:
            asked["coded"] = _count_shape(column, CODED)
        asked["largest"] = f"least(max(abs(try_cast({column} AS DOUBLE))), 1e18)"
    if question.may_be_boolean:
        asked["boolean"] = f"count(*) FILTER (lower({column}) IN ('true', 'false'))"
    asked |= {form: f"count({moment(column, form)})" for form in question.date_forms}
    if ISO in question.date_forms:
        asked["zoned"] = _count_shape(column, ZONE)
    return asked


def matches(column: str, shape: str) -> str:
    """Return the SQL that says whether all of a text is of this shape."""
    return f"regexp_full_match({column}, {text_literal(shape)})"


def _count_shape(column: str, shape: str) -> str:
    return f"count(*) FILTER ({matches(column, shape)})"


def moment(column: str, form: str) -> str:
    """Return the SQL that reads ``column`` as a moment; NULL where it is none, or of an impossible year."""
    if form == ISO:
        moment = f"try_cast({column} AS TIMESTAMP)"
    elif form == ISO_ZONED:
        moment = f"timezone('UTC', try_cast({column} AS TIMESTAMPTZ))"
    else:
        moment = f"try_strptime({column}, '{form}')"
    return f"CASE WHEN year({moment}) BETWEEN 1000 AND 2999 THEN {moment} END"
