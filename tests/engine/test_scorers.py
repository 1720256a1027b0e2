"""Scorers: AutoGluon optimises what we report."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from autogluon.core.metrics import METRICS, Scorer

from litmus_core.engine._autogluon.scorers import scorer_for
from litmus_core.metrics import metrics_for


def _resolved(name, problem_type):
    found = scorer_for(name, problem_type)
    return found if isinstance(found, Scorer) else METRICS[problem_type][found]


@pytest.mark.parametrize(
    ("problem_type", "name"),
    [(kind, metric.name) for kind in ("binary", "multiclass", "regression") for metric in metrics_for(kind)],
)
def test_autogluons_score_is_our_metric_with_losses_turned_round(problem_type, name):
    rng = np.random.default_rng(0)
    metric = next(each for each in metrics_for(problem_type) if each.name == name)
    if problem_type == "regression":
        y, prediction = rng.random(60) + 1, rng.random(60) + 1
        ours, given = metric.score(y, prediction), prediction
    else:
        k = 2 if problem_type == "binary" else 4
        y = rng.integers(0, k, 60)
        table = rng.random((60, k))
        table /= table.sum(axis=1, keepdims=True)
        ours = metric.score(y, table, classes=range(k))
        given = table[:, 1] if k == 2 else table
        if metric.needs == "labels":
            given = table.argmax(axis=1)
    scorer = _resolved(name, problem_type)
    sign = 1 if metric.greater_is_better else -1
    assert scorer(y, given) == pytest.approx(sign * ours)


def test_costs_go_by_the_classes_that_codes_stand_for():
    metric = 'cost(table={"no":{"yes":1},"yes":{"no":20}})'
    scorer = pickle.loads(pickle.dumps(scorer_for(metric, "binary", classes=("yes", "no"))))
    assert scorer(np.array([0, 1]), np.array([0.99, 0.01])) == -(20 + 1) / 2 * 1000


def test_models_of_earlier_versions_find_their_scorers():
    from litmus_core.engine._autogluon import scorers

    assert scorers.brier(np.array([1, 0]), np.array([1.0, 0.0])) == 0.0
    assert scorers.mape([2.0], [1.0]) == 0.5


def test_our_own_scorers_survive_pickling_by_name():
    for name in ("brier", "roc_auc"):
        scorer = scorer_for(name, "multiclass")
        assert pickle.loads(pickle.dumps(scorer)).name == scorer.name


def test_where_a_metric_is_undefined_early_stopping_still_gets_a_number():
    table = np.full((5, 3), 1 / 3)
    assert scorer_for("roc_auc", "multiclass")(np.zeros(5, dtype=int), table) == 0.5
