"""FramePlan: code for pandas runs on rows of any form, on the layout that fits them, with the same values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmus_core.errors import RowError, UsageError
from litmus_core.frame import FramePlan, ScalableDataFrame
from litmus_core.frame._layouts import small_batch
from litmus_core.frame._layouts.selection import Chooser, Form, LayoutName, default_lines
from litmus_core.frame._series.aggregates import AggregateMethods
from litmus_core.frame._symbolic.fit_statistics import ANSWERS, Learner, ValueCounts
from tests.frame.nasty import column
from tests.frame.raw_columns import PLACE, SIZE, SOLD, TITLE, WHEN

COLUMNS = (SIZE, TITLE, PLACE, WHEN, SOLD)
VALUES: dict[str, list[Any]] = {
    "size": [1.5, None, -0.0, 7.0, 3.0],
    "title": ["A red, RED box", None, "", "naïve \U0001fae9 İ", "the²"],
    "place": ["b", "a", None, "a", "c"],
    "when": [
        datetime(2024, 2, 29, 12),
        None,
        datetime(1, 1, 1),
        datetime(1969, 12, 31),
        datetime(2030, 1, 1),
    ],
    "sold": [True, None, False, True, False],
}
FORMS: tuple[Form, ...] = ("records", "columns", "pandas", "polars")
HALF = "\ud800"


class Pre:
    """What people write: fit looks at all rows, transform at each."""

    def fit(self, frame: Any) -> Pre:
        self.middle_ = frame["size"].median()
        filled = frame["size"].fillna(self.middle_)
        self.mean_, self.std_ = filled.mean(), filled.std()
        counts = sorted(frame["place"].value_counts().items(), key=lambda pair: (-pair[1], pair[0]))
        self.places_ = {place: at for at, (place, _) in enumerate(counts)}
        return self

    def transform(self, frame: Any) -> Any:
        frame = frame.copy()
        frame["size"] = (frame["size"].fillna(self.middle_) - self.mean_) / self.std_
        frame["title"] = frame["title"].str.lower().str.replace(r"[^\w\s]", "", regex=True)
        frame["n"] = frame["title"].str.split().str.len()
        frame["place"] = frame["place"].map(self.places_)
        frame["big"] = frame["size"] > 0
        frame["year"] = frame["when"].dt.year
        return frame


def in_form(values: dict[str, list[Any]], form: Form) -> Any:
    if form == "records":
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    if form == "columns":
        return values
    if form == "pandas":
        frame = pd.DataFrame({name: pd.Series(each, dtype=object) for name, each in values.items()})
        frame["when"] = np.array(values["when"], dtype="datetime64[us]")
        return frame.set_index(pd.Index(range(10, 10 + len(frame))))
    return pl.DataFrame(values, strict=False)


def listed(made: Any, form: Form) -> dict[str, list[Any]]:
    """Return columns as lists, dates in microseconds, so that what is the same is equal."""
    if form == "records":
        made = {name: [row[name] for row in made] for name in made[0]}
    columns = {name: made[name] for name in (made.columns if hasattr(made, "columns") else made)}
    return {name: [_plain(value) for value in list(values)] for name, values in columns.items()}


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    if isinstance(value, datetime | np.datetime64):
        return float(np.datetime64(value, "us").astype(np.int64))
    return value if isinstance(value, str) else float(value)


EXPECTED = listed(FramePlan.fitted(Pre(), COLUMNS, VALUES)._run(VALUES, "columns", "columns"), "columns")


def test_the_values_are_those_of_pandas() -> None:
    frame = in_form(VALUES, "pandas")
    frame["size"] = frame["size"].astype(float)

    made = Pre().fit(frame).transform(frame)

    assert {**listed(made, "pandas"), "sold": EXPECTED["sold"]} == EXPECTED


@pytest.mark.parametrize(
    ("form", "layout"),
    [("records", "record"), *((form, layout) for form in FORMS for layout in ("columns", "polars"))],
)
def test_every_form_on_every_layout_gives_the_same_values_in_its_own_form(
    form: Form, layout: LayoutName
) -> None:
    rows = in_form(VALUES, form)
    plan = FramePlan.fitted(Pre(), COLUMNS, rows)

    made = plan._run(rows, form, layout)

    assert type(made) is type(rows)
    assert listed(made, form) == EXPECTED
    if form == "pandas":
        assert list(made.index) == [10, 11, 12, 13, 14]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", ["columns", "polars"])
def test_no_rows_give_no_rows(form: Form, layout: LayoutName) -> None:
    rows = in_form({name: [] for name in VALUES}, form)
    plan = FramePlan(COLUMNS, lambda frame: frame.assign(low=frame["title"].str.lower()))

    assert (
        len(plan._run(rows, form, layout)["low"] if form == "columns" else plan._run(rows, form, layout)) == 0
    )


@pytest.mark.parametrize("form", ["records", "columns", "pandas"])
def test_halves_of_surrogate_pairs_are_no_trouble_on_the_polars_layout(form: Form) -> None:
    plan = FramePlan([TITLE], lambda frame: frame.assign(low=frame["title"].str.lower()))
    rows = in_form({"title": ["A" + HALF], "when": [None]}, form)

    assert listed(plan._run(rows, form, "polars"), form)["low"] == ["a" + HALF]


def clocked(costs_us: dict[LayoutName, tuple[float, float]]) -> Any:
    """Return a chooser that has measured layouts of such costs, by a clock that they turn."""
    now = [0.0]

    def run(name: LayoutName, n_rows: int) -> None:
        fixed, row = costs_us[name]
        now[0] += (fixed + row * n_rows) / 1e6

    chooser = Chooser(default_lines(has_texts=True, has_kernel=False), clock=lambda: now[0])
    chooser.measure("records", 5_000, run)
    return chooser


def test_a_measured_choice_takes_the_layout_that_is_the_fastest_for_so_many_rows() -> None:
    chooser = clocked({"record": (1, 10), "columns": (100, 5), "polars": (1_000, 1)})

    chosen = [chooser.choice("records", n_rows).layout for n_rows in (1, 19, 21, 224, 226, 10**6)]

    assert chosen == ["record", "record", "columns", "columns", "polars", "polars"]


def test_calls_that_are_interrupted_for_being_long_do_not_mislead_a_measurement() -> None:
    now = [0.0]

    def run(name: LayoutName, n_rows: int) -> None:
        fixed, row = {"record": (1, 10), "columns": (100, 5), "polars": (1_000, 1)}[name]
        us = fixed + row * n_rows
        now[0] += (us if us <= 4_500 else 5 * us) / 1e6  # others have their turns

    chooser = Chooser(default_lines(has_texts=True, has_kernel=False), clock=lambda: now[0])
    chooser.measure("records", 5_000, run)

    assert [chooser.fastest("records", n_rows) for n_rows in (1, 19, 21, 100, 5_000)] == [
        "record", "record", "columns", "columns", "polars",
    ]  # fmt: skip


def test_the_form_for_so_many_rows_is_that_of_the_fastest_layout() -> None:
    plan = FramePlan.fitted(Pre(), COLUMNS, VALUES)

    assert [plan.form_for(n_rows) for n_rows in (1, 100, 1_000_000)] == ["records", "columns", "polars"]


def test_a_choice_says_layout_reason_and_numbers() -> None:
    chooser = clocked({"record": (1, 10), "columns": (100, 5), "polars": (1_000, 1)})

    assert str(chooser.choice("records", 1_000)) == (
        "1,000 rows as records run on the polars layout, which should be the fastest "
        "(columns 5.1 ms, polars 2 ms, record 10 ms; measured on rows at hand)."
    )


def test_rows_that_are_few_or_many_are_chosen_for_without_measuring() -> None:
    plan = FramePlan.fitted(Pre(), COLUMNS, VALUES)
    million = pl.DataFrame({"size": np.zeros(1_000_000)})

    assert plan.explain(in_form(VALUES, "records")).layout == "record"
    assert plan.explain(VALUES).layout == "columns"
    assert plan.explain(million).layout == "polars"


def test_polars_is_compiled_once_calls_without_it_have_lost_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = FramePlan([SIZE], lambda frame: frame[["size"]])
    plan._chooser = clocked({"record": (0, 12), "columns": (0, 8), "polars": (0, 6)})
    used: list[str] = []
    monkeypatch.setattr(plan, "_of_records", lambda rows, layout: used.append(layout))

    for n_rows in (10, 100, 100, 50):  # 20, 200, 200 and 100 us lost: the last one is worth it
        plan.of([{"size": 1}] * n_rows)

    assert used == ["columns", "columns", "columns", "polars"]
    assert plan.explain([{"size": 1}]).layout == "polars"


def test_numbers_of_pandas_stay_in_numpy_however_many() -> None:
    plan = FramePlan([SIZE, TITLE], lambda frame: frame.assign(more=frame["size"] + 1))
    million = pd.DataFrame({"size": np.zeros(1_000_000)})

    assert plan.explain(million).layout == "columns"


def test_a_lazy_frame_stays_lazy() -> None:
    rows = in_form(VALUES, "polars")
    plan = FramePlan.fitted(Pre(), COLUMNS, rows)

    made = plan.of(rows.lazy())

    assert isinstance(made, pl.LazyFrame)
    assert listed(made.collect(), "polars") == EXPECTED
    with pytest.raises(RowError, match="'title'"):
        plan.of(rows.lazy().drop("title"))


def test_a_calibrated_plan_says_so_and_gives_the_same() -> None:
    rows = in_form(VALUES, "polars")
    plan = FramePlan.fitted(Pre(), COLUMNS, rows)

    plan.calibrate(rows)

    assert plan.explain(rows).source == "measured on rows at hand"
    assert listed(plan.of(rows), "polars") == EXPECTED


@pytest.mark.parametrize("form", FORMS)
def test_a_column_that_is_not_there_is_named(form: Form) -> None:
    plan = FramePlan([SIZE, TITLE], lambda frame: frame)

    with pytest.raises(RowError, match="'title'"):
        plan.of(in_form({"size": [1.0], "when": [None]}, form))


def test_a_value_of_a_row_that_does_not_read_is_told() -> None:
    plan = FramePlan([SIZE], lambda frame: frame)

    with pytest.raises(RowError, match="'size' should be a number, but row 1 has 'big'"):
        plan.of([{"size": 1.0}, {"size": "big"}])


@pytest.mark.parametrize("size", [0.0, -0.0, 2.0, float("nan"), None])
def test_numbers_of_a_dict_are_pythons_even_after_a_division_by_zero(size: float | None) -> None:
    plan = FramePlan(
        [SIZE], lambda frame: frame.assign(turned=1 / frame["size"], own=frame["size"] / frame["size"])
    )

    [row] = plan.of([{"size": size}])

    assert {type(value) for value in row.values()} == {float}


def test_what_holds_no_rows_is_refused() -> None:
    with pytest.raises(UsageError, match="An int holds no rows"):
        FramePlan([SIZE], lambda frame: frame).of(3)


@pytest.mark.filterwarnings("ignore:Mean of empty slice")  # which pandas says where all are missing
@pytest.mark.parametrize(
    "values",
    [
        [3.0, None, 1.0, 1.0], [2.0], [None, None], [],
        *([None, *(0.1 * at**3 for at in range(n))] for n in (7, 8, 15, 16, 17, 80)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["records", "columns", "polars"])
def test_what_is_asked_of_numbers_is_what_pandas_says(values: list[float | None], form: Form) -> None:
    rows: Any = {
        "records": [{"size": each} for each in values],
        "columns": {"size": values},
        "polars": pl.DataFrame({"size": pl.Series(values, dtype=pl.Float64)}),
    }[form]
    series = pd.Series(values, dtype=float)

    with Learner([SIZE], rows):
        size = ScalableDataFrame.of([SIZE])["size"]
        for name in sorted(ANSWERS.keys() - {"value_counts"}):
            told, expected = getattr(size, name)(), getattr(series, name)()
            assert told == pytest.approx(expected, rel=1e-12, nan_ok=True), name
        assert size.quantile(0.25) == pytest.approx(series.quantile(0.25), rel=1e-12, nan_ok=True)
        assert (size + 1).value_counts() == (series + 1).value_counts().to_dict()


def test_every_answer_is_a_word_of_a_column() -> None:
    words = {name for name in vars(AggregateMethods) if not name.startswith("_")}

    assert words == ANSWERS.keys()


@given(st.lists(st.floats(), max_size=small_batch.MOST))
def test_a_few_numbers_add_up_as_numpy_adds_them(values: list[float]) -> None:
    with np.errstate(all="ignore"):
        expected = np.sum(np.array(values, dtype=np.float64))

    assert np.array_equal(small_batch.total(values), expected, equal_nan=True)
    assert expected != 0 or np.signbit(small_batch.total(values)) == np.signbit(expected)


@pytest.mark.parametrize("form", ["records", "columns", "polars"])
def test_values_are_counted_with_ties_in_their_order(form: Form) -> None:
    texts = ["b", "a", None, "c", "c", "A"]
    rows: Any = {
        "records": [{"title": each} for each in texts],
        "columns": {"title": texts},
        "polars": pl.DataFrame({"title": texts}),
    }[form]

    with Learner([TITLE], rows):
        low = ScalableDataFrame.of([TITLE])["title"].str.lower()
        counts, shares = low.value_counts(), low.value_counts(normalize=True)

    assert list(counts.items()) == [("a", 2), ("c", 2), ("b", 1)]
    assert counts.head(2).index == ["a", "c"]
    assert shares.to_dict() == {"a": 0.4, "c": 0.4, "b": 0.2}
    assert isinstance(counts, ValueCounts)


def test_halves_of_surrogate_pairs_are_counted_too() -> None:
    rows = pl.DataFrame({"title": pl.Series(["A" + HALF, "a" + HALF, None, "b"], dtype=pl.Object)})

    with Learner([TITLE], rows):
        title = ScalableDataFrame.of([TITLE])["title"]
        counts, low = title.value_counts(), title.str.lower().value_counts()

    assert counts == {"A" + HALF: 1, "a" + HALF: 1, "b": 1}
    assert low == {"a" + HALF: 2, "b": 1}


def test_what_is_asked_of_rows_without_any_is_refused_as_ever() -> None:
    size = ScalableDataFrame.of([SIZE])["size"]

    with pytest.raises(UsageError, match="traced column has no 'median'"):
        size.median()


def test_a_question_that_is_not_for_texts_says_so() -> None:
    with (
        Learner([TITLE], {"title": ["a"]}),
        pytest.raises(UsageError, match="'median' is for columns of numbers"),
    ):
        ScalableDataFrame.of([TITLE])["title"].median()


def test_a_name_that_looks_like_code_is_a_name() -> None:
    odd = column("{0}'); import os #", "text", "VARCHAR")
    plan = FramePlan([odd], lambda frame: frame.assign(v0=frame[odd.name] + "{1}"))

    assert plan.of([{odd.name: "a"}]) == [{odd.name: "a", "v0": "a{1}"}]
    assert plan._run({odd.name: ["a"]}, "columns", "polars") == {odd.name: ["a"], "v0": ["a{1}"]}


def test_a_column_that_is_taken_twice_again_and_again_is_asked_in_a_fit() -> None:
    class Halves:
        def fit(self, frame: Any) -> None:
            size = frame["size"]
            for _ in range(200):  # 2**200 ways lead to the raw column
                size = size / 2 + size / 2
            self.mean_ = size.mean()

        def transform(self, frame: Any) -> Any:
            return frame.assign(size=frame["size"] - self.mean_)

    assert FramePlan.fitted(Halves(), [SIZE], [{"size": 3.0}]).of([{"size": 4.0}]) == [{"size": 1.0}]
