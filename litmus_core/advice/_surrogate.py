"""A quick surrogate for a run's models, on which actions are tried before anyone spends time on them.

It is LightGBM over the columns, or a linear model over the words of texts if that does better. Trials are
scored on held-out rows by the task's own metric. Two ways to train are compared on the same rows and
bootstrap draws, so that shared noise cancels out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks import encode_columns, fit_text_baseline, join_texts
from litmus_core.errors import DataError
from litmus_core.frame import raw_frame
from litmus_core.metrics import Metric, get_metric, paired, tune_threshold

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column, Task

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
N_PARTS = 5  # parts of the known rows; one is for early stopping
_MOST_TREES, _PATIENCE = 300, 20
_ROWS_A_LEAF, _FEWEST_LEAVES, _MOST_LEAVES = 600, 8, 31  # docs/adr/0036
# with many rows, scoring takes most of the time
_REPLICATES, _MANY_ROWS, _REPLICATES_OF_MANY = 300, 10_000, 100
_MOST_COLUMNS = 300


@dataclass(frozen=True)
class TrialData:
    """Rows that surrogate models learn from and are scored on: all rows of a run except its test set.

    ``frame`` (n rows) has the task's ``columns``; ``truth`` (n,) are the labels or values, ``blocks`` (n,)
    the units of dependent rows, None if rows are independent. ``classes`` is empty in regression. ``leaks``
    are columns that reveal the target, and ``doubtful`` (n,) marks rows with a suspicious label, by the data
    checks. ``segments`` are groups of rows in which the model is worse, the worst first: their names
    ("country is DE") and rows (n,). ``weights`` (n,) are the weights of rows; None if all count the same.
    """

    frame: pd.DataFrame
    truth: NDArray[Any]
    columns: tuple[Column, ...]
    task: Task
    classes: tuple[Any, ...] = ()
    blocks: NDArray[Any] | None = None
    leaks: tuple[str, ...] = ()
    doubtful: NDArray[np.bool_] | None = None
    segments: tuple[tuple[str, NDArray[np.bool_]], ...] = ()
    weights: Floats | None = None

    def some(self, n_rows: int, *, seed: int) -> TrialData:
        """Return ``n_rows`` of them, sampled at random, in the original order; all if there are no more."""
        if n_rows >= len(self.frame):
            return self
        at = np.sort(np.random.default_rng([seed, 17]).choice(len(self.frame), n_rows, replace=False))
        return replace(
            self,
            frame=self.frame.iloc[at],
            truth=self.truth[at],
            blocks=None if self.blocks is None else self.blocks[at],
            doubtful=None if self.doubtful is None else self.doubtful[at],
            segments=tuple((name, inside[at]) for name, inside in self.segments),
            weights=None if self.weights is None else self.weights[at],
        )


@dataclass
class Surrogate:
    """Fits the surrogate on some of the rows, over their columns or, with ``words``, over the words of texts.

    ``matrix`` (n, m) holds the columns called ``names``; those at the positions ``levels`` are category
    codes, the most frequent category 0.
    """

    data: TrialData
    seed: int = 0
    words: bool = False
    matrix: Floats = field(init=False)
    levels: list[int] = field(init=False)
    names: tuple[str, ...] = field(init=False)
    _texts: NDArray[np.object_] | None = field(init=False, default=None)
    _grown: dict[tuple[bytes, bytes], Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        data = self.data
        every = np.arange(len(data.frame))
        read = [column for column in data.columns if column.name != data.task.needs.group]
        used = [column for column in read if column.traits.is_ordered or column.traits.is_choice]
        used = used[:_MOST_COLUMNS]
        self.names = tuple(column.name for column in used)
        texts = [column.name for column in data.columns if column.traits.is_prose]
        self.matrix, self.levels = np.empty((len(every), 0)), []
        if used:
            self.matrix, self.levels = encode_columns(data.frame, used, every)
        if texts:
            self._texts = join_texts(data.frame, texts, every)
        codes = {str(label): at for at, label in enumerate(data.classes)}
        self.target: NDArray[Any] = (
            np.array([codes[str(label)] for label in data.truth], dtype=np.int64)
            if data.classes
            else data.truth.astype(np.float64)
        )

    @property
    def may_read(self) -> tuple[bool, ...]:
        """The possible values of ``words`` for these rows: False (columns), True (words)."""
        return tuple(
            way
            for way, is_used in ((False, self.matrix.shape[1] > 0), (True, self._texts is not None))
            if is_used
        )

    def fit(
        self,
        learn: Ints,
        stop: Ints,
        rows: Ints,
        *,
        settings: dict[str, Any] | None = None,
        balanced: bool = False,
    ) -> Floats:
        """Return (m, k) probabilities or (m,) values for ``rows``, after learning from ``learn``.

        ``stop`` is for early stopping; ``settings`` are LightGBM's; ``balanced`` weights classes equally. The
        model over words ignores all three.
        """
        if self.words and self._texts is not None:
            return self._fit_words(self._texts, np.concatenate([learn, stop]), rows)
        is_plain = not settings and not balanced
        booster = (
            self._default_trees(learn, stop)
            if is_plain
            else self._booster(learn, stop, settings or {}, balanced=balanced)
        )
        predictions = np.asarray(booster.predict(self.matrix[rows]), dtype=np.float64)
        return np.column_stack([1 - predictions, predictions]) if len(self.data.classes) == 2 else predictions

    def _fit_words(self, texts: NDArray[np.object_], learn: Ints, rows: Ints) -> Floats:
        is_number = not self.data.classes
        predictions = fit_text_baseline(
            texts[learn], self.target[learn], texts[rows], is_number=is_number, seed=self.seed
        )
        return (
            predictions
            if is_number
            else self._for_all_classes(predictions[0].astype(np.int64), predictions[1:])
        )

    def _for_all_classes(self, classes: Ints, shares: Floats) -> Floats:
        answer = np.zeros((len(shares), len(self.data.classes)))
        answer[:, classes] = shares
        return answer

    @property
    def family(self) -> str:
        """The model family that the surrogate stands for."""
        return "text" if self.words else "boosting"

    def reading(self, *, words: bool) -> Surrogate:
        """Return a surrogate that reads words, or columns."""
        other = copy(self)
        other.words = words
        return other

    def without(self, columns: Ints) -> Surrogate:
        """Return a surrogate without the columns at these positions."""
        left = [at for at in range(self.matrix.shape[1]) if at not in set(columns.tolist())]
        return self._with_matrix(self.matrix[:, left], [left.index(at) for at in self.levels if at in left])

    def with_columns(self, more: Floats) -> Surrogate:
        """Return a surrogate with the additional numeric columns ``more`` (n, k)."""
        return self._with_matrix(np.hstack([self.matrix, more]), self.levels)

    @cached_property
    def raw(self) -> pd.DataFrame:
        """The known rows as pre-processing steps get them."""
        return raw_frame(self.data.frame, self.data.columns)

    def with_noise(self, order: Ints) -> Surrogate:
        """Return a surrogate with a copy of each column, shuffled by ``order``, as pure noise."""
        doubled = np.hstack([self.matrix, self.matrix[order]])
        return self._with_matrix(doubled, [*self.levels, *(at + self.matrix.shape[1] for at in self.levels)])

    def _with_matrix(self, matrix: Floats, levels: list[int]) -> Surrogate:
        other = copy(self)
        other.matrix, other.levels, other._grown = matrix, levels, {}
        return other

    def gains(self, learn: Ints, stop: Ints) -> Floats:
        """Return (m,) each column's gain in trees that learned from ``learn``."""
        gains = self._default_trees(learn, stop).feature_importance(importance_type="gain")
        return np.asarray(gains, dtype=np.float64)

    def _default_trees(self, learn: Ints, stop: Ints) -> Any:
        """Return trees with the surrogate's own settings, grown once for the same rows."""
        key = (learn.tobytes(), stop.tobytes())
        if key not in self._grown:
            self._grown[key] = self._booster(learn, stop, {})
        return self._grown[key]

    def _booster(self, learn: Ints, stop: Ints, settings: dict[str, Any], *, balanced: bool = False) -> Any:
        import lightgbm

        n_classes = len(self.data.classes)
        plan: dict[str, Any] = {
            "objective": "regression" if not n_classes else "binary" if n_classes == 2 else "multiclass",
            "learning_rate": 0.15,
            "num_leaves": int(np.clip(len(self.matrix) / _ROWS_A_LEAF, _FEWEST_LEAVES, _MOST_LEAVES)),
            "verbosity": -1,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,  # one thread: threads of such small models mostly wait for each other
            "max_bin": 127,
        }
        if n_classes > 2:
            plan["num_class"] = n_classes
        rows, check = (
            lightgbm.Dataset(
                self.matrix[at],
                label=self.target[at],
                weight=self._weights(at, balanced=balanced),
                categorical_feature=self.levels,
                params={"verbosity": -1},
                free_raw_data=False,
            )
            for at in (learn, stop)
        )
        return lightgbm.train(
            plan | settings,
            rows,
            num_boost_round=_MOST_TREES,
            valid_sets=[check],
            callbacks=[lightgbm.early_stopping(_PATIENCE, verbose=False)],
            keep_training_booster=True,  # else it is written as a text and read again
        )

    def _weights(self, at: Ints, *, balanced: bool) -> Floats | None:
        """Return the rows' weights, balanced between classes if requested; None if all are equal."""
        weights = None if self.data.weights is None else self.data.weights[at]
        if not balanced:
            return weights
        counted = np.ones(len(at)) if weights is None else weights
        sizes = np.bincount(self.target[at], weights=counted, minlength=len(self.data.classes))
        share = np.count_nonzero(sizes) * sizes
        factors = np.divide(counted.sum(), share, where=sizes > 0, out=np.zeros(len(sizes)))
        return np.asarray(counted * factors[self.target[at]], dtype=np.float64)

    def value(self, rows: Ints, predictions: Floats) -> float:
        """Return the score of ``predictions`` for ``rows``, more is better; NaN if it is undefined."""
        return _value(*self._case(rows, predictions))

    def replicates(self, rows: Ints, predictions: Floats) -> Floats:
        """Return the score of ``predictions`` for ``rows``, then its bootstrap replicates, more is better.

        The draws are the same for all predictions of the same rows, so that differences are paired. Undefined
        scores, such as without any positive row, are NaN.
        """
        data = self.data
        metric, case = self._case(rows, predictions)
        blocks = None if data.blocks is None else data.blocks[rows]
        n = _REPLICATES if len(data.frame) <= _MANY_ROWS else _REPLICATES_OF_MANY
        drawn = metric.evaluate(case, paired(case.n_rows, blocks, n=n, seed=self.seed))
        sign = 1.0 if metric.greater_is_better else -1.0
        return np.concatenate([[_value(metric, case)], sign * np.asarray(drawn, dtype=np.float64)])

    def _case(self, rows: Ints, predictions: Floats) -> tuple[Metric, Any]:
        """Return the task's metric, and its case of truth and predictions at the best threshold."""
        data = self.data
        metric = get_metric(data.task.metric)
        metric = metric.weighted(None if data.weights is None else data.weights[rows])
        group = data.task.needs.group
        metric = metric.grouped(data.frame[group].iloc[rows] if group else None)
        settings: dict[str, Any] = {"classes": data.classes, "positive_class": data.task.positive_class}
        truth = data.truth[rows]
        threshold = tune_threshold(metric, truth, predictions, **settings) if len(data.classes) == 2 else None
        return metric, metric.case(truth, predictions, threshold=threshold, **settings)


def _value(metric: Metric, case: Any) -> float:
    """Return the score of a case, more is better; NaN if it is undefined."""
    try:
        return (1.0 if metric.greater_is_better else -1.0) * metric.value(case)
    except DataError:
        return math.nan


def outer_folds(data: TrialData, n_folds: int, *, seed: int) -> list[tuple[Ints, Ints]]:
    """Return (known rows, held-out rows) for trials: whole blocks, else stratified by class."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

    every = np.arange(len(data.frame))
    if data.blocks is not None and len(np.unique(data.blocks)) >= n_folds:
        return list(GroupKFold(n_folds).split(every, groups=data.blocks))
    if data.classes:
        labels = data.truth.astype(str)
        if min(np.unique(labels, return_counts=True)[1]) >= n_folds:
            return list(StratifiedKFold(n_folds, shuffle=True, random_state=seed).split(every, labels))
    return list(KFold(n_folds, shuffle=True, random_state=seed).split(every))


def parts_of(rows: Ints, *, seed: int) -> list[Ints]:
    """Return ``rows`` split into a few parts of equal size."""
    return np.array_split(np.random.default_rng([seed, 23]).permutation(rows), N_PARTS)


_MOST_TIMES = 3.0  # wall-clock time allowed on a busy machine, as a multiple of the seconds


@dataclass
class Clock:
    """Estimates whether there is time for more fits, by the duration of earlier ones.

    On a busy machine it counts the processor time of this process, for up to three times ``seconds``, so that
    the list of actions does not depend on the load.
    """

    seconds: float
    spent: list[float] = field(default_factory=list)
    began: tuple[float, float] = field(default_factory=lambda: (time.monotonic(), time.process_time()))

    def used(self) -> float:
        """Return the seconds used so far."""
        passed, worked = time.monotonic() - self.began[0], time.process_time() - self.began[1]
        return min(passed, max(worked, passed / _MOST_TIMES))

    def has_time_for(self, n: int) -> bool:
        """Return whether there is time for ``n`` more fits; before the first, whether any time is left."""
        seconds = float(np.median(self.spent)) if self.spent else 0.0
        return self.used() + n * seconds < self.seconds

    def timed(self, fit: Callable[[], Any]) -> Any:
        """Run ``fit``, and record its duration."""
        before = self.used()
        answer = fit()
        self.spent.append(self.used() - before)
        return answer


def mean_of(predictions: Sequence[Floats]) -> Floats:
    """Return the mean of several models' predictions."""
    return np.asarray(np.mean(np.stack(list(predictions)), axis=0))
