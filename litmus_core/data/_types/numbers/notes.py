"""Notes on how the numbers of a column were read."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.data._rows.cells import as_text
from litmus_core.frame import (
    ABOUT,
    ANY_OF,
    AT_LEAST,
    BARE,
    COMPOUND_UNITS,
    FLAGS,
    FOOTNOTES,
    FROM,
    GLUED,
    IN,
    LATITUDE,
    LEDGER,
    LIMITS,
    LONGITUDE,
    MARKS,
    ONWARDS,
    PLUS_THEN,
    RAISED,
    SECOND,
    SHORT,
    SPREAD,
    TERMS,
    TIMES_TEN,
    UNDER_ONE,
    NumberForm,
)


def codes_note(name: str) -> str:
    """Return the note on a column of codes."""
    return f"'{name}' holds codes, whose digits are not amounts: it was kept as text."


def missing_note(name: str, words: Sequence[str]) -> str:
    """Return the note on words in place of numbers."""
    shown = " and ".join(f"'{word}'" for word in words)
    return f"{shown} in '{name}' {'was' if len(words) == 1 else 'were'} read as missing." if words else ""


def free_note(name: str, words: Sequence[str]) -> str:
    """Return the note on words that mean a price of 0."""
    shown = " and ".join(f"'{word}'" for word in words)
    return f"{shown} in '{name}' {'was' if len(words) == 1 else 'were'} read as 0." if words else ""


def times_note(name: str) -> str:
    """Return the note on times that may be times of day or durations."""
    return (
        f"'{name}' was kept as text: its times may be times of day. Where they are durations, call the "
        f"column so, as in '{name} duration': then they are read as seconds."
    )


def bound_note(name: str, bound: str) -> str:
    """Return the note on bounds among numbers, such as a limit of detection."""
    return (
        f"'{name}' was kept as text: '{bound}' is a bound and no value. Where bounds are replaced by "
        "numbers, or left empty, it is a column of numbers."
    )


def versions_note(name: str, last: str) -> str:
    """Return the note on numbers that count like versions: 10.10 (``last``) after 10.9."""
    return (
        f"'{name}' was read as numbers, so that {last} is {float(last):g}: versions would be texts."
        if last
        else ""
    )


def doubtful_mark_note(name: str, marks: str) -> str:
    """Return the note on ``marks`` ("Points" or "Commas") that were read as decimal marks by default."""
    return f"{marks} in '{name}' were read as decimal marks; they could also stand between thousands."


def doubtful_comma_note(name: str) -> str:
    """Return the note on commas that were read as thousands separators by default."""
    return f"Commas in '{name}' were read as thousands separators; they could also be decimal marks."


_POINTS = "Points in '{}' were read as thousands separators."


def form_note(form: NumberForm, name: str, *, example: str, has_commas: bool = True) -> str:
    """Return the note on a column of this form; ``example`` is one of its cells."""
    marks = MARKS[form.marks].words if has_commas or MARKS[form.marks].thousands != "." else _POINTS
    marks = marks.replace("{}", name)
    if not (form.unit or form.lead or form.tail or form.other_digits):
        return marks
    shown = f"'{example}' was read as {as_text(float(form.plain(example)))}."
    return " ".join(filter(None, (f"{_affix_note(form, name)}: {shown}", marks)))


def _words_note(form: NumberForm, name: str) -> str:
    """Return the note on the words around prices and counts; "" if there are none."""
    if form.lead == FROM or form.tail in (ONWARDS, TERMS):
        kinds = [
            *(["words for 'from'"] if form.lead == FROM or form.tail == ONWARDS else []),
            *(["the terms of an offer"] if form.tail == TERMS else []),
        ]
        around = " and ".join(kinds)
        return f"'{name}' holds money ({form.unit}), with {around} around amounts, which were left out"
    if form.tail.startswith(ANY_OF):
        words = " and ".join(f"'{mark}'" for mark in form.tail.removeprefix(ANY_OF).split("|"))
        short = ", some of them shortened," if form.unit else ""
        return f"'{name}' holds counts{short} with {words} behind them, which was left out"
    if form.tail == SPREAD:
        return f"'{name}' has a spread behind its numbers, which was left out"
    return ""


def _affix_note(form: NumberForm, name: str) -> str:
    if form.tail in (FOOTNOTES, FLAGS, RAISED):
        return f"'{name}' has footnotes or flags behind numbers, which were left out"
    if form.tail.startswith(GLUED):
        letters = " and ".join(f"'{letter}'" for letter in form.tail.removeprefix(GLUED).split(","))
        return f"'{name}' has {letters} behind some of its numbers, taken for flags, which were left out"
    if form.tail == SECOND:
        unit = f", with the unit '{form.unit}'," if form.unit else ""
        unit = f" ({COMPOUND_UNITS[form.unit].words})" if form.unit in COMPOUND_UNITS else unit
        return f"'{name}' has a second value behind the first, which was left out; the first{unit} was kept"
    if form.unit in COMPOUND_UNITS and form.tail != SECOND and (form.lead or form.tail):
        around = " and ".join(f"'{words}'" for words in (form.lead, form.tail) if words)
        return (
            f"'{name}' holds {COMPOUND_UNITS[form.unit].words}, with {around} around them, which was left out"
        )
    if words := _words_note(form, name):
        return words
    if form.lead in (LIMITS, UNDER_ONE) or form.tail.startswith(AT_LEAST):
        unit = form.unit or (form.tail.removeprefix(PLUS_THEN) if form.tail.startswith(PLUS_THEN) else "")
        of_unit = f" (unit '{unit}')" if unit else ""
        under = ", and less than 1 for 0" if form.lead == UNDER_ONE else ""
        of_all = f"'{name}' has bounds among its numbers{of_unit}"
        return f"{of_all}, each of which stands for the number in it{under}"
    if form.lead == ABOUT:
        return f"'{name}' has words for 'about' ahead of some numbers, which were left out"
    if form.lead or (form.tail and not form.is_money):
        around = " and ".join(f"'{words}'" for words in (form.lead, form.tail) if words)
        return f"'{name}' has {around} around its numbers, which was left out"
    if form.tail:
        return f"'{name}' holds money ({form.unit}), with '{form.tail}' behind each amount"
    return _content_note(form, name)


def _content_note(form: NumberForm, name: str) -> str:
    if form.is_money:
        return f"'{name}' holds money ({form.unit})"
    if form.unit in COMPOUND_UNITS:
        return f"'{name}' holds {COMPOUND_UNITS[form.unit].words}"
    if form.unit.startswith(IN):
        unit = form.unit.removeprefix(IN)
        return f"'{name}' holds numbers with several units; {unit} is the unit of all now"
    return f"'{name}' " + _OF_UNITS.get(form.unit, f"holds numbers with the unit '{form.unit}'")


_OF_UNITS = {
    "": "holds digits of another script, or fractions",
    "%": "holds percentages",
    BARE: "has brackets or dashes around its numbers",
    SHORT: "has shortened numbers (k for thousands, M for millions)",
    TIMES_TEN: "holds powers of ten",
    LEDGER: "holds credits and debits, which are negative",
    LATITUDE: "holds latitudes, south negative",
    LONGITUDE: "holds longitudes, west negative",
}
