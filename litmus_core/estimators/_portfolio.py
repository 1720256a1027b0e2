"""The portfolio: each member is scored out of fold, and the best mixture of them predicts."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.estimators._features import Floats, Matrix
from litmus_core.estimators._members import MEMBERS, MemberPlan, fit_member, predict_member
from litmus_core.metrics import Metric, score_interval
from litmus_core.types import Score

_ROUNDS = 20  # of adding a member to the mixture, at most
_FEWEST_ROWS = 10  # for cross-validation
_LEAST = 1e-4  # probability in a loss: a class that a fold lacked is not impossible


@dataclass(frozen=True, kw_only=True)
class PortfolioPlan:
    """The members to fit by name, in order, how they are scored, and their time and threads.

    They are mixed by ``metric``, or if it is None by the log loss or the squared error. Scores are of the
    metric ``reported``. ``classes`` are empty for values.
    """

    members: tuple[str, ...]
    metric: Metric | None
    reported: Metric
    classes: tuple[Any, ...]
    n_folds: int
    time_limit_s: float
    seed: int
    n_threads: int


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """Fitted ``models`` with their ``shares`` in the mixture, which sum to 1.

    ``scores`` are the out-of-fold scores of all members that were tried, ``score`` is the mixture's. They
    are None if there were too few rows for folds. ``left_out`` are members for which there was no time.
    """

    models: tuple[Any, ...]
    shares: Mapping[str, float]
    scores: Mapping[str, Score | None]
    score: Score | None
    left_out: tuple[str, ...]
    n_classes: int

    def predict(self, rows: Matrix) -> Floats:
        """Return (n, k) probabilities or (n,) values."""
        parts = [predict_member(model, rows, n_classes=self.n_classes) for model in self.models]
        return np.average(parts, axis=0, weights=list(self.shares.values()))


def check_members(names: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return the requested members, all if None; raises UsageError or UnknownNameError."""
    if names is None:
        return tuple(MEMBERS)
    names = [names] if isinstance(names, str) else names
    if not names:
        raise UsageError("No model is named.", hint=f"Name some of: {', '.join(MEMBERS)}.")
    for name in names:
        if name not in MEMBERS:
            raise UnknownNameError(kind="model family in the quick portfolio", name=str(name), names=MEMBERS)
    return tuple(dict.fromkeys(names))


def fit_portfolio(rows: Matrix, y: NDArray[Any], weights: Floats | None, plan: PortfolioPlan) -> Portfolio:
    """Fit the members on ``rows`` (n, m) and ``y`` (n,): class codes, or values.

    A member that would not finish in time, judging by those before it, is left out; the first is always
    fitted.
    """
    plan = _weighted(plan, weights)
    predicted, left_out = _try_members(rows, y, weights, plan)
    scored = {name: values for name, values in predicted.items() if values is not None}
    shares = _mix(scored, _loss(y, weights, plan)) if scored else {next(iter(predicted)): 1.0}
    models = tuple(fit_member(name, _member_plan(plan, rows), rows, y, weights) for name in shares)
    mixed = (
        np.average([scored[name] for name in shares], axis=0, weights=list(shares.values()))
        if scored
        else None
    )
    return Portfolio(
        models=models,
        shares=shares,
        scores={name: _score(values, y, plan) for name, values in predicted.items()},
        score=_score(mixed, y, plan),
        left_out=left_out,
        n_classes=len(plan.classes),
    )


def _weighted(plan: PortfolioPlan, weights: Floats | None) -> PortfolioPlan:
    """Return the plan with metrics that count each row by its weight."""
    if weights is None:
        return plan
    mixed_by = None if plan.metric is None else plan.metric.weighted(weights)
    return replace(plan, metric=mixed_by, reported=plan.reported.weighted(weights))


def _try_members(
    rows: Matrix, y: NDArray[Any], weights: Floats | None, plan: PortfolioPlan
) -> tuple[dict[str, Floats | None], tuple[str, ...]]:
    """Return the members' out-of-fold predictions, None without folds, and who was left out."""
    began = time.monotonic()
    folds = _folds(y, plan)
    predicted: dict[str, Floats | None] = {}
    left_out = []
    for name in plan.members:
        spent_s = time.monotonic() - began
        if predicted and spent_s * (1 + 1 / len(predicted)) > plan.time_limit_s:
            left_out.append(name)
        else:
            predicted[name] = _out_of_fold(name, rows, y, weights, folds, plan) if folds else None
    return predicted, tuple(left_out)


def _folds(y: NDArray[Any], plan: PortfolioPlan) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    n_folds = min(plan.n_folds, len(y))
    if plan.classes:
        n_folds = min(n_folds, int(np.bincount(y.astype(np.int64)).max()))
    if n_folds < 2 or len(y) < _FEWEST_ROWS:
        return []
    splitter = (StratifiedKFold if plan.classes else KFold)(n_folds, shuffle=True, random_state=plan.seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        return list(splitter.split(y, y))


def _out_of_fold(
    name: str,
    rows: Matrix,
    y: NDArray[Any],
    weights: Floats | None,
    folds: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    plan: PortfolioPlan,
) -> Floats:
    predicted = np.empty((len(y), len(plan.classes)) if plan.classes else len(y))
    for train, test in folds:
        learned = rows.rows(train)
        member = fit_member(
            name,
            _member_plan(plan, learned),
            learned,
            y[train],
            None if weights is None else weights[train],
        )
        predicted[test] = predict_member(member, rows.rows(test), n_classes=len(plan.classes))
    return predicted


def _member_plan(plan: PortfolioPlan, rows: Matrix) -> MemberPlan:
    return MemberPlan(
        n_classes=len(plan.classes),
        n_rows=len(rows.values),
        seed=plan.seed,
        n_threads=plan.n_threads,
        categories=rows.categories,
    )


def _loss(y: NDArray[Any], weights: Floats | None, plan: PortfolioPlan) -> Callable[[Floats], float]:
    """Return the loss that the mixture minimises."""
    metric = plan.metric
    if metric is not None:
        sign, truth = -1 if metric.greater_is_better else 1, _truth(y, plan)
        return lambda predicted: (
            sign * metric.value(metric.case(truth, predicted, classes=plan.classes, positive_class=None))
        )
    if plan.classes:
        at = np.arange(len(y)), y.astype(np.int64)
        return lambda predicted: float(
            np.average(-np.log(np.maximum(predicted[at], _LEAST)), weights=weights)
        )
    return lambda predicted: float(np.average(np.square(predicted - y), weights=weights))


def _mix(predicted: Mapping[str, Floats], loss: Callable[[Floats], float]) -> dict[str, float]:
    """Return shares of members: the best one, then repeatedly the one that improves the mean most."""
    chosen: list[str] = []
    total: Any = 0.0
    best = np.inf
    for _ in range(_ROUNDS):
        losses = {name: loss((total + values) / (len(chosen) + 1)) for name, values in predicted.items()}
        name = min(losses, key=lambda name: losses[name])
        if chosen and not losses[name] < best:
            break
        best, total = losses[name], total + predicted[name]
        chosen.append(name)
    return {name: chosen.count(name) / len(chosen) for name in predicted if name in chosen}


def _truth(y: NDArray[Any], plan: PortfolioPlan) -> NDArray[Any]:
    return np.array(plan.classes)[y.astype(np.int64)] if plan.classes else y


def _score(predicted: Floats | None, y: NDArray[Any], plan: PortfolioPlan) -> Score | None:
    weights = plan.reported.weights
    if predicted is None or len(np.unique(y if weights is None else y[weights > 0])) < 2:
        return None
    score, _ = score_interval(
        plan.reported, _truth(y, plan), predicted, classes=plan.classes, positive_class=None, seed=plan.seed
    )
    return score
