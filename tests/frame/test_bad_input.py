"""Whatever rows hold, every layout gives the same, or says in words what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from litmus_core.errors import LitmusError, RowError, UnknownNameError
from litmus_core.frame import FramePlan, ScalableDataFrame, cut
from litmus_core.frame._layouts.selection import Form, LayoutName
from tests.cases import examples
from tests.frame.nasty import column
from tests.frame.raw_columns import PLACE, PRICE, SOLD, TITLE, WHEN

COLUMNS = (PRICE, TITLE, PLACE, WHEN, SOLD)
ANY = st.characters(exclude_categories=())  # every plane, and halves of surrogate pairs
ROW = st.fixed_dictionaries(
    {
        "price": st.none() | st.floats() | st.integers(-(2**53), 2**53),
        "title": st.none() | st.text(ANY, max_size=8),
        "place": st.none()
        | st.text(ANY, max_size=3)
        | st.sampled_from(["{0}", "$1", "\\1", "a.*", "'; exit"]),
        "when": st.none() | st.datetimes(),
        "sold": st.none() | st.booleans(),
    }
)
CODE = "__import__('os').abort()"
RUNS: tuple[tuple[Form, LayoutName], ...] = (
    ("records", "record"), ("records", "columns"), ("records", "polars"), ("columns", "columns"),
    ("columns", "polars"), ("pandas", "columns"), ("pandas", "polars"), ("polars", "columns"),
    ("polars", "polars"),
)  # fmt: skip


def code(f: Any) -> Any:
    low = f["title"].str.lower().str.replace(r"[^\w\s]", "", regex=True)
    words = low.str.replace(r"\b(?:a|the)\b", "", regex=True).str.split().str.join(" ")
    return f.assign(
        words=words + " " + f["place"].fillna(CODE),
        n=words.str.len() + f["title"].str.count("a"),
        first=f["title"].str[:3].str.upper().str.strip(),
        found=f["title"].str.contains(r"a.b|\{0", na=False),
        letters=f["title"].str.count(r"\w"),
        same=f["place"] == CODE,
        number=np.log1p(f["price"].clip(0, 1e6)).fillna(-1) / f["price"],
        part=cut(f["price"], [-np.inf, 0, 1, np.inf], labels=["{a}", "$b", CODE]),
        year=f["when"].dt.isocalendar().year,
        turned=f["place"].map(turned),
        sold=f["sold"].fillna(2),
    )


def turned(text: str | None) -> str | None:
    return None if text is None else text[::-1]


PLAN = FramePlan(COLUMNS, code)


def in_form(rows: list[dict[str, Any]], form: Form) -> Any:
    columns = {each.name: [row[each.name] for row in rows] for each in COLUMNS}
    if form == "records":
        return rows
    if form == "columns":
        return columns
    columns["price"] = [None if each is None else float(each) for each in columns["price"]]
    if form == "pandas":
        frame = pd.DataFrame({name: pd.Series(each, dtype=object) for name, each in columns.items()})
        frame["when"] = np.array(columns["when"], dtype="datetime64[us]")
        return frame
    return pl.DataFrame([_held(name, values) for name, values in columns.items()])


_TYPES = {
    "price": pl.Float64,
    "title": pl.String,
    "place": pl.String,
    "when": pl.Datetime("us"),
    "sold": pl.Boolean,
}


def _held(name: str, values: list[Any]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=_TYPES[name])
    except UnicodeEncodeError:
        return pl.Series(name, values, dtype=pl.Object)


def listed(made: Any, form: Form) -> dict[str, list[Any]]:
    if form == "records":
        return {name: [_plain(row[name]) for row in made] for name in PLAN.names}
    return {name: [_plain(value) for value in made[name]] for name in PLAN.names}


def _plain(value: Any) -> Any:
    """Return a value so that the same ones are equal: what is missing is None, -0.0 is not 0.0."""
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | np.datetime64):
        value = np.datetime64(value, "us").astype(np.int64)
    return repr(float(value))


def differing(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield what differs between one dict after the other and each form on each layout."""
    expected = {
        name: [_plain(PLAN._run([row], "records", "record")[0][name]) for row in rows] for name in PLAN.names
    }
    for form, layout in RUNS:
        made = listed(PLAN._run(in_form(rows, form), form, layout), form)
        yield from (
            (form, layout, name, made[name], expected[name])
            for name in PLAN.names
            if made[name] != expected[name]
        )


NASTY = {"price": float("-inf"), "title": "", "place": CODE, "when": datetime(1, 1, 1), "sold": None}


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(ROW, max_size=5))
@example([])
@example([NASTY] * 3)
@example([NASTY, NASTY | {"title": "A\ud800 the \udfff"}, dict.fromkeys(NASTY)])
@example([NASTY | {"title": "\ua7dc"}, NASTY])  # newer than Python's Unicode here, and Polars knows it
@example([NASTY | {"price": 2.0**70, "title": "\U0001fae9 A\U000e0041\U0010ffff İ Σ"}])
def test_any_rows_give_the_same_in_every_form_on_every_layout(rows: list[dict[str, Any]]) -> None:
    assert list(differing(rows)) == []


_SAID: Any = {"price": "number", "title": "text", "place": "text", "when": "date", "sold": "boolean"}


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(ROW, min_size=1, max_size=5))
@example([NASTY | {"title": "A\ud800"}, NASTY | {"price": float("inf")}])
@example([NASTY | {"place": None, "price": each} for each in (0.0, 1.0, float("nan"))])  # missing, all of it
def test_any_rows_at_hand_are_left_out_alike_in_every_form(rows: list[dict[str, Any]]) -> None:
    found = []
    for form in ("records", "columns", "pandas", "polars"):
        frame = code(ScalableDataFrame(in_form(rows, form), types=_SAID))
        left = frame[frame["same"] | (frame["price"] > frame["price"].mean()) | frame["title"].isna()]
        found.append([{name: repr(value) for name, value in row.items()} for row in left.to_dicts()])

    assert all(each == found[0] for each in found), found


def test_a_text_of_a_megabyte_gives_the_same_everywhere() -> None:
    rows = [
        NASTY | {"title": "The Öko-lamp, \U0001fae9 a漢 " * 40_000},
        NASTY,
        NASTY | {"place": "x" * 1_000_000},
    ]

    assert [(form, layout, name) for form, layout, name, _, _ in differing(rows)] == []


@pytest.mark.parametrize(
    "name",
    [
        "{0}",
        "v0",
        "c1",
        "row",
        "compute",
        "",
        " ",
        "\n",
        "'); raise SystemExit('",
        '"""',
        "$1",
        "nan",
        "é\u0301",
    ],
)
def test_a_column_may_be_called_anything(name: str) -> None:
    plan = FramePlan([column(name, "text", "VARCHAR")], lambda f: f.assign(more=f[name] + "!"))
    frame = ScalableDataFrame([{name: "a"}])

    made = [
        plan._run([{name: "a"}], "records", "record"),
        plan._run({name: ["a"]}, "columns", "columns"),
        plan._run({name: ["a"]}, "columns", "polars"),
    ]

    assert made == [[{name: "a", "more": "a!"}], {name: ["a"], "more": ["a!"]}, {name: ["a"], "more": ["a!"]}]
    assert frame[frame[name] == "a"].to_dicts() == [{name: "a"}]


@pytest.mark.parametrize(("form", "layout"), RUNS)
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("price", "big", "'price' should be a number, but row 1 has 'big'"),
        ("when", "tomorrow", "'when' should be a date, but row 1 has 'tomorrow'"),
        ("title", ["a", "b"], "'title' should be text, but row 1 has ['a', 'b']"),
        ("title", b"a", "'title' should be text, but row 1 has b'a'"),
        ("place", bytearray(b"a"), "'place' should be text, but row 1 has bytearray(b'a')"),
        ("sold", "perhaps", "'sold' should be true or false, but row 1 has 'perhaps'"),
    ],
)
def test_a_value_of_another_type_is_told_with_its_row(
    form: Form, layout: LayoutName, name: str, value: Any, told: str
) -> None:
    rows = in_form([NASTY, NASTY], form)
    values: list[Any] = [None, value]
    if form == "records":
        rows = [NASTY, NASTY | {name: value}]
    elif form == "polars":
        is_held = not isinstance(value, bytearray)
        rows = rows.with_columns(pl.Series(name, values, dtype=None if is_held else pl.Object))
    elif form == "pandas":
        rows[name] = pd.Series(values, dtype=object)
    else:
        rows = rows | {name: values}

    with pytest.raises(RowError, match=re.escape(told)):
        PLAN._run(rows, form, layout)


def as_numbers(f: Any) -> Any:
    return f.assign(n=f["title"].astype(float), both=(f["title"] + f["place"]).str.strip().astype(float))


@pytest.mark.parametrize(("form", "layout"), RUNS)
@pytest.mark.parametrize(
    ("texts", "told", "field"),
    [
        ({"title": "öl"}, "Row 1 has the text 'öl' in 'title', which spells no number. Before", "title"),
        ({"title": "1", "place": "2 kg "}, "'12 kg' in what was made of 'title' and 'place', which", None),
        ({"title": "\ud800"}, r"Row 1 has the text '\ud800' in 'title'", "title"),
        ({"title": "x" * 90}, f"Row 1 has the text '{'x' * 60}'… in 'title'", "title"),
    ],
)
def test_a_text_that_spells_no_number_is_told_with_its_row(
    form: Form, layout: LayoutName, texts: dict[str, str], told: str, field: str | None
) -> None:
    good = NASTY | {"title": "3", "place": None}
    plan = FramePlan(COLUMNS, as_numbers)

    with pytest.raises(RowError, match=re.escape(told)) as raised:
        plan._run(in_form([good, good | texts, good], form), form, layout)

    assert (raised.value.row, raised.value.field) == (1, field)
    assert isinstance(raised.value, ValueError)  # as pandas has it


@pytest.mark.parametrize("rows", [[{"a": "1"}, {"a": "x"}], pl.LazyFrame({"a": ["1", "x"]})])
def test_a_text_that_spells_no_number_is_told_where_rows_have_no_places(rows: Any) -> None:
    frame = ScalableDataFrame(rows)

    with pytest.raises(RowError, match="The text 'x' spells no number"):
        frame["a"].astype(float).mean()


def test_a_text_that_spells_no_number_is_told_of_a_lazy_frame() -> None:
    with pytest.raises(RowError, match="The text 'x' spells no number"):
        ScalableDataFrame(pl.LazyFrame({"a": ["x"]})).assign(n=lambda f: f["a"].astype(float)).collect()


@pytest.mark.parametrize("form", ["records", "columns", "pandas", "polars"])
def test_a_column_that_rows_lack_is_named(form: Form) -> None:
    rows = in_form([NASTY], form)
    if form == "records":
        rows = [{name: value for name, value in NASTY.items() if name != "place"}]
    elif form == "columns":
        del rows["place"]
    else:
        rows = rows.drop(columns="place") if form == "pandas" else rows.drop("place")

    with pytest.raises(RowError, match="'place'"):
        PLAN.of(rows)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (lambda f: f["prise"], "There is no column 'prise'. Did you mean 'price'"),
        (lambda f: f["title"].str.replce("a", "b"), "has no 'replce'.* Did you mean 'replace'"),
        (lambda f: f["when"].dt.yeer, "has no 'yeer'.* Did you mean 'year'"),
        (lambda f: f["price"].fillan(0), "has no 'fillan'.* Did you mean 'fillna'"),
        (lambda f: f.asign(a=1), "has no 'asign'.* Did you mean 'assign'"),
        (lambda f: f["title"].str.xyz(), "Known are .*capitalize.*contains"),
        (lambda f: f["title"] + f["price"], "'join' works on text and text, not on text and number"),
        (lambda f: f["title"].str.contains("("), "It is not a regular expression"),
        (lambda f: f["title"].str.wrap(3), "'wrap'.* else_pandas=True has pandas do it"),
        (lambda f: f[f["price"] > 0], "A model answers each row"),
    ],
)
def test_what_is_not_known_is_named_with_the_nearest_or_all(said: Any, told: str) -> None:
    with pytest.raises(LitmusError, match=told):
        FramePlan(COLUMNS, said)


def test_the_nearest_name_is_a_fact_of_the_error() -> None:
    with pytest.raises(UnknownNameError) as raised:
        FramePlan(COLUMNS, lambda f: f[["titel"]])

    assert raised.value.known == ("price", "title", "place", "when", "sold")
