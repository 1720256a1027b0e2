"""Permutation importance: shuffle a column, and measure how much worse the score gets."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.diagnostics._scoring import Array, PredictorLike, Scorer, predict, scorer_for
from litmus_core.diagnostics._types import ColumnImportance, Importance
from litmus_core.metrics import Metric

if TYPE_CHECKING:
    import pandas as pd

_N_BLOCKS = 10
_T_975 = 2.262  # Student's t, 9 degrees of freedom: the interval over 10 left-out blocks
_ROWS_PER_CALL = 5_000
_FIRST_ROUND_EXTRA_S = 6.0
_LEAST_ROWS = 100


@dataclass
class _Probe:
    """The rows to shuffle, and the replicates behind the interval."""

    frame: pd.DataFrame
    y: Array
    scorer: Scorer
    remaining: list[Array] = field(default_factory=list)  # rows that remain when block b is left out
    base: Array = field(default_factory=lambda: np.empty(0))

    def replicates(self, prediction: Array) -> Array:
        """Return the score on all rows and on the rows without each block, shape (1 + blocks,)."""
        everything = [self.scorer.score(self.y, prediction)]
        return np.array(
            everything
            + [self.scorer.at(rows).score(self.y[rows], prediction[rows]) for rows in self.remaining]
        )

    def drops(self, prediction: Array) -> Array:
        """Return how much worse each replicate is than the unshuffled one, shape (1 + blocks,)."""
        difference = self.base - self.replicates(prediction)
        return difference if self.scorer.metric.greater_is_better else -difference


def importance(
    predictor: PredictorLike,
    frame: pd.DataFrame,
    y: Array,
    *,
    metric: Metric,
    seconds: float,
    seed: int,
    max_rows: int = 1_000,
    max_shuffles: int = 5,
) -> Importance:
    """Shuffle each raw column through the whole predictor, and return the loss with its interval.

    ``frame`` (n rows, at least the feature columns) and ``y`` (n,) are validation rows; at most ``max_rows``
    of them are used, and they keep their index when passed to the predictor. Several shuffles of one column
    are averaged; the 95 % interval is a jackknife over ten blocks of rows, so it covers the randomness of
    both the shuffle and the rows. Every column is shuffled once before any is shuffled twice, and if
    ``seconds`` are short, fewer rows are used, so that every column gets a figure.
    """
    started = time.monotonic()
    rng = np.random.default_rng(seed)
    order = _sample(y, rng=rng, n=max_rows)
    names = [column.name for column in predictor.columns]
    metric = metric.at(order)
    probe, first_s = _prepare(predictor, frame.iloc[order][names], y[order], metric)
    n_rows = _affordable_rows(len(order), first_s=first_s, n_columns=len(names), seconds=seconds)
    if n_rows < len(order):
        first = np.arange(n_rows)
        probe, _ = _prepare(predictor, probe.frame.iloc[first], probe.y[first], metric.at(first))
    batches = _batches(names, n_rows=n_rows, max_shuffles=max_shuffles)
    drops, complete = _shuffle_until(started + seconds, predictor, probe, batches=batches, rng=rng)
    rows = sorted((_average_drops(name, drops.get(name, [])) for name in names), key=_by_drop)
    return Importance(
        columns=tuple(rows),
        score=float(probe.base[0]),
        n_rows=n_rows,
        n_shuffles=max((row.n_shuffles for row in rows), default=0),
        complete=complete,
    )


def _shuffle_until(
    deadline: float,
    predictor: PredictorLike,
    probe: _Probe,
    *,
    batches: Iterator[list[str]],
    rng: np.random.Generator,
) -> tuple[dict[str, list[Array]], bool]:
    """Shuffle batch after batch; return each column's drops, and whether time sufficed.

    The first round gets a few extra seconds, since a column that was never shuffled has no figure. With very
    many columns some are not reached even so.
    """
    last = deadline + _FIRST_ROUND_EXTRA_S
    drops_of: dict[str, list[Array]] = {}
    slowest_s, n_columns = 0.0, len(predictor.columns)
    for jobs in batches:
        before = time.monotonic()
        if drops_of and before + slowest_s > (deadline if len(drops_of) == n_columns else last):
            return drops_of, False
        for name, drops in zip(jobs, _shuffle(predictor, probe, jobs, rng), strict=True):
            drops_of.setdefault(name, []).append(drops)
        slowest_s = max(slowest_s, time.monotonic() - before)
    return drops_of, True


def _sample(y: Array, *, rng: np.random.Generator, n: int) -> Array:
    """Return up to ``n`` row positions in random order, starting with a row of every class."""
    order = rng.permutation(len(y))
    labels = y[order].tolist()
    firsts = list({str(label): at for at, label in reversed(list(enumerate(labels)))}.values())
    if len(firsts) > n // 4:
        return np.asarray(order[:n])
    rest = np.setdiff1d(np.arange(len(y)), firsts, assume_unique=True)
    return np.asarray(order[np.concatenate([np.array(sorted(firsts), dtype=np.int64), rest])][:n])


def _prepare(predictor: PredictorLike, frame: pd.DataFrame, y: Array, metric: Metric) -> tuple[_Probe, float]:
    """Score the rows unshuffled; also return how many seconds that took."""
    started = time.monotonic()
    rows = np.arange(len(y))
    row_blocks = (
        [rows[rows % _N_BLOCKS != block] for block in range(_N_BLOCKS)] if len(y) >= 2 * _N_BLOCKS else []
    )
    probe = _Probe(frame=frame, y=y, scorer=scorer_for(predictor, metric), remaining=row_blocks)
    probe.base = probe.replicates(predict(predictor, probe.frame))
    return probe, time.monotonic() - started


def _affordable_rows(n_rows: int, *, first_s: float, n_columns: int, seconds: float) -> int:
    """Return the number of rows for which one round over all columns fits into most of the time."""
    one_round_s = first_s * n_columns
    if one_round_s <= 0.8 * seconds:
        return n_rows
    return min(n_rows, max(_LEAST_ROWS, int(n_rows * 0.8 * seconds / one_round_s)))


def _batches(names: list[str], *, n_rows: int, max_shuffles: int) -> Iterator[list[str]]:
    """Yield the columns to shuffle in each call, round after round."""
    per_call = max(1, _ROWS_PER_CALL // max(1, n_rows))
    for _ in range(max_shuffles):
        for start in range(0, len(names), per_call):
            yield names[start : start + per_call]


def _shuffle(
    predictor: PredictorLike, probe: _Probe, jobs: list[str], rng: np.random.Generator
) -> Iterator[Array]:
    """Predict with each of ``jobs`` shuffled, in one call; yield the drops of each."""
    import pandas as pd

    n_rows = len(probe.frame)
    copies = []
    for name in jobs:
        copy = probe.frame.copy(deep=False)
        copy[name] = probe.frame[name].take(rng.permutation(n_rows)).set_axis(probe.frame.index)
        copies.append(copy)
    prediction = predict(predictor, pd.concat(copies))
    for place in range(len(jobs)):
        yield probe.drops(prediction[place * n_rows : (place + 1) * n_rows])


def _average_drops(name: str, drops: list[Array]) -> ColumnImportance:
    """Average one column's shuffles; the interval comes from the left-out blocks."""
    if not drops:
        return ColumnImportance(column=name, drop=None, low=None, high=None, n_shuffles=0)
    mean = np.mean(drops, axis=0)
    value, blocks = float(mean[0]), mean[1:][np.isfinite(mean[1:])]
    if not math.isfinite(value):
        return ColumnImportance(column=name, drop=None, low=None, high=None, n_shuffles=0)
    low = high = None
    if len(blocks) >= 2:
        n = len(blocks)
        error = math.sqrt((n - 1) / n * float(np.sum((blocks - blocks.mean()) ** 2)))
        low, high = value - _T_975 * error, value + _T_975 * error
    return ColumnImportance(column=name, drop=value, low=low, high=high, n_shuffles=len(drops))


def _by_drop(row: ColumnImportance) -> tuple[bool, float]:
    return (row.drop is None, -(row.drop or 0.0))
