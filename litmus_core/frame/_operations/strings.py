"""Text operations for custom pre-processing, as in pandas' ``.str``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import filterfalse
from typing import Any

import numpy as np

from litmus_core.frame._layouts import polars_texts
from litmus_core.frame._operations.operation import Operation
from litmus_core.frame._operations.text import DIGITS, counter, measuring, rewriting
from litmus_core.frame._values.number_parsing import TEXT_AS_NUMBER, parse_float

_Change = Callable[[str], str | None]


def _stripper(method: str) -> Operation:
    strip = getattr(str, method)
    return rewriting(
        method,
        lambda symbols: strip if symbols is None else lambda text: strip(text, symbols),
        lambda texts, symbols: getattr(texts.str, method)(symbols),
        polars_texts.stripper(method),
    )


def _replace(*, pattern: str, by: str, regex: bool, flags: int, most: int) -> _Change:
    if not regex and not flags:
        return lambda text: text.replace(pattern, by, most)
    sub = re.compile(pattern if regex else re.escape(pattern), flags).sub
    count = max(0, most)
    return lambda text: sub(by, text, count=count)


def _pandas_replace(texts: Any, *, pattern: str, by: str, regex: bool, flags: int, most: int) -> Any:
    return texts.str.replace(pattern, by, n=most, regex=regex, flags=flags)


_WORDS = re.compile(r"(\W+)")


def _cut_words(*, words: tuple[str, ...]) -> _Change:
    split, unwanted = _WORDS.split, frozenset(words)
    return lambda text: "".join([word for word in split(text) if word not in unwanted])


def _pandas_cut_words(texts: Any, *, words: tuple[str, ...]) -> Any:
    return texts.str.replace(rf"\b(?:{'|'.join(words)})\b", "", regex=True)


def _without(*, words: tuple[str, ...]) -> _Change:
    is_listed = frozenset(words).__contains__
    return lambda text: " ".join(filterfalse(is_listed, text.split()))


def _count_pattern(*, pattern: str, flags: int) -> Callable[[str], float]:
    if (pattern, flags) == (r"\d", 0):
        return counter(DIGITS, str.isdecimal)
    find = re.compile(pattern, flags).findall
    return lambda text: len(find(text))


def _letter(*, at: int) -> _Change:
    return lambda text: text[at] if -len(text) <= at < len(text) else None


def _splitter(*, between: str | None, most: int, regex: bool) -> Callable[[str], list[Any]]:
    if between is None or not regex:
        return lambda text: text.split(between, most)
    split, count = re.compile(between).split, max(0, most)
    return lambda text: split(text, maxsplit=count)


def _part(*, at: int, **how: Any) -> _Change:
    split = _splitter(**how)

    def part(text: str) -> str | None:
        parts = split(text)
        return parts[at] if -len(parts) <= at < len(parts) else None

    return part


def _n_parts(**how: Any) -> Callable[[str], float]:
    split = _splitter(**how)
    return lambda text: len(split(text))


def _pandas_split(texts: Any, *, between: str | None, most: int, regex: bool) -> Any:
    return texts.str.split(between, n=most, regex=None if between is None else regex)


def _extract(*, pattern: str, flags: int, group: int) -> _Change:
    search = re.compile(pattern, flags).search

    def extract(text: str) -> str | None:
        match = search(text)
        return None if match is None else match.group(group)

    return extract


def _pandas_extract(texts: Any, *, pattern: str, flags: int, group: int) -> Any:
    return texts.str.extract(pattern, flags=flags, expand=True).iloc[:, group - 1]


# Ways to match a pattern, by pandas' name.
_LOOKS: Mapping[str, Callable[[Any], Callable[[str], Any]]] = {
    "contains": lambda pattern: pattern.search,
    "match": lambda pattern: pattern.match,
    "fullmatch": lambda pattern: pattern.fullmatch,
}


def _matches(*, kind: str, pattern: str, flags: int) -> Callable[[str], float]:
    match = _LOOKS[kind](re.compile(pattern, flags))
    return lambda text: match(text) is not None


def _pandas_matches(texts: Any, *, kind: str, pattern: str, flags: int) -> Any:
    return getattr(texts.str, kind)(pattern, flags=flags).astype("float64")


def _begins(*, words: tuple[str, ...]) -> Callable[[str], float]:
    return lambda text: text.startswith(words)


def _ends(*, words: tuple[str, ...]) -> Callable[[str], float]:
    return lambda text: text.endswith(words)


# pandas' tests of all letters of a text.
IS_KINDS = (
    "isalnum",
    "isalpha",
    "isdecimal",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
)
METHODS = ("capitalize", "casefold", "swapcase", "title", "upper")
PADS: Mapping[str, Callable[[str, int, str], str]] = {
    "left": str.rjust,
    "right": str.ljust,
    "both": str.center,
}


def _padding(*, width: int, side: str, fill: str) -> _Change:
    pad = PADS[side]
    return lambda text: pad(text, width, fill)


def _same_texts(left: Any, right: Any) -> Any:
    return np.array(
        [one is not None and one == other for one, other in zip(left, right, strict=True)], dtype=bool
    )


WORDING_OPERATIONS = (
    *(
        rewriting(
            name,
            lambda name=name: getattr(str, name),
            lambda texts, name=name: getattr(texts.str, name)(),
        )
        for name in METHODS
    ),
    *(
        measuring(
            name,
            lambda name=name: getattr(str, name),
            lambda texts, name=name: getattr(texts.str, name)().astype("float64"),
            polars_texts.IS_KINDS.get(name),
        )
        for name in IS_KINDS
    ),
    *(_stripper(method) for method in ("strip", "lstrip", "rstrip")),
    rewriting("replace", _replace, _pandas_replace, polars_texts.replace),
    rewriting("cut words", _cut_words, _pandas_cut_words, polars_texts.cut_words),
    rewriting(
        "drop words",
        _without,
        lambda texts, words: texts.map(_without(words=words), na_action="ignore").astype(object),
        polars_texts.drop_words,
    ),
    rewriting(
        "slice",
        lambda start, stop, step: lambda text: text[start:stop:step],
        lambda texts, start, stop, step: texts.str.slice(start, stop, step),
        polars_texts.sliced,
    ),
    rewriting("letter", _letter, lambda texts, at: texts.str.get(at), polars_texts.letter),
    rewriting(
        "zero fill",
        lambda width: lambda text: text.zfill(width),
        lambda texts, width: texts.str.zfill(width),
    ),
    rewriting(
        "pad",
        _padding,
        lambda texts, width, side, fill: texts.str.pad(width, side=side, fillchar=fill),
    ),
    rewriting(
        "repeat", lambda times: lambda text: text * times, lambda texts, times: texts.str.repeat(times)
    ),
    rewriting(
        "without prefix",
        lambda word: lambda text: text.removeprefix(word),
        lambda texts, word: texts.str.removeprefix(word),
    ),
    rewriting(
        "without suffix",
        lambda word: lambda text: text.removesuffix(word),
        lambda texts, word: texts.str.removesuffix(word),
    ),
    rewriting(
        "normalize",
        lambda form: lambda text: unicodedata.normalize(form, text),
        lambda texts, form: texts.str.normalize(form),
    ),
    rewriting(
        "part",
        _part,
        lambda texts, at, **how: _pandas_split(texts, **how).str.get(at),
        polars_texts.part,
    ),
    rewriting("extract", _extract, _pandas_extract, polars_texts.extract),
    rewriting(
        "surround",
        lambda prefix, suffix: lambda text: prefix + text + suffix,
        lambda texts, prefix, suffix: prefix + texts + suffix,
        polars_texts.surround,
    ),
    measuring(
        "parts",
        _n_parts,
        lambda texts, **how: _pandas_split(texts, **how).str.len().astype("float64"),
        polars_texts.n_parts,
    ),
    measuring("matches", _matches, _pandas_matches, polars_texts.matches),
    measuring(
        "begins",
        _begins,
        lambda texts, words: texts.str.startswith(words).astype("float64"),
        polars_texts.begins,
    ),
    measuring(
        "ends", _ends, lambda texts, words: texts.str.endswith(words).astype("float64"), polars_texts.ends
    ),
    measuring(
        "count pattern",
        _count_pattern,
        lambda texts, pattern, flags: texts.str.count(pattern, flags).astype("float64"),
        polars_texts.count_pattern,
    ),
    measuring(
        "find",
        lambda word, start, stop: lambda text: text.find(word, start, stop),
        lambda texts, word, start, stop: texts.str.find(word, start, stop).astype("float64"),
    ),
    measuring(
        "find last",
        lambda word, start, stop: lambda text: text.rfind(word, start, stop),
        lambda texts, word, start, stop: texts.str.rfind(word, start, stop).astype("float64"),
    ),
    measuring(TEXT_AS_NUMBER, lambda: parse_float, lambda texts: texts.astype("float64")),
    Operation(
        name="text equal",
        input_types=("text",),
        gives="flag",
        record="{0} == {value}",
        columns=lambda texts, value: np.array([text == value for text in texts], dtype=bool),
        pandas=lambda texts, value: texts == value,
        polars=lambda texts, value: (texts == value).fill_null(False),
    ),
    Operation(
        name="texts equal",
        input_types=("text", "text"),
        gives="flag",
        record="{0} is not None and {0} == {1}",
        columns=_same_texts,
        pandas=lambda left, right: left == right,
        polars=lambda left, right: (left == right).fill_null(False),
    ),
)
