"""Whether the categories of rows are those that a model learned."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from litmus_core.runtime._drift import messages
from litmus_core.runtime._drift.learned import LearnedCategories

_HARDLY_ANY = 0.05  # of the rows with a value
_EXPECTED = 0.5  # of the example rows, which no training saw
_FEWEST_EXAMPLES = 10
_CAUSE = 0.8  # of the rows with a new category
_SURE = 14.0  # expected rows with a leading zero; that none comes is chance less than once in a million
_DISTINCT = 3  # new codes that are learned ones without their zeros


def category_note(learned: LearnedCategories, values: Counter[str]) -> str:
    """Return what is wrong with the column's ``values``; "" if nothing is."""
    vocabulary = frozenset(learned.vocabulary)
    lost = _lost_zeros(learned, vocabulary, values)
    if lost:
        return lost
    if respelled := _respelled(learned, vocabulary, values):
        return respelled
    n_known = sum(n for value, n in values.items() if value in vocabulary)
    if n_known > _HARDLY_ANY * values.total() or not _expects_known(learned, vocabulary):
        return ""
    new = Counter({value: n for value, n in values.items() if value not in vocabulary})
    by_form = {_form(word): word for word in vocabulary}
    alike = {value: by_form[form] for value in new if (form := _form(value)) in by_form}
    n_alike = sum(new[value] for value in alike)
    return messages.new_categories(
        learned.column.name,
        n_known=n_known,
        n_rows=values.total(),
        learned=_commonest(learned, vocabulary),
        new=[value for value, _ in new.most_common()],
        alike=alike if n_alike >= _CAUSE * new.total() else {},
    )


def _expects_known(learned: LearnedCategories, vocabulary: frozenset[str]) -> bool:
    """Return whether rows that no training saw mostly have a known category."""
    examples = learned.examples
    if len(examples) < _FEWEST_EXAMPLES:
        return 0 < learned.column.n_distinct <= len(vocabulary)
    return sum(value in vocabulary for value in examples) >= _EXPECTED * len(examples)


def _commonest(learned: LearnedCategories, vocabulary: Iterable[str]) -> list[str]:
    counts = Counter(value for value in learned.examples if value in vocabulary)
    return list(dict.fromkeys([*(value for value, _ in counts.most_common()), *learned.vocabulary]))


def _form(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split()).casefold()


def _respelled(learned: LearnedCategories, vocabulary: frozenset[str], values: Counter[str]) -> str:
    """Return a note if values look like learned ones, but are other letters: a and ¨ in place of ä."""
    by_form = {unicodedata.normalize("NFC", word): word for word in vocabulary}
    alike = {
        value: word
        for value in values
        if value not in vocabulary and (word := by_form.get(unicodedata.normalize("NFC", value)))
    }
    n_rows = sum(values[value] for value in alike)
    return messages.other_letters(learned.column.name, n_rows, values.total(), alike) if alike else ""


def _lost_zeros(learned: LearnedCategories, vocabulary: frozenset[str], values: Counter[str]) -> str:
    """Return a note if no code begins with a zero any more, and some are learned ones without theirs."""
    full = {value.lstrip("0") or "0": value for value in sorted(vocabulary) if _has_zero(value)}
    if not full or any(map(_has_zero, values)):
        return ""
    by_evidence = sorted(values, key=lambda value: (value in vocabulary, -values[value]))
    short = {value: full[value] for value in by_evidence if value in full}
    n_distinct = sum(value not in vocabulary for value in short)
    n_zeros = sum(map(_has_zero, learned.examples))
    n_expected = values.total() * n_zeros / max(1, len(learned.examples)) / 2
    if not short or (n_expected < _SURE and n_distinct < _DISTINCT):
        return ""
    return messages.lost_zeros(learned.column.name, n_rows=values.total(), full=short)


def _has_zero(value: str) -> bool:
    return len(value) > 1 and value[0] == "0" and value.isascii() and value.isdigit()
