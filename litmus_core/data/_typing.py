"""What a column of texts holds, by the evidence of every row: numbers, dates, truth values, or texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Self

from litmus_core.data._dates import ISO, ISO_ZONED, in_words, is_day_first, order_of
from litmus_core.data._evidence import (
    LARGEST,
    WHOLE,
    Evidence,
    Question,
    cleaned,
    find_evidence,
    matches,
    moment,
)
from litmus_core.data._losses import infinite_note, rounded_note
from litmus_core.data._spelled import GROUPED, SPELLINGS, allowed_spellings
from litmus_core.types import AS_FOUND, ReadOptions

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._wide import WideCells

# As a model reads them in rows to score (litmus_core.frame).
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1', '1.0')", "('false', 'f', 'no', 'n', '0', '0.0')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One staged column's verdict: DuckDB type, the SQL that makes it, and what is worth saying of it.

    ``written_as`` is a Column's: how the file spells dates or numbers, where not ISO or plain; ``cells`` is
    the SQL of the text that was there, empty where the file holds typed values; ``form`` is that of dates;
    ``misfit`` names the option that kept the column a text.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""
    form: str = ""
    misfit: Literal["", "decimal", "date_order"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What is known beforehand: how numbers may be written, and the order of dates where it could be both."""

    spellings: tuple[str, ...]
    decimal_comma: bool
    date_order: str | None
    day_first: bool | None

    @classmethod
    def of(cls, options: ReadOptions, *, decimal_comma: bool, day_first: bool | None) -> Self:
        return cls(
            spellings=allowed_spellings(options),
            decimal_comma=decimal_comma,
            date_order=options.date_order,
            day_first=day_first,
        )

    def takes(self, form: str) -> bool:
        """Say whether dates may be in this form."""
        return self.date_order is None or order_of(form) in (None, self.date_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a column's texts, and the SQL that says of a text whether it can be read so."""

    typed: Typed
    fits: str


def find_types(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    *,
    names: Sequence[str],
    decimal_comma: bool,
    options: ReadOptions = AS_FOUND,
    storages: Sequence[str] = (),
    wide: WideCells | None = None,
) -> tuple[Typed, ...]:
    """Return a verdict for each column ``c0``, ``c1`` … of the texts ``cells`` (SQL), from all rows.

    ``names`` are the columns' real names; ``decimal_comma`` says that the file's separator makes a comma
    inside a number a decimal mark where it could be either; ``options`` may say what marks and order of
    dates there are. A value that does not fit the others makes its column a text: nothing is dropped in
    silence but the words that mean "missing". Columns of ``storages`` other than "" are no texts, and stay
    what they are; ``wide`` are the same cells where they are asked of one below the other.
    """
    spellings_matter = "" not in allowed_spellings(options)
    kept = dict(enumerate(storages))
    places = [place for place in range(len(names)) if not kept.get(place)]
    pairs = find_evidence(
        connection, cells, names, places=places, spellings_matter=spellings_matter, wide=wide
    )
    judged = iter(judge(pairs, decimal_comma=decimal_comma, options=options))
    return tuple(
        Typed(storage=kept[place], expression=f"c{place}") if kept.get(place) else next(judged)
        for place in range(len(names))
    )


def judge(
    pairs: Sequence[tuple[Question, Evidence]], *, decimal_comma: bool, options: ReadOptions = AS_FOUND
) -> tuple[Typed, ...]:
    """Return the verdict that the evidence of each column comes to."""
    day_first = _day_first_elsewhere(pairs, otherwise=decimal_comma)
    rules = _Rules.of(options, decimal_comma=decimal_comma, day_first=day_first)
    return tuple(
        replace(_verdict(question, found, rules), cells=question.column) for question, found in pairs
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
    spelling = SPELLINGS[written_as]
    fits = matches(trimmed, spelling.shape)
    return Reading(typed=_number(spelling.made_plain(trimmed), fits, written_as=written_as), fits=fits)


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


def _verdict(question: Question, found: Evidence, rules: _Rules) -> Typed:
    text = Typed(storage="VARCHAR", expression=cleaned(question.column))
    if found.wanted == 0:
        return text
    if found["boolean"] == found["values"]:
        expression = f"lower(trim({cleaned(question.column)})) = 'true'"
        return Typed(storage="BOOLEAN", expression=expression)
    return _as_number(question, found, rules) or _as_date(question, found, rules) or text


def _as_number(question: Question, found: Evidence, rules: _Rules) -> Typed | None:
    wanted, trimmed = found.wanted, f"trim({question.column})"
    if not question.may_be_number or found["padded"]:
        return None
    if "%Y%m%d" in question.date_forms and found["%Y%m%d"] == wanted:
        return None
    if found["plain"] == wanted and found["whole"] == wanted:
        if found["largest"] < LARGEST:
            return Typed(storage="BIGINT", expression=f"try_cast({trimmed} AS BIGINT)")
        if min(found["distinct"], found["beyond"]) > 0.5 * wanted:
            return None  # a long code, each digit of which matters
        return replace(_number(trimmed, matches(trimmed, WHOLE)), note=_loss(question, found))
    fitting = [key for key in SPELLINGS if _fits(found, key)]
    left = [key for key in fitting if key in rules.spellings]
    if not left:
        text = Typed(storage="VARCHAR", expression=cleaned(question.column), misfit="decimal")
        return text if fitting else None
    if rules.decimal_comma and "decimal comma" in left and "" not in left:
        left = ["decimal comma"]
    notes = (SPELLINGS[left[0]].words.replace("{}", question.name), _loss(question, found))
    return replace(_number_reading(trimmed, left[0]).typed, note=" ".join(filter(None, notes)))


def _loss(question: Question, found: Evidence) -> str:
    """Say of which numbers less is kept than is written; "" where all are kept."""
    said = ((infinite_note, found["infinite"]), (rounded_note, found["rounded"]))
    return " ".join(note(n, question.name) for note, n in said if n)


def _fits(found: Evidence, spelling: str) -> bool:
    """Say whether every value is written so. Numbers in groups differ in length: else they are codes."""
    return found[spelling or "plain"] == found.wanted and (spelling not in GROUPED or found["lengths"] > 0)


def _number(plain: str, condition: str, *, written_as: str = "") -> Typed:
    value = f"CASE WHEN {condition} THEN try_cast({plain} AS DOUBLE) END"
    finite = f"CASE WHEN isfinite({value}) THEN {value} END"
    return Typed(storage="DOUBLE", expression=finite, written_as=written_as)


def _as_date(question: Question, found: Evidence, rules: _Rules) -> Typed | None:
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
    return Typed(storage="TIMESTAMP", expression=moment(trimmed, form), written_as=written_as, form=form)
