"""Is the miss real: the answer in one line, the dots, and what was allowed for."""

import pytest

from app.charts import certainty_chart
from app.presenters.certainty import present_certainty
from litmus_core.types import Bar, Score, Verdict

SPREAD = tuple(0.85 + 0.001 * at for at in range(40))  # 0.850 to 0.889
SCORE = Score(metric="accuracy", value=0.87, low=0.85, high=0.89, n_rows=1_000)


def verdict(**changes) -> Verdict:
    known = {
        "outcome": "undecided",
        "judgement": "Said.",
        "candidate_id": "c",
        "score": SCORE,
        "baseline": 0.5,
        "bar": Bar(metric="accuracy", op=">=", value=0.886),
        "probability_passes": 0.07,
        "spread": SPREAD,
        "more_rows": 2_400,
        "low": 0.85,
        "high": 0.89,
    }
    return Verdict(**{**known, **changes})


def test_the_headline_holds_score_bar_chance_and_rows():
    assert present_certainty(verdict()).headline == (
        "0.870 (0.850 to 0.890) against 0.886: 7\u202f% chance that it already passes; "
        "2,400 more test rows would settle it."
    )


def test_a_score_on_the_bar_promises_no_rows():
    view = present_certainty(verdict(more_rows=None))
    assert view.headline.endswith("score and bar are too close for any practical number of test rows.")


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        ("meets", "Is it really good enough?"),
        ("undecided", "Is it good enough, or not?"),
        ("misses narrowly", "Is the miss real?"),
        ("misses", "Is the miss real?"),
    ],
)
def test_the_question_follows_the_verdict(outcome, title):
    assert present_certainty(verdict(outcome=outcome)).title == title


def test_the_dots_that_pass_are_those_on_the_bars_good_side():
    assert sum(present_certainty(verdict()).passes) == 4
    errors = verdict(bar=Bar(metric="accuracy", op="<=", value=0.853))
    assert sum(present_certainty(errors).passes) == 4


def test_a_first_look_had_nothing_to_allow_for():
    assert "nothing had to be allowed for" in " ".join(present_certainty(verdict()).notes)


def test_later_looks_say_what_they_cost():
    notes = " ".join(present_certainty(verdict(n_looks=4, certainty=0.9875)).notes)
    assert "4 scores of these test rows have been looked at" in notes
    assert "1.3 times as wide as at a first look (98.75\u202f% certain instead of 95\u202f%)" in notes
    assert "as if there were 1.6 times fewer test rows" in notes


def test_the_luck_of_the_best_of_many_is_said():
    notes = " ".join(present_certainty(verdict(n_compared=12, luck=0.004)).notes)
    assert "Choosing the best of 12 models flatters its validation score by about 0.004" in notes


@pytest.mark.parametrize("changes", [{"bar": None, "probability_passes": None}, {"spread": ()}])
def test_without_a_bar_or_with_an_old_verdict_there_is_nothing_to_show(changes):
    assert present_certainty(verdict(**changes)) is None


@pytest.mark.parametrize("spread", [SPREAD, (0.87,) * 40])
def test_every_dot_is_drawn_once(spread):
    figure = certainty_chart(present_certainty(verdict(spread=spread)), dark=False)
    assert (
        sum(len(trace.x) for trace in figure.data if trace.marker.symbol in ("circle", "circle-open")) == 40
    )


@pytest.mark.parametrize("op", [">=", "<="])
def test_no_dot_is_drawn_on_the_other_side_of_the_bar(op):
    view = present_certainty(verdict(bar=Bar(metric="accuracy", op=op, value=0.8706)))
    passing, failing = certainty_chart(view, dark=False).data[:2]
    sign = 1 if op == ">=" else -1
    assert min(sign * x for x in passing.x) > sign * view.bar > max(sign * x for x in failing.x)
