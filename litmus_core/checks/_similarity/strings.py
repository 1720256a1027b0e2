"""Names that are nearly the same: two spellings of one thing, or two different things."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Why = Literal["written otherwise", "plural", "typing error", "same answer"]

_SIGN = re.compile(r"[+#<>=!*%$€£°'\"]|^-|-$")
_DIGITS = re.compile(r"\d+(?:[.,:/-]\d+)*")
_WORD = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"[ivxlc]+")
_FEWEST_LETTERS = 3
_SHORTEST, _SHORTEST_SWAPPED = 6, 9
_RARE = 0.05
_MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarNames:
    """Two names with nearly the same spelling, and ``why`` they are similar."""

    rarer: str
    commoner: str
    why: Why


def similar_names(counts: Mapping[str, int]) -> list[SimilarNames]:
    """Return the pairs of names in ``counts`` (rows of each name) that may mean the same.

    Names that differ in a digit, a sign or a Roman numeral never do; nor do names that differ in their first
    letters, as opposites do. Names that differ only in case and surrounding spaces are handled elsewhere.

    >>> [(pair.rarer, pair.commoner) for pair in similar_names({"CPU": 90, "CPUs": 40, "GPU": 80})]
    [('CPUs', 'CPU')]
    >>> similar_names({"Class 1": 5, "Class 2": 5, "smoker": 9, "non-smoker": 9, "male": 9, "female": 9})
    []
    """
    if len(counts) > _MOST_NAMES:
        return []
    first_of: dict[str, str] = {}
    for name in sorted(counts, key=lambda entry: (-counts[entry], entry)):
        first_of.setdefault(name.strip().lower(), name)
    names = list(first_of.values())
    near: dict[str, SimilarNames] = {}
    for why, pairs in (
        ("written otherwise", _same_form(names, plural=False)),
        ("plural", _same_form(names, plural=True)),
        ("typing error", _typing_errors(names, counts)),
    ):
        for commoner, rarer in pairs:
            if rarer not in near:
                near[rarer] = SimilarNames(rarer=rarer, commoner=commoner, why=why)  # type: ignore[arg-type]
    return list(near.values())


def _same_form(names: list[str], *, plural: bool) -> Iterator[tuple[str, str]]:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        form = _form(name, plural=plural)
        if sum(map(str.isalpha, form[0])) >= _FEWEST_LETTERS:
            groups[form].append(name)
    for group in groups.values():
        yield from ((group[0], other) for other in group[1:])


def _form(name: str, *, plural: bool) -> tuple[str, ...]:
    """Return letters without accents, and separators; and, separately, digits and signs."""
    plain = _plain(name)
    words = [_singular(word) if plural else word for word in _WORD.findall(plain.replace("&", " and "))]
    return ("".join(words), " ".join(_DIGITS.findall(plain)), "".join(_SIGN.findall(plain)))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _singular(word: str) -> str:
    """Return a word without a plural s.

    >>> _singular("cpus"), _singular("glass"), _singular("virus"), _singular("movies")
    ('cpu', 'glass', 'virus', 'movie')
    """
    is_plural = len(word) > 3 and word.endswith("s") and word[-2] not in "si"
    return word[:-1] if is_plural and not (word.endswith("us") and len(word) > 4) else word


def _typing_errors(names: list[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield (more frequent, rarer) if one long word has an extra, missing or different letter."""
    near: dict[str, list[str]] = defaultdict(list)
    for name in names:
        plain = _plain(name)
        if len(plain) >= _SHORTEST:
            for cut in {plain, *(plain[:at] + plain[at + 1 :] for at in range(1, len(plain)))}:
                near[cut].append(name)
    pairs = set()
    for group in near.values():
        for first, second in combinations(group[:50], 2):
            commoner, rarer = sorted((first, second), key=lambda entry: -counts[entry])
            if (commoner, rarer) in pairs or counts[rarer] > _RARE * counts[commoner]:
                continue
            pairs.add((commoner, rarer))
            if _is_typing_error(_plain(commoner), _plain(rarer)):
                yield commoner, rarer


def _is_typing_error(first: str, second: str) -> bool:
    """Return whether two texts differ by one letter of a long word, other than its first.

    >>> _is_typing_error("refrigerator", "refrigeratr"), _is_typing_error("treatment a", "treatment b")
    (True, False)
    >>> _is_typing_error("ireland", "iceland"), _is_typing_error("type ii", "type iii")
    (False, False)
    """
    if _DIGITS.findall(first) != _DIGITS.findall(second) or _SIGN.findall(first) != _SIGN.findall(second):
        return False
    words, others = first.split(), second.split()
    if len(words) != len(others):
        return False
    different = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(different) != 1:
        return False
    a, b = different[0]
    if min(len(a), len(b)) < _SHORTEST or a[0] != b[0] or (_ROMAN.fullmatch(a) and _ROMAN.fullmatch(b)):
        return False
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    places = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(places) == 1:
        return len(a) >= _SHORTEST_SWAPPED
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and a[places[0]] == b[places[1]]
        and (a[places[1]] == b[places[0]])
    )
