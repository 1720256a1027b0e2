"""Litmus' features as numbers only.

scikit-learn's ColumnTransformer does the same, but takes 7 ms for one row instead of 0.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.plugins import PluginFailedError

if TYPE_CHECKING:
    import pandas as pd

_MOST_COLUMNS = 30  # of a category
Floats = NDArray[np.float64]


class NumericView:
    """Litmus' features as an array (n, p) of finite doubles, for models that read only numbers.

    Numbers: missing ones become the median, then mean 0 and deviation 1; a column marks missing values if
    training had some. Word columns stay 0 and 1. Categories: a column per value; beyond 30 the rarest share
    one. Raw text is left out: its words have columns.
    """

    def fit(self, X: pd.DataFrame) -> NumericView:
        """Learn from the training rows (n >= 1)."""
        categories = [name for name in X if X[name].dtype == "category"]
        plain = [name for name in X if name not in categories]
        self.numbers_ = [name for name in plain if X[name].dtype.kind == "f"]
        self.words_ = [name for name in plain if X[name].dtype.kind in "uib"]
        if not self.numbers_ + self.words_ + categories:
            raise PluginFailedError("no column gives it numbers: only raw text is left")
        values = X[self.numbers_].to_numpy(np.float64)
        missing = np.isnan(values)
        self.gaps_ = np.flatnonzero(missing.any(axis=0))
        self.median_ = np.array([_median(column) for column in values.T])
        filled = np.where(missing, self.median_, values)
        self.mean_, deviation = filled.mean(axis=0), filled.std(axis=0)
        self.deviation_ = np.where(deviation > 0, deviation, 1.0)
        self.categories_ = [(name, _columns_of(X[name].cat)) for name in categories]
        return self

    def of(self, X: pd.DataFrame) -> Floats:
        """Return the array of ``X``'s n rows."""
        values = X[self.numbers_].to_numpy(np.float64)
        missing = np.isnan(values)
        scaled = (np.where(missing, self.median_, values) - self.mean_) / self.deviation_
        words = X[self.words_].to_numpy(np.float64)
        one_hot = [table[X[name].cat.codes.to_numpy()] for name, table in self.categories_]
        return np.hstack([scaled, missing[:, self.gaps_], words, *one_hot])


def _median(column: Floats) -> float:
    present = column[~np.isnan(column)]
    return float(np.median(present)) if len(present) else 0.0


def _columns_of(category: Any) -> Floats:
    """Return (k + 1, p): the columns' values for each of the k codes and, last, for no code."""
    n_codes = len(category.categories)
    counts = np.bincount(category.codes.to_numpy() % (n_codes + 1), minlength=n_codes + 1)[:n_codes]
    often = np.argsort(-counts, kind="stable")
    column = np.full(n_codes, min(n_codes, _MOST_COLUMNS) - 1)
    column[often[: _MOST_COLUMNS - 1]] = np.arange(min(n_codes, _MOST_COLUMNS - 1))
    table = np.zeros((n_codes + 1, column.max(initial=-1) + 1))
    table[np.arange(n_codes), column] = 1.0
    return table
