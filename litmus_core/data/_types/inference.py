"""Infer from all rows whether a column of texts holds numbers, dates, booleans or texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from litmus_core.data._types.date_formats import ISO, ISO_ZONED, describe_format, is_day_first, order_of
from litmus_core.data._types.decimal_marks import PLACE, is_decimal_mark
from litmus_core.data._types.evidence import LARGEST, Evidence, cleaned, find_evidence
from litmus_core.data._types.hypotheses import ColumnHypotheses
from litmus_core.data._types.numbers.formats import (
    GROUPED,
    allowed_marks,
    are_codes,
    ascii_digits,
    codes_of,
    digits_of,
    find_codes,
    names_amounts,
    plain_number,
)
from litmus_core.data._types.numbers.lossy_values import infinite_note, rounded_note
from litmus_core.data._types.numbers.notes import (
    bound_note,
    codes_note,
    doubtful_points_note,
    form_note,
    free_note,
    missing_note,
    times_note,
    versions_note,
)
from litmus_core.data._types.sql_predicates import WHOLE, matches, moment
from litmus_core.data._types.typed_column import Typed
from litmus_core.frame import CODES, MARKS, NumberForm, number_form
from litmus_core.types import DETECT_ALL, ReadOptions, StoredType

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._rows.wide_tables import WideCells

# As a model reads them in rows to score (litmus_core.frame).
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1', '1.0')", "('false', 'f', 'no', 'n', '0', '0.0')"


_ANY_CELL = "{cell}"  # stands for the SQL of a cell
_CODED_NAME = re.compile(  # names of codes with a point
    r"(^|[\W_])((version|vers?|firmware|release|build|revision|kernel|os|sdk)([\W_]?(no|nr|num|number))?|.*code|room|raum|icd[\W_]?\d*|dewey)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """Rules known in advance: the allowed number formats, and the date order for ambiguous dates.

    ``decimal`` is the mark that other columns prove, "" where none does or they differ.
    """

    marks: tuple[str, ...]
    decimal_comma: bool
    decimal: str
    date_order: str | None
    day_first: bool | None

    @classmethod
    def of(cls, options: ReadOptions, *, decimal_comma: bool, day_first: bool | None, decimal: str) -> Self:
        return cls(
            marks=allowed_marks(options),
            decimal_comma=decimal_comma,
            decimal=options.decimal or decimal,
            date_order=options.date_order,
            day_first=day_first,
        )

    def takes(self, form: str) -> bool:
        """Return whether dates may be in this form."""
        return self.date_order is None or order_of(form) in (None, self.date_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReading:
    """A way to read a column's texts, and the SQL that says whether a text can be read so."""

    typed: Typed
    fits: str


def find_types(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    *,
    names: Sequence[str],
    decimal_comma: bool,
    options: ReadOptions = DETECT_ALL,
    storages: Sequence[str] = (),
    wide: WideCells | None = None,
) -> tuple[Typed, ...]:
    """Return a verdict for each column ``c0``, ``c1`` … of the texts ``cells`` (SQL), from all rows.

    ``names`` are the columns' real names; ``decimal_comma`` says that the file's separator makes a comma
    inside a number a decimal mark where it could be either; ``options`` may say what marks and order of
    dates there are. A value that does not fit the others makes its column a text: nothing is dropped in
    silence but the words that mean "missing". Columns of ``storages`` other than "" are no texts, and stay
    what they are, but for codes; ``wide`` are the same cells where they are asked of one below the other.
    """
    spellings_matter = "" not in allowed_marks(options)
    fixed = dict(enumerate(storages))
    places = [place for place in range(len(names)) if not fixed.get(place)]
    pairs = find_evidence(
        connection, cells, names, places=places, spellings_matter=spellings_matter, wide=wide
    )
    judged = iter(judge(pairs, decimal_comma=decimal_comma, options=options))
    numbers = {
        f"c{place}": names[place] for place, storage in fixed.items() if StoredType(storage).stores_numbers
    }
    codes = find_codes(connection, cells, numbers)
    return tuple(
        _stored(f"c{place}", names[place], fixed[place], codes) if fixed.get(place) else next(judged)
        for place in range(len(names))
    )


def _stored(column: str, name: str, storage: str, codes: frozenset[str]) -> Typed:
    if column in codes:
        return Typed(storage="VARCHAR", expression=digits_of(column), note=codes_note(name), written_as=CODES)
    return Typed(storage=storage, expression=column)


def judge(
    pairs: Sequence[tuple[ColumnHypotheses, Evidence]],
    *,
    decimal_comma: bool,
    options: ReadOptions = DETECT_ALL,
) -> tuple[Typed, ...]:
    """Return the verdict that the evidence of each column comes to."""
    day_first = _day_first_elsewhere(pairs, otherwise=decimal_comma)
    rules = _Rules.of(
        options, decimal_comma=decimal_comma, day_first=day_first, decimal=_decimal_elsewhere(pairs)
    )
    return tuple(
        replace(_verdict(question, evidence, rules), cells=question.column) for question, evidence in pairs
    )


def readings(cells: str, storage: str, written_as: str) -> tuple[TypeReading, ...]:
    """Return how texts (SQL ``cells``) may be read as ``storage``: as ``written_as`` says, then plainly."""
    trimmed = f"trim({cells})"
    stored = StoredType(storage)
    if stored.stores_truths:
        words = f"lower({trimmed})"
        typed = Typed(
            storage=storage,
            expression=f"CASE WHEN {words} IN {_TRUE} THEN true WHEN {words} IN {_FALSE} THEN false END",
        )
        return (TypeReading(typed=typed, fits=f"{words} IN {_TRUE} OR {words} IN {_FALSE}"),)
    if stored.stores_times:
        forms = dict.fromkeys((written_as or ISO, ISO, ISO_ZONED))
        return tuple(
            TypeReading(typed=_as_moments(trimmed, form), fits=f"{moment(trimmed, form)} IS NOT NULL")
            for form in forms
        )
    spelled = dict.fromkeys((written_as, ""))
    return tuple(_number_reading(trimmed, spelling) for spelling in spelled)


def _number_reading(trimmed: str, written_as: str) -> TypeReading:
    reading = _number_template(written_as)
    typed = replace(reading.typed, expression=reading.typed.expression.replace(_ANY_CELL, trimmed))
    return TypeReading(typed=typed, fits=reading.fits.replace(_ANY_CELL, trimmed))


@lru_cache(maxsize=256)
def _number_template(written_as: str) -> TypeReading:
    """Return how numbers of a form are read out of ``_ANY_CELL``: columns of a wide table are alike."""
    form = number_form(written_as) or NumberForm()
    fits = matches(ascii_digits(_ANY_CELL) if form.other_digits else _ANY_CELL, form.shape)
    return TypeReading(typed=_number(plain_number(form, _ANY_CELL), fits, written_as=written_as), fits=fits)


def _decimal_elsewhere(pairs: Sequence[tuple[ColumnHypotheses, Evidence]]) -> str:
    """Return the decimal mark that columns of the file prove; "" where none does, or they differ."""
    proven = {question.evidence.proven for question, _ in pairs if question.may_be_number} - {""}
    return proven.pop() if len(proven) == 1 else ""


def _day_first_elsewhere(
    pairs: Sequence[tuple[ColumnHypotheses, Evidence]], *, otherwise: bool
) -> bool | None:
    """Return the order of day and month that other columns of the file prove; None where none does."""
    proven = set()
    for question, evidence in pairs:
        fitting = [
            form for form in question.date_forms if evidence[form] and evidence[form] == evidence.wanted
        ]
        orders = {is_day_first(form) for form in fitting} - {None}
        if len(orders) == 1:
            proven |= orders
    if len(proven) == 1:
        return proven.pop()
    return True if otherwise else None


def _verdict(question: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(question.column))
    if evidence.wanted == 0:
        return text
    if evidence["boolean"] == evidence["values"]:
        expression = f"lower(trim({cleaned(question.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    if max(evidence["whole"], evidence["integral"]) == evidence.wanted and are_codes(
        question.name, evidence["largest"]
    ):
        return _codes(question)
    return (
        _as_number(question, evidence, rules)
        or _as_date(question, evidence, rules)
        or _text_of(question, evidence)
    )


def _as_number(question: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed | None:
    wanted, trimmed = evidence.wanted, f"trim({question.column})"
    if not question.may_be_number or evidence["padded"] or evidence["coded"] == wanted:
        return None
    if "%Y%m%d" in question.date_forms and evidence["%Y%m%d"] == wanted:
        return None
    if evidence["plain"] == wanted and evidence["whole"] == wanted and question.is_plain:
        if evidence["largest"] < LARGEST:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        if min(evidence["distinct"], evidence["beyond"]) > 0.5 * wanted:
            return None  # a long code, each digit of which matters
        return replace(_number(trimmed, matches(trimmed, WHOLE)), note=_loss(question, evidence))
    fitting = [form for form in question.forms if _fits(evidence, form)]
    left = [form for form in fitting if form.marks in rules.marks]
    if not left:
        return replace(_text(question, ""), misfit="decimal") if fitting else None
    if _CODED_NAME.search(question.name) and not names_amounts(question.name):
        return _text(question, codes_note(question.name))
    form = _chosen(question, evidence, left, rules)
    if form is None:
        return _text(question, _undecided(question))
    has_commas = question.evidence.ambiguous != "." or evidence["marked"] > evidence["ambiguous"]
    notes = (
        form_note(form, question.name, example=question.example, has_commas=has_commas),
        versions_note(question.name, question.counts_on) if not form.written_as else "",
        _doubt(question, evidence, form, rules),
        missing_note(question.name, question.affixes.missing),
        free_note(question.name, question.affixes.free),
        _loss(question, evidence),
    )
    return replace(_number_reading(trimmed, form.written_as).typed, note=" ".join(filter(None, notes)))


def _undecided(question: ColumnHypotheses) -> str:
    name, mark = question.name, question.evidence.ambiguous
    which = f"its '{mark}'" if mark else "both its ',' and its '.'"
    return (
        f"'{name}' was kept as text: {which} could be decimal marks or stand between thousands. "
        "Say which with the option 'decimal'."
    )


def _chosen(
    question: ColumnHypotheses, evidence: Evidence, left: Sequence[NumberForm], rules: _Rules
) -> NumberForm | None:
    """Return the form that all of the column, then the file, speaks for; None where nothing decides."""
    if question.evidence.is_mixed and len(rules.marks) == len(MARKS):
        return None
    by_marks = {form.marks: form for form in left}
    mark = question.evidence.ambiguous
    if (
        mark
        and evidence["marked"] == evidence["ambiguous"]
        and len(left) > 1
        and len(rules.marks) == len(MARKS)
    ):
        is_decimal = is_decimal_mark(
            question, evidence, decimal=rules.decimal, decimal_comma=rules.decimal_comma
        )
        if is_decimal is None:
            return None
        fitting = [
            form
            for form in left
            if mark == (MARKS[form.marks].decimal if is_decimal else MARKS[form.marks].thousands)
        ]
        return fitting[0] if fitting else left[0]
    if rules.decimal_comma and "decimal comma" in by_marks and "" not in by_marks:
        return by_marks["decimal comma"]
    return left[0]


def _doubt(question: ColumnHypotheses, evidence: Evidence, form: NumberForm, rules: _Rules) -> str:
    """Return a note if points were read as decimal marks by default only; "" otherwise."""
    is_open = (
        question.evidence.ambiguous == "."
        and evidence["marked"] == evidence["ambiguous"]
        and not evidence["long"]
    )
    if form.marks or not is_open or rules.decimal == "." or PLACE.search(question.name):
        return ""
    return doubtful_points_note(question.name)


def _codes(question: ColumnHypotheses) -> Typed:
    """Return a text of digits: as they are, or without the .0 of real numbers."""
    note = codes_note(question.name)
    expression = codes_of(cleaned(question.column))
    return Typed(storage="VARCHAR", expression=expression, note=note, written_as=CODES)


def _text(question: ColumnHypotheses, note: str) -> Typed:
    return Typed(storage="VARCHAR", expression=cleaned(question.column), note=note)


def _text_of(question: ColumnHypotheses, evidence: Evidence) -> Typed:
    """Return a text, and say what kept it from being numbers where it nearly is."""
    units = question.evidence.differing
    if units:
        listed = ", ".join(f"'{unit}'" for unit in units)
        return _text(question, f"'{question.name}' was kept as text: its numbers have the units {listed}.")
    if question.bound:
        return _text(question, bound_note(question.name, question.bound))
    if question.may_be_duration:
        return _text(question, times_note(question.name))
    if question.evidence.odd:
        return _text(
            question, f"'{question.name}' was kept as text: '{question.evidence.odd}' is not a number."
        )
    if question.evidence.is_torn and question.may_be_number:
        which = "some of its numbers have a decimal comma, others a decimal point"
        return _text(question, f"'{question.name}' was kept as text: {which}.")
    if question.are_pairs:
        note = f"'{question.name}' holds latitude and longitude in one cell; it was kept as text."
        return _text(question, f"{note} Two columns of numbers say more to a model.")
    n_fit = max((evidence[form.written_as] for form in question.forms), default=0)
    if not n_fit or not question.evidence.unit or not question.may_be_number or evidence["padded"]:
        return _text(question, "")
    n_odd = evidence.wanted - n_fit
    odd_values = "1 value is" if n_odd == 1 else f"{n_odd:,} values are"
    return _text(
        question, f"'{question.name}' was kept as text: {odd_values} not written as '{question.example}' is."
    )


def _loss(question: ColumnHypotheses, evidence: Evidence) -> str:
    """Return a note on numbers that are stored less precisely than written; "" if there are none."""
    notes = ((infinite_note, evidence["infinite"]), (rounded_note, evidence["rounded"]))
    return " ".join(note(n, question.name) for note, n in notes if n)


def _fits(evidence: Evidence, form: NumberForm) -> bool:
    """Return whether every value is written so.

    Numbers in groups differ in length, or all have a fraction (12'480.35): else they are codes.
    """
    if evidence[form.written_as or "plain"] != evidence.wanted:
        return False
    are_amounts = evidence["lengths"] > 0 or evidence["fractions"] == evidence.wanted
    return bool(form.unit) or form.marks not in GROUPED or are_amounts


def _number(plain: str, condition: str, *, written_as: str = "") -> Typed:
    value = f"try_cast({plain} AS DOUBLE)"
    finite = f"CASE WHEN {condition} AND isfinite({value}) THEN {value} END"
    return Typed(storage="DOUBLE", expression=finite, written_as=written_as)


def _as_date(question: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed | None:
    possible = [form for form in question.date_forms if evidence[form] == evidence.wanted]
    fitting = [form for form in possible if rules.takes(form)]
    if not fitting:
        text = Typed(storage="VARCHAR", expression=cleaned(question.column), misfit="date_order")
        return text if possible else None
    form = ISO_ZONED if evidence["zoned"] else fitting[0]
    if len(fitting) > 1 and rules.day_first is not None:
        form = next((candidate for candidate in fitting if is_day_first(candidate) is rules.day_first), form)
    note = ""
    if is_day_first(form) is not None:
        sure = "" if len(fitting) == 1 else "; day and month could also be the other way round"
        note = f"Dates in '{question.name}' were read as {describe_format(form)}{sure}."
    return replace(_as_moments(f"trim({question.column})", form), note=note)


def _as_moments(trimmed: str, form: str) -> Typed:
    written_as = "" if form in (ISO, ISO_ZONED) else form
    return Typed(storage="TIMESTAMP", expression=moment(trimmed, form), written_as=written_as, form=form)
