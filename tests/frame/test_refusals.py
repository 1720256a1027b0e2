"""What a frame, a column or an accessor does not know is refused by name, whoever asks."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import LitmusError, UsageError
from litmus_core.frame import ScalableDataFrame
from litmus_core.frame._symbolic.errors import UnsupportedMethodError
from litmus_core.frame._symbolic.operator_errors import REFUSED, Refusing

DAY = datetime(2024, 2, 29)
FRAME = ScalableDataFrame(
    [{"a": "x-1", "n": 3, "d": DAY, "t": True}, {"a": "y", "n": 4, "d": DAY, "t": False}]
)
# Everything that code can get hold of.
OBJECTS: dict[str, Callable[[], Any]] = {
    "frame": lambda: FRAME,
    "loc": lambda: FRAME.loc,
    "column of texts": lambda: FRAME["a"],
    "column of numbers": lambda: FRAME["n"],
    "column of dates": lambda: FRAME["d"],
    "condition": lambda: FRAME["t"],
    "str": lambda: FRAME["a"].str,
    "dt": lambda: FRAME["d"].dt,
    "cat": lambda: FRAME["a"].astype(pd.CategoricalDtype(["y"])).cat,
    "parts": lambda: FRAME["a"].str.split("-"),
    "groups": lambda: FRAME["a"].str.extract("(x)"),
    "calendar": lambda: FRAME["d"].dt.isocalendar(),
    "gap": lambda: FRAME["d"] - FRAME["d"],
}
_OF_TYPES = {*dir(object), "__class_getitem__", "__init_subclass__", "__hash__", "__doc__", "__module__"}


def of_pandas() -> set[str]:
    """Return the operators and protocols that pandas' frames and columns have beyond those of any object."""
    words = {word for owner in (pd.DataFrame, pd.Series) for word in dir(owner) if word.startswith("__")}
    asides = {"__annotations__", "__array_priority__", "__copy__", "__deepcopy__", "__dict__", "__finalize__",
              "__firstlineno__", "__getattr__", "__nonzero__", "__pandas_priority__", "__setstate__",
              "__static_attributes__", "__weakref__", "__dataframe_consortium_standard__",
              "__column_consortium_standard__"}  # fmt: skip
    in_place = {word for word in words if word.startswith("__i") and f"__{word[3:]}" in words}
    return words - _OF_TYPES - asides - in_place | {
        "__eq__",
        "__ne__",
        "__lt__",
        "__le__",
        "__gt__",
        "__ge__",
    }


def test_each_operator_of_pandas_is_known_or_refused_by_name() -> None:
    assert of_pandas() - set(REFUSED) == set()


@pytest.mark.parametrize("name", OBJECTS)
def test_no_operator_is_answered_as_for_any_object(name: str) -> None:
    given = OBJECTS[name]()

    assert isinstance(given, Refusing)
    for word in REFUSED:
        assert getattr(type(given), word) is not getattr(object, word, None), word


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_refused_says_its_name_and_what_to_do(name: str) -> None:
    given = OBJECTS[name]()
    for word in REFUSED:
        if getattr(type(given), word) is getattr(Refusing, word):
            with pytest.raises(UsageError) as raised:
                getattr(given, word)(1)
            assert raised.value.hint, word


@pytest.mark.parametrize("name", OBJECTS)
def test_nothing_passes_for_true_empty_or_equal(name: str) -> None:
    given = OBJECTS[name]()
    with pytest.raises(UsageError):
        bool(given)
    with pytest.raises(TypeError, match="unhashable"):
        hash(given)
    if name != "frame":
        with pytest.raises(UsageError):
            list(given)


@pytest.mark.parametrize(
    "ask",
    [
        lambda f: pd.get_dummies(f),
        lambda f: pd.get_dummies(f[["a", "t"]]),
        lambda f: pd.DataFrame(f),
        lambda f: pd.isna(f),
        lambda f: np.asarray(f),
        lambda f: np.asarray(f["n"]),
        lambda f: np.float64(2) * f,
        lambda f: getattr(f, "values", None),
        lambda f: hasattr(f["n"], "array"),
        lambda f: setattr(f["n"], "name", "m"),
        lambda f: operator.setitem(f["n"], 0, 5),
        lambda f: list(f["a"].value_counts()),
        lambda f: max(f["n"].value_counts()),
        lambda f: f["n"].value_counts() == 3,
        lambda f: bool(f["n"].value_counts()),
    ],
)
def test_entry_points_that_want_values_are_refused_by_name(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(UsageError) as raised:
        ask(FRAME)

    assert isinstance(raised.value, LitmusError)
    assert raised.value.hint


def test_a_word_that_nobody_has_is_no_attribute() -> None:
    assert not hasattr(FRAME["n"], "nobody_has_this")
    assert getattr(FRAME, "nobody_has_this", 3) == 3
    with pytest.raises(UnsupportedMethodError, match="Call to_pandas"):
        _ = FRAME["n"].array


def test_frames_are_copied_and_pickled_as_before() -> None:
    for again in (copy.copy(FRAME), copy.deepcopy(FRAME), pickle.loads(pickle.dumps(FRAME))):
        assert again.to_dicts() == FRAME.to_dicts()
        assert list(again) == ["a", "n", "d", "t"]
