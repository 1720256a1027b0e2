"""A small model that learns a candidate's predictions. Imports AutoGluon: import this module late."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from autogluon.common.loaders import load_pkl
from autogluon.tabular.models.lgb.lgb_model import LGBModel

from litmus_core.engine._refine._distillation_set import DistillationSet
from litmus_core.engine._remote.model_files import local_path
from litmus_core.engine._warm_start.reused_member import ReusedMember
from litmus_core.task_types import Facet, get_task_type

_LEAST_SHARE = 0.02  # of a class: rarer predictions are not learned
# LightGBM's objectives; cross_entropy learns a probability instead of a class.
_OBJECTIVES: Facet[str] = Facet(
    "objective of a student",
    {"binary": "cross_entropy", "multiclass": "multiclass", "regression": "regression"},
)


class StudentModel(ReusedMember):
    """Becomes a LightGBM model of the ``columns`` that learned its rows and a :class:`DistillationSet`.

    The set is read from a file. The validation rows' true targets decide when the model has enough trees.
    """

    ag_key = "STUDENT"
    ag_name = "Student"

    def _fit(
        self,
        X: Any,
        y: Any,
        X_val: Any = None,
        y_val: Any = None,
        time_limit: float | None = None,
        num_cpus: Any = None,
        **kwargs: Any,
    ) -> None:
        params = dict(self._get_model_params())
        distillation_set: DistillationSet = load_pkl.load(
            path=local_path(params.pop("distillation_set")), verbose=False
        )
        columns = list(params.pop("columns", X.columns))
        # Predictions of generated rows often depend on values that a student of some columns does not see.
        sees_all = len(columns) == X.shape[1]
        more, targets = distillation_set.for_student(X.index.to_numpy(), is_synthetic=sees_all)
        rows, target, weights = _training_rows(X, y, more, targets, self.problem_type)
        student = LGBModel(
            path="",
            name=self.name,
            problem_type=self.problem_type,
            eval_metric=self.eval_metric,
            hyperparameters={**params, "objective": _OBJECTIVES.of(self.problem_type)},
        )
        student.fit(
            X=rows[columns],
            y=target,
            X_val=None if X_val is None else X_val[columns],
            y_val=y_val,
            sample_weight=weights,
            feature_metadata=self.feature_metadata.keep_features(columns),
            num_classes=self.num_classes,
            time_limit=time_limit,
            num_cpus=num_cpus,
            verbosity=0,
        )
        self._become(student)

    def is_trained(self, *, on_all_rows: bool) -> bool:
        """Return True: it always learns."""
        return True

    def reads(self, *, on_all_rows: bool) -> list[str]:
        """Return the path of its distillation set."""
        return [self._user_params["distillation_set"]]

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}


def _training_rows(X: Any, y: Any, more: Any, targets: Any, problem_type: str) -> tuple[Any, Any, Any]:
    """Return rows, their targets, and their weights (None: all equal).

    With probabilities of several classes a row appears once for each class, weighted by its probability.
    """
    rows = pd.concat([X, more], ignore_index=True)
    truth = y.to_numpy()
    task_type = get_task_type(problem_type)
    if not task_type.learns_each_class:
        shares_of = targets[:, 1] if task_type.has_one_probability else targets
        return rows, pd.Series(np.concatenate([truth.astype(np.float64), shares_of])), None
    shares = np.vstack([np.eye(targets.shape[1])[truth.astype(np.int64)], targets])
    place, classes = np.nonzero((shares >= _LEAST_SHARE) | (shares == shares.max(axis=1, keepdims=True)))
    return rows.iloc[place].reset_index(drop=True), pd.Series(classes), pd.Series(shares[place, classes])
