"""Losses that task types name: as AutoGluon's scorers, and as families' settings."""

from __future__ import annotations

import pickle
from typing import get_args

import numpy as np
import pytest
from autogluon.tabular.models.lgb.lgb_utils import convert_ag_metric_to_lgbm
from autogluon.tabular.models.xgboost.xgboost_utils import convert_ag_metric_to_xgbm
from sklearn.metrics import mean_poisson_deviance

from litmus_core.engine import get_model_family
from litmus_core.engine._autogluon.losses import loss_scorer
from litmus_core.engine._catalog.losses import with_loss
from litmus_core.task_types import Loss, RowNeeds
from litmus_core.types import PluginRef
from tests.engine.conftest import task

NAMED = [loss for loss in get_args(Loss) if loss]


def test_the_poisson_loss_is_scikit_learns_with_weights_and_of_no_answer_below_0() -> None:
    truth, said, weights = np.array([0.0, 2.0, 1.0]), np.array([0.5, 1.0, -3.0]), np.array([1.0, 2.0, 0.5])
    scorer = loss_scorer("poisson")
    wanted = mean_poisson_deviance(truth, np.maximum(said, 1e-9), sample_weight=weights)

    assert scorer.error(truth, said, sample_weight=weights) == pytest.approx(wanted)
    assert pickle.loads(pickle.dumps(scorer)).error(truth, said) == pytest.approx(
        mean_poisson_deviance(truth, np.maximum(said, 1e-9))
    )


@pytest.mark.parametrize("loss", NAMED)
def test_boosters_stop_by_their_own_form_of_each_loss_and_learn_by_it(loss: Loss) -> None:
    name = loss_scorer(loss).name

    assert convert_ag_metric_to_lgbm(name, "regression")
    assert convert_ag_metric_to_xgbm(name, "regression")
    for family in ("lightgbm", "xgboost", "catboost"):
        hyperparameters = get_model_family(family).hyperparameters
        assert hyperparameters is not None
        assert hyperparameters.losses[loss]


def test_a_family_without_the_loss_and_a_users_own_objective_stay_as_they_are() -> None:
    part = PluginRef(point="task_type", reference="a.py:A", needs=RowNeeds(loss="poisson"))
    plain = {
        "GBM": [
            {"ag_args": {"name": "lightgbm"}},
            {"objective": "l1", "ag_args": {"name": "lightgbm"}},
        ],
        "LR": [{"ag_args": {"name": "linear"}}],
    }
    first, second = with_loss(plain, task("regression", "mae", task_type=part))["GBM"]

    assert (first["objective"], second["objective"]) == ("poisson", "l1")
    assert with_loss(plain, task("regression", "mae", task_type=part))["LR"] == plain["LR"]
    assert with_loss(plain, task("regression", "mae")) == plain
