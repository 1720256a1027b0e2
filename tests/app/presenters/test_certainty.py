"""How sure a verdict is: the dots, and what was allowed for."""

import pytest

from app.charts import certainty_chart
from app.presenters.results.certainty import present_certainty
from litmus_core.text import unbroken
from litmus_core.types import Bar, Score, Verdict
from litmus_core.verdicts._texts import CERTAINTY
from tests.app.drawn import marks, rows

SPREAD = tuple(0.85 + 0.001 * at for at in range(40))  # 0.850 to 0.889
SCORE = Score(metric="accuracy", value=0.87, low=0.85, high=0.89, n_rows=1_000)


def verdict(**changes) -> Verdict:
    known = {
        "outcome": "undecided",
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


def test_the_dots_that_pass_are_those_on_the_bars_good_side():
    assert sum(present_certainty(verdict()).passes) == 4
    errors = verdict(bar=Bar(metric="accuracy", op="<=", value=0.853))
    assert sum(present_certainty(errors).passes) == 4


def test_later_looks_say_what_they_cost():
    told = CERTAINTY["later look"].format(looks="4 scores", times="1.3", certainty="98.75", fewer="1.6")
    assert unbroken(told) in present_certainty(verdict(n_evaluations=4, certainty=0.9875)).notes


def test_the_luck_of_the_best_of_many_is_said():
    told = CERTAINTY["luck"].format(n_compared="12", luck="0.004")
    assert told in present_certainty(verdict(n_compared=12, luck=0.004)).notes
    assert not present_certainty(verdict(outcome="meets", n_compared=12, luck=0.0)).notes


@pytest.mark.parametrize("changes", [{"bar": None, "probability_passes": None}, {"spread": ()}])
def test_without_a_bar_or_with_an_old_verdict_there_is_nothing_to_show(changes):
    assert present_certainty(verdict(**changes)) is None


@pytest.mark.parametrize("spread", [SPREAD, (0.87,) * 40])
def test_every_dot_is_drawn_once(spread):
    dots, _ = marks(certainty_chart(present_certainty(verdict(spread=spread)), dark=False), "point")
    assert len(rows(dots)) == 40


@pytest.mark.parametrize("op", [">=", "<="])
def test_no_dot_is_drawn_on_the_other_side_of_the_bar(op):
    view = present_certainty(verdict(bar=Bar(metric="accuracy", op=op, value=0.8706)))
    dots = rows(marks(certainty_chart(view, dark=False), "point")[0])
    sign = 1 if op == ">=" else -1
    passing, failing = ([sign * dot["x"] for dot in dots if dot["solid"] == solid] for solid in (1, 0))
    assert min(passing) > sign * view.bar > max(failing)
