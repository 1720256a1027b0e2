"""Randomised trees are those that scikit-learn grows, made more quickly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from litmus_core.checks._context.random_trees import RandomTreesClassifier, RandomTreesRegressor


@pytest.mark.parametrize(
    ("ours", "theirs", "predict"),
    [
        (RandomTreesClassifier, ExtraTreesClassifier, "predict_proba"),
        (RandomTreesRegressor, ExtraTreesRegressor, "predict"),
    ],
)
def test_they_answer_as_those_of_sklearn_to_the_last_bit(ours: Any, theirs: Any, predict: str) -> None:
    rng = np.random.default_rng(0)
    rows = np.where(rng.random((200, 5)) < 0.1, np.nan, rng.normal(size=(200, 5)))
    target = (np.nan_to_num(rows[:, 0]) > 0).astype(int)

    expected, found = (
        getattr(kind(n_estimators=7, min_samples_leaf=2, random_state=3).fit(rows, target), predict)(rows)
        for kind in (theirs, ours)
    )

    assert found.tobytes() == expected.tobytes()


def test_no_tree_is_asked_for_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    names = ExtraTreesClassifier._get_param_names
    monkeypatch.setattr(
        "sklearn.base.BaseEstimator._get_param_names",
        classmethod(lambda cls: asked.append(cls.__name__) or names.__func__(cls)),
    )

    RandomTreesClassifier(n_estimators=30).fit(np.eye(4), [0, 1, 0, 1])

    assert 1 <= asked.count("ExtraTreeClassifier") < 10
