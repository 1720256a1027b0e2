"""Any graph of any operations gives the same in every layout, bit by bit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.frame._graph import Graph, GraphNode, apply, source
from litmus_core.frame._layouts import small_batch
from litmus_core.frame._layouts.layouts import ColumnsLayout, Layout, RecordLayout
from litmus_core.frame._layouts.polars_kernel import text_kernel
from litmus_core.frame._layouts.polars_layout import PolarsLayout
from litmus_core.frame._operations.parsing import PARSING_OPERATIONS
from litmus_core.frame._operations.registry import OPERATIONS
from litmus_core.frame._operations.rows import ROW_OPERATIONS
from litmus_core.frame._operations.strings import PADS
from tests.cases import examples

NAN = float("nan")
NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1.0, -1.0, 49.0, float("inf"), NAN])
KNOWN = st.floats(-100, 100) | st.sampled_from([0.0, -0.0, 1.0, 49.0, float("inf")])
ALPHABET = "aAbB rR1²é\n-.,_ΣİßǅⅧ漢\u0301\u3000\x1c$\\"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=8) | st.sampled_from(
    ["red", "a red box", "Red  box ", "x_1", "\u212a", "\ua7dc", "\U0001fae9 red", "the² the"]
)
PLAIN = st.text(st.sampled_from("aAb .-r$1é\ua7dc"), max_size=3)
PATTERNS = st.sampled_from(
    ["a", "[a-c]+", r"\w+", r"[^\w\s]", r"\bred\b", "(a)|(b)", r"\s", "a*", ".", "r.d"]
)
FLAGS = st.sampled_from([0, int(re.IGNORECASE)])
PLACES = st.integers(-4, 4)


def _with(**settings: Any) -> Any:
    return st.fixed_dictionaries(settings)


def _table(keys: Any, values: Any) -> Any:
    return _with(table=st.lists(st.tuples(keys, values), max_size=3).map(tuple))


def _size(value: Any) -> float | None:
    return None if value is None or value != value or value == "a" else len(str(value)) / 3


def _is_long(value: Any) -> bool:
    return len(str(value)) > 3


def _spelled(value: Any) -> str | None:
    return None if value == "a" else str(value)[::-1]


def _pandas(word: str, *given: Any, **named: Any) -> dict[str, Any]:
    return {"word": word, "arguments": given, "named": tuple(named.items())}


STOPS = (
    "text as number",  # at a text that spells none, as pandas does
    "text to its number",
    # Rows of several columns, and dates of texts and numbers: test_scalable draws their values.
    *(operation.name for operation in (*PARSING_OPERATIONS, *ROW_OPERATIONS)),
    *(name for name in OPERATIONS if name.startswith("row by function")),
)


# What each operation may be set to; all others have no settings.
SETTINGS: dict[str, Any] = {
    "constant": _with(value=KNOWN),
    "clip": _with(low=st.none() | st.floats(-5, 0), high=st.none() | st.floats(0, 5)),
    "bound": _with(limit=st.just(100.0), low=st.just(-1.5), high=st.just(7.0)),
    "fill number": _with(value=KNOWN),
    "number is in": _with(values=st.lists(KNOWN, max_size=3).map(tuple)),
    "join": _with(between=PLAIN),
    "fill text": _with(value=PLAIN),
    "text is in": _with(values=st.lists(TEXTS, max_size=3).map(tuple)),
    "count": _with(symbol=PLAIN),
    "code": _with(vocabulary=st.lists(TEXTS, max_size=3).map(tuple)),
    "phrases": _with(phrases=st.just(("red", "red box", "a"))),
    "raise": _with(exponent=st.sampled_from([2.0, 0.5, -1.0, 3.0])),
    "narrowed": _with(dtype=st.sampled_from(["int64", "int8", "uint16", "float32"])),
    "round": _with(decimals=st.integers(0, 3)),
    "number for all": _with(value=NUMBERS),
    "text to number": _table(TEXTS, NUMBERS),
    "text to text": _table(TEXTS, st.none() | PLAIN),
    "number to number": _table(KNOWN, NUMBERS),
    "number to text": _table(KNOWN, st.none() | PLAIN),
    "where else": _with(value=st.none() | PLAIN),
    "choose": _with(yes=st.none() | PLAIN, no=st.none() | PLAIN),
    "moment": _with(us=st.integers(-(10**15), 10**15)),
    **{name: _with(symbols=st.none() | PLAIN) for name in ("strip", "lstrip", "rstrip")},
    "replace": st.one_of(
        _with(
            pattern=PLAIN, by=PLAIN, regex=st.just(False), flags=st.just(0), most=st.sampled_from([-1, 1])
        ),
        _with(
            pattern=PATTERNS,
            by=st.sampled_from(["", "_", "$1"]),
            regex=st.just(True),
            flags=FLAGS,
            most=st.sampled_from([-1, 1]),
        ),
    ),
    **{
        name: _with(words=st.sampled_from([("red",), ("the", "a", "x_1"), ("é", "the²")]))
        for name in ("cut words", "drop words")
    },
    "slice": _with(start=st.none() | PLACES, stop=st.none() | PLACES, step=st.sampled_from([None, 1, 2])),
    "letter": _with(at=PLACES),
    "zero fill": _with(width=st.integers(0, 6)),
    "normalize": _with(form=st.sampled_from(["NFC", "NFKD"])),
    "part": _with(
        between=st.sampled_from([None, " ", "a."]), most=st.just(-1), regex=st.just(False), at=PLACES
    ),
    "parts": _with(between=st.sampled_from([None, "-"]), most=st.sampled_from([-1, 1]), regex=st.just(False)),
    "extract": _with(
        pattern=st.sampled_from(["(a)|(b)", r"(\w+) (\w)"]), flags=FLAGS, group=st.sampled_from([1, 2])
    ),
    "surround": _with(prefix=PLAIN, suffix=PLAIN),
    "matches": _with(
        kind=st.sampled_from(["contains", "match", "fullmatch"]), pattern=PATTERNS, flags=FLAGS
    ),
    "begins": _with(words=st.lists(PLAIN, min_size=1, max_size=2).map(tuple)),
    "ends": _with(words=st.lists(PLAIN, min_size=1, max_size=2).map(tuple)),
    "count pattern": _with(pattern=PATTERNS, flags=FLAGS),
    "find": _with(word=PLAIN, start=st.just(0), stop=st.none() | PLACES),
    "text equal": _with(value=TEXTS),
    "bin": _with(edges=st.just((-1.0, 0.0, 49.0, float("inf"))), right=st.booleans(), lowest=st.booleans()),
    "pad": _with(width=st.integers(0, 6), side=st.sampled_from(list(PADS)), fill=st.sampled_from(" é0")),
    "repeat": _with(times=st.integers(-1, 3)),
    **{name: _with(word=PLAIN) for name in ("without prefix", "without suffix")},
    "find last": _with(word=PLAIN, start=st.just(0), stop=st.none() | PLACES),
    **{
        f"{takes} by function to {gives}": _with(function=st.just(function))
        for takes in ("number", "flag", "text")
        for gives, function in {"number": _size, "flag": _is_long, "text": _spelled}.items()
    },
    "text in pandas to text": st.sampled_from(
        [_pandas("str.wrap", 3), _pandas("str.slice_replace", 0, 1, "é"), _pandas("str.wrap", 2, tabsize=3)]
    ),
    "moment in pandas to text": st.sampled_from([_pandas("dt.strftime", "%Y-%j %H")]),
    "moment in pandas to moment": st.sampled_from(
        [_pandas(f"dt.{word}", each) for word in ("round", "floor", "ceil") for each in ("h", "15min")]
    ),
}  # fmt: skip
SOURCES = (
    source("size", "number"),
    source("price", "number"),
    source("title", "text"),
    source("place", "text"),
    source("when", "moment"),
    source("seen", "moment"),
)
_DATES = st.none() | st.datetimes(
    min_value=datetime(1850, 1, 1), max_value=datetime(2140, 1, 1)
)  # pandas' ns
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "size": NUMBERS, "price": NUMBERS, "title": st.none() | TEXTS, "place": st.none() | TEXTS,
            "when": _DATES, "seen": _DATES,
        }
    ),
    max_size=4,
)  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return a graph of a few steps, each on what was there before it; the last ones come out."""
    nodes: list[GraphNode] = list(SOURCES)
    for _ in range(draw(st.integers(1, 8))):
        by_type: dict[str, list[GraphNode]] = {}
        for node in nodes:
            by_type.setdefault(node.dtype, []).append(node)
        possible = [
            name
            for name, each in sorted(OPERATIONS.items())
            if name not in STOPS
            and by_type.keys() >= set(each.input_types)
            and (each.input_types or draw_constants(name))
        ]
        name = draw(st.sampled_from(possible))
        inputs = [draw(st.sampled_from(by_type[dtype][-4:])) for dtype in OPERATIONS[name].input_types]
        if inputs and all(_is_constant(each) for each in inputs):
            continue
        nodes.append(apply(name, *inputs, **draw(SETTINGS.get(name, st.just({})))))
    made = [node for node in nodes[len(SOURCES) :] if not _is_constant(node)]
    return Graph.of(SOURCES, made or [SOURCES[0]])


def draw_constants(name: str) -> bool:
    return name in ("constant", "moment")


def _is_constant(node: GraphNode) -> bool:
    return node.operation is not None and not node.inputs


def compute(layout: Layout, graph: Graph, rows: Any) -> Any:
    readers: dict[str, Callable[[Any], Any]] = {each.name: lambda raw: raw for each in SOURCES}
    if layout.name == "record":
        readers |= dict.fromkeys(("when", "seen"), lambda raw: NAN if raw is None else _us(raw))
    return layout.compile(graph, readers)(rows)


def from_columns(layout: PolarsLayout, graph: Graph, table: dict[str, Any]) -> Any:
    """Return what the polars layout makes of columns as the columns layout has them."""
    plan = layout.compile(graph, {each.name: lambda raw: raw for each in SOURCES})
    return plan.of_columns(table, len(table["title"]))


def _us(value: datetime) -> int:
    return int(np.datetime64(value, "us").astype(np.int64))


def plain(value: Any) -> Any:
    """Return a value so that the same ones are equal: what is missing is None, and -0.0 is not 0.0."""
    if isinstance(value, np.ndarray | list | tuple | pl.Series):
        return tuple(value)
    if value is None or value != value:
        return None
    if isinstance(value, np.datetime64 | datetime):
        return _us(pd.Timestamp(value).to_pydatetime())
    return repr(float(value)) if isinstance(value, bool | int | float | np.generic) else value


def of_records(graph: Graph, rows: list[dict[str, Any]]) -> list[list[Any]]:
    made = [compute(RecordLayout(), graph, row) for row in rows]
    return _of_values(graph, [[row[at] for row in made] for at in range(len(graph.outputs))])


def of_few(graph: Graph, rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what is computed of a few rows that code learns of, step by step."""
    columns = [[row[each.name] for row in rows] for each in SOURCES]
    columns[4:] = [[NAN if each is None else _us(each) for each in values] for values in columns[4:]]
    for step in graph.steps:
        inputs = [columns[at] for at in step.inputs]
        columns.append(small_batch.computed(step.operation, inputs, step.settings, len(rows)))
    return _of_values(graph, [columns[place] for place in graph.outputs])


def _of_values(graph: Graph, made: list[list[Any]]) -> list[list[Any]]:
    dtypes = [*(each.dtype for each in graph.sources), *(each.operation.gives for each in graph.steps)]
    outputs = []
    for place, values in zip(graph.outputs, made, strict=True):
        if dtypes[place] == "marks":
            values = [tuple(int(mark in each) for mark in range(3)) for each in values]
        outputs.append([_plain_of(value, dtypes[place]) for value in values])
    return outputs


def _plain_of(value: Any, dtype: str) -> Any:
    return value if dtype == "moment" and value == value else plain(value)


def of_columns(made: Any) -> list[list[Any]]:
    return [[plain(each) for each in values] for values in made]


@pytest.mark.filterwarnings("ignore:This pattern is interpreted as a regular")  # pandas, of groups
@settings(max_examples=examples(250), deadline=None)
@given(graphs(), ROWS)
def test_a_random_graph_gives_the_same_in_every_layout(graph: Graph, rows: list[dict[str, Any]]) -> None:
    table: dict[str, Any] = {each.name: [row[each.name] for row in rows] for each in SOURCES}
    for name in ("size", "price"):
        table[name] = np.array(table[name], dtype=np.float64)
    for name in ("when", "seen"):
        table[name] = np.array(table[name], dtype="datetime64[us]")
    frame = pl.DataFrame(
        [
            pl.Series(name, values, dtype=pl.String if isinstance(values, list) else None)
            for name, values in table.items()
        ]
    )
    with np.errstate(all="ignore"):
        columns = of_columns(compute(ColumnsLayout(), graph, table))
        others = {
            "polars": of_columns(compute(PolarsLayout(), graph, frame)),
            "kernel": of_columns(compute(PolarsLayout(kernel=text_kernel()), graph, frame)),
            "columns by polars": of_columns(from_columns(PolarsLayout(), graph, table)),
            "columns by kernel": of_columns(from_columns(PolarsLayout(kernel=text_kernel()), graph, table)),
            "record": of_records(graph, rows),
            "a few": of_few(graph, rows),
            "pandas": of_columns(by_the_references(graph, table)),
        }

    found = [said for name, each in others.items() for said in differences(graph, name, each, columns)]
    assert found == [], found


def by_the_references(graph: Graph, table: dict[str, Any]) -> list[Any]:
    """Return what each output's pandas reference makes of its inputs as the columns layout has them."""
    whole = Graph(sources=graph.sources, steps=graph.steps, outputs=tuple(range(6 + len(graph.steps))))
    values = [_series(each, len(table["title"])) for each in compute(ColumnsLayout(), whole, table)]
    made = values[:6] + [
        step.operation.pandas(*(values[at] for at in step.inputs), **step.settings) for step in graph.steps
    ]
    return [made[place] for place in graph.outputs]


def _series(values: Any, n_rows: int) -> Any:
    """Return a column for pandas; marks, which no operation takes, stay what they are."""
    if isinstance(values, list):
        return pd.Series(values, dtype=object)
    if np.ndim(values) == 0:
        values = np.full(n_rows, values)
    return pd.Series(values) if np.ndim(values) == 1 else values


def differences(graph: Graph, layout: str, got: list[list[Any]], expected: list[list[Any]]) -> list[Any]:
    """Return the outputs that differ: the layout, the step, what it gave and what the columns layout gave."""
    steps = [None] * len(graph.sources) + [(each.operation.name, dict(each.settings)) for each in graph.steps]
    return [
        (layout, steps[place], one, other)
        for place, one, other in zip(graph.outputs, got, expected, strict=True)
        if one != other
    ]
