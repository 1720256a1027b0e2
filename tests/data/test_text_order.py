from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import may_count, text_order

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("texts", "units"),
    [
        (["2007-Q1", "2007-Q4", "2008-Q1"], ["year", "quarter"]),
        (["mars 2007", "août 2007", "janvier 2008"], ["year", "month"]),
        (["2007-W05", "2007-W44", "2008-W01"], ["year", "week"]),
        (["H1/07", "H2/07", "H1/08"], ["year", "half"]),
        (["Feb-07", "Dec-07", "Jan-08"], ["year", "month"]),
        (["1st quarter 2007", "3rd quarter 2007", "2nd quarter 2008"], ["year", "quarter"]),
        (["Q3 FY21", "Q4 FY21", "Q1 FY22"], ["year", "quarter"]),
        (["2007年9月13日", "2007年12月3日"], ["month", "day"]),
        (["2007/08", "2008/09", "2009/10"], ["year"]),
        (["jaar 2007", "jaar 2008"], ["year"]),
        (["P02", "P11"], ["month"]),
        (["09:30", "14:00"], ["hour"]),
        (["ma", "di", "wo", "zo"], ["weekday"]),
        (["ENE", "AGO", "SEP", "DIC"], ["month"]),
        (["Ocak", "Şubat", "May\u0131s"], ["month"]),
        (["1 stycznia", "3 maja", "2 września"], ["month", "day"]),
        (["INV-2007-00912", "INV-2008-00001"], ["year"]),
        (["S2", "S10", "S100"], []),
        (["1-00123", "2-00124", "1-00125"], []),
        (["A-000009", "A-000010"], []),
    ],
)
def test_texts_have_the_order_of_the_time_that_they_tell(texts: list[str], units: list[str]) -> None:
    mixed = np.random.default_rng(1).permutation(len(texts))
    order = text_order(pd.Series([texts[place] for place in mixed]))
    assert order is not None
    assert [each.name for each in order.units] == units
    assert np.argsort(order.numbers).tolist() == np.argsort(mixed).tolist()


def test_a_missing_text_has_no_place() -> None:
    order = text_order(pd.Series(["Q2", None, "Q1"]), "quarter")
    assert order is not None
    assert np.isnan(order.numbers).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "texts",
    [
        ["Bonn", "Rome"],
        ["yes", "no"],
        ["red", "blue", "12"],
        ["a short note", "another note of 12 words"],
        ["x" * 90, "y" * 90],
    ],
)
def test_words_have_no_order_in_time(texts: list[str]) -> None:
    assert text_order(pd.Series(texts)) is None


def test_a_year_beside_another_one_is_no_season_but_two_parts() -> None:
    order = text_order(pd.Series(["2007-08", "2007-01", "2007-11"]))
    assert order is not None
    assert order.numbers.argsort().tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("numbers", "name", "counts"),
    [
        (RNG.permutation(800) * 37 + 7_000_000, "key", True),
        (RNG.permutation(800) // 12, "lot", True),
        (RNG.permutation(800) * 0.1 + 4_031.7, "meter", True),
        (RNG.uniform(200, 900, 800), "x", False),
        (RNG.uniform(0, 100, 800).round(2), "lunch", False),
        (172 + RNG.permutation(800) % 60, "flipper_length_mm", False),
        (172 + RNG.permutation(800) % 60, "flipper", True),
        (RNG.normal(30, 6, 800).round(), "age", False),
        (RNG.lognormal(9, 0.8, 800).round(2), "price", False),
        (RNG.poisson(3, 800), "visits", False),
        (RNG.integers(20, 180, 1_200), "m2", False),
        (RNG.integers(20, 180, 1_200), "living", False),
        (RNG.integers(1, 13, 800), "month", False),
        (RNG.choice([1, 2, 3], 800), "number", False),
    ],
)
def test_numbers_may_count_where_they_are_spread_as_counting_spreads_them(
    numbers: np.ndarray, name: str, counts: bool
) -> None:
    assert may_count(numbers.astype(float), name, is_id=False) == counts


def test_the_numbers_of_ids_may_count_whatever_their_gaps() -> None:
    wild = np.cumsum(RNG.pareto(2.0, 400) * 50 + 1).round()
    assert may_count(RNG.permutation(wild), "order_id", is_id=True)
    assert not may_count(RNG.permutation(wild), "Amount", is_id=True)
