"""Words around the numbers of a column that do not change the amount: "pH", footnotes, "/month"."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from litmus_core.frame import (
    ABOUT,
    CURRENCIES,
    FLAGS,
    FOOTNOTES,
    FRACTIONS,
    GLUED,
    OF_TOKEN,
    OTHER_DIGITS,
    RAISED,
    SECOND,
    SPREAD,
    NumberForm,
    with_ascii_digits,
)

_MINUS, _PLUS = "\u25b2", "\u25bc"
_OTHERS = frozenset(OTHER_DIGITS) - {_MINUS} | {fraction for fraction in FRACTIONS if len(fraction) == 1}
_FRACTION = re.compile(r"\d [1357]/[2348](?!\d)")  # 7 1/2
_PERIOD = re.compile(  # $12/month, 12 € / Nacht, 12 € per month
    r"(?P<amount>.*[\d)].*?|.*\d)\s?(?P<tail>/\s?[^\W\d_]{2,12}\.?|(per|pro|par|por|im|al|a|au)\s[^\W\d_]{2,12})"
)
_ABOUT = frozenset(
    ["ca.", "ca", "circa", "approx.", "approx", "about", "env.", "aprox.", "etwa", "~", "≈", "±", "ph"]
)
_MAYBE_ABOUT = re.compile(rf"^{NumberForm(lead=ABOUT).ahead[:-1]}(?=[^\W_])")
_FEWEST, _LONGEST_WORDS = 3, 24
_NO_TAIL = re.compile(  # times, ordinals and months; and what multiplies an amount
    r"([ap]\.?m\.?|uhr|st|nd|rd|th|ad|bce?|ce|[番階年月日時分秒回]"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b.*|[x\u00d7*·]\s?10\^?\d{0,2}",
    re.IGNORECASE,
)
_DIGIT, _MARKED = re.compile(r"\d"), re.compile(r"\d[.,'\s]\d")
_NO_AMOUNT = re.compile(r"[-\u2013\u2014]{1,2} ?\([^()|;]{1,20}\)")  # - (l/100 km)
_LABEL = re.compile(r"([^\W\d_]{2,}:? ){1,4}")
_WORD = re.compile(r"[^\d;|]{1,30}")
_NUMBERS = frozenset(
    ["free", "gratis", "kostenlos", "frei", "gratuit", "gratuito", "nil", "zero", "null", "none", "no charge",
     "included", "incl.", "unlimited", "unbegrenzt", "illimité", "infinite", "inf", "max", "min", "all",
     "one", "two", "three", "four", "five", "half", "dozen", "under", "over", "ground"]
)  # fmt: skip
_NEW = frozenset(["新築"])  # of a house, beside 築12年
_FREE = frozenset(
    ["free", "free transfer", "ablösefrei", "free to play", "play for free!", "free!", "for free", "gratis",
     "kostenlos", "gratuit",
     "gratuito", "grátis", "za darmo", "бесплатно", "免费", "免費", "無料", "무료"]
)  # fmt: skip
_MOST_FREE = 0.9
_MOST_WORDS, _FEWEST_AMOUNTS, _MOST_MISSING = 3, 6, 0.4
_BRACKETED = re.compile(r"\((?:0|0?[.,]\d+|[1-9][\d.,]*)\)", re.ASCII)
_BRACKETED_UNIT = re.compile(r"\([\d.,]*\d ?[^\W\d_][^()\d]*\)")
_POWER_WORD = (
    r"(?:[Mm]io|[Mm]rd|[Tt]sd|тыс|млн|млрд|[Mm]ln)\b\.?|(?:[Mm]illion(?:en|s)?|[Bb]illions?|[Tt]housand|[Ll]akhs?"
    r"|[Cc]rores?|[Tt]riệu|[Tt][ỷỉ]|tr|bn|mn)\b"
)
_FIRST_OF_POWERS = re.compile("[MmTtBbLlCcтм]")
_POWER_THEN = re.compile(
    rf"(?P<amount>[^A-Za-z]*\d ?(?:{_POWER_WORD}))(?P<tail>(?: |(?=/))[^\W\d_/]*/?[^\W\d_].*)"
)
_RATING = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s?(/\s?[1-9]\d{0,2})", re.ASCII)
_MOST_MONTHS = 12
_SECOND = re.compile(rf"(?<=\w){NumberForm(tail=SECOND).behind[:-1]}$", re.ASCII)
_SPREAD = re.compile(rf"(?<=\w){NumberForm(tail=SPREAD).behind[:-1]}$", re.ASCII)
_FEWEST_SECOND = 0.5  # of the texts
_FLAG = re.compile(r"(?<=[0-9]) ?([A-FVXadenprsux])$", re.ASCII)
_WORD_BEHIND = re.compile(r"(?<=[0-9]) ([A-Z][a-z]{3,11})$", re.ASCII)  # 1.5 Turbo
_UNITS = frozenset(
    ["Acre", "Acres", "Sqft", "Miles", "Feet", "Gallons", "Pounds", "Ounces", "Litres", "Liters", "Million",
     "Billion", "Thousand", "Crore", "Lakh", "Lakhs", "Crores", "Hours", "Years", "Months", "Days", "Weeks"]
)  # fmt: skip
_MOST_FLAGS = 5
_MOST_RAISED = 0.5  # of the numbers: where nearly all have one, it is a power


def has_other_digits(texts: Sequence[str], name: str = "") -> bool:
    """Return whether texts hold digits of other scripts, marks that go with them, or fractions."""
    if not name.isascii() and any(_MINUS in text for text in texts):
        return not any(_PLUS in text for text in texts)  # a minus in Japan; elsewhere it may mark an increase
    together = "\n".join(texts)
    if together.isascii():
        return "/" in together and " " in together and _FRACTION.search(together) is not None
    return any(_FRACTION.search(text) if text.isascii() else not _OTHERS.isdisjoint(text) for text in texts)


def texts_in_ascii_digits(texts: Sequence[str]) -> list[str]:
    """Return texts with digits from 0 to 9."""
    return [with_ascii_digits(text) for text in texts]


def without_tail(texts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the tails that numbers may have, as a NumberForm names them, and the texts without them.

    >>> list(without_tail(["$5/month", "$7.50 / month"])), list(without_tail(["8", "7*"]))
    ([('/month', ['$5', '$7.50'])], [('footnotes', ['8', '7'])])
    >>> list(without_tail(["5 kW (7 PS)", "9 kW (12 PS)", "6 kW (8 PS)"]))
    [('second in brackets', ['5 kW', '9 kW', '6 kW'])]
    """
    bare = (
        _periods(texts),
        _ratings(texts),
        _footnotes(texts),
        _seconds(texts),
        _spreads(texts),
        _flags(texts),
    )
    yield from filter(None, bare)


def _seconds(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    bare = [_SECOND.sub("", text) for text in texts]
    n_noted = sum(short != text for short, text in zip(bare, texts, strict=True))
    if not all(map(_is_rounded, texts)):
        return None
    return (SECOND, bare) if n_noted >= max(_FEWEST, _FEWEST_SECOND * len(texts)) else None


def _is_rounded(text: str) -> bool:
    """Return whether the number after a ~ rounds the one before it (8,12,000 ~ 8 Lacs+); a range does not."""
    exact, tilde, rounded = text.rpartition("~")
    return not tilde or re.sub(r"\D", "", exact).startswith(re.sub(r"\D", "", rounded))


def _spreads(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    bare = [_SPREAD.sub("", text) for text in texts]
    n_noted = sum(short != text for short, text in zip(bare, texts, strict=True))
    return (SPREAD, bare) if n_noted >= max(_FEWEST, _FEWEST_SECOND * len(texts)) else None


def _flags(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the flags that a minority of numbers have, and the numbers without them; None if they are units.

    Most have a decimal mark: 12B among 7 and 15 is a house, and 1E5 a number.
    """
    words = {word[1] for text in texts if (word := _WORD_BEHIND.search(text))}
    pattern = _WORD_BEHIND if len(words) == 1 and words.isdisjoint(_UNITS) else _FLAG
    flags = {flag[1] for text in texts if (flag := pattern.search(text))}
    bare = [pattern.sub("", text) for text in texts]
    n_noted = sum(short != text for short, text in zip(bare, texts, strict=True))
    n_marked = sum(1 for text in texts if _MARKED.search(text))
    are_flags = flags == {"s"} or (
        n_marked >= _MOST_RAISED * len(texts)
        and not flags >= {"C", "F"}
        and not flags <= {"C", "D", "H", "S"}  # of credit and debit, which are signs
        and (not flags & {"B", "p"} or len(flags) > 1)
    )
    if not flags or len(flags) > _MOST_FLAGS or not are_flags or n_noted > _MOST_RAISED * len(texts):
        return None
    return GLUED + ",".join(sorted(flags)), bare


def _periods(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    tails, amounts = set(), []
    for text in texts:
        item = _PERIOD.fullmatch(text)
        if item is None:
            return None
        tails.add(re.sub(r"/\s", "/", item["tail"]))
        amounts.append(item["amount"].rstrip())
    return (tails.pop(), amounts) if len(tails) == 1 else None


def _ratings(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the "/5" that all ratings share, and the ratings without it; None for dates."""
    matches = [_RATING.fullmatch(text) for text in texts]
    tails = {None if match is None else match[2] for match in matches}
    tail = tails.pop()
    if len(texts) < _FEWEST or tails or tail is None:
        return None
    amounts = [text.removesuffix(tail).rstrip() for text in texts]
    highest = int(tail.strip("/ "))
    values = [float(amount.replace(",", ".")) for amount in amounts]
    is_part = highest > _MOST_MONTHS or any(value % 1 for value in values)
    return (tail, amounts) if is_part and max(values) <= highest else None


def _footnotes(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    for tail, pattern in _footnote_patterns().items():
        bare = [pattern.sub("", text) for text in texts]
        n_noted = sum(short != text for short, text in zip(bare, texts, strict=True))
        kinds = {text[len(left) :].strip() for text, left in zip(texts, bare, strict=True)}
        may_be_most = (tail == FOOTNOTES and kinds.isdisjoint(")]")) or (
            tail == FLAGS and len(kinds) > _FEWEST
        )
        if n_noted and (may_be_most or n_noted <= _MOST_RAISED * len(texts)):
            return tail, bare
    return None


@cache
def _footnote_patterns() -> dict[str, re.Pattern[str]]:
    before = {FOOTNOTES: r"(?<=\S)", FLAGS: "(?<=[0-9%)])", RAISED: "(?<=[0-9%)])"}  # 105 mg/dl *
    return {
        tail: re.compile(f"{ahead}{NumberForm(tail=tail).behind}$", re.ASCII)
        for tail, ahead in before.items()
    }


def without_brackets(texts: Sequence[str]) -> list[str] | None:
    """Return texts such as (2.9M) without the brackets that all have; None if some have none.

    >>> without_brackets(["(2.9M)", "(815K)", "(2M)"]), without_brackets(["(2.9M)", "815K", "2M"])
    (['2.9M', '815K', '2M'], None)
    """
    are_bracketed = len(texts) >= _FEWEST and all(map(_BRACKETED_UNIT.fullmatch, texts))
    return [text[1:-1].strip() for text in texts] if are_bracketed else None


def without_unit_of_power(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the one unit behind words for powers of ten, and the texts without it; None if there is none.

    >>> without_unit_of_power(["1.2 Mio. t", "950 t", "14 Mio. t"])
    ('t', ['1.2 Mio.', '950', '14 Mio.'])
    """
    if not _FIRST_OF_POWERS.search("\n".join(texts)):
        return None
    matches = [_POWER_THEN.fullmatch(text) for text in texts]
    tails = {match["tail"].strip() for match in matches if match is not None}
    if len(texts) < _FEWEST or len(tails) != 1:
        return None
    tail = tails.pop()
    if tail.casefold() in OF_TOKEN or "; " in tail or not all(text.endswith(tail) for text in texts):
        return None
    return tail, [text.removesuffix(tail).rstrip() for text in texts]


def free_labels(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say "nothing to pay" among texts; () if there are none, or most texts are.

    >>> free_labels(["$5", "Free", "$7.50", "$12"]), free_labels(["Free", "Free"])
    (('Free',), ())
    """
    labels = [text for text in texts if text.casefold() in _FREE | _NEW]
    return tuple(sorted({*labels})) if len(labels) <= _MOST_FREE * len(texts) else ()


def means_free(words: Sequence[str], unit: str | None, lead: str) -> bool:
    """Return whether words mean 0 beside numbers with this unit and lead: prices, or ages of houses."""
    return lead == "築" if _NEW.issuperset(words) else unit in CURRENCIES and _NEW.isdisjoint(words)


def words_for_missing(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the few words of a column whose other values are all amounts; () if they are many.

    A letter alone may be a category, unless amounts have a mark; and some words are numbers.

    >>> prices = [f"{euros}.99" for euros in range(12)]
    >>> words_for_missing([*prices, "Out of stock"]), words_for_missing([*prices, "free"])
    (('Out of stock',), ())
    >>> words_for_missing([*map(str, range(12)), "K"]), words_for_missing(["4", "6", "rotary"])
    ((), ())
    """
    counts = Counter(texts)
    words = tuple(sorted(text for text in counts if not _DIGIT.search(text) or _NO_AMOUNT.fullmatch(text)))
    n_words, n_amounts = sum(counts[word] for word in words), len(counts) - len(words)
    if (
        not 0 < len(words) <= _MOST_WORDS
        or n_amounts < _FEWEST_AMOUNTS
        or n_words > _MOST_MISSING * len(texts)
    ):
        return ()
    are_marked = any(_MARKED.search(text) for text in counts)
    is_plain = all(
        (_WORD.fullmatch(word) or _NO_AMOUNT.fullmatch(word))
        and word.casefold() not in _NUMBERS
        and (len(word) > 1 or not word.isalpha() or are_marked)
        for word in words
    )
    return words if is_plain else ()


def without_words(texts: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the words before and after all numbers, and the texts without them; first only those before.

    >>> list(without_words(["7.2 x10^9/L", "4.5 x10^9/L", "12 x10^9/L"]))
    [('', 'x10^9/L', ['7.2', '4.5', '12'])]
    >>> list(without_words(["pH 6.5", "pH 7.1", "pH 7"])), list(without_words(["NU206", "NU207", "NU311"]))
    ([('pH', '', ['6.5', '7.1', '7'])], [])
    """
    if len(texts) < _FEWEST:
        return
    if all(map(_BRACKETED.fullmatch, texts)):  # counts: not all numbers can be negative
        yield "(", ")", [text[1:-1] for text in texts]
    lead = _lead(texts)
    rest = [text.removeprefix(lead).lstrip() for text in texts]
    if not lead and any(map(_MAYBE_ABOUT.match, texts)):
        lead, rest = ABOUT, [_MAYBE_ABOUT.sub("", text) for text in texts]
    if lead:
        yield lead, "", rest
    if tail := _tail(rest, is_counted=bool(lead)):
        yield lead, tail, [text.removesuffix(tail).rstrip() for text in rest]


def without_label(texts: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the words ahead of all texts, then with those behind all; and the texts without them.

    >>> list(without_label(["goal of $5 set", "goal of $7 set", "goal of $12 set"]))[1]
    ('goal of', 'set', ['$5', '$7', '$12'])
    """
    label = _LABEL.match(_common_prefix(texts)) if len(texts) >= _FEWEST else None
    if label is None:
        return
    lead = label[0].rstrip()
    rest = [text.removeprefix(lead).lstrip() for text in texts]
    yield lead, "", rest
    if tail := _tail(rest, is_counted=True):
        yield lead, tail, [text.removesuffix(tail).rstrip() for text in rest]


def _lead(texts: Sequence[str]) -> str:
    leading = re.match(r"[^\d+\u2212\u2013(-]*", _common_prefix(texts))
    lead = "" if leading is None else leading[0].rstrip()
    is_unseen = bool(lead) and all(unicodedata.category(letter) == "Cf" for letter in lead)
    is_ideographic = 0 < len(lead) <= 4 and all("\u4e00" <= letter <= "\u9fff" for letter in lead)
    return lead if is_unseen or is_ideographic or lead.casefold() in _ABOUT else ""


def _tail(texts: Sequence[str], *, is_counted: bool) -> str:
    common = _common_prefix([text[::-1] for text in texts])[::-1]
    tail = re.sub(r"^[\d.,\s€$£¥₽₪]+", "", common)
    is_size = len(tail) == 1 and tail.isascii()  # 5S, 38E
    if not re.search(r"[^\W\d_]", tail) or is_size or len(tail) > _LONGEST_WORDS or "; " in tail:
        return ""
    if _NO_TAIL.fullmatch(tail) and not (is_counted and len(tail) == 1):
        return ""
    ends = {text.removesuffix(tail)[-1:] for text in texts}
    return "" if any(not end or (end.isalpha() and end < "\u2e80") for end in ends) else tail


def _common_prefix(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    first, last = min(texts), max(texts)
    n_same = next(
        (at for at, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), len(first)
    )
    return first[: min(n_same, len(last))]
