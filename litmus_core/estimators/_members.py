"""The models of the portfolio: scikit-learn estimators that learn in seconds, with weights, from a matrix."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from litmus_core.estimators._features import Floats, Matrix

_BOOSTED_TREES, _RANDOM_TREES = 150, 150
_FEWEST_ROWS_A_LEAF, _MOST_ROWS_A_LEAF = 2, 20


@dataclass(frozen=True, kw_only=True)
class MemberPlan:
    """Settings of a member: ``n_classes`` (0: values), ``n_rows`` and ``seed``."""

    n_classes: int
    n_rows: int
    seed: int
    n_threads: int
    categories: tuple[int, ...]


def _linear_model(plan: MemberPlan) -> Any:
    """Return logistic or ridge regression: scaled numbers, imputed and flagged gaps, one-hot categories."""
    numbers = Pipeline(
        [
            ("fill", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)),
            ("scale", StandardScaler()),
        ]
    )
    encoder = ColumnTransformer(
        [("categories", OneHotEncoder(handle_unknown="ignore"), list(plan.categories))], remainder=numbers
    )
    model = LogisticRegression(max_iter=200) if plan.n_classes else Ridge()
    return make_pipeline(encoder, model)


def _boosted_trees(plan: MemberPlan) -> Any:
    from lightgbm import LGBMClassifier, LGBMRegressor

    leaf = int(np.clip(plan.n_rows // 40, _FEWEST_ROWS_A_LEAF, _MOST_ROWS_A_LEAF))
    return (LGBMClassifier if plan.n_classes else LGBMRegressor)(
        n_estimators=_BOOSTED_TREES,
        learning_rate=0.06,
        num_leaves=15,
        min_child_samples=leaf,
        min_data_per_group=5,
        random_state=plan.seed,
        n_jobs=plan.n_threads,
        deterministic=True,
        force_row_wise=True,
        verbosity=-1,
    )


def _random_trees(plan: MemberPlan) -> Any:
    model = ExtraTreesClassifier if plan.n_classes else ExtraTreesRegressor
    return model(
        n_estimators=_RANDOM_TREES,
        min_samples_leaf=2 if plan.n_rows > 100 else 1,
        random_state=plan.seed,
        n_jobs=plan.n_threads,
    )


MEMBERS: Mapping[str, Callable[[MemberPlan], Any]] = {
    "linear": _linear_model,
    "lightgbm": _boosted_trees,
    "extra_trees": _random_trees,
}


def fit_member(name: str, plan: MemberPlan, rows: Matrix, y: NDArray[Any], weights: Floats | None) -> Any:
    """Return the member ``name``, fitted on ``rows`` (n, m) and ``y`` (n,): class codes or values.

    If all rows have one class, it always predicts that class.
    """
    if plan.n_classes and len(np.unique(y)) == 1:
        return DummyClassifier(strategy="prior").fit(rows.values, y)
    member = MEMBERS[name](plan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the remaining gain is negligible
        if isinstance(member, Pipeline):
            last, _ = member.steps[-1]
            return member.fit(rows.values, y, **{f"{last}__sample_weight": weights})
        more = {"categorical_feature": list(rows.categories)} if name == "lightgbm" else {}
        return member.fit(rows.values, y, sample_weight=weights, **more)


def predict_member(member: Any, rows: Matrix, *, n_classes: int) -> Floats:
    """Return (n, n_classes) probabilities, 0 for classes missing in training, or (n,) values."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="X does not have valid feature names")
        if not n_classes:
            return np.asarray(member.predict(rows.values), dtype=np.float64)
        probabilities = np.zeros((len(rows.values), n_classes))
        probabilities[:, np.asarray(member.classes_, dtype=np.int64)] = member.predict_proba(rows.values)
    return probabilities
