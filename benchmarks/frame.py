"""Pre-processing written for pandas, compiled by Litmus, against pandas itself, by the number of rows.

The code is `_frame_listing.Listings`: lower, strip punctuation, collapse blanks, join two columns, drop 50
stop words, truncate, counts, date parts, median fill, clip, log1p, standardise, two vocabularies. Figures are
how often Litmus is as fast as pandas with object strings in the same run, medians of calls that take turns;
rows come and go in the own form of the layout that is chosen beforehand (`transform_N`; others are reported
beside it), and choosing is part of the call. What both made is compared before anything is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks._frame_listing import COLUMNS, Listings, listings
from benchmarks._harness import Figure, Run, main
from litmus_core.frame import FramePlan, FrameTransformer, first_difference, made_values

ROWS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
TARGETS = {1: (400, 60), 10: (60, 35), 100: (9, 9), 1_000: (10, 3.5), 10_000: (14, 5), 100_000: (20, 9),
           1_000_000: (28, 10)}  # fmt: skip
FORMS = ("records", "columns", "polars")
_TURNS, _CALLS = 3, 100  # each call has so many turns, and so many runs a turn if time allows


def figures(run: Run) -> list[Figure]:
    found = []
    for n_rows in map(int, run.options.rows.split(",")):
        run.say(f"{n_rows:,} rows")
        found += _figures_of(n_rows, run)
    return found


def _figures_of(n_rows: int, run: Run) -> list[Figure]:
    values = listings(n_rows)
    frame = in_form(values, "pandas")
    pre = Listings().fit(frame)
    transformer = FrameTransformer(Listings(), COLUMNS)
    plan = transformer.fit(in_form(values, "columns"))
    _compare(plan, pre, values)
    chosen = plan.form_for(n_rows)
    forms = sorted({chosen, *filter(None, run.options.forms.split(","))})
    rows = {form: in_form(values, form) for form in forms}
    run.say(f"  {plan.explain(rows[chosen])}")
    taken = {
        "transform": _medians(
            run, lambda: pre.transform(frame), {form: _transform(plan, rows[form]) for form in forms}
        ),
        "fit_transform": _medians(
            run,
            lambda: Listings().fit(frame).transform(frame),
            {form: _fit_transform(transformer, rows[form]) for form in forms},
        ),
    }
    found = [_pandas_us(n_rows, taken["transform"]["pandas itself"])]
    for (what, medians), goal in zip(taken.items(), TARGETS.get(n_rows, (None, None)), strict=True):
        ratios = {form: medians["pandas itself"] / medians[form] for form in forms}
        found += [_times(f"{what}_{n_rows}_{form}", ratio, None) for form, ratio in ratios.items()]
        found.append(_times(f"{what}_{n_rows}", ratios[chosen], goal))
    return found


def _transform(plan: FramePlan, rows: Any) -> Callable[[], Any]:
    return lambda: plan.of(rows)


def _fit_transform(transformer: FrameTransformer, rows: Any) -> Callable[[], Any]:
    return lambda: transformer.fit_transform(rows)


def _medians(run: Run, pandas: Callable[[], Any], ours: dict[str, Callable[[], Any]]) -> dict[str, float]:
    return seconds({"pandas itself": pandas, **ours}, run.options.seconds)


def _pandas_us(n_rows: int, seconds: float) -> Figure:
    return Figure(
        name=f"pandas_us_per_row_{n_rows}",
        value=seconds / n_rows * 1e6,
        unit="us",
        target=None,
        better="lower",
    )


def _times(name: str, value: float, target: float | None) -> Figure:
    return Figure(name=name, value=value, unit="x", target=target, better="higher")


def in_form(values: dict[str, list[Any]], form: str) -> Any:
    """Return listings as a program that has chosen a layout holds them."""
    if form == "records":
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    numbers = {name: np.array(values[name], dtype=np.float64) for name in ("price", "weight")}
    numbers["listed"] = np.array(values["listed"], dtype="datetime64[us]")
    if form == "columns":
        return values | numbers
    if form == "polars":
        texts = {
            name: pl.Series(each, dtype=pl.String) for name, each in values.items() if name not in numbers
        }
        return pl.DataFrame(
            texts | {name: pl.Series(values=each, nan_to_null=True) for name, each in numbers.items()}
        )
    objects = {name: pd.Series(each, dtype=object) for name, each in values.items() if name not in numbers}
    return pd.DataFrame(objects | numbers)


def seconds(calls: dict[str, Callable[[], Any]], most_s: float) -> dict[str, float]:
    """Return the median of several runs of each call, the first not counted.

    They take turns, so that whatever else the machine does falls on all of them.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(_TURNS):
        for name, call in calls.items():
            mine: list[float] = []
            while not mine or (sum(mine) < most_s / _TURNS and len(mine) < _CALLS):
                started = perf_counter()
                call()
                mine.append(perf_counter() - started)
            taken[name] += mine
    return {name: median(each) for name, each in taken.items()}


def _compare(plan: FramePlan, pre: Listings, values: dict[str, list[Any]]) -> None:
    """Raise ValueError where Litmus makes anything else than pandas, in any form; the first 10,000 rows."""
    few = {name: each[:10_000] for name, each in values.items()}
    expected = pre.transform(in_form(few, "pandas"))
    made = plan.of(in_form(few, "pandas"))
    others = {"columns": pd.DataFrame(plan.of(in_form(few, "columns"))), "pandas": made}
    others["polars"] = plan.of(in_form(few, "polars")).to_pandas()
    for form, each in others.items():
        for name in expected.columns:
            one, other = made_values(expected[name]), made_values(each[name])
            if one[0] == "number" and other[0] == "number":
                same = np.allclose(one[1], other[1], rtol=1e-12, atol=0, equal_nan=True)
            else:
                same = first_difference(one, other) is None
            if not same:
                raise ValueError(f"{form}: the column '{name}' differs from pandas'.")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", default=",".join(map(str, ROWS)), help="numbers of rows, with commas")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--forms", default=",".join(FORMS), help="of records, columns, pandas, polars")


if __name__ == "__main__":
    main("frame", figures, add_arguments=_arguments)
