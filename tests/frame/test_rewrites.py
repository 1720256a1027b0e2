"""Fewer steps, the same values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.frame import Graph
from litmus_core.frame._graph import GraphNode, apply, source
from litmus_core.frame._layouts.layouts import ColumnsLayout
from litmus_core.frame._rewrites import rewritten
from tests.cases import examples

TITLE, ABOUT = source("title", "text"), source("about", "text")
STOP = ("the", "a", "é")
TEXTS = st.lists(
    st.none() | st.text(st.sampled_from("aAthe é²ΣİI.,'-_ \n\x1c\u0301\u00ad1"), max_size=10)
    | st.sampled_from(["the a", "The, é!", "²the", "ΑΣ", "Σ", " the  the "]),
    min_size=4, max_size=4,
)  # fmt: skip


def cleaned(texts: GraphNode, *steps: str) -> GraphNode:
    for step in steps:
        texts = apply(step, texts)
    return texts


def names(graph: Graph) -> list[str]:
    return [step.operation.name for step in graph.steps]


def of(graph: Graph, titles: list[Any], abouts: list[Any]) -> tuple[Any, ...]:
    readers = dict.fromkeys(("title", "about"), lambda raw: raw)
    made = ColumnsLayout().compile(graph, readers)({"title": titles, "about": abouts})
    return tuple(each if isinstance(each, list) else [repr(value) for value in each] for each in made)


CHANGES = st.lists(st.sampled_from(["lower", "strip punctuation", "collapse blanks", "upper"]), max_size=4)


@settings(max_examples=examples(200))
@given(
    CHANGES, CHANGES, CHANGES, st.sampled_from([" ", "", "  ", "-", "a", "\n"]),
    st.sampled_from(["cut words", "drop words"]), st.booleans(), TEXTS, TEXTS,
)  # fmt: skip
def test_a_rewritten_graph_gives_the_same(
    left: list[str], right: list[str], after: list[str], between: str, how: str, alone: bool, titles: Any,
    abouts: Any,
) -> None:  # fmt: skip
    one, other = cleaned(TITLE, *left), cleaned(ABOUT, *right)
    joined = apply("join", apply("surround", one, prefix="", suffix=between), other, between="")
    last = cleaned(apply(how, cleaned(joined, *after), words=STOP), "collapse blanks")
    graph = Graph.of([TITLE, ABOUT], [last, apply("words", last), *([joined, one] if alone else [])])

    assert of(rewritten(graph), titles, abouts) == of(graph, titles, abouts)


def test_two_texts_that_are_cleaned_and_joined_are_joined_and_cleaned_once() -> None:
    steps = ("lower", "strip punctuation", "collapse blanks")
    joined = apply("join", cleaned(TITLE, *steps), cleaned(ABOUT, *steps), between=" ")
    cut = cleaned(apply("cut words", joined, words=STOP), "collapse blanks")

    assert names(rewritten(Graph.of([TITLE, ABOUT], [cut]))) == [
        "join", "lower", "strip punctuation", "drop words",
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["strip punctuation", "collapse blanks"])
def test_what_is_wanted_for_itself_is_not_computed_twice(step: str) -> None:
    one = cleaned(TITLE, "strip punctuation", "collapse blanks")
    joined = apply("join", one, cleaned(ABOUT, step), between=" ")
    graph = Graph.of([TITLE, ABOUT], [one, apply("drop words", joined, words=STOP)])

    assert len(rewritten(graph).steps) <= len(graph.steps)
    assert names(rewritten(graph)).count("strip punctuation") == names(graph).count("strip punctuation")


def test_words_are_cut_where_other_letters_may_stand_beside_them() -> None:
    cut = cleaned(apply("cut words", apply("lower", TITLE), words=STOP), "collapse blanks")

    assert names(rewritten(Graph.of([TITLE], [cut]))) == ["lower", "cut words", "collapse blanks"]
