"""An interval or a set of labels in words."""

from __future__ import annotations

from typing import Any

import pytest

from app.presenters.certainty import present_certainty
from litmus_core.text import unbroken


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"level": None}, ""),
        ({"level": 0.9, "low": 4394.69, "high": 6728.33}, "Between 4,395 and 6,728 in 90 of 100 cases."),
        ({"level": 0.5, "low": -0.01234, "high": 0.02345}, "Between -0.012 and 0.023 in 50 of 100 cases."),
        ({"level": 0.9, "low": 0.0, "high": 0.0}, "Between 0 and 0 in 90 of 100 cases."),
        ({"level": 0.95, "labels": ["yes"]}, "yes, and no other label, in 95 of 100 cases."),
        ({"level": 0.8, "labels": ["a", "b", "c"]}, "One of a, b and c in 80 of 100 cases."),
    ],
)
def test_it_says_where_the_truth_lies_and_how_often(facts: dict[str, Any], words: str) -> None:
    assert unbroken(present_certainty(**facts)) == unbroken(words)
