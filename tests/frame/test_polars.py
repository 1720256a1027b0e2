"""The polars layout: what it reads, which steps leave it, and rows that Python sees differently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from litmus_core.errors import RowError
from litmus_core.frame import Graph, Traced, ready_columns, ready_polars, trace
from litmus_core.frame._graph import apply, source
from litmus_core.frame._layouts.layouts import ColumnsLayout
from litmus_core.frame._layouts.polars_layout import STREAMED_ROWS, PolarsLayout
from litmus_core.frame._layouts.polars_values import series_reader
from litmus_core.frame._pipeline.runner import column_reader
from tests.frame.nasty import column
from tests.frame.raw_columns import LEVEL, SEEN, SIZE, SOLD, TITLE, WHEN

LATER = "\U0001fae9"  # a face of Unicode 16
HALF = "\ud800"  # half of a surrogate pair


def traced(code: Any, *columns: Any) -> Traced:
    return trace(code, columns)


LOUD = traced(lambda f: f.assign(low=f["title"].str.lower(), n=f["title"].str.len()), TITLE)


def made(code: Traced, frame: pl.DataFrame, *columns: Any) -> dict[str, list[Any]]:
    return {name: each.to_list() for name, each in ready_polars(columns, [code], frame).to_dict().items()}


def test_what_is_missing_is_null_whatever_it_was() -> None:
    code = traced(lambda f: f.assign(size=f["size"] / f["size"], low=f["title"].str.lower()), SIZE, TITLE)
    frame = pl.DataFrame({"size": [0.0, None, float("nan"), 2.0], "title": ["A", None, "", "É"]})

    assert made(code, frame, SIZE, TITLE) == {
        "size": [None, None, None, 1.0],
        "title": ["A", None, "", "É"],
        "low": ["a", None, "", "é"],
    }


def test_rows_with_letters_that_this_python_does_not_know_go_to_python_alone_and_keep_their_places() -> None:
    texts = ["A", LATER + "B", None, "Ç", "\ua7dcX"]  # Unicode 16 has a small letter for the last

    assert made(LOUD, pl.DataFrame({"title": texts}), TITLE) == {
        "title": texts,
        "low": ["a", LATER + "b", None, "ç", "\ua7dcx"],
        "n": [1.0, 2.0, None, 1.0, 2.0],
    }


def test_halves_of_surrogate_pairs_go_to_python_and_come_back_as_objects() -> None:
    frame = pl.DataFrame({"title": pl.Series(["A" + HALF, "B", None], dtype=pl.Object)})

    assert made(LOUD, frame, TITLE) == {
        "title": ["A" + HALF, "B", None],
        "low": ["a" + HALF, "b", None],
        "n": [2.0, 1.0, None],
    }


@pytest.mark.parametrize("odd", [HALF, "\ua7dc"])
def test_an_odd_text_that_code_puts_in_gives_what_python_gives(odd: str) -> None:
    code = traced(lambda f: f.assign(low=f["title"].fillna(odd).str.lower(), is_odd=f["title"] == odd), TITLE)

    found = made(code, pl.DataFrame({"title": ["A", None, "\ua7dc"]}), TITLE)

    assert found["low"] == ["a", odd, "\ua7dc"]
    assert found["is_odd"] == [False, False, odd == "\ua7dc"]


def test_a_half_pair_to_compare_with_leaves_the_other_steps_in_polars() -> None:
    code = traced(lambda f: f.assign(low=f["title"].str.lower(), same=f["title"] == HALF), TITLE)
    plan = PolarsLayout().compile(code.graph, {"title": series_reader(TITLE)})

    assert {each.operation: each.how for each in plan.ways} == {"lower": "polars", "text equal": "python"}


def test_the_plan_tells_which_steps_leave_polars() -> None:
    code = traced(
        lambda f: f.assign(
            a=f["title"].str.lower().str.title(),
            b=f["title"].str.contains(r"\bred\b"),
            c=f["title"].str.contains(r"red\d+"),
            d=f["title"].str.len() + 1,
        ),
        TITLE,
    )
    plan = PolarsLayout().compile(code.graph, {"title": series_reader(TITLE)})

    assert [(each.operation, each.how) for each in plan.ways] == [
        ("lower", "polars"),
        ("title", "python"),
        ("matches", "python"),
        ("matches", "polars"),
        ("constant", "constant"),
        ("length", "polars"),
        ("add", "numpy"),
    ]


@pytest.mark.parametrize(
    ("read_as", "series"),  # polars begins its threads for some of them
    [
        (SIZE, lambda: pl.Series([1, None, -3], dtype=pl.Int64)),
        (SIZE, lambda: pl.Series([0.1, None, float("nan"), float("inf")], dtype=pl.Float32)),
        (SIZE, lambda: pl.Series([2**64 - 1, 0], dtype=pl.UInt64)),
        (SIZE, lambda: pl.Series([2**70, None], dtype=pl.Int128)),
        (SIZE, lambda: pl.Series([Decimal("1.10"), None])),
        (SIZE, lambda: pl.Series([True, None, False])),
        (SIZE, lambda: pl.Series([" 2.5", "", None, "1e3"])),
        (SIZE, lambda: pl.Series([None, None])),
        (SOLD, lambda: pl.Series([True, None, False])),
        (SOLD, lambda: pl.Series(["yes", "0", None, ""])),
        (SOLD, lambda: pl.Series([1, 0, None])),
        (WHEN, lambda: pl.Series([datetime(1, 1, 1), None, datetime(9999, 12, 31, 23, 59, 59, 999_999)])),
        (WHEN, lambda: pl.Series([-1, 1_500, None]).cast(pl.Datetime("ns"))),
        (WHEN, lambda: pl.Series([-1, 1_500, None]).cast(pl.Datetime("ms", "Europe/Berlin"))),
        (WHEN, lambda: pl.Series([date(2024, 2, 29), None])),
        (WHEN, lambda: pl.Series(["2024-02-29", None, "2024-02-29T10:00:00+02:00"])),
        (TITLE, lambda: pl.Series(["a", None, ""], dtype=pl.Categorical)),
        (TITLE, lambda: pl.Series(["b", None], dtype=pl.Enum(["a", "b"]))),
        (TITLE, lambda: pl.Series([1.0, 2.5, None, float("nan")])),
        (TITLE, lambda: pl.Series([True, None])),
        (LEVEL, lambda: pl.Series(["3.0", "x", None, "03"])),
        (LEVEL, lambda: pl.Series([3, None])),
    ],
)
def test_a_column_of_any_type_reads_as_from_any_other_table(
    read_as: Any, series: Callable[[], pl.Series]
) -> None:
    raw = series()
    code = traced(lambda f: f, read_as)
    values = raw.to_numpy() if raw.dtype == pl.Datetime else raw.to_list()
    expected = column_reader(read_as)(values)

    found = ready_polars([read_as], [code], pl.DataFrame({read_as.name: raw}))[read_as.name].to_list()

    assert found == [None if each is None or each != each else each for each in _plain(expected)]


def _plain(values: Any) -> list[Any]:
    return values if isinstance(values, list) else values.tolist()


def test_a_value_that_does_not_read_is_told_with_its_row() -> None:
    with pytest.raises(RowError, match=r"'size' should be a number, but row 1 has 'big'"):
        series_reader(SIZE)(pl.Series(["1", "big"]))


def test_a_column_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="title"):
        ready_polars([TITLE], [LOUD], pl.DataFrame({"titel": ["a"]}))


def test_names_and_texts_that_look_like_code_are_data() -> None:
    hostile = column("v0 $1 {0} ^.*$", "text", "VARCHAR")
    code = traced(
        lambda f: f.assign(v1=f[hostile.name].str.replace("a", r"$0 \\1", regex=False) + "${1}"), hostile
    )

    assert made(code, pl.DataFrame({hostile.name: ["a.*", None]}), hostile)["v1"] == [r"$0 \\1.*${1}", None]


def test_a_lazy_frame_is_computed_and_written_piece_by_piece(tmp_path: Path) -> None:
    code = traced(
        lambda f: f.assign(low=f["title"].str.lower(), year=f["when"].dt.year, big=f["size"] > 1)[
            ["low", "year", "big", "seen"]
        ],
        TITLE, WHEN, SIZE, SEEN,
    )  # fmt: skip
    columns = (TITLE, WHEN, SIZE, SEEN)
    n = STREAMED_ROWS + 7
    frame = pl.DataFrame(
        {
            "title": [f"Text {at}" if at % 9 else None for at in range(n)],
            "when": [datetime(2000 + at % 20, 1, 1) for at in range(n)],
            "size": np.arange(n) % 3,
            "seen": [None] * n,
        }
    )
    frame.write_parquet(tmp_path / "in.parquet")

    ready_polars(columns, [code], pl.scan_parquet(tmp_path / "in.parquet")).sink_parquet(
        tmp_path / "out.parquet"
    )
    written = pl.read_parquet(tmp_path / "out.parquet")

    assert written.equals(ready_polars(columns, [code], frame))
    assert written["low"][1] == "text 1"
    assert written.schema == {
        "low": pl.String, "year": pl.Float64, "big": pl.Boolean, "seen": pl.Datetime("us"),
    }  # fmt: skip


def test_many_rows_give_what_each_alone_gives() -> None:
    texts = [f"Wort {at} ÄÖ, {LATER if at % 1000 == 0 else ''}" for at in range(STREAMED_ROWS + 3)]
    frame = pl.DataFrame({"title": texts})

    together = ready_polars([TITLE], [LOUD], frame)
    expected = ready_columns([TITLE], [LOUD], {"title": texts})

    assert together["low"].to_list() == expected["low"]
    assert together["n"].to_list() == expected["n"].tolist()


class Kernel:
    """Takes some operations, by way of the columns layout."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []

    def why_not(self, graph: Graph) -> str | None:
        name = graph.steps[0].operation.name
        return (
            None if name in ("lower", "strip punctuation", "join", "length") else f"it does not know '{name}'"
        )

    def compile_chain(self, graph: Graph) -> Any:
        self.graphs.append(graph)
        run = ColumnsLayout().compile(
            graph, {each.name: lambda raw: raw.to_pylist() for each in graph.sources}
        )
        return lambda arrays: tuple(
            pa.array(each, pa.large_string()) if isinstance(each, list) else each for each in run(arrays)
        )


@pytest.mark.parametrize("n_rows", [0, 1, 3, 60_000])
def test_a_kernel_is_given_the_steps_that_it_takes_in_one_piece(n_rows: int) -> None:
    frame = pl.DataFrame(
        {"title": (["A-b", None, LATER + "Ç!"] * 20_000)[:n_rows]}, schema={"title": pl.String}
    )
    frame = frame.with_columns(about=pl.col("title"))
    about = column("about", "text", "VARCHAR")
    low = source("title", "text"), source("about", "text")
    clean = [apply("strip punctuation", apply("lower", each)) for each in low]
    both = apply("join", *clean, between=" ")
    outputs = [both, apply("length", both), apply("capitals", apply("upper", both)), apply("words", both)]
    graph = Graph.of(low, outputs)
    readers = {each.name: series_reader(each) for each in (TITLE, about)}
    kernel = Kernel()
    plan = PolarsLayout(kernel=kernel).compile(graph, readers)

    made = plan(frame)

    expected = PolarsLayout().compile(graph, readers)(frame)
    assert all(one.equals(other) for one, other in zip(made, expected, strict=True))
    assert [each.how for each in plan.ways] == ["kernel"] * 6 + ["python", "polars", "polars"]
    assert [each.operation.name for each in kernel.graphs[0].steps][-2:] == ["join", "length"]


def test_a_kernel_that_takes_too_little_is_left_out() -> None:
    title = source("title", "text")
    graph = Graph.of([title], [apply("lower", title), apply("words", title)])

    plan = PolarsLayout(kernel=Kernel()).compile(graph, {"title": lambda raw: raw})

    assert [each.how for each in plan.ways] == ["polars", "polars"]
