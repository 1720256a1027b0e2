"""Summaries: exact where a column is kept whole, near and marked where it is not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from litmus_core.data import ValueCount
from litmus_core.data._profile.block_summary import summarize_numbers, summarize_texts
from litmus_core.data._profile.distinct_counts import Distinct
from litmus_core.data._profile.number_summary import Numbers
from litmus_core.data._profile.summary import Summary
from litmus_core.data._profile.text_summary import CountedTexts, HashedTexts


def numbers(
    values: Any, *, storage: str = "DOUBLE", n_kept: int = 1 << 22, n_blocks: int = 7
) -> dict[str, Any]:
    """Summarize ``values`` in blocks, as row groups come."""
    collector = Numbers(storage, n_bins=20, n_top=10, n_stored=n_kept)
    blocks = [pa.chunked_array([pa.array(block)]) for block in np.array_split(values, n_blocks)]
    for block in blocks:
        collector.add(block)
    for block in blocks if collector.needs_second_pass else ():
        collector.second_pass(block)
    return collector.summary()


def test_a_column_that_is_kept_whole_is_exact() -> None:
    values = np.random.default_rng(0).normal(size=10_000)

    found = numbers(values)

    assert found["estimated"] == frozenset()
    assert found["n_distinct"] == 10_000
    assert found["numbers"].quartiles == pytest.approx(np.quantile(values, [0.25, 0.5, 0.75]), abs=1e-12)
    assert (found["numbers"].mean, found["numbers"].std) == pytest.approx((values.mean(), values.std(ddof=1)))


def test_a_column_too_long_to_keep_has_near_quartiles_and_counts_and_says_so() -> None:
    values = np.random.default_rng(0).integers(0, 30_000, 100_000).astype(float)

    found = numbers(values, n_kept=4_000)

    assert found["estimated"] == {"quartiles"}
    assert found["numbers"].quartiles == pytest.approx((7_500, 15_000, 22_500), abs=600)
    assert (found["numbers"].low, found["numbers"].high, found["n_values"]) == (
        values.min(),
        values.max(),
        100_000,
    )
    assert found["n_distinct"] == len(np.unique(values))
    assert found["numbers"].mean == pytest.approx(values.mean())
    assert found["numbers"].std == pytest.approx(values.std(ddof=1))
    counts, _ = np.histogram(values, bins=20)
    assert sum(found["histogram"].counts) == 100_000
    assert np.abs(np.array(found["histogram"].counts) - counts).max() <= 2


def test_numbers_that_only_rise_are_all_different_without_counting() -> None:
    found = numbers(np.arange(100_000), storage="BIGINT", n_kept=4_000)

    assert (found["n_distinct"], found["is_in_order"], found["span"]) == (100_000, True, 100_000)


def test_order_is_seen_across_blocks() -> None:
    assert numbers(np.array([1, 2, 3, 3, 2, 9]), storage="BIGINT", n_blocks=3)["is_in_order"] is False
    assert numbers(np.array([9, 7, 7, 1]), storage="BIGINT", n_blocks=2)["is_in_order"] is True


def test_moments_have_their_most_frequent_days() -> None:
    values = np.array(["2024-05-01", "2024-05-02", "2024-05-01"], dtype="datetime64[us]")

    found = numbers(values, storage="TIMESTAMP", n_blocks=1)

    assert (found["dates"].first, found["dates"].last) == (
        datetime(2024, 5, 1).isoformat(),
        datetime(2024, 5, 2).isoformat(),
    )
    assert found["top"][0] == ValueCount(value="2024-05-01", n_rows=2)


def test_different_numbers_are_counted_exactly_and_then_nearly() -> None:
    values = np.random.default_rng(0).normal(size=50_000)
    kept, shared = Distinct(n_stored=200_000), Distinct(n_stored=4_000)
    for block in np.array_split(np.concatenate([values, values, [0.0, -0.0]]), 9):
        kept.add(block)
        shared.add(block)

    assert (kept.is_exact, kept.count()) == (True, 50_001)
    assert (shared.is_exact, shared.count()) == (False, pytest.approx(50_001, rel=0.1))


def test_texts_are_counted_alike_whether_kept_or_hashed(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    texts = [*(f"word {number % 50} é" for number in range(400)), None, "word 7 é", "word 3 é", "word 3 é"]
    table = pa.table({"t": pa.array(texts, pa.string())})
    pq.write_table(table, tmp_path / "table.parquet")
    counted, hashed = CountedTexts(n_top=2), HashedTexts(tmp_path / "table.parquet", "t", n_top=2)
    for collector in (counted, hashed):
        for start in (0, 150, 300):
            collector.add(table.column("t").slice(start, 150))

    found = hashed.summary()

    assert found == counted.summary()
    assert (found["n_values"], found["n_distinct"], found["texts"].most_letters) == (403, 50, 9)
    assert found["top"] == (
        ValueCount(value="word 3 é", n_rows=10),
        ValueCount(value="word 7 é", n_rows=9),
    )


def columns_of(storage: str) -> list[pa.Array]:
    """Return columns of one length, of all sorts, that the same is to be said of in any way of counting."""
    rng = np.random.default_rng(8)
    gaps = rng.random(400) < 0.3
    if storage == "VARCHAR":
        words = np.array(["", " ", "ä b", "zebra", "a", "B", "long " * 30, "x y z"], dtype=object)
        texts = [words[rng.integers(0, 8, 400)], [f"t{n}" for n in range(400)], ["same"] * 400]
        texts += [[f"t{n // 2}" for n in range(400)], [f"t{n // 3}" for n in range(400)], [None] * 400]
        texts += [[None if gap else f"w {n % 40}" for n, gap in enumerate(gaps)], [None] * 399 + ["last"]]
        return [pa.array(each, pa.string()) for each in texts]
    if storage == "DOUBLE":
        made = [
            rng.normal(size=400),
            rng.normal(size=400) * 1e300,
            np.full(400, 0.1),
            rng.random(400).round(1),
        ]
        made += [
            np.full(400, 1.7e308),
            np.full(400, 2.0**600),
            np.where(gaps, 5e-324, 0.0),
            np.where(gaps, -0.0, 0.0),
            np.arange(400.0),
        ]
        made += [np.arange(400.0)[::-1] // 7, np.concatenate([np.full(399, np.nan), [2.5]])]
        return [
            pa.array(each, pa.float64(), mask=mask | np.isnan(each))
            for each in made
            for mask in (gaps, ~gaps & gaps)
        ]
    whole = [
        rng.integers(-(2**62), 2**62, 400),
        rng.integers(0, 5, 400),
        np.arange(400),
        np.zeros(400, np.int64),
    ]
    kind = pa.int64() if storage == "BIGINT" else pa.timestamp("us")
    if storage == "TIMESTAMP":
        whole = [each % (4 * 10**15) for each in whole]
    return [
        pa.array(each, pa.int64(), mask=mask).cast(kind)
        for each in whole
        for mask in (gaps, gaps & ~gaps, gaps | True)
    ]


@pytest.mark.parametrize("storage", ["DOUBLE", "BIGINT", "TIMESTAMP", "VARCHAR"])
def test_many_columns_together_come_to_what_each_comes_to_alone(storage: str) -> None:
    columns = [pa.chunked_array([each[:150], each[150:]]) for each in columns_of(storage)]
    alone = []
    for column in columns:
        is_text = storage == "VARCHAR"
        collector = CountedTexts(n_top=10) if is_text else Numbers(storage, n_bins=20, n_top=10)
        collector.add(pa.chunked_array([column.combine_chunks()]))
        alone.append(Summary(name="", storage=storage, **collector.summary()))

    if storage == "VARCHAR":
        found = summarize_texts(columns, n_rows=400, n_top=10)
    else:
        found = summarize_numbers(columns, storage, n_bins=20, n_top=10)

    assert [repr(Summary(name="", storage=storage, **fields)) for fields in found] == list(map(repr, alone))
