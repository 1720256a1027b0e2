"""Ways to compute the interval of a model that outer folds of its own rows judge, on the same predictions.

What an interval has to hold is the hidden score of the model trained on *all* rows. Beside each stands the
interval of a test part of a fifth, of the model trained on the others: what its width is compared with.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import METRICS
from benchmarks._small_procedure import Answers, Outer, Question, answers
from benchmarks._small_tables import Cut
from litmus_core.errors import DataError
from litmus_core.metrics import Metric, get_metric, nested_interval, score_interval

Case = dict[str, Any]
Array = NDArray[Any]
Interval = tuple[float, float, float]  # value, low, high
METHODS = ("rows, stretched", "rows", "fold, then row", "Nadeau and Bengio", "Bates", "rows and folds")
_REPLICATES = 400
_ERROR_DRAWS = 40
_FOLD_DRAWS = 100
_NORMAL = 1.96


def cases(cut: Cut) -> list[Case]:
    """Return for each metric and number of outer folds what each of METHODS says, and what is true."""
    return measured(cut, answers(cut))


def measured(cut: Cut, answered: Answers) -> list[Case]:
    """Return the cases of a cut that was answered."""
    found: list[Case] = []
    for name in METRICS[answered.question.problem]:
        metric = get_metric(name)
        try:
            reference = _reference(metric, answered, seed=cut.number)
        except DataError:  # a test part of one class
            continue
        for outer in answered.outer:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                methods = dict(_methods(metric, answered.question, outer, seed=cut.number))
            found.append(
                {"metric": name, "folds": outer.k, **reference}
                | {"methods": [_short_all(methods.get(each)) for each in METHODS]}
            )
    return found


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _short_all(interval: Interval | None) -> list[float]:
    return [] if interval is None else [_short(each) for each in interval]


def _reference(metric: Metric, answered: Answers, *, seed: int) -> Case:
    """Return the true scores of both models, a test part's interval, and the standard error of its score."""
    asked, name = answered.question, metric.name
    own = answered.thresholds_of_part[name]
    part, _ = score_interval(
        metric,
        asked.truth[answered.test_rows],
        answered.test,
        classes=asked.classes,
        threshold=own,
        seed=seed,
        n=_REPLICATES,
    )
    hidden = {"classes": asked.classes}
    rng = np.random.default_rng([seed, len(asked.truth)])
    drawn = []
    for _ in range(_ERROR_DRAWS):
        rows = rng.choice(len(asked.hidden_truth), len(answered.test_rows))
        try:
            drawn.append(
                metric.score(asked.hidden_truth[rows], answered.hidden_of_part[rows], threshold=own, **hidden)
            )
        except DataError:  # one class only
            continue
    return {
        "hidden": _short(
            metric.score(asked.hidden_truth, answered.hidden, threshold=answered.thresholds[name], **hidden)
        ),
        "hidden_of_part": _short(
            metric.score(asked.hidden_truth, answered.hidden_of_part, threshold=own, **hidden)
        ),
        "part": [_short(each) for each in (part.value, part.low, part.high)],
        "error": _short(float(np.std(drawn, ddof=1))),
    }


def _methods(metric: Metric, asked: Question, outer: Outer, *, seed: int) -> Iterator[tuple[str, Interval]]:
    own = outer.thresholds[metric.name]
    threshold = None if np.isnan(own).all() else own[outer.folds]
    named = {"classes": asked.classes, "threshold": threshold, "seed": seed, "n": _REPLICATES}
    nested, _ = nested_interval(metric, asked.truth, outer.predicted, folds=outer.folds, **named)
    yield "rows, stretched", (nested.value, nested.low, nested.high)
    if threshold is not None:
        named["threshold"] = np.where(np.isnan(threshold), 0.5, threshold)
    score, _ = score_interval(metric, asked.truth, outer.predicted, **named)
    plain = (score.value, score.low, score.high)
    yield "rows", plain
    case = metric.case(asked.truth, outer.predicted, classes=asked.classes, threshold=named["threshold"])
    spread = _fold_then_row(metric, case, outer, seed=seed)
    if spread is not None:
        yield "fold, then row", (score.value, score.value - spread, score.value + spread)
    of_folds = _of_folds(metric, asked, outer, named["threshold"])
    if of_folds is not None:
        yield "Nadeau and Bengio", of_folds
    losses = _losses(metric, asked, outer.predicted, named["threshold"])
    if losses is None:
        return
    for name, ratio in (("Bates", _bates), ("rows and folds", _between)):
        factor = ratio(metric, asked, outer, losses)
        yield name, (score.value, *(score.value + factor * (end - score.value) for end in plain[1:]))


class _Weighted:
    """Draws of given row weights (R, n)."""

    def __init__(self, weights: Array) -> None:
        self._weights = weights

    def weights(self) -> Iterator[Array]:
        yield self._weights

    def sums(self, columns: Array) -> Array:
        return np.asarray(self._weights @ columns)

    def counts(self, codes: Array, n_codes: int) -> Array:
        return np.stack([np.bincount(codes, weights=row, minlength=n_codes) for row in self._weights])


def _fold_then_row(metric: Metric, case: Any, outer: Outer, *, seed: int) -> float | None:
    """Return half the width where folds are drawn with replacement, and rows within each."""
    rng, n = np.random.default_rng(seed), len(outer.folds)
    weights = np.zeros((_FOLD_DRAWS, n))
    members = [np.flatnonzero(outer.folds == fold) for fold in range(outer.k)]
    for row in weights:
        for fold in rng.choice(outer.k, outer.k):
            row += np.bincount(rng.choice(members[fold], len(members[fold])), minlength=n)
    drawn = np.asarray(metric.evaluate(case, _Weighted(weights)))  # type: ignore[arg-type]
    drawn = drawn[np.isfinite(drawn)]
    return None if len(drawn) < 20 else _NORMAL * float(drawn.std(ddof=1))


def _of_folds(metric: Metric, asked: Question, outer: Outer, threshold: Any) -> Interval | None:
    """Return Student's interval of the folds' scores, with the variance of Nadeau and Bengio."""
    from scipy.stats import t

    scores = []
    for fold in range(outer.k):
        rows = outer.folds == fold
        own = None if threshold is None else float(threshold[rows][0])
        try:
            scores.append(
                metric.score(asked.truth[rows], outer.predicted[rows], classes=asked.classes, threshold=own)
            )
        except DataError:  # one class only
            continue
    if len(scores) < 3 or not np.isfinite(scores).all():
        return None
    share = 1 / len(scores) + 1 / (outer.k - 1)
    half = float(t.ppf(0.975, len(scores) - 1)) * float(np.sqrt(share * np.var(scores, ddof=1)))
    mean = float(np.mean(scores))
    return mean, mean - half, mean + half


def _losses(metric: Metric, asked: Question, predicted: Array, threshold: Any) -> Array | None:
    """Return each row's loss (n,), of metrics that are a mean of them."""
    truth = asked.truth
    losses: dict[str, Callable[[], Array]] = {
        "rmse": lambda: (predicted - truth) ** 2,
        "r2": lambda: (predicted - truth) ** 2,
        "mae": lambda: np.abs(predicted - truth),
        "log_loss": lambda: -np.log(np.clip(predicted[np.arange(len(truth)), truth], 1e-15, 1.0)),
        "accuracy": lambda: (
            (predicted.argmax(axis=1) if threshold is None else predicted[:, 1] >= threshold) != truth
        ).astype(float),
    }
    return losses[metric.name]() if metric.name in losses else None


def _bates(metric: Metric, asked: Question, outer: Outer, losses: Array) -> float:
    """Return how much wider than over rows the interval of nested cross-validation is, from 1 to √k.

    Its estimate of the mean squared error compares each fold's loss with that of inner folds without it.
    """
    gaps, variances = [], []
    for fold in range(outer.k):
        out = outer.folds == fold
        own = outer.thresholds[metric.name][fold]
        threshold = None if np.isnan(own) else own
        inner = _losses(metric, asked, outer.inner[fold], threshold)
        assert inner is not None
        gaps.append((inner[~out].mean() - losses[out].mean()) ** 2)
        variances.append(losses[out].var(ddof=1) / out.sum())
    squared = max(0.0, float(np.mean(gaps) - np.mean(variances)))
    error = float(losses.std(ddof=1)) / np.sqrt(len(losses))
    ratio = np.sqrt(squared * (outer.k - 1) / outer.k) / error if error > 0 else 1.0
    return float(np.clip(ratio, 1.0, np.sqrt(outer.k)))


def _between(metric: Metric, asked: Question, outer: Outer, losses: Array) -> float:
    """Return how much wider the variance between folds, beyond that within, makes the interval."""
    del metric, asked
    groups = [losses[outer.folds == fold] for fold in range(outer.k)]
    within = float(np.mean([each.var(ddof=1) / len(each) for each in groups]))
    between = max(0.0, float(np.var([each.mean() for each in groups], ddof=1)) - within)
    variance = float(losses.var(ddof=1)) / len(losses)
    return float(np.sqrt(1 + between * (1 + 1 / outer.k) / variance)) if variance > 0 else 1.0
