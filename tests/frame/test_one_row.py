"""One row gives what it gives among a thousand: where its text or date is missing, too."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import RowError, UsageError
from litmus_core.frame import FramePlan, FrameTransformer, ScalableDataFrame
from litmus_core.frame._layouts.frame_plan import form_of
from litmus_core.frame._layouts.selection import LayoutName
from tests.frame.nasty import column

DAY = datetime(2024, 2, 29, 12)
BATCH = [
    {"a": "The  Lamp", "b": "x-1", "d": DAY, "e": DAY, "n": 3.5},
    {"a": None, "b": None, "d": None, "e": None, "n": None},
    {"a": "Yes", "b": "y", "d": datetime(1999, 1, 1), "e": DAY, "n": -1.5},
] * 4


def said(frame: Any) -> Any:
    """What works on many rows, and has to on one in which nothing is there."""
    frame = frame.copy()
    frame["lower"] = frame["a"].str.lower().str.split().str.join(" ")
    frame["long"] = frame["a"].str.len() + frame["b"].str.count("x")
    frame["first"] = frame["b"].str.split("-").str[0]
    frame["digit"] = frame["b"].str.extract(r"(\d)", expand=False)
    frame["yes"] = (frame["a"] == "Yes") | (frame["a"] != frame["b"]) & (frame["b"] != "y")
    frame["both"] = frame["a"] + "/" + frame["b"]
    frame["prefix"] = "> " + frame["a"]
    frame["joined"] = frame["a"].str.cat(frame["b"], sep=" ", na_rep="-")
    frame["filled"] = frame["a"].fillna("none")
    frame["other"] = frame["a"].fillna(frame["b"]).str.upper()
    frame["where"] = frame["a"].where(frame["n"] > 0, frame["b"]).str.len()
    frame["masked"] = frame["a"].mask(frame["n"] > 0).str.len()
    frame["code"] = frame["a"].map({"Yes": 1, "no": 0}).fillna(-1)
    frame["word"] = frame["a"].map({"Yes": "y"}).str.len()
    frame["isin"] = frame["a"].isin(["Yes", "no"])
    frame["new"] = frame["a"].replace({"Yes": "Ja"}).fillna("-")
    frame["chosen"] = np.where(frame["a"].isna(), "none", frame["a"])
    frame["category"] = frame["a"].astype(pd.CategoricalDtype(["Yes"])).cat.codes
    frame["text"] = frame["a"].astype(str).str.strip()
    frame["mapped"] = frame["a"].map(lambda text: -1 if text is None else len(text))
    frame["skipped"] = frame["b"].map(len, na_action="ignore")
    frame["year"] = frame["d"].dt.year + frame["d"].dt.isocalendar().week
    frame["days"] = (frame["e"] - frame["d"]).dt.days
    frame["since"] = (frame["e"] - frame["d"]) / pd.Timedelta(days=1)
    frame["old"] = (frame["d"] < pd.Timestamp(2000, 1, 1)) | (frame["d"] <= frame["e"]) | (frame["d"] == DAY)
    frame["age"] = (pd.Timestamp(2025, 1, 1) - frame["d"]).dt.total_seconds()
    frame["name"] = frame["d"].dt.day_name()
    frame["true"] = frame["n"].astype(bool)
    frame["double"] = frame["n"] * 2 + frame["n"].fillna(0)
    return frame


def forms(rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        "records": rows,
        "columns": columns,
        "pandas": pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()}),
        "polars": pl.DataFrame(columns),
    }


def shown(row: dict[str, Any]) -> dict[str, str]:
    return {
        name: repr(None if value is None or value is pd.NaT or value != value else value)
        for name, value in row.items()
    }


@pytest.mark.parametrize("form", ["records", "columns", "pandas", "polars"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_row_alone_gives_what_it_gives_among_others(at: int, form: str) -> None:
    among = said(ScalableDataFrame(BATCH)).to_dicts()[at]

    [alone] = said(ScalableDataFrame(forms([BATCH[at]])[form])).to_dicts()

    assert shown(alone) == shown(among)


def test_rows_in_which_nothing_is_there_are_left_out_and_said_more_of() -> None:
    frame = ScalableDataFrame([{"a": None, "n": 1}, {"a": None, "n": 2}])

    left = frame[frame["n"] > 1]

    assert left.assign(a=left["a"].str.lower().fillna("-")).to_dicts() == [{"a": "-", "n": 2.0}]


def test_what_a_column_without_values_is_cannot_be_told_where_its_type_is_asked() -> None:
    frame = ScalableDataFrame([{"a": None, "n": 1}])

    with pytest.raises(UsageError, match="Nothing is there in 'a'"):
        frame.select_dtypes("number")
    assert list(ScalableDataFrame([{"a": None, "n": 1}], types={"a": "text"}).select_dtypes("number")) == [
        "n"
    ]


NUMBER, WHOLE = column("n", "number", "DOUBLE"), column("n", "number", "BIGINT")
KEPT = column("n", "number", "FLOAT")
GIVEN = {
    "records": lambda values: [{"n": value} for value in values],
    "columns": lambda values: {"n": values},
    "arrays": lambda values: {"n": np.array(values)},
    "pandas": lambda values: pd.DataFrame({"n": values}),
    "polars": lambda values: pl.DataFrame({"n": values}),
}


def numbers_of(made: Any) -> list[float]:
    if isinstance(made, list):
        return [row["m"] for row in made]
    values = made["m"].to_numpy() if hasattr(made["m"], "to_numpy") else made["m"]
    return [float(value) for value in values]


@pytest.mark.parametrize("layout", ["record", "columns", "polars"])
@pytest.mark.parametrize("form", GIVEN)
@pytest.mark.parametrize("n_rows", [1, 40])
@pytest.mark.parametrize(("given", "kept"), [(NUMBER, False), (KEPT, True)])
def test_infinite_numbers_are_the_same_in_every_form(
    given: Any, kept: bool, n_rows: int, form: str, layout: LayoutName
) -> None:
    plan = FramePlan([given], lambda frame: frame.assign(m=frame["n"] * 2))
    rows = GIVEN[form]([math.inf, -math.inf][:n_rows] * (n_rows // 2 or 1))

    made = numbers_of(plan._run(rows, form_of(rows), layout))

    assert all(math.isinf(value) if kept else math.isnan(value) for value in made)


def test_infinite_numbers_are_learned_of_alike() -> None:
    class Centred:
        def fit(self, frame: Any) -> None:
            self.mean_ = frame["n"].mean()

        def transform(self, frame: Any) -> Any:
            return frame.assign(m=frame["n"] - self.mean_)

    values = [1.0, math.inf, 3.0]
    for form, make in GIVEN.items():
        fitted = FrameTransformer(Centred(), [NUMBER]).fit(make(values))
        assert fitted.of([{"n": 5.0}])[0]["m"] == 3.0, form


@pytest.mark.parametrize("form", GIVEN)
@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 2**63 - 1])
@pytest.mark.parametrize("n_rows", [1, 40])
def test_whole_numbers_that_would_change_are_refused(n_rows: int, value: int, form: str) -> None:
    rows = GIVEN[form]([*range(n_rows - 1), value])

    for make in (
        lambda: FramePlan([WHOLE], lambda frame: frame).of(rows),
        lambda: ScalableDataFrame(rows).collect(),
        lambda: ScalableDataFrame(rows)["n"].max(),
    ):
        with pytest.raises(RowError, match=rf"'n' holds {value}, and numbers here .*types=\{{'n': 'text'\}}"):
            make()
    as_texts = ScalableDataFrame(rows, types={"n": "text"}).to_dicts()
    assert as_texts[-1] == {"n": str(value)}


@pytest.mark.parametrize("form", GIVEN)
def test_whole_numbers_that_doubles_hold_are_taken(form: str) -> None:
    rows = GIVEN[form]([2**53, -(2**53), 0])

    assert [row["n"] for row in ScalableDataFrame(rows).to_dicts()] == [2**53, -(2**53), 0]


def test_texts_of_whole_numbers_that_would_change_are_refused() -> None:
    with pytest.raises(RowError, match="'n' holds 9007199254740993"):
        FramePlan([NUMBER], lambda frame: frame).of([{"n": str(2**53 + 1)}])


def test_a_lazy_frame_refuses_them_when_it_is_collected() -> None:
    lazy = ScalableDataFrame(pl.DataFrame({"n": [2**53 + 1]}).lazy())

    with pytest.raises(Exception, match="'n' holds 9007199254740993"):
        lazy.collect()


@pytest.mark.parametrize("form", GIVEN)
def test_a_plan_spells_whole_numbers_alike_alone_and_among_others(form: str) -> None:
    frame = ScalableDataFrame(GIVEN[form]([3, 0, -7]))
    frame["text"] = frame["n"].astype(str)

    plan = frame.to_plan()

    assert [row["text"] for row in frame.to_dicts()] == ["3", "0", "-7"]
    assert [plan.of([{"n": value}])[0]["text"] for value in (3, 0, -7)] == ["3", "0", "-7"]


@pytest.mark.parametrize("values", [[3, None], [3, 2.5], [True, 3]])
def test_numbers_that_may_be_whole_are_spelled_once_it_is_said_how(values: list[Any]) -> None:
    frame = ScalableDataFrame({"n": values})

    with pytest.raises(UsageError, match=r"say astype\(int\) or astype\(float\) before it"):
        frame["n"].astype(str)
    frame["whole"], frame["float"] = frame["n"].astype(int).astype(str), frame["n"].astype(float).astype(str)
    rows = frame.to_dicts()
    assert [row["whole"] for row in rows] == [None if each is None else str(int(each)) for each in values]
    assert [row["float"] for row in rows] == [None if each is None else str(float(each)) for each in values]
