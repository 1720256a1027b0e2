"""What the decision card recommends once it is known what would help."""

from __future__ import annotations

from typing import Any

import pytest

from app.presenters.home import next_step
from app.presenters.recommendation import present_exhausted
from litmus_core.types import ActionList, Bar, Gain, Statement
from tests.app.improving import action
from tests.app.presenters.facts import TOO_SLOW, summary, verdict

KEPT = Bar(metric="accuracy", op=">=", value=0.82)
HELPS, USELESS = action("folds"), action("tune", gain=Gain(value=-0.01, low=-0.02, high=0.01, measured=0.0))
FAR = Statement.of("list", "out of reach", nearest=0.84, bar=0.85, metric="accuracy", half_width=0.01)


def listed(*actions: Any, limits: tuple[Statement, ...] = ()) -> ActionList:
    return ActionList(
        metric="accuracy", run_id="run_1", actions=actions, n_rows=240, seconds=6.0, limits=limits
    )


def exhausted(
    actions: ActionList | None, *, promised: Bar | None = KEPT, done: Any = (), **facts: Any
) -> Any:
    judged = verdict(facts.pop("outcome", "misses"), **facts)
    return present_exhausted(judged, promised=promised, actions=actions, done=done)


def test_while_something_may_help_the_card_says_so_and_before_anybody_asked_too():
    assert exhausted(listed(HELPS, USELESS)) is None
    assert exhausted(None) is None


@pytest.mark.parametrize(
    ("actions", "done", "why"),
    [
        (listed(USELESS), (), "Nothing that was tried is likely to help."),
        (listed(HELPS), ("folds",), "Nothing that was tried is likely to help."),
        (listed(HELPS, limits=(FAR,)), (), "Nothing that was tried is likely to reach 0.90."),
    ],
)
def test_where_nothing_helps_the_bar_that_is_kept_is_offered(actions, done, why):
    assert exhausted(actions, done=done) == (
        "bar",
        f"{why} Move the bar to 0.82, which this model very likely meets.",
    )


def test_where_nothing_helps_and_no_bar_is_kept_improve_says_what_else_there_is():
    choice, advice = exhausted(listed(USELESS), promised=None)
    assert (choice, advice) == (
        "improve",
        "Nothing that was tried is likely to help. See what else you can do.",
    )


def test_a_model_that_is_good_or_too_slow_is_not_called_exhausted():
    assert exhausted(listed(USELESS), outcome="meets") is None
    assert exhausted(listed(USELESS), outcome="meets", excesses=(TOO_SLOW,)) is None


def test_home_leads_to_what_the_card_recommends():
    likely = next_step(summary(judged=verdict("undecided", probability_passes=0.92)))
    assert (likely.page, likely.why) == ("export", "It is very likely good enough.")
    low = verdict("meets", bar=Bar(metric="accuracy", op=">=", value=0.3))
    assert next_step(summary(judged=low)).label == "Move the bar"
