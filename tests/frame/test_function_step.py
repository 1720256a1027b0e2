"""A pre-processor that is a function of a data frame."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest

from litmus_core.frame import FunctionStep, is_frame_function


def shifted(rows: Any, by: int = 1) -> Any:
    rows["a"] = rows["a"] + by
    return rows


def made(by: int = 1) -> FunctionStep:
    return FunctionStep(shifted, {"by": by})


@pytest.mark.parametrize(
    ("value", "arguments", "expected"),
    [
        (shifted, {}, True),
        (shifted, {"by": 2}, True),
        (shifted, {"rows": 2}, False),
        (shifted, {"most": 2}, False),
        (made, {}, False),
        (FunctionStep, {"arguments": {}}, False),
    ],
)
def test_a_function_that_needs_one_more_value_takes_a_frame(
    value: Any, arguments: dict[str, Any], expected: bool
) -> None:
    assert is_frame_function(value, arguments) is expected


def test_it_may_set_columns_of_the_frame_that_it_is_given() -> None:
    step, rows = pickle.loads(pickle.dumps(made(by=3))), pd.DataFrame({"a": [1, 2]})
    assert step.transform(rows)["a"].tolist() == [4, 5]
    assert rows["a"].tolist() == [1, 2]
