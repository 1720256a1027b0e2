"""How well a single column predicts the target out of fold: by a small tree, or by its values' averages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._labels.class_labels import as_labels, codes_of
from litmus_core.data._profile.score_scales import SCORE_SCALES, ScoreScale
from litmus_core.task_types import get_task_type
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import KindName, ProblemType

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FOLDS = 4
_MOST_CLASSES = 40  # rows of rarer classes are left out
_FEWEST_ROWS = 5  # of a class
_LEAVES = 256
_PRIOR_ROWS = 1.0  # rows after which a value's own average counts as much as the overall one
_MOST_TREE_WORK = 400_000  # rows times classes


@dataclass(frozen=True)
class UnivariateScorer:
    """Scores single columns by how well they predict n labels in folds.

    ``rows`` (n,) are positions in the table; ``target`` (n,) holds class codes from 0, or in regression each
    value's rank between 0 and 1, so that no single huge value dominates. ``merged`` means that labels which
    differ only in case, signs or a plural 's' count as one.
    """

    problem_type: ProblemType
    rows: Ints
    target: NDArray[Any]
    classes: tuple[Any, ...]
    folds: Ints
    merged: bool = False

    @classmethod
    def of(
        cls, target: pd.Series[Any], problem_type: ProblemType, *, seed: int, merge: bool
    ) -> UnivariateScorer:
        """Use the rows of ``target`` that have a label (classes: the 40 most frequent with 5 rows)."""
        rng = np.random.default_rng([seed, 11])
        if not get_task_type(problem_type).has_classes:
            values = np.asarray(target, dtype=np.float64)
            rows = np.flatnonzero(np.isfinite(values))
            ranks = _ranks(values[rows])
            return cls(problem_type, rows, ranks, (), _random_folds(len(rows), rng))
        labels = as_labels(target)
        merged = _merge_spellings(labels) if merge else labels
        codes, classes = codes_of(merged)
        n_rows = np.bincount(codes[codes >= 0], minlength=len(classes))[:_MOST_CLASSES]
        n_wanted = max(2, int((n_rows >= _FEWEST_ROWS).sum()))
        rows = np.flatnonzero((codes >= 0) & (codes < n_wanted))
        folds = np.empty(len(rows), dtype=np.int64)
        for code in range(n_wanted):
            inside = np.flatnonzero(codes[rows] == code)
            folds[inside] = _random_folds(len(inside), rng, start=code)
        n_labels = len(set(labels.tolist()))
        most_common = tuple(classes[:n_wanted])
        return cls(
            problem_type, rows, codes[rows], most_common, folds, merged=len(set(merged.tolist())) < n_labels
        )

    def again(self, seed: int) -> UnivariateScorer:
        """Return the same scorer with other folds."""
        rng = np.random.default_rng([seed, 43])
        if not self.n_classes:
            return replace(self, folds=_random_folds(len(self.rows), rng))
        folds = np.empty(len(self.rows), dtype=np.int64)
        for code in range(self.n_classes):
            inside = np.flatnonzero(self.target == code)
            folds[inside] = _random_folds(len(inside), rng, start=code)
        return replace(self, folds=folds)

    @property
    def n_classes(self) -> int:
        """The number of classes; 0 in regression."""
        return len(self.classes)

    @property
    def score_scale(self) -> ScoreScale:
        """The scale of the scores."""
        return SCORE_SCALES.of(self.problem_type)

    @property
    def scale(self) -> str:
        """Name of the score: R² (of ranks), AUC, macro-F1."""
        return self.score_scale.name

    @cached_property
    def chance(self) -> float:
        """Score of a constant or random prediction."""
        return self.score_scale.chance(self.n_classes)

    def skill(self, score: float) -> float:
        """Return ``score`` on a scale from 0 (chance) to 1 (always right)."""
        return (score - self.chance) / (1 - self.chance)

    def score(self, prediction: Floats, *, inside: NDArray[Any] | None = None) -> float:
        """Return the score of probabilities (n, k) or ranks (n,), over all rows or those ``inside``."""
        truth = self.target if inside is None else self.target[inside]
        predictions = prediction if inside is None else prediction[inside]
        return self.score_scale.score(truth, predictions)

    def column_score(self, values: NDArray[Any], kind: KindName) -> float:
        """Return the out-of-fold score of one column (all rows of the table)."""
        column = values[self.rows]
        prediction = np.zeros((len(self.rows), self.n_classes) if self.n_classes else len(self.rows))
        is_number = COLUMN_KINDS[kind].is_ordered or column.dtype.kind in "iufM"
        numbers = as_numbers(column) if is_number else _level_codes(column)
        predictors: list[Callable[..., Floats]] = [self._by_level]
        if is_number:
            predictors = [partial(self._by_tree, leaf=2), self._by_broad_tree]
        scores = []
        for predict in predictors:
            for fold in range(_FOLDS):
                test = self.folds == fold
                if test.any() and not test.all():
                    prediction[test] = predict(numbers[~test], self.target[~test], numbers[test])
            scores.append(self.score(prediction))
        return max(scores)

    def _by_broad_tree(self, train: Any, target: NDArray[Any], test: Any) -> Floats:
        return self._by_tree(train, target, test, leaf=max(4, len(train) // 40))

    def _by_tree(self, train: Any, target: NDArray[Any], test: Any, *, leaf: int) -> Floats:
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        most = max(2_000, _MOST_TREE_WORK // max(1, self.n_classes))
        if len(train) > most:
            step = -(-len(train) // most)
            train, target = train[::step], target[::step]
        plan: dict[str, Any] = {"max_leaf_nodes": _LEAVES, "min_samples_leaf": leaf, "random_state": 0}
        if not self.n_classes:
            tree = DecisionTreeRegressor(**plan).fit(train.reshape(-1, 1), target)
            return np.asarray(tree.predict(test.reshape(-1, 1)))
        tree = DecisionTreeClassifier(**plan).fit(train.reshape(-1, 1), target)
        probabilities = np.zeros((len(test), self.n_classes))
        probabilities[:, tree.classes_.astype(np.int64)] = tree.predict_proba(test.reshape(-1, 1))
        return probabilities

    def _by_level(self, train: Ints, target: NDArray[Any], test: Ints) -> Floats:
        n_levels = int(max(train.max(initial=0), test.max(initial=0))) + 1
        one_hot = np.eye(self.n_classes)[target] if self.n_classes else target.reshape(-1, 1)
        overall = one_hot.mean(axis=0)
        sums = np.column_stack([np.bincount(train, weights=part, minlength=n_levels) for part in one_hot.T])
        counts = np.bincount(train, minlength=n_levels)[:, None]
        means = (sums + _PRIOR_ROWS * overall) / (counts + _PRIOR_ROWS)
        return np.asarray(means[test] if self.n_classes else means[test, 0])


def as_numbers(column: NDArray[Any]) -> Floats:
    """Return numbers, dates (days since 1970) or booleans as floats; missing and infinite ones as NaN."""
    if column.dtype.kind == "M":
        days = column.astype("datetime64[us]").astype(np.int64) / 86_400_000_000
        return np.where(np.isnat(column), np.nan, days)
    numbers = np.asarray(column, dtype=np.float64)
    # Trees compare in single precision: larger numbers overflow, and large ids would become equal.
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    finite = numbers[np.isfinite(numbers)]
    if len(finite) and np.abs(finite).max() > 2**24:
        spread = float(finite.std()) or 1.0
        numbers = (numbers - finite.mean()) / spread
    return numbers


def _level_codes(column: NDArray[Any]) -> Ints:
    import pandas as pd

    codes, _ = pd.factorize(column, use_na_sentinel=True)
    return np.asarray(codes + 1, dtype=np.int64)


def _random_folds(n_rows: int, rng: np.random.Generator, *, start: int = 0) -> Ints:
    return rng.permutation((np.arange(n_rows) + start) % _FOLDS).astype(np.int64)


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values) / max(1, len(values)))


def _merge_spellings(labels: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give labels that differ only in case, signs and a plural 's' their commonest spelling."""
    common: dict[str, str] = {}
    for label, _ in Counter(value for value in labels.tolist() if isinstance(value, str)).most_common():
        common.setdefault(_plain(label), label)
    spellings = {
        label: common[_plain(label)] if isinstance(label, str) else label for label in set(labels.tolist())
    }
    merged = np.empty(len(labels), dtype=object)
    merged[:] = [spellings[label] for label in labels.tolist()]
    return merged


def _plain(label: str) -> str:
    bare = re.sub(r"[\W_]+", "", label.casefold())
    return bare.removesuffix("s") or bare or label
