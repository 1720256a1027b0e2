# ruff: noqa: S608 - names and paths are quoted by _duck
"""What speaks for a column of texts being numbers, dates or truth values: looked at, then counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import text_literal
from litmus_core.data._types.date_formats import ISO, possible_forms
from litmus_core.data._types.number_formats import are_codes, own_digits
from litmus_core.data._types.sql_predicates import (
    CODED,
    INTEGRAL,
    WHOLE,
    first_measures,
    matches,
    of_forms,
    of_mark,
    of_shape,
)
from litmus_core.data._types.suffixes import has_other_digits, in_own_digits, without_tail, without_words
from litmus_core.data._types.units import PAIR, Amounts, Seen, look_at, look_at_marks
from litmus_core.data._wide_tables import CELL, Measure
from litmus_core.frame import BARE, CURRENCIES, FOOTNOTES, LATITUDE, LONGITUDE, MARKS, RAISED, NumberForm
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._wide_tables import WideCells

_NUMBER = re.compile("|".join(marks.shape for marks in MARKS.values()))
_CODED = re.compile(CODED)
LARGEST = 2**53  # whole numbers below survive as float64
_PHONE = re.compile(r"\+\d+ \d")  # +49 30 1234567
_NINTH = re.compile(r"\d{1,3}\.9", re.ASCII)
_MISSING = frozenset(MISSING_WORDS)
_MISSING_LITERALS = ", ".join(map(text_literal, MISSING_WORDS))
_PLACEHOLDER_LITERALS = ", ".join(map(text_literal, PLACEHOLDER_WORDS))
_FEW = 20
_MAY_HAVE_WORDS = frozenset([*CURRENCIES, "%", BARE])
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
    lead: str = ""
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
        return _forms(self.seen.unit or "", self.lead, self.tail, self.other_digits)

    @property
    def is_plain(self) -> bool:
        """Whether its numbers may be written as Python and SQL read them."""
        return not (self.seen.unit or self.lead or self.tail or self.other_digits)

    def digits_in(self, column: str) -> str:
        """Return the SQL of ``column`` (SQL) with digits from 0 to 9."""
        return own_digits(column) if self.other_digits else column

    @property
    def digits(self) -> str:
        """The SQL of the column with digits from 0 to 9."""
        return self.digits_in(self.column)


@lru_cache(maxsize=256)
def _forms(unit: str, lead: str, tail: str, other_digits: bool) -> tuple[NumberForm, ...]:
    marks = ("",) if unit in (LATITUDE, LONGITUDE) else MARKS
    return tuple(NumberForm(each, unit, tail, other_digits, lead) for each in marks)


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
    questions = _look(connection, cells, names, places, wide)
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
    return f"({cleaned(cells)} IS NOT NULL AND lower(trim({cells})) NOT IN ({_PLACEHOLDER_LITERALS}))"


def _look(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    names: Sequence[str],
    places: Sequence[int],
    wide: WideCells | None,
) -> list[Question]:
    n_rows = max(50, min(_ROWS_SEEN, _CELLS_SEEN // max(len(names), 1)))
    sample = f"USING SAMPLE reservoir({n_rows} ROWS) REPEATABLE (0)"
    columns: Iterable[Sequence[str | None]]
    if wide is None:
        chosen = ", ".join(f"c{place}" for place in places)
        seen = connection.execute(f"SELECT {chosen} FROM {cells} {sample}").fetchall()
        columns = zip(*seen, strict=True) if seen else ((),) * len(places)
    else:  # the same rows
        drawn = connection.execute(f"SELECT * FROM range({wide.n_rows}) {sample}").fetchall()
        columns = wide.values(places, [row for (row,) in drawn])
    solid = _Solid()
    return [
        _question(f"c{place}", names[place], values, solid)
        for place, values in zip(places, columns, strict=True)
    ]


class _Solid(dict[str | None, tuple[str, bool] | None]):
    """Texts without spaces around them, and whether they are numbers; None for those that say nothing.

    It remembers them, and ``amounts``: columns of a wide table hold the same texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.amounts = Amounts()

    def __missing__(self, value: str | None) -> tuple[str, bool] | None:
        text = "" if value is None else value.strip()
        is_solid = value is not None and text not in _MISSING and text.lower() not in PLACEHOLDER_WORDS
        self[value] = found = (text, _NUMBER.fullmatch(text) is not None) if is_solid else None
        return found


def _question(column: str, name: str, values: Sequence[str | None], solid: _Solid) -> Question:
    known = dict(filter(None, map(solid.__getitem__, values)))
    texts, are_bare = list(known), all(known.values())
    other_digits = has_other_digits(texts)
    bare = in_own_digits(texts) if other_digits else texts
    if other_digits:
        are_bare = _are_bare(bare)
    lead, tail, noted, seen = "", "", texts, _seen(bare, solid.amounts, are_bare=are_bare)
    if texts and not are_bare and not seen.unit and (found := without_tail(bare)) is not None:
        is_rest_bare = _are_bare(found[1])
        rest = _seen(found[1], solid.amounts, are_bare=is_rest_bare)
        if _takes(found[0], rest, is_rest_bare):
            tail, seen, are_bare = found[0], rest, is_rest_bare
            noted = [text for text, left in zip(texts, found[1], strict=True) if text != left]
    if texts and not (are_bare or seen.unit or seen.differing):
        for ahead, behind, amounts in without_words(bare):
            is_rest_bare = _are_bare(amounts)
            inner = _seen(amounts, solid.amounts, are_bare=is_rest_bare)
            if is_rest_bare or inner.unit in _MAY_HAVE_WORDS or (inner.unit and not behind):
                lead, tail, seen, are_bare = ahead, behind, inner, is_rest_bare
                break
    return Question(
        column=column,
        name=name,
        may_be_number=(are_bare or bool(seen.unit)) and not any(map(_PHONE.match, texts)),
        seen=seen,
        example=_longest(noted) if seen.unit or lead or tail or other_digits else "",
        counts_on=_counts_on(texts),
        may_be_codes=are_bare and bool(texts) and all(_CODED.fullmatch(text) for text in texts),
        lead=lead,
        tail=tail,
        other_digits=other_digits,
        are_pairs=bool(texts) and all(PAIR.fullmatch(text) for text in texts),
        may_be_boolean=all(text.lower() in ("true", "false") for text in texts),
        # With nothing to go by, the commonest form is asked for; rows not seen may still hold dates.
        date_forms=possible_forms(texts, column=name) if texts else (ISO,),
    )


def _are_bare(texts: Sequence[str]) -> bool:
    """Say whether all texts are numbers without a unit."""
    return all(_NUMBER.fullmatch(text) for text in texts)


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


def _longest(texts: Sequence[str]) -> str:
    n_letters = max(map(len, texts), default=0)
    return max((text for text in texts if len(text) == n_letters), default="")


def _seen(texts: Sequence[str], amounts: Amounts, *, are_bare: bool) -> Seen:
    """Return what texts show of units and marks; plain whole numbers show nothing."""
    if are_bare:
        return look_at_marks(texts)
    first = look_at(texts[:_FEW], amounts)
    return first if len(texts) <= _FEW or (first.units is None and not first.odd) else look_at(texts, amounts)


def cleaned(column: str) -> str:
    """Return the SQL of a text, NULL where it is one of the words for "missing"."""
    return f"CASE WHEN {is_missing(column)} THEN NULL ELSE {column} END"


def is_missing(column: str) -> str:
    """Return the SQL that says whether a text is one of the words for "missing" (NULL for NULL)."""
    # Few texts have spaces around them: the others need not be trimmed, which copies them.
    trimmed = f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN trim({column}) ELSE {column} END"
    return f"list_contains([{_MISSING_LITERALS}], {trimmed})"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[Question],
    *,
    spellings_matter: bool,
    wide: WideCells | None = None,
) -> list[Evidence]:
    """Count over all rows; where the first answers leave a doubt, ask a second time."""

    def count(asked: Sequence[Mapping[str, Measure]]) -> list[Evidence]:
        if wide is None:
            return _count(connection, cells, questions, asked)
        by_place = {int(each.column[1:]): its for each, its in zip(questions, asked, strict=True)}
        answers = wide.count(connection, by_place, cleaned=f"trim({cleaned(CELL)})")
        return [Evidence(answer) for answer in answers.values()]

    columns = [each.column if wide is None else each.digits_in(CELL) for each in questions]
    found = count([_measures(each, column) for each, column in zip(questions, columns, strict=True)])
    again = [
        _doubts(question, column, evidence, spellings_matter=spellings_matter)
        for question, column, evidence in zip(questions, columns, found, strict=True)
    ]
    if any(again):
        for evidence, more in zip(found, count(again), strict=True):
            evidence.update(more)
    return found


def _count(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[Question],
    asked: Sequence[Mapping[str, Measure]],
) -> list[Evidence]:
    """Answer what is ``asked`` of each question's column, in one pass over the rows."""
    used = [question for question, each in zip(questions, asked, strict=True) if each]
    texts = ", ".join(f"{_counted(each)} AS {each.column}" for each in used)
    flat = ", ".join(measure.aggregate for each in asked for measure in each.values())
    answers = iter(connection.execute(f"SELECT {flat} FROM (SELECT {texts} FROM {cells})").fetchone() or ())
    return [Evidence({key: int(next(answers) or 0) for key in each}) for each in asked]


def _counted(question: Question) -> str:
    return question.digits_in(f"trim({cleaned(question.column)})")


def _doubts(
    question: Question, column: str, found: Evidence, *, spellings_matter: bool
) -> dict[str, Measure]:
    """Return what else to ask of a column (SQL): about placeholders and commas, or very long numbers."""
    if not question.could_be_more_than_text or found["values"] == 0:
        return {}
    asked = {}
    is_in_doubt = max(found[key] for key in ("plain", "boolean", *question.date_forms)) < found["values"]
    if is_in_doubt:
        asked["placeholders"] = Measure(
            f"lower({column}) IN ({_PLACEHOLDER_LITERALS})", "true", is_of_shape=True
        )
    if question.may_be_number and (
        is_in_doubt or spellings_matter or question.seen.ambiguous or not question.is_plain
    ):
        asked |= of_forms(column, question.forms)
        asked["lengths"] = Measure(f"length({column})", "spread", is_of_shape=True)
    if found["whole"] < found["plain"] and are_codes(question.name, LARGEST):
        asked["integral"] = of_shape(column, INTEGRAL)
    if mark := question.seen.ambiguous:
        asked |= of_mark(column, mark)
    if found["largest"] >= LARGEST:
        asked["distinct"] = Measure(column, "different")
        asked["beyond"] = Measure(f"abs(try_cast({column} AS DOUBLE)) >= {LARGEST}", "true")
        asked["rounded"] = Measure(
            f"{matches(column, WHOLE)} AND try_cast({column} AS HUGEINT) "
            f"IS DISTINCT FROM try_cast(try_cast({column} AS DOUBLE) AS HUGEINT)",
            "true",
        )
        asked["infinite"] = Measure(f"isinf(try_cast({column} AS DOUBLE))", "true")
    return asked


def _measures(question: Question, column: str) -> Mapping[str, Measure]:
    """Return what to ask of a column (SQL) first, by the name (or date form) it is counted under."""
    return first_measures(
        column,
        question.date_forms,
        may_be_number=question.may_be_number,
        may_be_codes=question.may_be_codes,
        may_be_boolean=question.may_be_boolean,
    )
