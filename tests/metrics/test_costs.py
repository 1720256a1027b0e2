"""Costs: what answers cost, which answer is given, and where the threshold lies."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.errors import UsageError
from litmus_core.metrics import CostTable, constant_score, get_metric, tune_threshold

ALARM = get_metric('cost(table={"no":{"yes":1},"yes":{"no":20}})')
THREE = get_metric('cost(table={"a":{"b":1,"c":1},"b":{"a":10,"c":1},"c":{"a":1,"b":1}})')


def test_costs_are_per_1000_cases_and_lower_is_better():
    p = np.array([[0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.9, 0.1]])
    value = ALARM.score(["no", "no", "yes", "yes"], p, classes=["no", "yes"], threshold=0.5)
    assert value == (1 + 20) / 4 * 1000
    assert not ALARM.greater_is_better
    assert (ALARM.lowest, ALARM.highest) == (0.0, 20_000.0)


def test_without_a_table_every_mistake_costs_one():
    p = np.array([[0.9, 0.1], [0.1, 0.9], [0.6, 0.4], [0.9, 0.1]])
    assert get_metric("cost").score([0, 1, 1, 1], p, classes=[0, 1]) == 500.0


def test_without_a_threshold_the_answer_is_the_cheapest_to_expect():
    p = np.array([[0.9, 0.1], [0.96, 0.04]])  # yes is cheaper from 1/21 on
    assert ALARM.score(["yes", "no"], p, classes=["no", "yes"]) == 0.0
    p = np.array([[0.6, 0.3, 0.1]])  # saying a would cost 3, b 0.7, c 0.9
    assert THREE.score(["b"], p, classes=["a", "b", "c"]) == 0.0
    assert THREE.score(["a"], p, classes=["a", "b", "c"]) == 1000.0


def test_the_order_of_the_classes_is_the_models_own():
    p = np.array([[0.1, 0.3, 0.6]])
    assert THREE.score(["b"], p, classes=["c", "b", "a"]) == 0.0


def test_class_codes_stand_for_classes():
    coded = ALARM.for_classes(["yes", "no"])
    p = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert coded.score([0, 1], p, classes=range(2), threshold=0.5) == (20 + 1) / 2 * 1000


def test_the_constant_answer_is_the_cheapest_constant():
    train = ["no"] * 9 + ["yes"]
    assert constant_score(ALARM, train, train, classes=["no", "yes"]) == pytest.approx(900.0)


def test_the_threshold_is_where_validation_rows_cost_the_least():
    positive = np.array([0.2, 0.3, 0.35, 0.5])
    p = np.column_stack([1 - positive, positive])
    threshold = tune_threshold(ALARM, ["no", "no", "yes", "yes"], p, classes=["no", "yes"])
    assert threshold == pytest.approx(0.325)
    assert ALARM.score(["no", "no", "yes", "yes"], p, classes=["no", "yes"], threshold=threshold) == 0.0


def test_of_equally_cheap_thresholds_it_is_the_one_that_exact_probabilities_ask_for():
    p = np.array([[0.99, 0.01], [0.1, 0.9]])
    assert tune_threshold(ALARM, ["no", "yes"], p, classes=["no", "yes"]) == pytest.approx(1 / 21)


def test_labels_of_other_types_meet_the_tables_texts():
    costs = CostTable.read({"true": {"false": 3}, "false": {"true": 1}})
    assert costs.matrix([False, True]).tolist() == [[0, 1], [3, 0]]
    costs = CostTable.read({1: {2: 3}, 2: {1: 1}})
    assert costs.matrix([1.0, 2.0]).tolist() == [[0, 3], [1, 0]]


def test_a_class_without_costs_is_said():
    with pytest.raises(UsageError, match="The cost table says nothing of 'maybe'"):
        ALARM.score(["no"], [[0.5, 0.4, 0.1]], classes=["no", "yes", "maybe"])


def test_a_class_that_training_did_not_hold_costs_the_most():
    p = np.array([[1.0, 0.0]])
    assert THREE.score(["c"], p, classes=["a", "b"]) == 10_000.0


def test_a_matrix_becomes_the_same_table():
    table = CostTable.of_matrix(["no", "yes"], [[0, 1], [20, 0]])
    assert f"cost(table={table})" == ALARM.name
