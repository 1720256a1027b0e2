"""What cannot be traced is named with what to do, and a damaged graph is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import BundleError, UnknownNameError, UsageError
from litmus_core.frame import ScalableDataFrame, Traced, trace
from tests.frame.raw_columns import COLUMNS, SIZE

Make = Callable[[Any], Any]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (lambda f: f.groupby("place").size(), "traced frame has no 'groupby'. Each row"),
        (lambda f: f["size"].mean(), "traced column has no 'mean'. Each row is"),
        (lambda f: f["size"] - f["size"].max(), "traced column has no 'max'"),
        (lambda f: f.dropna(), "traced frame has no 'dropna'. Pre-processing keeps"),
        (lambda f: f[f["size"] > 0], "which leaves rows out, cannot be traced"),
        (lambda f: f.apply(len, axis=1), r"apply\(…, axis=1\) of a row with dates"),
        (lambda f: f[["size"]].apply(len, axis=1), r"apply\(…, axis=1\) by a function"),
        (lambda f: f["title"].map(len), "map by a function cannot be traced"),
        (lambda f: f["title"].str.wrap(3), r"traced column's \.str has no 'wrap'"),
        (lambda f: f["when"].dt.tz_localize("UTC"), r"traced column's \.dt has no 'tz_localize'"),
        (lambda f: f["size"].str.lower(), r"'\.str' is for columns of texts"),
        (lambda f: np.sort(f["size"]), "traced column has no 'np.sort'"),
        (lambda f: np.asarray(f["size"]), "A function that wants a column's values cannot be traced"),
        (lambda f: pd.factorize(f["title"]), "factorize, which numbers the values of the rows"),
        (lambda f: f.copy() if f["size"] > 3 else f, "A column has no truth value before rows come"),
        (lambda f: f.assign(a=[1, 2]), "A column of values cannot be traced"),
        (lambda f: f.assign(a=f["size"].where(f["title"].str.contains("a"), 0)), "may be missing as well"),
        (lambda f: f.assign(a=f["title"] > "b"), "A comparison of texts by their order"),
        (lambda f: len(f), "traced frame has no 'len'"),
        (lambda f: f["title"].str.contains("("), "It is not a regular expression"),
        (lambda f: f.rename(columns={"size": "price"}), "Two columns would be called 'price'"),
        (lambda f: f.drop(columns=list(f.columns)), "It returned a frame without columns"),
        (lambda f: f["size"], "It returned a ScalableSeries, not the frame"),
        (lambda f: None, "It returned a NoneType, not the frame"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_is_named_with_what_to_do(code: Make, said: str) -> None:
    with pytest.raises((UsageError, TypeError), match=said):
        trace(code, COLUMNS)


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no column 'sise'"):
        trace(lambda frame: frame["sise"], COLUMNS)


def test_the_frame_that_was_given_is_not_changed_by_a_copy() -> None:
    frame = ScalableDataFrame.of([SIZE])
    copied = frame.copy()
    copied["more"] = copied["size"] + 1

    assert list(frame.columns) == ["size"]
    assert "more" in copied


def test_columns_that_pass_through_keep_what_is_known_of_them() -> None:
    traced = trace(lambda frame: frame.rename(columns={"level": "grade"})[["grade", "title"]], COLUMNS)

    assert [(each.name, each.kind, each.storage) for each in traced.columns] == [
        ("grade", "category", "BIGINT"),
        ("title", "text", "VARCHAR"),
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: state["steps"][0].update(do="system"),
        lambda state: state["steps"][0].update(of=[999]),
        lambda state: state["makes"][0].update(place=-1),
        lambda state: state["reads"][0].__setitem__(1, "code"),
        lambda state: state.pop("reads"),
    ],
)
def test_a_damaged_graph_is_refused(spoil: Make) -> None:
    state = json.loads(json.dumps(trace(lambda frame: frame.assign(a=frame["size"] + 1), COLUMNS).state()))
    spoil(state)

    with pytest.raises(BundleError, match="pre-processing is damaged"):
        Traced.from_state(state)
