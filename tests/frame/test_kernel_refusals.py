"""What the text kernel cannot run is refused by name, with or without a compiler."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest

from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.frame._graph import Graph, GraphNode, apply, source
from litmus_core.frame._kernel import _compiler, can, compile_chain, why_not
from tests.frame.test_kernel import MANY, TITLE, arrays, of


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (apply("title", TITLE), "it does not know 'title'"),
        (apply("slice", TITLE, start=-2, stop=None, step=None), "it does not know 'slice' with {'start': -2"),
        (apply("slice", TITLE, start=None, stop=None, step=2), "'step': 2"),
        (apply("count pattern", TITLE, pattern="a+", flags=0), "'pattern': 'a+'"),
        (apply("cut words", TITLE, words=("a-b",)), "'words': ('a-b',)"),
        (apply("fill text", TITLE, value="\ud800"), "it does not know 'fill text'"),
        (apply("code", TITLE, vocabulary=MANY), "'code' has more than 10,000 texts"),
        (apply("text is in", TITLE, values=MANY), "'text is in' has more than 10,000 texts"),
        (apply("log1p", apply("length", TITLE)), "it does not know 'log1p'"),
    ],
)
def test_a_chain_that_it_cannot_run_is_refused_by_name(node: GraphNode, said: str) -> None:
    graph = of(node)

    assert said in (why_not(graph) or "")
    assert not can(graph)
    with pytest.raises(UsageError, match="The text kernel cannot run this"):
        compile_chain(graph)


def test_a_column_of_numbers_is_refused_by_name() -> None:
    size = source("size", "number")

    assert why_not(Graph.of([size], [size])) == "'size' is not a column of texts"


def test_arrays_of_anything_but_strings_are_refused_by_name() -> None:
    with pytest.raises(UsageError, match="'title' is of int64"):
        compile_chain(of(TITLE))({"title": pa.array([1]), "about": pa.array(["a"])})


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(UsageError, match="2 and 1 rows"):
        compile_chain(of(TITLE))(arrays(["a", "b"], ["c"]))


@pytest.fixture
def _no_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    asked = (_compiler.why_not, _compiler.compiled)
    for each in asked:
        each.cache_clear()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "llvmlite.binding", None)
        yield
    for each in asked:
        each.cache_clear()


@pytest.mark.usefixtures("_no_compiler")
def test_without_the_extra_it_says_how_to_get_it() -> None:
    graph = of(apply("lower", TITLE))

    assert why_not(graph) == "it needs the 'train' extra. Install it with: pip install 'litmus-automl[train]'"
    with pytest.raises(MissingExtraError, match=r"litmus-automl\[train\]"):
        compile_chain(graph)
