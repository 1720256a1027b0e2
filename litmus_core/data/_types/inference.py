"""Infer from all rows whether a column of texts holds numbers, dates, booleans or texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from litmus_core.data._types.dates.formats import ISO, ISO_ZONED, is_day_first, order_of
from litmus_core.data._types.dates.notes import misfits_note, order_note
from litmus_core.data._types.decimal_marks import PLACE, is_decimal_mark
from litmus_core.data._types.evidence import LARGEST, Evidence, cleaned, find_evidence, rounded_in
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
from litmus_core.data._types.numbers.lossy_values import lossy_note
from litmus_core.data._types.numbers.notes import (
    bound_note,
    codes_note,
    doubtful_comma_note,
    doubtful_mark_note,
    form_note,
    free_note,
    missing_note,
    times_note,
    versions_note,
)
from litmus_core.data._types.sql_predicates import WHOLE, matches, moment
from litmus_core.data._types.typed_column import Typed
from litmus_core.frame import CODES, LISTS, MARKS, NumberForm, number_form
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

    ``decimal`` is the mark that other columns prove; "" if none does, or they differ.
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

    def allows(self, form: str) -> bool:
        """Return whether dates may be in this form."""
        return self.date_order is None or order_of(form) in (None, self.date_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReading:
    """A way to read a column's texts, and the SQL that tests whether a text fits it."""

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
    inside a number a decimal mark where it could be either; ``options`` may set the marks and the order of
    dates. A value that does not fit the others makes its column a text: only words that mean "missing" are
    dropped silently. Columns of ``storages`` other than "" hold no texts and keep their type, except codes.
    ``wide`` holds the same cells in memory.
    """
    spellings_matter = "" not in allowed_marks(options)
    fixed = dict(enumerate(storages))
    places = [place for place in range(len(names)) if not fixed.get(place)]
    pairs = find_evidence(
        connection, cells, names, places=places, spellings_matter=spellings_matter, wide=wide
    )
    judged = iter(judge(pairs, decimal_comma=decimal_comma, options=options))
    numbers = [place for place, storage in fixed.items() if StoredType(storage).stores_numbers]
    codes = find_codes(connection, cells, {f"c{place}": names[place] for place in numbers})
    return tuple(
        _stored_column(f"c{place}", names[place], fixed[place], codes) if fixed.get(place) else next(judged)
        for place in range(len(names))
    )


def _stored_column(column: str, name: str, storage: str, codes: frozenset[str]) -> Typed:
    if column in codes:
        return Typed(storage="VARCHAR", expression=digits_of(column), note=codes_note(name), written_as=CODES)
    if StoredType(storage).stores_text:  # what lists and objects became
        return Typed(storage=storage, expression=cleaned(column), written_as=LISTS)
    return Typed(storage=storage, expression=column)


def judge(
    pairs: Sequence[tuple[ColumnHypotheses, Evidence]],
    *,
    decimal_comma: bool,
    options: ReadOptions = DETECT_ALL,
) -> tuple[Typed, ...]:
    """Return the type of each column by its evidence."""
    day_first = _proven_day_first(pairs, default=decimal_comma)
    rules = _Rules.of(
        options, decimal_comma=decimal_comma, day_first=day_first, decimal=_proven_decimal(pairs)
    )
    return tuple(
        replace(_verdict(hypotheses, evidence, rules), cells=hypotheses.column)
        for hypotheses, evidence in pairs
    )


def readings(cells: str, storage: str, written_as: str) -> tuple[TypeReading, ...]:
    """Return the ways to read texts (SQL ``cells``) as ``storage``: as ``written_as`` says, then plainly."""
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
    """Return the SQL that reads numbers of a form from ``_ANY_CELL``; columns of a wide table share it."""
    form = number_form(written_as) or NumberForm()
    fits = matches(ascii_digits(_ANY_CELL) if form.other_digits else _ANY_CELL, form.shape)
    return TypeReading(typed=_number(plain_number(form, _ANY_CELL), fits, written_as=written_as), fits=fits)


def _proven_decimal(pairs: Sequence[tuple[ColumnHypotheses, Evidence]]) -> str:
    """Return the decimal mark that columns of the file prove; "" if none does, or they differ."""
    proven = {hypotheses.evidence.proven for hypotheses, _ in pairs if hypotheses.may_be_number} - {""}
    return proven.pop() if len(proven) == 1 else ""


def _proven_day_first(pairs: Sequence[tuple[ColumnHypotheses, Evidence]], *, default: bool) -> bool | None:
    """Return the order of day and month that other columns of the file prove; None if none does."""
    proven = set()
    for hypotheses, evidence in pairs:
        fitting = [
            form for form in hypotheses.date_forms if evidence[form] and evidence[form] == evidence.wanted
        ]
        orders = {order_of(form) for form in fitting} - {None}
        if len(orders) == 1:
            proven |= orders - {"year first"}
    if len(proven) == 1:
        return proven == {"day first"}
    return True if default else None


def _verdict(hypotheses: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(hypotheses.column))
    if evidence.wanted == 0:
        return text
    if evidence["boolean"] == evidence["values"]:
        expression = f"lower(trim({cleaned(hypotheses.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    if max(evidence["whole"], evidence["integral"]) == evidence.wanted and are_codes(
        hypotheses.name, evidence["largest"]
    ):
        return _codes(hypotheses)
    return (
        _as_number(hypotheses, evidence, rules)
        or _as_date(hypotheses, evidence, rules)
        or _text_with_reason(hypotheses, evidence)
    )


def _as_number(hypotheses: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed | None:
    wanted, trimmed = evidence.wanted, f"trim({hypotheses.column})"
    if not hypotheses.may_be_number or evidence["padded"] or evidence["coded"] == wanted:
        return None
    if "%Y%m%d" in hypotheses.date_forms and evidence["%Y%m%d"] == wanted:
        return None
    if evidence["plain"] == wanted and evidence["whole"] == wanted and hypotheses.is_plain:
        if evidence.are_long_codes:
            return None
        if evidence["largest"] < LARGEST or not evidence["too long"]:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        note = _losses_note(hypotheses, evidence, NumberForm())
        return replace(_number(trimmed, matches(trimmed, WHOLE)), note=note)
    fitting = [form for form in hypotheses.forms if _fits(evidence, form)]
    left = [form for form in fitting if form.marks in rules.marks]
    if not left:
        return replace(_text(hypotheses, ""), misfit="decimal") if fitting else None
    if _CODED_NAME.search(hypotheses.name) and not names_amounts(hypotheses.name):
        return _text(hypotheses, codes_note(hypotheses.name))
    form = _choose_form(hypotheses, evidence, left, rules)
    if form is None:
        return _text(hypotheses, _undecided_note(hypotheses))
    doubt = _doubtful_mark_note(hypotheses, evidence, form, rules)
    has_commas = hypotheses.evidence.ambiguous != "." or evidence["marked"] > evidence["ambiguous"]
    notes = (
        ""
        if doubt and form in (NumberForm("decimal comma"), NumberForm("thousands"))
        else form_note(form, hypotheses.name, example=hypotheses.example, has_commas=has_commas),
        doubt,
        versions_note(hypotheses.name, hypotheses.next_version) if not form.written_as else "",
        missing_note(hypotheses.name, hypotheses.affixes.missing),
        free_note(hypotheses.name, hypotheses.affixes.free),
        _losses_note(hypotheses, evidence, form),
    )
    return replace(_number_reading(trimmed, form.written_as).typed, note=" ".join(filter(None, notes)))


def _undecided_note(hypotheses: ColumnHypotheses) -> str:
    mark = hypotheses.evidence.ambiguous
    which = f"its '{mark}'" if mark else "both its ',' and its '.'"
    return (
        f"'{hypotheses.name}' was kept as text: {which} could be decimal marks or stand between thousands. "
        "Say which with the option 'decimal'."
    )


def _choose_form(
    hypotheses: ColumnHypotheses, evidence: Evidence, left: Sequence[NumberForm], rules: _Rules
) -> NumberForm | None:
    """Return the form that the whole column supports, or else the file; None if nothing decides."""
    if hypotheses.evidence.is_mixed and len(rules.marks) == len(MARKS):
        return None
    by_marks = {form.marks: form for form in left}
    mark = hypotheses.evidence.ambiguous
    if (
        mark
        and evidence["marked"] == evidence["ambiguous"]
        and len(left) > 1
        and len(rules.marks) == len(MARKS)
    ):
        is_decimal = is_decimal_mark(
            hypotheses, evidence, decimal=rules.decimal, decimal_comma=rules.decimal_comma
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


def _doubtful_mark_note(
    hypotheses: ColumnHypotheses, evidence: Evidence, form: NumberForm, rules: _Rules
) -> str:
    """Return a note if a mark was read as a decimal mark, or a comma otherwise, by default only; or ""."""
    mark = hypotheses.evidence.ambiguous
    is_open = mark and evidence["marked"] == evidence["ambiguous"] and not evidence["long"]
    if not is_open or rules.decimal or PLACE.search(hypotheses.name):
        return ""
    if MARKS[form.marks].decimal == mark:
        return doubtful_mark_note(hypotheses.name, "Commas" if mark == "," else "Points")
    is_comma_alone = form == NumberForm("thousands") and evidence["marked"] == evidence.wanted
    return doubtful_comma_note(hypotheses.name) if is_comma_alone else ""


def _codes(hypotheses: ColumnHypotheses) -> Typed:
    """Return a text of digits: as they are, or without the .0 of real numbers."""
    note = codes_note(hypotheses.name)
    expression = codes_of(cleaned(hypotheses.column))
    return Typed(storage="VARCHAR", expression=expression, note=note, written_as=CODES)


def _text(hypotheses: ColumnHypotheses, note: str) -> Typed:
    return Typed(storage="VARCHAR", expression=cleaned(hypotheses.column), note=note)


def _text_with_reason(hypotheses: ColumnHypotheses, evidence: Evidence) -> Typed:
    """Return a text, with a note on what kept it from being numbers if it nearly is."""
    counts = {form: evidence[form] for form in hypotheses.date_forms}
    if note := hypotheses.dates_note or misfits_note(hypotheses.name, counts, evidence.wanted):
        return _text(hypotheses, note)
    if units := hypotheses.evidence.differing:
        listed = ", ".join(f"'{unit}'" for unit in units)
        return _text(
            hypotheses, f"'{hypotheses.name}' was kept as text: its numbers have the units {listed}."
        )
    if hypotheses.bound:
        return _text(hypotheses, bound_note(hypotheses.name, hypotheses.bound))
    if hypotheses.may_be_duration:
        return _text(hypotheses, times_note(hypotheses.name))
    if hypotheses.evidence.odd:
        return _text(
            hypotheses, f"'{hypotheses.name}' was kept as text: '{hypotheses.evidence.odd}' is not a number."
        )
    if hypotheses.evidence.is_torn and hypotheses.may_be_number:
        which = "some of its numbers have a decimal comma, others a decimal point"
        return _text(hypotheses, f"'{hypotheses.name}' was kept as text: {which}.")
    if hypotheses.are_pairs:
        note = f"'{hypotheses.name}' holds latitude and longitude in one cell; it was kept as text."
        return _text(hypotheses, f"{note} Two columns of numbers say more to a model.")
    n_fit = max((evidence[form.written_as] for form in hypotheses.forms), default=0)
    if not n_fit or not hypotheses.evidence.unit or not hypotheses.may_be_number or evidence["padded"]:
        return _text(hypotheses, "")
    n_odd = evidence.wanted - n_fit
    odd_values = "1 value is" if n_odd == 1 else f"{n_odd:,} values are"
    return _text(
        hypotheses,
        f"'{hypotheses.name}' was kept as text: {odd_values} not written as '{hypotheses.example}' is.",
    )


def _losses_note(hypotheses: ColumnHypotheses, evidence: Evidence, form: NumberForm) -> str:
    """Return a note on numbers that are stored less precisely than written; "" if there are none."""
    return lossy_note(hypotheses.name, n_infinite=evidence["infinite"], n_rounded=evidence[rounded_in(form)])


def _fits(evidence: Evidence, form: NumberForm) -> bool:
    """Return whether every value is written in this form.

    Grouped numbers differ in length or all have a fraction (12'480.35); otherwise they are codes.
    """
    if evidence[form.written_as or "plain"] != evidence.wanted:
        return False
    are_amounts = evidence["lengths"] > 0 or evidence["fractions"] == evidence.wanted
    return bool(form.unit) or form.marks not in GROUPED or are_amounts


def _number(plain: str, condition: str, *, written_as: str = "") -> Typed:
    value = f"try_cast({plain} AS DOUBLE)"
    finite = f"CASE WHEN {condition} AND isfinite({value}) THEN {value} END"
    return Typed(storage="DOUBLE", expression=finite, written_as=written_as)


def _as_date(hypotheses: ColumnHypotheses, evidence: Evidence, rules: _Rules) -> Typed | None:
    possible = [form for form in hypotheses.date_forms if evidence[form] == evidence.wanted]
    fitting = [form for form in possible if rules.allows(form)]
    if not fitting:
        text = Typed(storage="VARCHAR", expression=cleaned(hypotheses.column), misfit="date_order")
        return text if possible else None
    form = ISO_ZONED if evidence["zoned"] else fitting[0]
    if len(fitting) > 1 and rules.day_first is not None:
        form = next((candidate for candidate in fitting if is_day_first(candidate) is rules.day_first), form)
    note = order_note(hypotheses.name, form, fitting)
    return replace(_as_moments(f"trim({hypotheses.column})", form), note=note)


def _as_moments(trimmed: str, form: str) -> Typed:
    written_as = "" if form in (ISO, ISO_ZONED) else form
    return Typed(storage="TIMESTAMP", expression=moment(trimmed, form), written_as=written_as, form=form)
