"""The pandera schema of a model's input: it takes and refuses what the model does."""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd
import pytest

from litmus_core.errors import MissingExtraError, RowError
from tests import tiny

pa = pytest.importorskip("pandera.pandas", reason="the optional part 'schema' is not installed")


def refused(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    """Return column and value of what the schema refuses."""
    with pytest.raises(pa.errors.SchemaErrors) as found:
        tiny.predictor().schema().validate(frame, lazy=True)
    cases = found.value.failure_cases
    return list(zip(cases["column"], cases["failure_case"], strict=True))


@pytest.mark.parametrize(
    "frame",
    [
        tiny.FRAME,
        tiny.FRAME.iloc[:0],
        tiny.FRAME.convert_dtypes(),
        tiny.FRAME.assign(day=tiny.FRAME["day"].dt.strftime("%d/%m/%Y"), size="2.5", more=[[]] * 6),
        tiny.FRAME.assign(size=True),
        tiny.FRAME.assign(size=pd.Series([True, None] * 3, dtype="boolean")),
        tiny.FRAME.set_index(pd.Index(list("aabbcc"))).astype({"zip": "category"}),
    ],
)
def test_frames_that_the_model_reads_pass_as_they_are(frame: pd.DataFrame) -> None:
    tiny.predictor().predict(frame)
    assert tiny.predictor().schema().validate(frame, lazy=True).equals(frame)


@pytest.mark.parametrize(
    ("name", "value"),
    [("size", "large"), ("day", "yesterday"), ("new", "maybe"), ("zip", ["02134"])],
)
def test_a_value_that_the_model_refuses_is_named(name: str, value: Any) -> None:
    frame = tiny.FRAME.astype(object)
    frame.at[3, name] = value
    with pytest.raises(RowError):
        tiny.predictor().predict(frame)
    assert refused(frame) == [(name, value)]


def test_a_column_that_is_not_there_is_named() -> None:
    assert refused(tiny.FRAME.drop(columns="new")) == [("input of the model of 'sold'", "new")]


def test_without_pandera_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandera.pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'litmus-automl\[schema\]'"):
        tiny.predictor().schema()


def test_columns_say_what_they_hold() -> None:
    columns = tiny.predictor().schema().columns
    assert columns["day"].description == "date, written as %d/%m/%Y"
    assert columns["size"].metadata == {"kind": "number", "storage": "DOUBLE", "written_as": ""}
