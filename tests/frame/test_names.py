"""Code and columns of a plan that cannot be are refused at once, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.errors import UsageError
from litmus_core.frame import FramePlan, FrameTransformer
from tests.frame.raw_columns import SIZE
from tests.frame.test_frame_plan import COLUMNS, Pre


class OnlyTransforms:
    def transform(self, frame: Any) -> Any:
        return frame


class OnlyFits:
    def fit(self, frame: Any) -> None:
        self.n_ = frame["size"].count()


@pytest.mark.parametrize(
    "take",
    [
        FrameTransformer,
        lambda code, columns: FramePlan.fitted(code, columns, [{"size": 1.0}]),
    ],
)
@pytest.mark.parametrize(
    ("code", "columns", "told"),
    [
        (OnlyTransforms(), [SIZE], "OnlyTransforms has no fit(frame). Code that learns nothing needs none"),
        (OnlyFits(), [SIZE], "OnlyFits has no transform(frame). Code with a fit needs transform(frame), too"),
        (len, [SIZE], "len has no transform(frame). A function of the frame learns nothing: FramePlan("),
        (None, [SIZE], "NoneType has no transform(frame)"),
        (Pre, [SIZE], "Pre is a class, and code is an object of one. Give Pre()."),
        (Pre(), ["size"], "'size' is a str, not a Column. Give a list with Column(name=…"),
        (Pre(), [], "There are no columns to read"),
        (Pre(), "size", "'size' is not a list of columns"),
        (Pre(), [SIZE, SIZE], "Two columns are called 'size'"),
    ],
)
def test_code_and_columns_that_cannot_be_are_refused_at_once(
    take: Callable[[Any, Any], Any], code: Any, columns: Any, told: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        take(code, columns)


def test_what_holds_no_rows_is_no_more_learned_of() -> None:
    with pytest.raises(UsageError, match="A NoneType holds no rows"):
        FrameTransformer(Pre(), COLUMNS).fit(None)
    with pytest.raises(UsageError, match="An int holds no rows"):
        FramePlan.fitted(Pre(), COLUMNS, 3)


@pytest.mark.parametrize(
    ("columns", "code", "told"),
    [
        (["size"], len, "'size' is a str, not a Column"),
        (SIZE, len, "is not a list of columns"),
        ([], lambda frame: frame, "There are no columns to read"),
        ([SIZE], None, r"NoneType is not a function of the frame\. Give a function that takes a frame"),
        (
            [SIZE],
            Pre(),
            r"Pre is not a function of the frame\. FramePlan\.fitted\(code, columns, rows\) takes",
        ),
        ([SIZE], lambda frame: frame.assign(**{"\ud800": 1}), r"'\\ud800': half of a surrogate pair"),
    ],
)
def test_columns_and_code_that_cannot_be_are_refused(columns: Any, code: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        FramePlan(columns, code)


def test_columns_may_be_given_one_after_the_other() -> None:
    assert FramePlan(iter([SIZE]), lambda frame: frame).of([{"size": 1}]) == [{"size": 1.0}]  # type: ignore[arg-type]
