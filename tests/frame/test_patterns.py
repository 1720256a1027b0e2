"""Python's patterns in Rust's words find the same, or are not told at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from litmus_core.frame._layouts import polars_texts, regex_translation
from litmus_core.frame._operations.registry import OPERATIONS
from tests.cases import examples


@cache
def letters() -> list[str]:
    """Every letter that this Python knows; what came later to Unicode goes to Python, row by row."""
    return [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]


@cache
def column() -> pl.DataFrame:
    return pl.DataFrame({"v": pl.Series(letters())})


def of_letters(meaning: Callable[..., Any], **settings: Any) -> list[Any]:
    return column().select(meaning(pl.col("v"), **settings)).to_series().to_list()


def by_python(name: str, **settings: Any) -> list[Any]:
    operation = OPERATIONS[name]
    return list(operation.columns(letters(), **operation.bind(**settings)))


@pytest.mark.parametrize(
    ("name", "around"),
    [
        ("lower", {}), ("strip punctuation", {}), ("collapse blanks", {}), ("words", {}), ("digits", {}),
        ("capitals", {}), ("length", {}), ("strip", {"symbols": None}),
        *((kind, {}) for kind in polars_texts.IS_KINDS),
        *(
            ("matches", {"kind": "contains", "pattern": pattern, "flags": flags})
            for pattern, flags in [
                (r"\w", 0), (r"\W", 0), (r"\d", 0), (r"\s", 0), (r"[^\w\s]", 0), (".", 0), (".", re.DOTALL),
                ("[a-z]", re.IGNORECASE), ("[^i-k]", re.IGNORECASE),
            ]
        ),
    ],
)  # fmt: skip
def test_every_letter_of_unicode_is_what_python_says(name: str, around: dict[str, Any]) -> None:
    meaning = OPERATIONS[name].polars
    assert meaning is not None

    differ = [
        hex(ord(letter))
        for letter, got, expected in zip(
            letters(), of_letters(meaning, **around), by_python(name, **around), strict=True
        )
        if got != expected
    ]

    assert differ == []


def test_what_is_odd_is_what_unicode_has_not_assigned() -> None:
    known = column().select(pl.col("v").str.contains(regex_translation.ODD)).to_series()
    unknown = pl.Series(["\U0001fae9", "\ufdd0", "\u0378"]).str.contains(regex_translation.ODD)

    assert not known.any()
    assert unknown.to_list() == [True, False, True]
    assert [regex_translation.has_unknown_letters(text) for text in ("é", "\u0378", "a\ud800")] == [
        False,
        True,
        True,
    ]


# Of the letters from U+3000 on, which are mostly alike, every eleventh; all of them in make test-all.
SOME_OR_ALL = pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.exhaustive)])
_FIRST = 0x3000


@SOME_OR_ALL
@pytest.mark.parametrize("around", ["{}Σ", "a{}Σ", "aΣ{}", "aΣ{}a"])
def test_a_capital_sigma_is_lowered_by_what_stands_around_it(around: str, step: int) -> None:
    first = [letter for letter in letters() if ord(letter) < _FIRST]
    texts = [around.replace("{}", letter) for letter in (*first, *letters()[len(first) :: step])]

    assert pl.Series(texts).str.to_lowercase().to_list() == [text.lower() for text in texts]


_CLASSES = ["[a-c]", "[^ab]", r"[\w-]", r"[^\w\s]", r"[\s,]", "[^\n]", r"[\W\d]", "[é-ü]", "[.]"]
_ATOMS = st.sampled_from(
    ["a", "b", "k", "S", "i", "1", " ", "-", "é", r"\.", ".", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S",
     "\n", *_CLASSES]
)  # fmt: skip
_COUNTS = st.sampled_from(["", "", "", "+", "*", "?", "{2}", "{1,2}", "+?", "*?", "??"])
_PIECES = st.recursive(
    st.tuples(_ATOMS, _COUNTS).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner, _COUNTS).map(lambda given: f"(?:{given[0]}|{given[1]}){given[2]}"),
        st.tuples(inner, _COUNTS).map(lambda given: f"({given[0]}){given[1]}"),
    ),
    max_leaves=5,
)
PATTERNS = st.tuples(
    st.sampled_from(["", "", "", "^", r"\A"]), _PIECES, st.sampled_from(["", "", r"\Z"])
).map("".join)
FLAGS = st.sampled_from([0, 0, re.IGNORECASE, re.DOTALL])
TEXTS = st.lists(
    st.text(st.sampled_from("aAbkKsSiI1²é\n -.,_\u212a\u017f\u0130\u0131\u1680\x1c漢\u0301ü"), max_size=9),
    min_size=1,
    max_size=6,
)


def told_and_meant(name: str, texts: list[str], **settings: Any) -> tuple[list[Any], list[Any]] | None:
    """Return what Polars and what Python make of texts; None where Polars is not asked."""
    operation = OPERATIONS[name]
    assert operation.polars is not None
    expression = operation.polars(pl.col("v"), **settings)
    if expression is None:
        return None
    got = pl.DataFrame({"v": texts}).select(expression).to_series().to_list()
    return got, list(operation.columns(texts, **operation.bind(**settings)))


# All that is a letter, a digit or a mark, and room for those of coming Unicodes; behind them is nothing.
_LETTERS = (*range(0x34000), *range(0xE0000, 0xE1000))


@SOME_OR_ALL
@pytest.mark.parametrize("around", ["", "é", "a1", "\ud800"])
def test_letters_are_stripped_and_counted_as_python_does(around: str, step: int) -> None:
    strip, count = (
        OPERATIONS["strip punctuation"].bind()["change"],
        OPERATIONS["count pattern"].bind(pattern=r"\d", flags=0)["measure"],
    )
    mark, digit = re.compile(r"[^\w\s]"), re.compile(r"\d")
    texts = [around + letter for letter in map(chr, (*range(_FIRST), *_LETTERS[_FIRST::step]))]

    assert [each for each in texts if strip(each) != mark.sub("", each)] == []
    assert [each for each in texts if count(each) != len(digit.findall(each))] == []


@settings(max_examples=examples(300), deadline=None)
@given(PATTERNS, FLAGS, TEXTS)
def test_patterns_find_what_python_finds(pattern: str, flags: int, texts: list[str]) -> None:
    groups = re.compile(pattern, flags).groups
    asked: list[tuple[str, dict[str, Any]]] = [
        ("matches", {"kind": "contains", "pattern": pattern, "flags": flags}),
        ("matches", {"kind": "fullmatch", "pattern": pattern, "flags": flags}),
        ("matches", {"kind": "match", "pattern": pattern, "flags": flags}),
        ("count pattern", {"pattern": pattern, "flags": flags}),
        ("replace", {"pattern": pattern, "by": "<$0>", "regex": True, "flags": flags, "most": -1}),
    ]
    if groups:
        by = r"[\1$]"
        asked += [
            ("replace", {"pattern": pattern, "by": by, "regex": True, "flags": flags, "most": -1}),
            ("extract", {"pattern": pattern, "flags": flags, "group": groups}),
        ]
    both = [(name, told_and_meant(name, texts, **around)) for name, around in asked]
    assume(any(each is not None for _, each in both))

    for name, each in both:
        assert each is None or each[0] == each[1], name


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (r"\bred\b", 0), (r"(?=a)b", 0), (r"(?<!a)b", 0), (r"(a)\1", 0), ("é", re.IGNORECASE), ("a$", 0),
        (r"\w", re.ASCII), ("^a", re.MULTILINE), ("(?i:a)b", 0), ("(?:a*)+", 0), ("(?>a)", 0), ("a\ud800", 0),
        ("a++", 0),
    ],
)  # fmt: skip
def test_what_has_no_words_is_not_told(pattern: str, flags: int) -> None:
    assert regex_translation.python_pattern(pattern, flags) is None


@pytest.mark.parametrize(
    ("by", "told"),
    [("$1", "$$1"), (r"<\1>\g<word>", "<${1}>${1}"), (r"\n", None), (r"\10", None), (r"\g<0>$", "${0}$$")],
)
def test_what_a_match_is_replaced_by_is_told(by: str, told: str | None) -> None:
    assert regex_translation.python_template(by, "(?P<word>a)", 0) == told


def test_a_pattern_that_is_too_large_for_polars_goes_to_python() -> None:
    settings = {"kind": "contains", "pattern": r"(?:\w{1000}){1000}", "flags": 0}

    assert told_and_meant("matches", ["a"], **settings) is None
