"""Pandas-shaped code, traced once, means the same in every layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.layouts import ColumnsLayout, Layout, PandasLayout, RecordLayout
from litmus_core.frame._layouts.polars_layout import PolarsLayout
from litmus_core.frame._operations.registry import ENCODER_OPERATIONS
from tests.cases import examples

SIZE, PRICE = Lazy.source("size", "number"), Lazy.source("price", "number")
TITLE, PLACE = Lazy.source("title", "text"), Lazy.source("place", "text")
WHEN = Lazy.source("when", "moment")
SOURCES = (SIZE, PRICE, TITLE, PLACE, WHEN)
PHRASES = ("red", "red box", "a red box", "box", "naïve", "x_1", "i̇", "é́")
WORDS = st.one_of(
    st.sampled_from(["red", "Red", "box", "a", "naïve", "İ", "²", "x_1", "red,box", "é́", "ß", "\u3000", "Σ"]),
    st.text(max_size=5),
)
ROW = st.fixed_dictionaries(
    {
        "size": st.floats() | st.just(-0.0),
        "price": st.floats() | st.sampled_from([0.0, -1.0, 1.0]),
        "title": st.none() | st.lists(WORDS, max_size=6).map(" ".join),
        "place": st.none() | WORDS,
        "when": st.none()
        | st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)).map(
            lambda each: np.datetime64(each, "us")
        ),
    }
)
CLEAN = TITLE.str.lower().str.strip_punctuation().str.collapse_blanks()
SHAPED = (
    SIZE + PRICE,
    SIZE - 1,
    3 - SIZE,
    SIZE * PRICE,
    SIZE / PRICE,
    1 / PRICE,
    SIZE.clip(0.0, 5.0).log1p(),
    SIZE.log1p(),
    SIZE.clip(high=2.0),
    SIZE.bound(100.0, low=-1.5, high=7.0),
    SIZE.fillna(2.5),
    SIZE.where((SIZE > 0) & ~(PRICE <= 1) | SIZE.isna(), PRICE),
    (SIZE >= PRICE).as_number() + (SIZE < 3).as_number() + (SIZE == PRICE).as_number(),
    (SIZE != 0).as_number() * 2,
    SIZE.isin([0.0, 1.0]).as_number(),
    CLEAN,
    CLEAN.fillna("none").str.cat(PLACE, sep=", "),
    CLEAN.str.len() + TITLE.str.count_words() + TITLE.str.count_digits() + TITLE.str.count_capitals(),
    TITLE.str.count("e").fillna(-1.0),
    (TITLE.isin(["red", "box"]) | PLACE.isna() | WHEN.isna()).as_number(),
    PLACE.codes(["a", "box", "red"]),
    TITLE.str.phrases(PHRASES),
    WHEN.dt.days,
    WHEN.dt.year * 12 + WHEN.dt.month,
    WHEN.dt.day,
    WHEN.dt.weekday,
    WHEN.dt.hour,
    WHEN.dt.minute_of_day,
    SIZE.apply("missing as moment").isna().as_number(),
)


def as_record(value: Any) -> Any:
    """Return a raw value as a record has it."""
    if isinstance(value, np.datetime64):
        return int(value.astype(np.int64))
    return value


def moment_or_nan(value: Any) -> Any:
    return float("nan") if value is None else as_record(value)


def compiled(layout: Layout, *outputs: Lazy) -> Callable[[Any], tuple[Any, ...]]:
    readers: dict[str, Callable[[Any], Any]] = {each.node.name: lambda raw: raw for each in SOURCES}
    if layout.name == "record":
        readers["when"] = moment_or_nan
    graph = Graph.of([each.node for each in SOURCES], [each.node for each in outputs])
    return layout.compile(graph, readers)


RECORD, COLUMNS, PANDAS = (
    compiled(each, *SHAPED) for each in (RecordLayout(), ColumnsLayout(), PandasLayout())
)


@cache
def in_polars() -> Callable[[Any], tuple[Any, ...]]:
    """Polars begins threads with it, which no test module does: a fork lacks them."""
    return compiled(PolarsLayout(), *SHAPED)


def plain(value: Any) -> Any:
    """Return a number, text or marks so that equal means the same: NaN and None are one, -0.0 is not 0.0."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    return repr(float(value)) if isinstance(value, int | float | np.number) else value


def by_record(rows: list[dict[str, Any]]) -> list[list[Any]]:
    made = [list(RECORD(row)) for row in rows]
    for row in made:
        for at, each in enumerate(row):
            if isinstance(each, list):
                row[at] = tuple(int(place in each) for place in range(len(PHRASES)))
    return [[plain(row[at]) for row in made] for at in range(len(SHAPED))]


def listed(values: Any) -> list[Any]:
    if isinstance(values, pl.Series) and values.dtype == pl.Array:
        values = values.to_numpy()
    if isinstance(values, np.ndarray) and values.ndim == 2:
        return [tuple(each) for each in values.tolist()]
    if isinstance(values, pl.Series):
        values = values.to_list()
    return [plain(each) for each in (values if isinstance(values, list) else values.tolist())]


def typed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {name: [row[name] for row in rows] for name in ("title", "place")}
    for name in ("size", "price"):
        table[name] = np.array([row[name] for row in rows], dtype=np.float64)
    return table | {"when": np.array([row["when"] for row in rows], dtype="datetime64[us]")}


def polars_frame(table: dict[str, Any]) -> pl.DataFrame:
    types = {"title": pl.String, "place": pl.String}
    return pl.DataFrame([pl.Series(name, values, dtype=types.get(name)) for name, values in table.items()])


@settings(max_examples=examples(150))
@given(st.lists(ROW, max_size=6))
def test_every_operation_gives_in_each_layout_what_it_gives_in_pandas(rows: list[dict[str, Any]]) -> None:
    table = typed(rows)
    with np.errstate(all="ignore"):
        series = {name: pd.Series(values, dtype=object if isinstance(values, list) else None)
                  for name, values in table.items()}  # fmt: skip
        reference = [listed(each) for each in PANDAS(series)]
    columns = [listed(each) for each in COLUMNS(table)]

    assert by_record(rows) == columns
    assert columns == reference
    assert [listed(each) for each in in_polars()(polars_frame(table))] == columns


def test_the_examples_above_use_every_operation_of_the_encoders() -> None:
    graph = Graph.of([each.node for each in SOURCES], [each.node for each in SHAPED])

    assert sorted({step.operation.name for step in graph.steps}) == sorted(
        each.name for each in ENCODER_OPERATIONS
    )


def test_what_is_said_twice_is_computed_once_and_what_nobody_needs_is_not() -> None:
    unused = TITLE.str.lower()
    graph = Graph.of([each.node for each in SOURCES], [(SIZE.log1p() + 1).node, (SIZE.log1p() * 2).node])

    assert unused.node.operation is not None
    assert [step.operation.name for step in graph.steps].count("log1p") == 1
    assert "lower" not in {step.operation.name for step in graph.steps}


def test_what_is_equal_and_not_the_same_is_computed_for_itself() -> None:
    graph = Graph.of([SIZE.node], [(SIZE * each).node for each in (0.0, -0.0, 0.0)])
    readers = {"size": lambda raw: raw}

    made = ColumnsLayout().compile(graph, readers)({"size": np.array([1.0])})

    assert [str(each[0]) for each in made] == ["0.0", "-0.0", "0.0"]
    assert len(graph.steps) == 4


def test_an_operation_on_the_wrong_type_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="'lower' works on text, not on number"):
        SIZE.str.lower()


def test_an_unknown_operation_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'log1p'"):
        SIZE.apply("log1")


def test_a_source_that_was_not_declared_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no column 'weight'"):
        Graph.of([SIZE.node], [Lazy.source("weight", "number").log1p().node])


def test_python_conditions_on_columns_to_be_are_refused_in_words() -> None:
    with pytest.raises(UsageError, match="no truth value before rows come"):
        bool(SIZE > 1)


def test_a_constant_from_outside_never_becomes_code() -> None:
    hostile = "'); raise SystemExit('{0}'"
    compute = compiled(RecordLayout(), TITLE.fillna(hostile), TITLE.isin([hostile]))

    assert compute({"size": 1.0, "price": 1.0, "title": None, "place": None, "when": None}) == (
        hostile,
        False,
    )
