from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from litmus_core.checks import finding_sentence
from litmus_core.errors import UnknownNameError
from litmus_core.types import CheckReport

Checker = Callable[..., CheckReport]


def test_a_single_row_makes_no_column_constant(check: Checker) -> None:
    assert not check(pd.DataFrame({"city": ["Bern"], "size": [100]}), kinds=["constant_column"]).findings


def test_a_column_with_one_value_is_said_and_can_be_left_out(check: Checker) -> None:
    frame = pd.DataFrame({"city": ["Bern"] * 30, "empty": [None] * 30, "size": range(100, 130)})
    report = check(frame, kinds=["constant_column"])
    assert {finding.columns for finding in report.findings} == {("city",), ("empty",)}
    assert "the same value in every row: Bern" in finding_sentence(report.findings[0])
    assert all(finding.fix and finding.fix.kind == "leave_out" for finding in report.findings)


def test_a_kind_or_target_that_is_not_there_is_said(check: Checker) -> None:
    frame = pd.DataFrame({"size": range(100, 130)})
    with pytest.raises(UnknownNameError, match="constant_column"):
        check(frame, kinds=["constant_colum"])
    with pytest.raises(UnknownNameError, match="size"):
        check(frame, target="sise")
