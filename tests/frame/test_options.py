"""Options of pandas that mean nothing here are refused by name, and so are values that they cannot have."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import UsageError
from litmus_core.frame import FramePlan, FrameTransformer, ScalableDataFrame, cut
from litmus_core.frame._series.arithmetic import _SIGNS
from tests.frame.raw_columns import SIZE

Say = Callable[[Any], Any]
VALUES = {
    "a": [1.5, None, -2.0],
    "b": [2.0, 1.0, -2.0],
    "t": ["x", None, "y"],
    "d": [datetime(2024, 1, 2)] * 3,
    "e": [datetime(2023, 1, 2), None, datetime(2024, 5, 6)],
}


@pytest.mark.parametrize(
    ("say", "told"),
    [
        (lambda f: f["a"].std(axis=3), "std(axis=3) is not supported here. Say std(ddof=…): it is computed"),
        (lambda f: f["a"].std(0), "std(0) is not supported here"),  # pandas has the axis there
        (lambda f: f["a"].std(ddof="x"), "std(ddof='x') is not supported here"),
        (lambda f: f["a"].mean("x"), "mean('x') is not supported here. Say mean():"),
        (lambda f: f["a"].mean(skipna=False), "mean(skipna=False) is not supported here"),
        (lambda f: f["a"].sum(min_count=1), "sum(min_count=1) is not"),
        (lambda f: f["a"].min(3), "min(3) is not"),
        (lambda f: f["a"].median(numeric_only=True), "median(numeric_only=True) is not"),
        (lambda f: f["a"].quantile(0.5, interpolation="lower"), "quantile(0.5, interpolation='lower')"),
        (lambda f: f["t"].nunique(dropna=False), "nunique(dropna=False) is not"),
        (lambda f: f["t"].value_counts(sort=False), "(sort=False) is not supported here. Say value"),
        (lambda f: f["t"].value_counts("x"), "value_counts('x') is not"),
        (lambda f: f["a"].round("x"), "'x' as a number of decimals cannot be traced. Give a whole number"),
        (lambda f: np.round(f["a"], 1.5), "1.5 as a number of decimals cannot"),
        (lambda f: f["a"].clip("x"), "'x' beside numbers cannot be traced"),
        (lambda f: f["a"].clip(0, inplace=True), "clip(…, inplace=True) cannot be traced. Leave inplace out"),
        (lambda f: f["a"].fillna(0, inplace=True), "fillna(…, inplace=True) cannot"),
        (lambda f: f["a"].where(f["a"] > 0, 1, axis=0), "where(…, axis=0) cannot"),
        (lambda f: f["a"].mask(f["a"] > 0, level=1), "mask(…, level=1) cannot"),
        (lambda f: f["a"].replace(1, 2, regex=True), "replace(…, regex=True) cannot"),
        (lambda f: f["a"].astype(float, errors="ignore", copy=False), "Leave errors and copy out"),
        (lambda f: f["a"].add(f["b"], fill_value=0), "add(…, fill_value=0) cannot"),
        (lambda f: f["a"].ge(1, level=0), "ge(…, level=0) cannot"),
        (lambda f: f.rename(columns={"a": "c"}, inplace=True), "rename(…, inplace=True) cannot"),
        (lambda f: f.fillna({"a": 1}, limit=1), "fillna(…, limit=1) cannot"),
        (lambda f: f.astype({"a": int}, copy=False), "astype(…, copy=False) cannot"),
        (lambda f: f["a"][0], "column[…], which takes rows, cannot be traced. Take them of the frame"),
        (lambda f: f["t"].str.strip(3), "3 as a word cannot be traced"),
        (lambda f: f["t"].str.split(3), "3 as a word cannot"),
        (lambda f: f["t"].str.find(3), "3 as a word cannot"),
        (lambda f: f["t"].str.slice("x"), "'x' as a place cannot"),
        (lambda f: f["t"].str.rfind("x", 1.5), "1.5 as a place cannot"),
    ],
)  # fmt: skip
def test_what_means_nothing_here_is_refused_by_name(say: Say, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        say(ScalableDataFrame(VALUES))


GAPS: tuple[Say, ...] = (
    lambda f: f["d"] - f["e"],
    lambda f: pd.Timestamp("2024-01-01") - f["d"],
    lambda f: f["d"] - np.datetime64("2024-01-01"),
)


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize(
    "say",
    [
        lambda f, gap: f.assign(made=gap),
        lambda f, gap: f["a"].where(f["a"] > 0, gap),
        lambda f, gap: gap == pd.Timedelta(days=1),
        lambda f, gap: gap + gap,
        lambda f, gap: gap / gap,
        lambda f, gap: np.timedelta64(1, "D") / gap,
        lambda f, gap: 2 * gap,
        lambda f, gap: -gap,
        lambda f, gap: np.abs(gap),
        lambda f, gap: bool(gap),
        lambda f, gap: list(gap),
        lambda f, gap: gap[0],
        lambda f, gap: cut(gap, [0, 1], labels=["a"]),
        lambda f, gap: gap.mean(),
        lambda f, gap: gap.dt.seconds,
    ],
)
def test_times_between_dates_say_what_makes_numbers_of_them(say: Callable[[Any, Any], Any], gap: Say) -> None:
    frame = ScalableDataFrame(VALUES)

    with pytest.raises(
        UsageError, match=r"(?i)times between dates.* Make numbers of them: \.dt\.days, \.dt\.to"
    ):
        say(frame, gap(frame))


def test_times_between_dates_beside_numbers_show_what_makes_numbers_of_them() -> None:
    frame = ScalableDataFrame(VALUES)
    gap = frame["d"] - frame["e"]

    assert repr(gap).startswith(
        "Times between two columns of dates: .dt.days, .dt.total_seconds() or / pd.Timed"
    )
    with pytest.raises(UsageError, match=re.escape(repr(gap))):
        frame["a"] + gap
    with pytest.raises(UsageError, match=r"A time divided by .*NaT.* cannot be traced"):
        gap / np.timedelta64("NaT")


@pytest.mark.parametrize(
    "fit", [FrameTransformer.fit, lambda it, rows: FramePlan.fitted(it._code, [SIZE], rows)]
)
def test_it_is_refused_in_a_fit_of_lazy_rows_too(fit: Any) -> None:
    class Asks:
        def fit(self, frame: Any) -> None:
            self.mean_ = frame["size"].mean(axis=0)

        def transform(self, frame: Any) -> Any:
            return frame

    with pytest.raises(UsageError, match=r"mean\(axis=0\) is not supported here"):
        fit(FrameTransformer(Asks(), [SIZE]), pl.LazyFrame({"size": [1.0]}))


@pytest.mark.parametrize(
    "say",
    [
        lambda f: f["b"].std(ddof=0),
        lambda f: f["b"].quantile(0.5),
        lambda f: f["b"].quantile(q=0.25),
        lambda f: dict(f["t"].value_counts(normalize=True)),
        lambda f: dict(f["t"].value_counts(True)),
    ],
)
def test_options_that_mean_something_are_taken(say: Say) -> None:
    assert say(ScalableDataFrame(VALUES)) == say(pd.DataFrame(VALUES))


@pytest.mark.parametrize("word", sorted(_SIGNS))
def test_a_word_for_a_sign_gives_what_pandas_gives(word: str) -> None:
    frame, pandas = ScalableDataFrame(VALUES), pd.DataFrame(VALUES)
    for other in ("b", 2):
        made, expected = (
            each.assign(made=getattr(each["a"], word)(each[other] if other == "b" else other))
            for each in (frame, pandas)
        )

        pd.testing.assert_series_equal(made.to_pandas()["made"], expected["made"])


def test_pythons_own_round_rounds() -> None:
    frame = ScalableDataFrame({"a": [1.25, 2.5]})

    made = frame.assign(whole=round(frame["a"]), tenth=round(frame["a"], 1))

    assert made.to_dicts() == [
        {"a": 1.25, "whole": 1.0, "tenth": 1.2},
        {"a": 2.5, "whole": 2.0, "tenth": 2.5},
    ]
