"""Training losses other than the squared error, as AutoGluon scorers. Import this module late.

Boosters compute a loss of the same name themselves for early stopping, which is quicker and weights rows:
AutoGluon's tables map the names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from autogluon.core.constants import REGRESSION
from autogluon.core.metrics import Scorer, make_scorer
from autogluon.tabular.models.lgb import lgb_utils
from autogluon.tabular.models.xgboost import xgboost_utils

from litmus_core.task_types import Loss

_LEAST = 1e-9  # predictions may be 0 or below, where the loss is undefined
# By loss: its Tweedie power, and the names of LightGBM's and XGBoost's early-stopping metrics.
_LOSSES: dict[Loss, tuple[float, str, str]] = {
    "poisson": (1.0, "poisson", "poisson-nloglik"),
}
for _loss, (_, _lightgbm, _xgboost) in _LOSSES.items():
    lgb_utils._ag_to_lgbm_metric_dict[REGRESSION][f"litmus_{_loss}"] = _lightgbm
    xgboost_utils._ag_to_xgbm_metric_dict[REGRESSION][f"litmus_{_loss}"] = _xgboost


@dataclass(frozen=True)
class LossScore:
    """A loss as a function of the learned targets and the predictions on their scale."""

    loss: Loss

    def __call__(self, y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
        """Return the mean loss, 0 at best."""
        from sklearn.metrics import mean_tweedie_deviance

        predictions = np.maximum(np.asarray(y_pred, dtype=np.float64), _LEAST)
        power, *_ = _LOSSES[self.loss]
        deviance = mean_tweedie_deviance(y_true, predictions, sample_weight=sample_weight, power=power)
        return float(deviance)


def loss_scorer(loss: Loss) -> str | Scorer:
    """Return AutoGluon's optimisation target for models that learn by ``loss``."""
    if not loss:
        return "root_mean_squared_error"
    return make_scorer(f"litmus_{loss}", LossScore(loss), optimum=0.0, greater_is_better=False)
