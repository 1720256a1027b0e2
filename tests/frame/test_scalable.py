"""Code written for pandas, traced once, gives what pandas gives: in every layout, to the last bit."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from litmus_core.frame import (
    Traced,
    concat,
    cut,
    first_mismatch,
    raw_frame,
    ready_columns,
    ready_reader,
    to_datetime,
    to_numeric,
    trace,
    values_from_pandas,
)
from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._layouts.layouts import PandasLayout
from litmus_core.frame._layouts.polars_values import as_column
from litmus_core.frame._operations.registry import MORE_OPERATIONS
from litmus_core.frame._operations.strings import IS_KINDS
from litmus_core.frame._pipeline.preprocess import polars_plan
from tests.cases import examples
from tests.frame.raw_columns import COLUMNS, FIRST, TITLE

_NUMBERS = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.5, -7.0, 3e300, 5e-324, float("inf")])
_WORDS = st.sampled_from(
    [
        "red",
        "Red",
        "box",
        "",
        "  a b ",
        "a-b",
        "naïve",
        "İ",
        "²",
        "x_1",
        "red,box",
        "é́",
        "ß",
        "\u3000",
        "12",
        "Σ",
    ]
)
_TEXTS = st.none() | _WORDS | st.lists(_WORDS, max_size=5).map(" ".join) | st.text(max_size=6)
_DATES = st.none() | st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 1, 1))
ROW = st.fixed_dictionaries(
    {
        "size": st.none() | _NUMBERS,
        "price": st.none() | _NUMBERS,
        "title": _TEXTS,
        # Categories of pandas end a text at NUL: "\0" is one with "" there, and two here.
        "place": _TEXTS.filter(lambda text: "\0" not in (text or "")),
        "when": _DATES,
        "seen": _DATES,
        "sold": st.none() | st.booleans(),
        "level": st.none() | st.integers(-3, 40),
    }
)

Make = Callable[[Any], Any]
# What people write, each for a column of its own; `f` is a pandas frame, or one that is traced.
PARTS = ("year", "month", "day")


def numbered(texts: Any) -> Any:
    with warnings.catch_warnings():  # pandas 2 warns that it makes numbers of the whole column
        warnings.simplefilter("ignore")
        return texts.replace({"red": 1, "box": 2})


WRITTEN: dict[str, Make] = {
    "add": lambda f: f["size"] + f["price"] + 1,
    "radd": lambda f: 2 + f["size"],
    "subtract": lambda f: 3 - f["size"] - f["price"],
    "multiply": lambda f: f["size"] * f["price"] * np.float64(2),
    "divide": lambda f: f["size"] / f["price"],
    "rdivide": lambda f: 1 / f["price"],
    "floor divide": lambda f: f["size"] // f["price"],
    "remainder": lambda f: f["size"] % f["price"] + f["size"] % 7,
    "power": lambda f: abs(f["size"]) ** f["price"],
    "square": lambda f: f["size"] ** 2,
    "root": lambda f: f["size"] ** 0.5,
    "cubed": lambda f: f["size"] ** 3,
    "base": lambda f: 2 ** f["price"],
    "negate": lambda f: -f["size"],
    "log1p": lambda f: np.log1p(f["size"].clip(lower=0)),
    "ufuncs": lambda f: np.exp(f["size"]) + np.log(f["price"]) + np.sqrt(f["size"]) - np.log10(f["price"]),
    "more ufuncs": lambda f: np.sin(f["size"]) + np.cos(f["price"]) + np.tanh(f["size"]) + np.log2(f["size"]),
    "roots": lambda f: np.cbrt(f["size"]) + np.square(f["size"]) + np.exp2(f["price"]) + np.expm1(f["price"]),
    "angles": lambda f: np.tan(f["size"]) + np.arctan(f["price"]) + np.arctan2(f["size"], f["price"]),
    "whole": lambda f: np.floor(f["size"]) + np.ceil(f["price"]) + np.trunc(f["size"]) + np.rint(f["price"]),
    "sign": lambda f: np.sign(f["size"]) * np.abs(f["price"]),
    "extremes": lambda f: np.maximum(f["size"], f["price"]) - np.minimum(f["size"], 3),
    "hypot": lambda f: np.hypot(f["size"], 1),
    "round": lambda f: f["size"].round(2) + np.round(f["price"]),
    "clip": lambda f: f["size"].clip(-1, 4),
    "np clip": lambda f: np.clip(f["price"], 0, 10),
    "abs": lambda f: f["size"].abs(),
    "fillna": lambda f: f["size"].fillna(1.5),
    "fillna column": lambda f: f["size"].fillna(f["price"]),
    "isna": lambda f: f["size"].isna() | f["title"].isnull() | f["when"].isna(),
    "notna": lambda f: f["size"].notna(),
    "compare": lambda f: (f["size"] > f["price"]) & ~(f["size"] <= 3) | (f["price"] == 1),
    "not equal": lambda f: (f["size"] != 1) ^ (f["size"] != f["price"]),
    "between": lambda f: f["size"].between(0, 3, inclusive="left"),
    "isin": lambda f: f["size"].isin([0, 1.0, 2]),
    "isin texts": lambda f: f["place"].isin(["red", "box"]),
    "where": lambda f: f["size"].where(f["size"] > 0),
    "mask": lambda f: f["size"].mask(f["size"] > 5, f["price"]),
    "np where": lambda f: np.where(f["size"] > 0, f["price"], -1),
    "np where constant": lambda f: np.where(f["size"].isna(), 1, 0),
    "np where swapped": lambda f: np.where(f["size"] > 0, 5, f["price"]),
    "np select": lambda f: np.select([f["size"] > 3, f["size"] > 0], [3, f["price"]], default=-1),
    "select texts": lambda f: np.select([f["size"] > 3, f["size"] > 0], ["big", "small"], default="none"),
    "flags": lambda f: (f["size"] > 0) * 2 + (f["price"] > 0).astype(int) + f["sold"],
    "flags or": lambda f: (f["size"] > 0) + (f["price"] > 0),
    "flags where": lambda f: (f["size"] > 0).where(f["price"] > 0, f["price"] < -1),
    "bool": lambda f: f["size"].astype(bool),
    "finite": lambda f: np.isfinite(f["size"]),
    "replace infinite": lambda f: f["size"].replace([np.inf, -np.inf], np.nan),
    "replace": lambda f: f["size"].replace({1.0: 10.0, 2.5: -1.0}),
    "replace text": lambda f: f["place"].replace({"red": "rouge", "box": "boîte"}),
    "map": lambda f: f["place"].map({"red": 1, "box": 2.5, "ß": None}),
    "map to text": lambda f: f["place"].map({"red": "r", "box": "b"}),
    "map numbers": lambda f: f["size"].map({0: 5, 1: 6.5}),
    "map numbers to text": lambda f: f["size"].map({1: "one", 2.5: "more"}),
    "map series": lambda f: f["place"].map(pd.Series({"red": 0.25, "box": 0.5})),
    "lower": lambda f: f["title"].str.lower().str.strip(),
    "upper": lambda f: f["title"].str.upper() + "!",
    "prefix": lambda f: "a " + f["place"],
    "title": lambda f: f["title"].str.title() + f["place"].str.capitalize(),
    "fold": lambda f: f["title"].str.casefold() + f["place"].str.swapcase(),
    "strip": lambda f: f["title"].str.strip("a ").str.lstrip("r").str.rstrip("x"),
    "replace plain": lambda f: f["title"].str.replace("a.b", "?", regex=False),
    "replace regex": lambda f: f["title"].str.replace(r"(\w)\W+", r"\1_", regex=True),
    "replace case": lambda f: f["title"].str.replace("RED", "x", case=False, regex=True),
    "replace once": lambda f: f["title"].str.replace("e", "3", n=1, regex=False),
    "pattern": lambda f: f["title"].str.replace(re.compile("[aeiou]"), "", regex=True),
    "contains": lambda f: f["title"].str.contains("red|box"),
    "contains na": lambda f: f["title"].str.contains("RED", case=False, na=False) & (f["size"] > 0),
    "contains plain": lambda f: f["title"].str.contains("a-", regex=False, na=True),
    "match": lambda f: f["title"].str.match(r"\s*r", na=False) | f["title"].str.fullmatch(r"\w+", na=False),
    "drop words": lambda f: f["title"].str.replace(r"\b(?:red|a|x_1)\b", "", regex=True),
    "collapse": lambda f: f["title"].str.split().str.join(" ") + f["place"].str.split("-").str.join("+"),
    "starts": lambda f: f["title"].str.startswith(("r", "b"), na=False),
    "ends": lambda f: f["title"].str.endswith("x"),
    "len": lambda f: f["title"].str.len() / (1 + f["title"].str.count(r"\w")),
    "find": lambda f: f["title"].str.find("e"),
    "slice": lambda f: f["title"].str[:2] + f["place"].str[-1],
    "slice word": lambda f: f["title"].str.slice(1, 4),
    "zfill": lambda f: f["title"].str.zfill(4),
    "normalize": lambda f: f["title"].str.normalize("NFKD"),
    "split": lambda f: f["title"].str.split().str[0],
    "split at": lambda f: f["title"].str.split("-").str.get(1),
    "split often": lambda f: f["title"].str.split(r"\s+", regex=True).str.len(),
    "split once": lambda f: f["title"].str.split(" ", n=1).str[-1],
    "extract": lambda f: f["title"].str.extract(r"(\d+)", expand=False),
    "extract named": lambda f: f["title"].str.extract(r"(?P<first>\w)(?P<rest>\w*)")["rest"],
    "is": lambda f: f["title"].str.isdigit(),
    "text equal": lambda f: (f["place"] == "red") | (f["place"] != f["title"]) & (f["title"] != "box"),
    "fill text": lambda f: f["place"].fillna("none").str.cat(f["title"], sep="/", na_rep="-"),
    "where text": lambda f: f["place"].where(f["size"] > 0, "other"),
    "where texts": lambda f: f["place"].mask(f["place"].isna(), f["title"]),
    "np where texts": lambda f: np.where(f["size"] > 0, "yes", "no"),
    "np where mixed": lambda f: np.where(f["place"].isna(), "none", f["place"]),
    "category": lambda f: f["place"].astype("category"),
    "level": lambda f: f["level"] == "3",
    "year": lambda f: f["when"].dt.year * 12 + f["when"].dt.month + f["when"].dt.day / 32,
    "clock": lambda f: f["when"].dt.hour * 60 + f["when"].dt.minute + f["when"].dt.second / 60,
    "quarter": lambda f: f["when"].dt.quarter * 1000 + f["when"].dt.dayofyear + f["when"].dt.days_in_month,
    "weekday": lambda f: f["when"].dt.dayofweek >= 5,
    "month end": lambda f: f["when"].dt.is_month_end | f["when"].dt.is_month_start,
    "midnight": lambda f: f["when"].dt.normalize(),
    "day name": lambda f: f["when"].dt.day_name() + f["seen"].dt.month_name(),
    "before": lambda f: (f["when"] < f["seen"]) | (f["when"] >= FIRST) & (f["when"] != f["seen"]),
    "same moment": lambda f: (f["when"] == f["seen"]) | (f["when"] <= FIRST),
    "days": lambda f: (f["when"] - f["seen"]).dt.days,
    "seconds": lambda f: (f["when"] - FIRST).dt.total_seconds(),
    "since": lambda f: (FIRST - f["when"]) / pd.Timedelta(days=1),
    "since in days": lambda f: (f["when"] - f["seen"]) / np.timedelta64(1, "D"),
    "constant": lambda f: f["size"].isna() * 0 + 1,
    "cut": lambda f: cut(f["size"], [-1, 0, 2.5, np.inf], labels=["low", "mid", "high"], right=False),
    "cut places": lambda f: cut(f["price"], [-1, 0, 1], labels=False, include_lowest=True),
    "words of signs": lambda f: f["size"].rsub(3).mod(5).floordiv(2).radd(1).rdiv(f["price"]),
    "number as text": lambda f: f["size"].fillna(0).astype(str),
    "whole number as text": lambda f: f["size"].fillna(0).clip(-1e6, 1e6).astype(int).astype(str),
    "flag as text": lambda f: (f["size"] > 0).astype(str),
    "text as number": lambda f: f["place"].mask(~f["place"].isin(["12"]), None).astype(float),
    "told categories": lambda f: f["place"].astype(pd.CategoricalDtype(["red", "box"])),
    "category codes": lambda f: f["place"].astype(pd.CategoricalDtype(["red", "box"])).cat.codes,
    "pad": lambda f: f["title"].str.ljust(4, "_") + f["place"].str.rjust(3) + f["title"].str.center(5, "-"),
    "repeat": lambda f: f["title"].str.repeat(2),
    "without ends": lambda f: f["title"].str.removeprefix("r").str.removesuffix("x"),
    "find last": lambda f: f["title"].str.rfind("e"),
    "microsecond": lambda f: f["when"].dt.microsecond,
    "iso": lambda f: f["when"].dt.isocalendar().week * 1e4 + f["when"].dt.isocalendar().year,
    "iso day": lambda f: f["seen"].dt.isocalendar().day,
    "quarters": lambda f: f["when"].dt.is_quarter_start | f["when"].dt.is_quarter_end,
    "int8": lambda f: f["size"].fillna(0).clip(-100, 100).astype("int8"),
    "float32": lambda f: f["price"].astype("float32").astype(float),
    "as float": lambda f: (f["size"] > 0).astype(float),
    "row": lambda f: f[["size", "price"]].median(axis=1) + f[["size", "price"]].nunique(axis=1),
    "row of texts": lambda f: f.assign(a=f["size"] > 0)[["title", "a", "place"]].nunique(axis=1),
    "row of flags": lambda f: f.assign(a=f["size"] > 0)[["a", "place"]].nunique(axis=1),
    "where moment": lambda f: f["when"].where(f["size"] > 0, f["seen"]),
    "moved": lambda f: f["when"] + pd.Timedelta(days=1, hours=3),
    "floored": lambda f: f["when"].dt.floor("h"),
    "spelled": lambda f: f["when"].dt.strftime("%Y-%m-%d"),
    "text as moment": lambda f: to_datetime(f["title"], format="%d/%m/%Y", errors="coerce"),
    "number as moment": lambda f: to_datetime(f["price"].clip(0, 1e9).round(), unit="s"),
    "date of parts": lambda f: to_datetime(
        {name: getattr(f["when"].dt, name).fillna(1999 if name == "year" else 1) for name in PARTS}
    ),
    "number or missing": lambda f: to_numeric(f["title"], errors="coerce"),
    "its number": lambda f: numbered(f["place"].where(f["place"] == "red", None)),
    "years": lambda f: f["when"].dt.is_year_end ^ f["seen"].dt.is_leap_year | f["when"].dt.is_year_start,
}  # fmt: skip


def written(frame: Any) -> Any:
    """Every column above, as one pre-processor makes them, and what one does with a frame."""
    made = frame.copy()
    for at, (name, make) in enumerate(WRITTEN.items()):
        made[name] = make(frame)
        if at % 50 == 49:
            made = made.copy()  # pandas warns of a frame that is grown by a hundred columns
    made["always"] = 1.5
    made["word"] = "same"
    made.loc[made["size"] > 1, "add"] = -1.0
    made.loc[made["size"] > 1, "marked"] = 2.0
    made = made.rename(columns={"radd": "added"}).drop(columns=["price"])
    made = made.assign(both=lambda f: f["add"] + f["added"])
    made.insert(0, "first", made.pop("cubed"))
    made = concat([made, frame[["price"]]], axis=1)
    return made.fillna({"place": "nowhere"})


TRACED = Traced.from_state(json.loads(json.dumps(trace(written, COLUMNS).state(), allow_nan=False)))
NAMES = [each.name for each in TRACED.columns]
ALONE = ready_reader(COLUMNS, [TRACED])


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6))
@example([dict.fromkeys(each.name for each in COLUMNS) | {"price": price} for price in (None, 8.99e307)])
def test_traced_code_gives_what_pandas_gives(rows: list[dict[str, Any]]) -> None:
    frame = raw_frame(rows, COLUMNS)
    with np.errstate(all="ignore"):
        reference = written(frame)
        # Beside a row without values pandas' median of the largest numbers overflows; alone it does not.
        alone = [written(frame.iloc[[place]])["row"] for place in range(len(frame))]
    reference["row"] = pd.concat(alone)
    table = ready_columns(COLUMNS, [TRACED], frame)

    assert list(reference.columns) == NAMES
    for each in TRACED.columns:
        expected = values_from_pandas(reference[each.name])
        got = (_type_of(each.kind), table[each.name])
        assert first_mismatch(got, expected) is None, (each.name, got, expected)


def blanks(row: dict[str, Any]) -> list[str]:
    """Return the texts of a row that a frame of raw values reads as missing."""
    texts = [column.name for column in COLUMNS if encoding_of(column) == "text"]
    return [name for name in texts if isinstance(row[name], str) and not row[name].strip()]


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6))
@example([dict.fromkeys([each.name for each in COLUMNS]) | {"title": " "}])
@example([dict.fromkeys([each.name for each in COLUMNS]) | {"size": 2.2209783528543743e-255, "price": -1.0}])
def test_one_row_gives_what_many_give(rows: list[dict[str, Any]]) -> None:
    table = ready_columns(COLUMNS, [TRACED], raw_frame(rows, COLUMNS))
    alone = [ALONE({name: None if name in blanks(row) else row[name] for name in row}) for row in rows]

    for each in TRACED.columns:
        dtype = _type_of(each.kind)
        together = _gathered([row[each.name] for row in alone], dtype)
        assert first_mismatch((dtype, together), (dtype, table[each.name])) is None, each.name


OF_REWRITES = "drop words"  # what no code says: graphs are rewritten to it
RAW_TYPES = {
    "size": pl.Float64, "price": pl.Float64, "title": pl.String, "place": pl.String,
    "when": pl.Datetime("us"), "seen": pl.Datetime("us"), "sold": pl.Boolean, "level": pl.Int64,
}  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(ROW, max_size=6))
def test_polars_gives_what_columns_give(rows: list[dict[str, Any]]) -> None:
    table = ready_columns(COLUMNS, [TRACED], {name: [row[name] for row in rows] for name in RAW_TYPES})
    plan, _ = polars_plan(COLUMNS, [TRACED])
    made = plan.frame_of(pl.DataFrame(rows, schema=RAW_TYPES), NAMES)

    for each in TRACED.columns:
        dtype = _type_of(each.kind)
        got = as_column(made[each.name], dtype)
        assert first_mismatch((dtype, got), (dtype, table[each.name])) is None, (each.name, got)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6))
def test_each_operation_gives_what_its_pandas_reference_gives(rows: list[dict[str, Any]]) -> None:
    frame = raw_frame(rows, COLUMNS)
    readers: dict[str, Any] = {each.name: lambda raw: raw for each in COLUMNS}
    with np.errstate(all="ignore"):
        reference = PandasLayout().compile(TRACED.graph, readers)(frame)
    table = ready_columns(COLUMNS, [TRACED], frame)

    for each, made in zip(TRACED.columns, reference, strict=True):
        got = (_type_of(each.kind), table[each.name])
        assert first_mismatch(got, values_from_pandas(pd.Series(made))) is None, each.name


def _type_of(kind: str) -> Any:
    return {"number": "number", "boolean": "flag", "date": "moment"}.get(kind, "text")


def _gathered(values: list[Any], dtype: str) -> Any:
    if dtype == "text":
        return values
    if dtype == "moment":
        known = [np.iinfo(np.int64).min if value != value else value for value in values]
        return np.array(known, dtype=np.int64).astype("datetime64[us]")
    return np.array(values, dtype=np.float64)


def test_the_code_above_uses_every_operation_that_is_there_for_it() -> None:
    used = {step.operation.name for step in TRACED.graph.steps}

    assert {each.name for each in MORE_OPERATIONS} - used == {*IS_KINDS, OF_REWRITES} - {"isdigit"}


@pytest.mark.parametrize("name", IS_KINDS)
def test_what_is_asked_of_all_letters_is_pythons(name: str) -> None:
    traced = trace(lambda frame: frame.assign(asked=getattr(frame["title"].str, name)()), [TITLE])
    texts = ["", "a", "A1", "²", "Ⅷ", " ", "Straße Und", "漢字", "Ab Cd", None]
    asked = [ready_reader([TITLE], [traced])({"title": text})["asked"] for text in texts]

    assert asked[:-1] == [float(getattr(text, name)()) for text in texts[:-1] if text is not None]
    assert np.isnan(asked[-1])
