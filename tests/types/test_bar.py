"""A bar knows which side of it is good, and how far a score is from it."""

from __future__ import annotations

import pytest

from litmus_core.types import Bar

ERROR = Bar(metric="rmse", op="<=", value=12.0)
SHARE = Bar(metric="accuracy", op=">=", value=0.75)


@pytest.mark.parametrize(
    ("bar", "score", "lead", "passes"),
    [
        (SHARE, 0.75, 0.0, True),
        (SHARE, 1.0, 0.25, True),
        (SHARE, 0.5, -0.25, False),
        (ERROR, 12.0, 0.0, True),
        (ERROR, 10.0, 2.0, True),
        (ERROR, 13.0, -1.0, False),
    ],
)
def test_a_lead_is_positive_on_the_good_side_and_a_gap_on_the_bad_one(
    bar: Bar, score: float, lead: float, passes: bool
) -> None:
    assert (bar.lead(score), bar.gap(score), bar.passes(score)) == (lead, -lead, passes)


def test_what_is_not_a_number_does_not_pass() -> None:
    assert not SHARE.passes(float("nan"))
    assert not ERROR.passes(float("nan"))
