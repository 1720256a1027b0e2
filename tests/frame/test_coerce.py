from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from litmus_core.errors import RowError
from litmus_core.frame import FeaturePipeline, coerce
from tests.cases import examples
from tests.frame.nasty import ALL, BOOLEAN, CATEGORY, COUNT, DATE, LEVEL, NUMBER, column, frames


def as_json(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as a client would send them."""
    rows = []
    for row in frame.astype(object).to_dict("records"):
        plain = {name: None if pd.isna(value) else value for name, value in row.items()}
        if plain["listed"] is not None:
            plain["listed"] = plain["listed"].isoformat()
        rows.append(plain)
    return json.loads(json.dumps(rows))


@settings(max_examples=examples(30))
@given(frames())
def test_rows_that_went_through_json_give_the_same_features(frame: pd.DataFrame) -> None:
    pipeline = FeaturePipeline(ALL).fit(frame)
    pd.testing.assert_frame_equal(
        pipeline.transform(coerce(as_json(frame), ALL)), pipeline.transform(frame), check_exact=True
    )


def test_values_take_the_types_of_stored_rows() -> None:
    rows = [{"size": "2.5", "count": 7, "colour": 3, "sold": "yes", "listed": "2024-01-02", "more": 1}]
    frame = coerce(rows, [NUMBER, COUNT, CATEGORY, BOOLEAN, DATE])
    assert frame.iloc[0].to_dict() == {
        "size": 2.5,
        "count": 7.0,
        "colour": "3",
        "sold": True,
        "listed": pd.Timestamp("2024-01-02"),
    }
    assert frame.dtypes.astype(str).tolist() == ["float64", "float64", "object", "object", "datetime64[us]"]


def test_null_and_blank_are_missing() -> None:
    columns = [NUMBER, BOOLEAN, DATE, CATEGORY]
    rows = [
        dict.fromkeys(("size", "sold", "listed", "colour")),
        {"size": "", "sold": " ", "listed": "", "colour": ""},
    ]
    frame = coerce(rows, columns)
    assert frame[["size", "sold", "listed"]].isna().all(axis=None)
    assert frame["colour"].tolist() == [None, ""]


def test_no_rows_give_a_frame_without_rows() -> None:
    assert coerce([], [NUMBER, DATE]).shape == (0, 2)


def test_a_numeric_identifier_stays_a_number_and_a_stored_number_reads_as_its_category() -> None:
    key = column("key", "id", "BIGINT")
    frame = coerce([{"key": 12, "level": 2.0}], [key, LEVEL])
    assert frame.iloc[0].to_dict() == {"key": 12.0, "level": "2"}


@pytest.mark.parametrize(
    ("wanted", "value", "message"),
    [
        (NUMBER, "big", "'size' should be a number, but row 1 has 'big'"),
        (NUMBER, True, "'size' should be a number, but row 1 has True"),
        (NUMBER, [1], r"'size' should be a number, but row 1 has \[1\]"),
        (BOOLEAN, 2, "'sold' should be true or false, but row 1 has 2"),
        (DATE, "2024-13-01", "'listed' should be a date, but row 1 has '2024-13-01'"),
        (DATE, 20240101, "'listed' should be a date, but row 1 has 20240101"),
        (CATEGORY, {"a": 1}, "'colour' should be text, but row 1 has {'a': 1}"),
    ],
)
def test_a_value_of_another_type_is_named_with_row_and_field(wanted: Any, value: Any, message: str) -> None:
    with pytest.raises(RowError, match=message) as caught:
        coerce([{wanted.name: None}, {wanted.name: value}], [wanted])
    assert (caught.value.row, caught.value.field) == (1, wanted.name)


@pytest.mark.parametrize("dtype", ["datetime64[ns]", "datetime64[s]", "timedelta64[ns]"])
def test_moments_in_a_frame_are_no_numbers(dtype: str) -> None:
    moments = pd.DataFrame({"value": pd.Series([0, 1, 2]).astype(dtype)})
    numbers = column("value", "number", "DOUBLE")
    pipeline = FeaturePipeline([numbers]).fit(pd.DataFrame({"value": [1.0, 2.0, 3.0]}))
    with pytest.raises(RowError, match="'value' should be a number, but row 0 has datetime"):
        pipeline.features({"value": moments["value"].to_numpy()})


def test_a_field_that_is_not_there_is_named_with_its_row() -> None:
    with pytest.raises(RowError, match="Row 1 has no field 'size'") as caught:
        coerce([{"size": 1}, {"other": 1}], [NUMBER])
    assert (caught.value.row, caught.value.field) == (1, "size")
