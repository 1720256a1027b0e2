"""Test assertions on real rows: change one value at a time, and compare the predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.diagnostics._scoring import Array, PredictorLike, answered_codes, predict, scorer_for
from litmus_core.errors import DataError
from litmus_core.metrics import Metric, get_metric, label_index
from litmus_core.runtime import label_text
from litmus_core.task_types import get_task_type
from litmus_core.types import Assertion, AssertionResult
from litmus_core.verdicts import assertion_with_sentence

if TYPE_CHECKING:
    import pandas as pd

FEWEST_TRIED = 50
_MOST_ROWS = 1_000
_PLACES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of a number's values
_MOST_VALUES = 10  # of a category, the most frequent
_NOISE = 1e-5  # of the predictions' range: less is rounding
_SPREAD = 0.01  # of the predictions' standard deviation: a number that changes by less is unchanged
_N_REPLICATES = 200


def check_assertions(
    assertions: Sequence[Assertion],
    predictor: PredictorLike,
    frame: pd.DataFrame,
    *,
    truth: Array | None = None,
    prediction: Array | None = None,
    metric: Metric | None = None,
    target: str = "",
    seed: int = 0,
) -> tuple[AssertionResult, ...]:
    """Return whether each assertion holds on the rows of ``frame``, of which at most 1,000 are changed.

    For groups, ``truth`` (n,) holds the rows' true values, ``prediction`` the predictions of a model that did
    not train on them, and ``metric`` has the rows' weights. Without truth, an assertion on a group stays
    open.
    """
    order = np.sort(np.random.default_rng(seed).permutation(len(frame))[:_MOST_ROWS])
    tried = _Probe(predictor, frame.iloc[order])
    answer = tried.quantity_name(target)
    results = []
    for assertion in assertions:
        if assertion.kind == "group":
            result = _group_result(assertion, predictor, frame, truth, prediction, metric=metric, seed=seed)
        elif len(order) < FEWEST_TRIED:
            result = AssertionResult(assertion=assertion, state="open", n_rows=len(order))
        else:
            result = _result(assertion, tried.breaks(assertion))
        results.append(assertion_with_sentence(result, answer=answer))
    return tuple(results)


def _result(assertion: Assertion, broken: Array) -> AssertionResult:
    n_rows, n_broken = len(broken), int(broken.sum())
    state = "held" if n_broken <= assertion.allowed * n_rows else "broken"
    return AssertionResult(assertion=assertion, state=state, n_rows=n_rows, n_broken=n_broken)  # type: ignore[arg-type]


class _Probe:
    """Rows, their predictions, and their predictions after one column has another value."""

    def __init__(self, predictor: PredictorLike, frame: pd.DataFrame) -> None:
        self.predictor, self.frame = predictor, frame
        self.has_classes = get_task_type(predictor.problem_type).has_classes
        self.before = predict(predictor, frame) if len(frame) else np.zeros(0)

    def quantity_name(self, target: str) -> str:
        """Return the name of the predicted quantity, for messages."""
        if not self.has_classes:
            return f"'{target}'"
        return f"the probability of '{label_text(self.predictor.classes[self._positive])}'"

    @property
    def _positive(self) -> int:
        positive = self.predictor.positive_class
        return 1 if positive is None else label_index(self.predictor.classes, positive)

    def breaks(self, assertion: Assertion) -> Array:
        """Return which rows break an assertion (n,)."""
        if assertion.kind == "range":
            low = -np.inf if assertion.low is None else assertion.low
            high = np.inf if assertion.high is None else assertion.high
            return np.asarray((self.before < low) | (self.before > high))
        if assertion.kind == "unchanged":
            others = np.stack(
                [
                    self._as_decisions(prediction)
                    for prediction in self._predictions_by_value(assertion.column)
                ]
            )
            return np.asarray(
                (np.abs(others - self._as_decisions(self.before)) > self._smallest_change).any(axis=0)
            )
        levels = np.stack(
            [self._as_numbers(prediction) for prediction in self._predictions_by_value(assertion.column)]
        )
        steps = np.diff(levels, axis=0) * (1.0 if assertion.kind == "rises" else -1.0)
        return np.asarray((steps < -_NOISE * max(float(np.ptp(levels)), 1e-12)).any(axis=0))

    def _predictions_by_value(self, column: str) -> Iterator[Array]:
        """Yield the predictions with one value of a column in all rows, for each of its values, ascending."""
        for value in _values(self.frame[column]):
            yield predict(self.predictor, self.frame.assign(**{column: value}))

    def _as_numbers(self, prediction: Array) -> Array:
        """Return one number per row: the value, or the probability of the positive class."""
        return np.asarray(prediction[:, self._positive]) if self.has_classes else prediction

    def _as_decisions(self, prediction: Array) -> Array:
        """Return one number per row that changes only when the decision does."""
        if not self.has_classes:
            return prediction
        predictor = self.predictor
        return answered_codes(
            prediction,
            predictor.classes,
            positive_class=predictor.positive_class,
            threshold=predictor.threshold,
            costs=predictor.costs,
        )

    @property
    def _smallest_change(self) -> float:
        return 0.5 if self.has_classes else _SPREAD * float(np.std(self.before))


def _values(column: pd.Series[Any]) -> list[Any]:
    """Return values to try: quantiles of numbers, or the most frequent values."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    present = column.dropna()
    if is_numeric_dtype(present.dtype) and not is_bool_dtype(present.dtype):
        ordered = np.sort(present.to_numpy())
        places = [ordered[int(place * (len(ordered) - 1))] for place in _PLACES] if len(ordered) else []
        return sorted(set(places)) or [np.nan]
    return list(present.value_counts().index[:_MOST_VALUES]) or [None]


def _group_result(
    assertion: Assertion,
    predictor: PredictorLike,
    frame: pd.DataFrame,
    truth: Array | None,
    prediction: Array | None,
    *,
    metric: Metric | None,
    seed: int,
) -> AssertionResult:
    bar = assertion.bar
    rows = np.flatnonzero(frame[assertion.column].astype("string").fillna("") == assertion.value)
    if bar is None or truth is None or len(rows) < FEWEST_TRIED:
        return AssertionResult(assertion=assertion, state="open", n_rows=len(rows))
    judged = get_metric(bar.metric)
    if metric is not None:
        judged = judged.weighted(metric.weights).grouped(metric.groups).at(rows)
    predicted = predict(predictor, frame.iloc[rows]) if prediction is None else prediction[rows]
    try:
        score, _ = scorer_for(predictor, judged).interval(truth[rows], predicted, seed=seed, n=_N_REPLICATES)
    except DataError:  # such as one class only
        return AssertionResult(assertion=assertion, state="open", n_rows=len(rows))
    worst, best = (score.low, score.high) if bar.is_floor else (score.high, score.low)
    state = "held" if bar.passes(worst) else "open" if bar.passes(best) else "broken"
    return AssertionResult(assertion=assertion, state=state, n_rows=len(rows), score=score)  # type: ignore[arg-type]
