"""The text kernel gives exactly what Python gives, for every letter."""

# ruff: noqa: RUF001 - letters that look like others are what is tested

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.frame._graph import Graph, GraphNode, apply, source
from litmus_core.frame._kernel import Chain, _chain, _machine, compile_chain
from litmus_core.frame._kernel._bytes_ops import LETTER, N_LETTERS, NOT_IN_TABLE
from litmus_core.frame._kernel._letters import CHANGES as CHANGING
from litmus_core.frame._kernel._letters import table_of
from litmus_core.frame._layouts.layouts import ColumnsLayout, PandasLayout
from tests.cases import examples
from tests.frame.nasty import _WORDS

TITLE, ABOUT = source("title", "text"), source("about", "text")
STOP = ("the", "a", "strasse", "café", "longer-than-seven", "brother-than-seven", "²", "i̇", "")
WORDS = st.one_of(
    _WORDS,
    st.sampled_from(
        ["The", "THE,", "a", "café", "ΟΔΟΣ", "Σ", "İstanbul", "x²", "\u3000", "\x1c", "\x85", "ß", "x_1"]
    ),
    st.sampled_from(
        ["longer-than-seven", "brother-than-seven", "!!", "a\u0301", "𝔄", "𠀀", "𐐀", "٣", "K", "Ⱥ"]
    ),
)
TEXT = st.none() | st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=12)
ROWS = st.lists(st.tuples(TEXT, TEXT), max_size=6)
CHANGES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "lower": st.just({}),
    "upper": st.just({}),
    "strip punctuation": st.just({}),
    "collapse blanks": st.just({}),
    "drop words": st.just({"words": STOP}),
    "cut words": st.just({"words": tuple(each for each in STOP if each.isalnum())}),
    "slice": st.builds(
        lambda start, stop: {"start": start, "stop": stop, "step": None},
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 99) | st.just(2**70),
    ),
    "fill text": st.sampled_from([{"value": "none"}, {"value": "é"}, {"value": ""}]),
}
MEASURES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("length", {}),
    ("words", {}),
    ("digits", {}),
    ("capitals", {}),
    ("count pattern", {"pattern": r"\d", "flags": 0}),
    *(("count", {"symbol": symbol}) for symbol in ("", "e", "!", "é", "ee", "the ")),
)
KNOWN = (*STOP, "The", "red", "\ud800", "a longer text that is known whole")
MANY = tuple(map(str, range(10_001)))
LOOKUPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("text to number", {"table": tuple((text, at / 3) for at, text in enumerate(KNOWN))}),
    ("text to number", {"table": (("a", 1), ("", math.inf), ("a", -0.0), (3.0, 4.0))}),
    ("code", {"vocabulary": KNOWN}),
    ("code", {"vocabulary": ()}),
    ("text is in", {"values": KNOWN}),
    ("text equal", {"value": "é"}),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return a graph of up to nine changes of two columns, with all measures of one of its texts."""
    texts: list[GraphNode] = [TITLE, ABOUT]
    for name in draw(st.lists(st.sampled_from([*CHANGES, "join"]), max_size=9)):
        of = draw(st.sampled_from(texts[-2:]))
        if name == "join":
            other = draw(st.sampled_from(texts))
            texts.append(apply(name, of, other, between=draw(st.sampled_from(["", " ", ", ", "–"]))))
        else:
            texts.append(apply(name, of, **draw(CHANGES[name])))
    measured = draw(st.sampled_from(texts))
    outputs = [texts[-1], *(apply(name, measured, **how) for name, how in (*MEASURES, *LOOKUPS))]
    return Graph.of([TITLE, ABOUT], [*outputs, draw(st.sampled_from(texts))])


def of(*outputs: GraphNode) -> Graph:
    return Graph.of([TITLE, ABOUT], outputs)


def columns(rows: Sequence[tuple[str | None, str | None]]) -> dict[str, Any]:
    return {"title": [row[0] for row in rows], "about": [row[1] for row in rows]}


def arrays(titles: Sequence[str | None], abouts: Sequence[str | None] | None = None) -> dict[str, Any]:
    both = {"title": titles, "about": titles if abouts is None else abouts}
    return {name: pa.array(each, pa.large_string()) for name, each in both.items()}


def readers() -> dict[str, Callable[[Any], Any]]:
    return {"title": lambda raw: raw, "about": lambda raw: raw}


def plain(values: Any) -> list[Any]:
    """Return a column as a list in which None and NaN are one."""
    listed = values.to_pylist() if isinstance(values, pa.Array) else list(values)
    return [None if each is None or each != each else each for each in listed]


def by_python(graph: Graph, table: dict[str, Any]) -> list[list[Any]]:
    return [plain(each) for each in ColumnsLayout().compile(graph, readers())(table)]


def by_kernel(graph: Graph, table: dict[str, Any]) -> list[list[Any]]:
    return [plain(each) for each in compile_chain(graph).of_lists(table)]


def alone(chain: Chain) -> Chain:
    """Return the chain with no Python to go out to."""

    def refuse(rows: Any) -> Any:
        raise AssertionError(f"went out: {rows}")

    chain._python = refuse
    return chain


@settings(max_examples=examples(100))
@given(graphs(), ROWS)
def test_any_chain_gives_what_the_reference_gives(graph: Graph, rows: list[Any]) -> None:
    table = columns(rows)
    made = by_kernel(graph, table)

    assert made == by_python(graph, table)
    if rows:
        series = {name: pd.Series(each, dtype=object) for name, each in table.items()}
        assert made == [plain(each) for each in PandasLayout().compile(graph, readers())(series)]


# All letters that UTF-8 has, in texts of 256: side by side, and each between two others.
BLOCKS = [
    [chr(code) for code in range(first, first + 256)]
    for first in range(0, 0x110000, 256)
    if not 0xD800 <= first < 0xE000
]


@pytest.mark.parametrize(
    ("change", "untold"), [("lower", "İΣ"), ("strip punctuation", ""), ("collapse blanks", "")]
)
def test_every_letter_is_changed_as_python_changes_it(change: str, untold: str) -> None:
    texts = [
        between.join(letter for letter in block if letter not in untold)
        for block in BLOCKS
        if ord(block[0]) < N_LETTERS
        for between in ("", "a", " ", "É!")
    ]
    graph = of(apply(change, TITLE))
    [made] = alone(compile_chain(graph))(arrays(texts))

    assert made.to_pylist() == by_python(graph, {"title": texts, "about": texts})[0]


@pytest.mark.parametrize("change", CHANGING)
def test_ascii_is_told_and_stays_ascii(change: str) -> None:
    table = table_of((change,))[0][:128]

    assert not (table >> NOT_IN_TABLE & 1).any()
    assert ((table & LETTER) < 128).all()


@pytest.mark.parametrize("change", ["lower", "upper", "strip punctuation"])
def test_no_letter_becomes_a_blank(change: str) -> None:
    made = table_of((change,))[0] & LETTER

    assert [
        chr(code) for code in range(N_LETTERS) if chr(made[code]).isspace() and not chr(code).isspace()
    ] == []


@pytest.mark.parametrize("change", CHANGING)
def test_letters_that_no_table_tells_go_out_to_python(change: str) -> None:
    table, _ = table_of((change,))
    untold = [chr(code) for code in np.flatnonzero(table >> NOT_IN_TABLE & 1)]
    texts = [f"A {letter} b" for letter in [*untold, "𠀀", "\U000e0041", "\U0010ffff"]]
    graph = of(apply(change, TITLE))

    assert by_kernel(graph, {"title": texts, "about": texts}) == by_python(
        graph, {"title": texts, "about": texts}
    )
    assert change == "upper" or "".join(untold) == {"lower": "İΣ"}.get(change, "")


def test_every_letter_is_counted_as_python_counts_it() -> None:
    texts = [between.join(block) for block in BLOCKS for between in ("", " ")]
    graph = of(*(apply(name, TITLE, **how) for name, how in (*MEASURES, *LOOKUPS)))
    made = alone(compile_chain(graph))(arrays(texts))

    assert list(map(plain, made)) == by_python(graph, {"title": texts, "about": texts})


@pytest.mark.parametrize("of_what", [TITLE, apply("strip punctuation", TITLE)])
def test_every_letter_ends_words_as_python_has_it(of_what: GraphNode) -> None:
    told = [block for block in BLOCKS if ord(block[0]) < N_LETTERS]
    texts = [f"{mark}the".join(block) for block in told for mark in ("", " ")]
    drop, cut = (apply(name, of_what, words=("the", "athe")) for name in ("drop words", "cut words"))
    graph = of(drop, cut)
    made = alone(compile_chain(graph))(arrays(texts))

    assert list(map(plain, made)) == by_python(graph, {"title": texts, "about": texts})


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        ("ΟΔΟΣ", "οδος"),
        ("ΣΑΣ ΣΑΣ", "σας σας"),
        ("Σ", "σ"),
        ("Α.Σ.", "α.ς."),
        ("İİ", "i̇i̇"),
        ("ΑΣ\u0301", "ας\u0301"),
    ],
)
def test_letters_that_look_at_their_neighbours_are_pythons(text: str, lower: str) -> None:
    table = {"title": [text, "x"], "about": ["x", text]}

    assert by_kernel(of(apply("lower", TITLE)), table) == [[lower, "x"]]


@pytest.mark.parametrize("titles", [[], [None], [""], ["Red"], [None, "é"], ["", None], [None, None]])
def test_no_rows_one_and_two_missing_and_empty(titles: list[str | None]) -> None:
    graph = of(apply("lower", TITLE), apply("fill text", TITLE, value="-"), apply("words", ABOUT), TITLE)
    table = {"title": titles, "about": titles}

    assert by_kernel(graph, table) == by_python(graph, table)


def test_texts_of_a_megabyte_beside_short_ones() -> None:
    texts = ["É Ⱥ-the " * 130_000, "x", None, "The, end " * 130_000]
    clean = apply("collapse blanks", apply("strip punctuation", apply("lower", TITLE)))
    both = apply("join", apply("drop words", clean, words=("the",)), ABOUT, between=" ")
    graph = of(both, apply("slice", both, start=2, stop=500_000, step=1), apply("length", both))
    table = {"title": texts, "about": texts}

    assert by_kernel(graph, table) == by_python(graph, table)


def test_lone_surrogates_send_the_batch_to_python() -> None:
    table = {"title": ["\ud800 A", "B"], "about": ["C", None]}
    graph = of(apply("join", apply("lower", TITLE), ABOUT, between=" "), apply("length", TITLE))

    assert by_kernel(graph, table) == [["\ud800 a C", None], [3.0, 1.0]]


def test_only_rows_that_the_tables_cannot_tell_go_out() -> None:
    seen: list[Any] = []
    chain = compile_chain(of(apply("lower", TITLE), apply("length", TITLE)))
    python = chain._python
    chain._python = lambda rows: seen.append(rows) or python(rows)
    made = chain(arrays(["A", "ΑΣ", None, "É"]))

    assert seen == [{"title": ["ΑΣ"], "about": ["ΑΣ"]}]
    assert list(map(plain, made)) == [["a", "ας", None, "é"], [1.0, 2.0, None, 1.0]]


@pytest.mark.parametrize(
    "shape",
    [
        lambda array: array.slice(2, 3),
        lambda array: pa.chunked_array([array.slice(0, 1), array.slice(1, 0), array.slice(1)]),
        lambda array: array.cast(pa.string()),
        lambda array: array.cast(pa.string()).slice(1, 4),
        lambda array: array.cast(pa.string_view()),
        lambda array: pa.nulls(3),
    ],
)
def test_strings_come_in_any_of_arrows_forms(shape: Callable[[Any], Any]) -> None:
    array = shape(pa.array(["Ab", None, "", "ΑΣ", "Éx y", "z"], pa.large_string()))
    graph = of(apply("lower", TITLE), apply("words", ABOUT))
    made = compile_chain(graph)({"title": array, "about": array})

    assert list(map(plain, made)) == by_python(graph, dict.fromkeys(("title", "about"), array.to_pylist()))


def test_many_words_are_known_apart() -> None:
    known = [f"{first}{at}seventh" for at in range(300) for first in "ab"]
    texts = [f"{word} c{word} {word[1:]} {word}" for word in known]
    graph = of(apply("drop words", TITLE, words=tuple(known[::3])))

    assert by_kernel(graph, {"title": texts, "about": texts}) == by_python(
        graph, {"title": texts, "about": texts}
    )


def test_the_machine_read_by_python_is_the_machine_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        "The BOX,",
        "the",
        "É",
        "\u3000",
        " a-b ",
        "\x1c",
        "longer-than-seven",
        "𐐀",
        "1",
        "²!",
        "ΑΣ",
        "xx",
    ]
    rows = [(" ".join(words[at:]), "–".join(words[: 12 - at])) for at in range(12)] + [
        (None, "x"),
        ("", None),
    ]
    clean = apply("collapse blanks", apply("strip punctuation", apply("lower", TITLE)))
    drop = apply("drop words", apply("join", clean, ABOUT, between=" – "), words=STOP)
    cut = apply("cut words", apply("fill text", TITLE, value="é"), words=("the", "É", "longer"))
    texts = [drop, apply("drop words", clean, words=STOP), cut, apply("slice", cut, start=1, stop=30, step=1)]
    told = (*MEASURES, *LOOKUPS)
    graph = of(*texts, *(apply(name, each, **how) for name, how in told for each in (drop, clean, ABOUT)))
    expected = by_kernel(graph, columns(rows))
    chain = compile_chain(graph)
    chain._run = lambda _, *rest: _machine.run(memoryview(chain._code), *rest)
    monkeypatch.setattr(_chain, "_addresses", lambda buffers: list(map(memoryview, buffers)))

    assert list(map(plain, chain.of_lists(columns(rows)))) == expected


def test_each_of_many_texts_is_looked_up_and_no_other() -> None:
    known = [
        f"{first}{at}" for at in range(700) for first in ("", "brand ", "a much longer brand's name ", "漢")
    ]
    texts = [each + end for each in known for end in ("", "0", "\0", " ")]
    graph = of(apply("code", TITLE, vocabulary=tuple(known)), apply("text is in", TITLE, values=tuple(known)))
    made = alone(compile_chain(graph))(arrays(texts))

    assert list(map(plain, made)) == by_python(graph, {"title": texts, "about": texts})
    assert [each.dtype for each in made] == [np.int32, np.bool_]


def test_a_table_may_have_something_for_a_missing_text() -> None:
    found = apply("text to number", TITLE, table=((None, 2.5), ("a", 1.0)))
    graph = of(found, apply("text is in", TITLE, values=("a", None)))
    made = by_kernel(graph, {"title": ["a", None, ""], "about": ["", "", ""]})

    assert made == [[1.0, 2.5, None], [True, True, False]]


@pytest.mark.parametrize("name", ["drop words", "cut words"])
def test_words_that_begin_alike_are_known_apart(name: str) -> None:
    texts = ["seven77", "seven77a", "seven77b", "seven77ab", "seven7", "Éven77a", "Éven77b"]
    graph = of(apply(name, TITLE, words=("seven77a", "Éven77b")))
    kept = ["seven77", "", "seven77b", "seven77ab", "seven7", "Éven77a", ""]

    assert by_kernel(graph, {"title": texts, "about": texts}) == [kept]


def test_several_threads_share_a_chain() -> None:
    texts = [f"The Box, {at} ΑΣ é" for at in range(500)]
    clean = apply("strip punctuation", apply("lower", TITLE))
    graph = of(clean, apply("words", clean))
    chain, expected = compile_chain(graph), by_python(graph, {"title": texts, "about": texts})
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: list(map(plain, chain(arrays(texts)))), range(16)))

    assert found == [expected] * 16
