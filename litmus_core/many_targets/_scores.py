"""Scores of all targets' answers together, with their intervals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError
from litmus_core.many_targets._targets import TargetKind
from litmus_core.many_targets._texts import say
from litmus_core.metrics import Draws, EveryRow, bootstrap
from litmus_core.types import Bar, BarOp, Score

Floats = NDArray[np.float64]
Array = NDArray[Any]  # truth or answers (n, k): whether each is yes, or numbers
_REPLICATES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class JointMetric:
    """A metric of (n, k) truths and answers; ``evaluate`` gives its value in each of R draws of rows.

    ``bounds`` are the lowest and the highest value that it can have; None: it has none.
    """

    name: str
    kind: TargetKind
    greater_is_better: bool
    evaluate: Callable[[Array, Array, Draws], Floats]
    bounds: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """What people read."""
        return say(self.name)

    def value(self, truth: Array, predictions: Array) -> float:
        """Return its value over all rows."""
        return float(self.evaluate(truth, predictions, EveryRow(len(truth)))[0])

    def within_bounds(self, values: Array | float) -> Array:
        """Return values no worse than the worst and no better than the best."""
        low, high = self.bounds or (-np.inf, np.inf)
        return np.clip(values, low, high)

    def of_each(self, truth: Array, predictions: Array) -> Floats:
        """Return its value for each target alone (k,)."""
        pairs = zip(truth.T, predictions.T, strict=True)
        return np.array([self.value(one[:, None], other[:, None]) for one, other in pairs])


def _counts(truth: Array, predictions: Array, draws: Draws) -> tuple[Floats, Floats]:
    """Return (R, k) how often yes was right, and how often it was wrong or missed."""
    hits, misses = truth & predictions, truth != predictions
    sums = draws.sums(np.hstack([hits, misses]).astype(np.float64))
    k = truth.shape[1]
    return sums[:, :k], sums[:, k:]


def _f1(hits: Floats, misses: Floats) -> Floats:
    """Return F1; 0 where nothing is yes, as scikit-learn has it."""
    size = 2 * hits + misses
    return np.divide(2 * hits, size, out=np.zeros_like(size), where=size > 0)


def _micro_f1(truth: Array, predictions: Array, draws: Draws) -> Floats:
    hits, misses = _counts(truth, predictions, draws)
    return _f1(hits.sum(axis=1), misses.sum(axis=1))


def _macro_f1(truth: Array, predictions: Array, draws: Draws) -> Floats:
    return np.asarray(_f1(*_counts(truth, predictions, draws)).mean(axis=1))


def _mean_of_rows(values: Floats, draws: Draws) -> Floats:
    sums = draws.sums(np.column_stack([values, np.ones(len(values))]))
    return np.asarray(sums[:, 0] / sums[:, 1])


def _subset_accuracy(truth: Array, predictions: Array, draws: Draws) -> Floats:
    return _mean_of_rows((truth == predictions).all(axis=1).astype(np.float64), draws)


def _hamming_loss(truth: Array, predictions: Array, draws: Draws) -> Floats:
    return _mean_of_rows((truth != predictions).mean(axis=1), draws)


def _unexplained(truth: Array, predictions: Array, draws: Draws) -> Floats:
    """Return (R, k) squared errors as a share of the squared distances from the mean."""
    centred = truth - truth.mean(axis=0)
    k = truth.shape[1]
    columns = np.hstack([centred, centred**2, (truth - predictions) ** 2, np.ones((len(truth), 1))])
    sums = draws.sums(columns)
    spread = sums[:, k : 2 * k] - sums[:, :k] ** 2 / sums[:, -1:]
    return np.asarray(sums[:, 2 * k : 3 * k] / np.maximum(spread, 1e-300))


def _mean_r2(truth: Array, predictions: Array, draws: Draws) -> Floats:
    return np.asarray(1.0 - _unexplained(truth, predictions, draws).mean(axis=1))


def _mean_nrmse(truth: Array, predictions: Array, draws: Draws) -> Floats:
    return np.asarray(np.sqrt(_unexplained(truth, predictions, draws)).mean(axis=1))


_METRICS = {
    metric.name: metric
    for metric in (
        JointMetric(
            name="micro_f1", kind="labels", greater_is_better=True, evaluate=_micro_f1, bounds=(0.0, 1.0)
        ),
        JointMetric(
            name="macro_f1", kind="labels", greater_is_better=True, evaluate=_macro_f1, bounds=(0.0, 1.0)
        ),
        JointMetric(
            name="subset_accuracy",
            kind="labels",
            greater_is_better=True,
            evaluate=_subset_accuracy,
            bounds=(0.0, 1.0),
        ),
        JointMetric(
            name="hamming_loss",
            kind="labels",
            greater_is_better=False,
            evaluate=_hamming_loss,
            bounds=(0.0, 1.0),
        ),
        JointMetric(name="mean_r2", kind="numbers", greater_is_better=True, evaluate=_mean_r2),
        JointMetric(name="mean_nrmse", kind="numbers", greater_is_better=False, evaluate=_mean_nrmse),
    )
}
_GOAL = re.compile(r"\s*(\w+)\s*(?:(<=|>=)\s*([0-9.eE+-]+)\s*)?")


def joint_metric(name: str) -> JointMetric:
    """Return a metric by its name; raises KeyError for an unknown one."""
    return _METRICS[name]


def metrics_of(kind: TargetKind) -> tuple[JointMetric, ...]:
    """Return the metrics of a kind of targets, the usual one first."""
    return tuple(metric for metric in _METRICS.values() if metric.kind == kind)


def read_goal(goal: str | None, kind: TargetKind) -> tuple[str, Bar | None]:
    """Return the metric that judges, and its bar: ``"macro_f1"``, ``"macro_f1>=0.6"``; None: the usual one.

    >>> read_goal("macro_f1>=0.6", "labels")
    ('macro_f1', Bar(metric='macro_f1', op='>=', value=0.6, is_proposed=False))
    """
    if goal is None:
        return metrics_of(kind)[0].name, None
    match = _GOAL.fullmatch(goal)
    metric = None if match is None else _METRICS.get(match[1])
    if match is None or metric is None or metric.kind != kind:
        raise _no_goal(goal, kind)
    if match[2] is None:
        return metric.name, None
    operator: BarOp = ">=" if metric.greater_is_better else "<="
    try:
        value = float(match[3])
    except ValueError:
        raise _no_goal(goal, kind) from None
    if match[2] != operator:
        raise _no_goal(goal, kind)
    return metric.name, Bar(metric=metric.name, op=operator, value=value)


def _no_goal(goal: str, kind: TargetKind) -> UsageError:
    metrics = metrics_of(kind)
    example = "micro_f1>=0.7" if kind == "labels" else "mean_r2>=0.5"
    return UsageError(
        say("goal", goal=goal, kind=say(kind)),
        hint=say("goal hint", names=[metric.name for metric in metrics], example=example),
    )


def joint_score(
    metric: JointMetric, truth: Array, predictions: Array, *, blocks: Array | None, seed: int
) -> tuple[Score, Floats]:
    """Return the score with its 95 % interval, and the replicates (R,) of its bad end.

    Rows are drawn with replacement, or whole ``blocks``. Kinds of rows that are not among them may exist:
    each end of a metric with bounds allows for a share of them, drawn from Beta(1, n), that is answered as
    badly (or as well) as possible.
    """
    value = metric.value(truth, predictions)
    drawn = metric.evaluate(truth, predictions, bootstrap(len(truth), blocks, n=_REPLICATES, seed=seed))
    below = above = drawn
    if metric.bounds is not None:
        n_units = len(truth) if blocks is None else len(np.unique(blocks))
        share = np.random.default_rng(seed).beta(1.0, n_units, size=len(drawn))
        below = (1 - share) * drawn + share * metric.bounds[0]
        above = (1 - share) * drawn + share * metric.bounds[1]
    low = min(float(np.quantile(below, 0.025, method="lower")), value)
    high = max(float(np.quantile(above, 0.975, method="higher")), value)
    score = Score(metric=metric.name, value=value, low=low, high=high, n_rows=len(truth))
    return score, below if metric.greater_is_better else above
