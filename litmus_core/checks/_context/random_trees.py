"""Randomised trees of scikit-learn, each a copy of the first one.

scikit-learn reads the names of the parameters of each tree, which takes a fifth of the fit of a small table.
The resulting trees are the same.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor


class _Copies:
    """Makes each tree a copy of the first one, with a seed of its own."""

    def _make_estimator(self, append: bool = True, random_state: Any = None) -> Any:
        first = vars(self).get("_first")
        if first is None:
            first = self._first = super()._make_estimator(append=False)  # type: ignore[misc]
        tree = copy.copy(first)
        tree.random_state = random_state.randint(np.iinfo(np.int32).max)
        return tree


class RandomTreesClassifier(_Copies, ExtraTreesClassifier):  # type: ignore[misc]
    """``ExtraTreesClassifier``, for small tables."""


class RandomTreesRegressor(_Copies, ExtraTreesRegressor):  # type: ignore[misc]
    """``ExtraTreesRegressor``, for small tables."""
