"""What people say to pandas, in every form of rows: it gives what pandas gives, or is refused by name.

Nothing differs without a word, and a row gives alone what it gives among others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import LitmusError
from litmus_core.frame import ScalableDataFrame
from litmus_core.frame._operators import Refusing
from litmus_core.frame._terms import terms_of
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
        with np.errstate(all="ignore"):
            return plain(say(as_pandas(rows)))
    except Exception as error:
        raise NotThereError from error


def ours(say: Say, rows: Any) -> Any:
    """Return what a frame of ours answers, plainly; LitmusError (or TypeError, as Python has it) by name."""
    frame = ScalableDataFrame(rows)
    made = say(frame)
    if isinstance(made, ScalableDataFrame):
        return plain(made.to_pandas())
    if isinstance(made, Refusing):
        return plain(_computed(made))
    return plain(made)


def _computed(made: Any) -> Any:
    """Return a column that was said of a frame, or of rows that it left."""
    rows = terms_of(made.node).rows
    assert rows is not None
    return rows.as_pandas({"made": made.node})["made"]


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


# What differs and is said in the guide: what is missing stays missing by ``astype(str)`` and comparisons …
SAID_IN_THE_GUIDE = ("nan", "None", "NaT", "<NA>")


def check(name: str, rows: list[dict[str, Any]], form: str) -> None:
    """Check that a saying gives what pandas gives, or is refused by name."""
    say = SAYINGS[name]
    try:
        expected = of_pandas(say, rows)
    except NotThereError:
        return
    try:
        got = ours(say, FORMS[form](rows))
    except LitmusError as error:
        if not error.hint:
            raise AssertionError(f"No way out is said: {error}") from error
        return
    except TypeError as error:  # Python's own word for an object that has not what is asked
        if not any(word in str(error) for word in ("Scalable", "unhashable")):
            raise
        return
    if " as " in name and isinstance(expected, list):
        expected = [None if each in SAID_IN_THE_GUIDE else each for each in expected]
    assert same(got, expected), (name, form, got, expected)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n_rows", [1, 5, 40])
def test_each_saying_gives_what_pandas_gives_or_is_refused(form: str, n_rows: int) -> None:
    rows = (ROWS * 8)[:n_rows]
    odd = [problem for name in SAYINGS for problem in problems(name, rows, form)]

    assert not odd, "\n".join(odd)


def problems(name: str, rows: list[dict[str, Any]], form: str) -> Iterator[str]:
    try:
        check(name, rows, form)
    except Exception as error:  # noqa: BLE001 - all of them are shown at once
        yield f"{name}: {type(error).__name__} {str(error)[:300]}"
