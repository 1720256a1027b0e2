"""Bars, splits and features as people write them."""

import pytest

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import parse_bar, parse_split
from litmus_core.types import Bar, SplitPlan


@pytest.mark.parametrize(
    ("text", "bar"),
    [
        ("roc_auc>=0.9", Bar(metric="roc_auc", op=">=", value=0.9)),
        (" accuracy >= 95 % ", Bar(metric="accuracy", op=">=", value=0.95)),
        ("rmse<=1e3", Bar(metric="rmse", op="<=", value=1000.0)),
        ("mae ≤ .5", Bar(metric="mae", op="<=", value=0.5)),
    ],
)
def test_a_bar_is_read_as_people_write_it(text, bar):
    assert parse_bar(text) == bar


@pytest.mark.parametrize("text", ["", "accuracy", "accuracy>0.9", "accuracy>=", ">=0.9", "accuracy>=high"])
def test_what_is_no_bar_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"accuracy>=0\.95"):
        parse_bar(text)


def test_a_split_names_its_column():
    assert parse_split("time:Listing Date") == SplitPlan(kind="time", column="Listing Date")
    assert parse_split("random") == SplitPlan()


@pytest.mark.parametrize("text", ["time", "group:", "random:x"])
def test_a_split_without_what_it_needs_is_refused(text):
    with pytest.raises(UsageError, match="time:COLUMN"):
        parse_split(text)


def test_an_unknown_split_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'time'"):
        parse_split("tme:x")
