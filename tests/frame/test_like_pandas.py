"""What people say to pandas, in every form of rows: it gives what pandas gives, or is refused by name.

Nothing differs without a word, and a row gives alone what it gives among others.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from litmus_core.errors import LitmusError
from litmus_core.frame import ScalableDataFrame
from litmus_core.frame._graph import capabilities_of
from litmus_core.frame._layouts.selection import LayoutName
from litmus_core.frame._pipeline.preprocess import for_pandas
from litmus_core.frame._symbolic.operator_errors import Refusing
from tests.cases import examples, thinned
from tests.frame.sayings import ROWS, SAYINGS, Say


def as_pandas(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as pandas holds them, texts as objects."""
    frame = pd.DataFrame(rows)
    for name in ("a", "b"):
        frame[name] = frame[name].astype(object)
    frame["x"], frame["y"] = frame["x"].astype(float), frame["y"].astype(float)
    for name in ("d", "e"):
        frame[name] = np.array([row[name] for row in rows], dtype="datetime64[us]")
    return frame


FORMS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "records": lambda rows: rows,
    "columns": lambda rows: {name: [row[name] for row in rows] for name in rows[0]},
    "pandas": as_pandas,
    "polars": lambda rows: pl.DataFrame(
        rows,
        schema={
            "n": pl.Int64, "x": pl.Float64, "y": pl.Float64, "a": pl.String, "b": pl.String, "t": pl.Boolean,
            "d": pl.Datetime("us"), "e": pl.Datetime("us"),
        },
    ),
}  # fmt: skip


class NotThereError(Exception):
    """pandas itself has no answer, so that there is nothing to be equal to."""


def of_pandas(say: Say, rows: list[dict[str, Any]]) -> Any:
    """Return what pandas answers, plainly."""
    try:
        return plain(say(as_pandas(rows)))
    except Exception as error:
        raise NotThereError from error


def ours(say: Say, rows: Any, *, in_layouts: bool) -> Any:
    """Return what a frame of ours answers, plainly; LitmusError (or TypeError, as Python has it) by name."""
    frame = ScalableDataFrame(rows)
    made = say(frame)
    if isinstance(made, ScalableDataFrame):
        return plain(made.to_pandas())
    if not isinstance(made, Refusing):
        return plain(made)
    at_hand, nodes = capabilities_of(made.node).rows, {"made": made.node}  # type: ignore[attr-defined]
    assert at_hand is not None
    answer = plain(at_hand.as_pandas(nodes)["made"])
    for layout in LAYOUTS if in_layouts else ():
        given = at_hand.plan(nodes)._run(at_hand.rows, at_hand.form, layout)
        again = plain(for_pandas(at_hand.as_columns(nodes, given)["made"]))
        assert same(again, answer), (layout, again, answer)
    return answer


LAYOUTS: tuple[LayoutName, ...] = ("record", "columns", "polars")


def plain(value: Any) -> Any:
    """Return values so that equal ones are equal: missing is None, numbers are floats, dates datetimes."""
    if isinstance(value, pd.DataFrame):
        return {str(name): plain(value[name]) for name in value.columns}
    if isinstance(value, pd.Series | np.ndarray | list | tuple | pd.Index | pd.Categorical):
        listed = list(value.astype(object)) if hasattr(value, "astype") else list(value)
        return [plain(each) for each in listed]
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA or (np.isscalar(value) and value != value):
        return None
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return float(value) + 0.0
    if isinstance(value, np.datetime64 | datetime):
        return pd.Timestamp(value).to_datetime64().astype("datetime64[us]") if value == value else None
    return value


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same(one[k], other[k]) for k in one)
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-12)
    return type(one) is type(other) and bool(one == other)


# What differs and is said in the guide: what is missing stays missing by ``astype(str)``.
# A column of nothing but missing values has no type here: pandas was told that it holds dates.
SPELLED_BY_PANDAS = ("nan", "None", "NaT", "<NA>", float(np.iinfo(np.int64).min))


def check(name: str, rows: list[dict[str, Any]], form: str, *, in_layouts: bool = False) -> bool:
    """Check that a saying gives what pandas gives, or is refused by name; return whether it is answered."""
    say = SAYINGS[name]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = of_pandas(say, rows)
            got = ours(say, FORMS[form](rows), in_layouts=in_layouts)
        except NotThereError:
            return False
        except LitmusError as error:
            if not error.hint:
                raise AssertionError(f"No way out is said: {error}") from error
            return False
        except TypeError as error:  # Python's own word for an object that has not what is asked
            if not any(word in str(error) for word in ("Scalable", "unhashable")):
                raise
            return False
    if " as " in name and isinstance(expected, list):
        given = [
            row.get(name.split()[-3]) for row in rows
        ]  # a text of the rows stays one, however it is spelled
        given = given if len(given) == len(expected) else [None] * len(expected)  # some rows alone
        both = zip(expected, given, strict=True)
        expected = [None if each in SPELLED_BY_PANDAS and each != raw else each for each, raw in both]
    assert same(got, expected), (name, form, got, expected)
    return True


@pytest.mark.parametrize(
    ("form", "n_rows", "in_layouts"),
    thinned(
        [(form, n_rows, n_rows == 1) for form in FORMS for n_rows in (1, 5, 40)],
        keep=(0, 4, 8, 11),
        reason="how many rows decides the layout, and not their form: each form and number is looked at",
    ),
)
def test_each_saying_gives_what_pandas_gives_or_is_refused(form: str, n_rows: int, in_layouts: bool) -> None:
    rows, odd, n_answered = (ROWS * 8)[:n_rows], [], 0
    for name in SAYINGS:
        try:
            n_answered += check(name, rows, form, in_layouts=in_layouts and form == "records")
        except Exception as error:  # noqa: BLE001 - all of them are shown at once
            odd.append(f"{name}: {type(error).__name__} {str(error)[:300]}")

    assert not odd, "\n".join(odd)
    assert n_answered >= 250  # refusing all would be no answer


_TEXTS = st.none() | st.sampled_from(["Yes", "", "no", "x-1", " b ", "İ", "é́", "12", "nan"])
_NUMBERS = st.none() | st.floats() | st.sampled_from([0.0, -0.0, math.inf, -math.inf, 0.5, 5e-324])
_DATES = st.none() | st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1))
NASTY = st.lists(
    st.fixed_dictionaries({
        "n": st.integers(-(2**26), 2**26), "x": _NUMBERS, "y": _NUMBERS, "a": _TEXTS, "b": _TEXTS,
        "t": st.booleans(), "d": _DATES, "e": _DATES,
    }),
    min_size=1,
    max_size=4,
)  # fmt: skip


# Sayings that tell the type of a column. Of one without any value pandas' own answer hangs on how it is made:
# `astype(bool)` is True of NaN and False of None. Litmus takes it for numbers, as test_one_row.py holds.
TELL_TYPES = {
    "types: a as bool": "a",
    "types: b as bool": "b",
    "types: x by repr": "x",
    "entries: pd.is_text": "a",
    "entries: pd.infer": "a",
}


@settings(max_examples=examples(60), deadline=None)
@given(NASTY, st.sampled_from(sorted(SAYINGS)), st.sampled_from(sorted(FORMS)))
def test_nasty_values_give_what_pandas_gives_or_are_refused(
    rows: list[dict[str, Any]], name: str, form: str
) -> None:
    if name in TELL_TYPES:
        assume(any(row[TELL_TYPES[name]] is not None for row in rows))

    check(name, rows, form, in_layouts=True)


def test_numbers_without_a_sign_are_what_pandas_has_or_refused() -> None:
    rows: list[dict[str, Any]] = [{"n": -1, "x": -1.5}, {"n": 300, "x": 2.0}]

    wrapped = ours(lambda f: f["n"].astype("uint8"), rows, in_layouts=True)
    assert wrapped == pd.DataFrame(rows)["n"].astype("uint8").tolist() == [255, 44]
    with pytest.raises(LitmusError, match=r"astype\(uint8\) of numbers that may have decimals"):
        ScalableDataFrame(rows)["x"].astype("uint8")
    with pytest.raises(ValueError, match="Cannot losslessly cast"):
        pd.DataFrame(rows)["x"].astype("uint8")


def test_a_column_without_any_value_is_numbers_that_are_missing() -> None:
    rows = [{"b": None}]

    assert ours(lambda f: f["b"].astype(bool), rows, in_layouts=True) == [True]
    assert pd.DataFrame(rows, dtype="float64")["b"].astype(bool).tolist() == [True]
    with pytest.raises(LitmusError, match="astype"):
        ScalableDataFrame([{"b": None}, {"b": "x"}])["b"].astype(bool)
