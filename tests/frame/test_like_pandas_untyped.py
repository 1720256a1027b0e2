"""Columns without any value: Litmus takes them for pandas' float64 of NaN, one row or many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from litmus_core.errors import LitmusError
from litmus_core.frame import ScalableDataFrame
from litmus_core.frame._graph import capabilities_of
from tests.frame.sayings import ROWS, SAYINGS
from tests.frame.test_like_pandas import FORMS, LAYOUTS, TELL_TYPES, as_pandas, ours, plain

UNTYPED = [row | dict.fromkeys("abx") for row in ROWS[:3]]


@pytest.mark.parametrize("name", sorted(TELL_TYPES))
@pytest.mark.parametrize("n_rows", [1, 3])
@pytest.mark.parametrize("form", ["records", "columns", "pandas"])
def test_a_column_without_any_value_answers_as_numbers_do(name: str, n_rows: int, form: str) -> None:
    rows = UNTYPED[:n_rows]
    numbers = as_pandas(rows).assign(**dict.fromkeys("abx", np.nan))
    expected = plain(SAYINGS[name](numbers))
    if name == "types: x by repr" and form != "pandas":
        expected = ["None"] * n_rows  # plain rows keep the None that they were given

    assert ours(SAYINGS[name], FORMS[form](rows), in_layouts=True) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("entries: pd.is_text", 1.0), ("types: x by repr", ["nan"] * len(UNTYPED))],
)
def test_a_column_that_polars_calls_text_is_text(name: str, expected: Any) -> None:
    assert ours(SAYINGS[name], FORMS["polars"](UNTYPED), in_layouts=True) == expected


@pytest.mark.parametrize("name", ["types: a as bool", "types: b as bool", "entries: pd.infer"])
def test_what_no_text_can_say_is_refused_of_such_a_column(name: str) -> None:
    with pytest.raises(LitmusError, match="cannot be traced"):
        ours(SAYINGS[name], FORMS["polars"](UNTYPED), in_layouts=True)


def test_a_row_without_a_value_answers_by_a_plan_alone_as_among_others() -> None:
    rows: list[dict[str, Any]] = [ROWS[0] | {"a": "Yes", "b": "no", "x": 1.5}, UNTYPED[0]]
    with pytest.raises(LitmusError, match=r"astype\(bool\) cannot be traced"):
        SAYINGS["types: a as bool"](ScalableDataFrame(rows))  # of texts it is refused, and so has no plan
    made: Any = SAYINGS["types: x by repr"](ScalableDataFrame(rows))
    at_hand: Any = capabilities_of(made.node).rows
    nodes = {"made": made.node}
    plan = at_hand.plan(nodes)
    for layout in LAYOUTS:
        together, alone = (
            plain(at_hand.as_columns(nodes, plan._run(some, at_hand.form, layout))["made"])
            for some in (rows, rows[1:])
        )
        assert alone == together[1:], layout
