"""The constant answer: the training rows' shares or mean, given to every row."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.errors import TrainingError
from litmus_core.metrics import Metric, constant_answer, constant_score, get_metric
from litmus_core.task_types import BINARY, REGRESSION


def test_shares_are_those_of_the_training_rows_in_the_order_of_the_classes():
    assert constant_answer(["b", "a", "b", "b"], classes=["a", "b", "c"]).tolist() == [0.25, 0.75, 0.0]


def test_whole_numbers_that_became_floats_are_the_same_classes():
    assert constant_answer(np.array([1.0, 0.0, 1.0, 1.0]), classes=[0, 1]).tolist() == [0.25, 0.75]


def test_a_lopsided_target_is_right_as_often_as_its_commonest_class():
    score = constant_score(
        get_metric("accuracy"), ["no", "no", "yes"], ["no", "yes", "no", "no"], classes=["no", "yes"]
    )
    assert score == 0.75


def test_a_class_that_never_trained_is_a_mistake():
    assert constant_score(get_metric("accuracy"), ["a", "a"], ["a", "new"], classes=["a"]) == 0.5


def test_the_positive_class_may_be_the_first():
    score = constant_score(
        get_metric("brier"),
        ["no", "no", "no", "yes"],
        ["no", "yes"],
        classes=["no", "yes"],
        positive_class="no",
    )
    assert score == pytest.approx((0.25**2 + 0.75**2) / 2)


def test_numbers_are_answered_by_their_mean():
    assert constant_score(get_metric("rmse"), [1, 2, 3], [2, 4]) == pytest.approx(2**0.5)


KNOWN, JUDGED = (["no"] * n_no + ["yes"] * n_yes for n_no, n_yes in ((74, 26), (60, 40)))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("f1", 0.8 / 1.4), ("fbeta(beta=2)", 5 * 0.4 / (4 * 0.4 + 1)), ("recall", 1.0), ("precision", 0.4),
     ("accuracy", 0.6), ("f1_macro", 0.375)],
)  # fmt: skip
def test_guessing_is_the_best_class_by_the_metric(metric: str, expected: float) -> None:
    score = constant_score(get_metric(metric), KNOWN, JUDGED, classes=["no", "yes"], positive_class="yes")
    assert score == pytest.approx(expected)


def test_guessing_is_chosen_without_the_rows_that_judge() -> None:
    """Always yes is best there, and the training rows say always no."""
    score = constant_score(get_metric("accuracy"), KNOWN, ["yes"] * 9 + ["no"], classes=["no", "yes"])
    assert score == 0.1


def own_metric(formula, *, needs="values", problem_type=REGRESSION, greater_is_better=False):
    """Return a metric that somebody wrote: ``formula`` takes truth and predictions."""
    return Metric(
        name="own",
        label="Own",
        phrase="has {value}",
        greater_is_better=greater_is_better,
        problem_types=(problem_type.key,),
        needs=needs,
        unit="score",
        formula=lambda case, draws: np.array([formula(case)]),
        is_custom=True,
    )


def test_a_metric_of_ones_own_is_guessed_by_its_best_number_not_by_the_mean() -> None:
    far_off = own_metric(lambda case: np.mean(np.abs(case.truth - case.predicted) > 2))
    known = [1, 2, 3, 3, 4, 5, 40, 50]
    assert constant_answer(known, metric=far_off).tolist() == [3.0]
    assert constant_score(far_off, known, [2, 3, 30, 31]) == 0.5


def test_a_metric_of_ones_own_on_labels_is_guessed_by_its_best_class() -> None:
    found = own_metric(
        lambda case: np.mean(case.decided[case.codes == 1] == 1),
        needs="labels",
        problem_type=BINARY,
        greater_is_better=True,
    )
    assert constant_score(found, KNOWN, JUDGED, classes=["no", "yes"]) == 1.0


def test_a_constant_on_which_a_metric_stops_is_not_the_guess() -> None:
    def picky(case):
        if (case.decided == 1).all():
            raise TrainingError("It divides by zero.")
        return 0.5

    metric = own_metric(picky, needs="labels", problem_type=BINARY, greater_is_better=True)
    assert constant_score(metric, KNOWN, JUDGED, classes=["no", "yes"]) == 0.5
