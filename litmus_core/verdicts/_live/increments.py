"""Increments from answers and outcomes: numbers whose mean is at most 0 while the bar is met.

There are three methods, by metric. *By row*, exact: a mean, a root of a mean or a ratio of counts meets a bar
exactly if the mean of one number per row does. F1 ≥ b, for example, is the same as 2 TP - b (2 TP + FP + FN)
≥ 0 on average. *By block*, exact: the ROC AUC and the balanced accuracy of a block of rows have the score
itself as their expectation, for any classes in the block. *By influence*, for all other metrics and enough
rows: pseudo-values of the block jackknife.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from litmus_core.metrics import EveryRow, LabelCase, Metric, ValueCase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Case = LabelCase | ValueCase

_BLOCK_ROWS = 30
_FEWEST_OF_CLASS = 3
_MOST_BLOCKS = 200
_FEWEST_INFLUENCE_ROWS = 40
_MARGIN = 1.25  # pseudo-values have no bound; it is the largest so far, plus a quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Increments:
    """Increments ``values`` (m,), at least -``lower``; ``ends`` (m,) are the rows after which each is known.

    ``is_exact``: the false alarm rate holds for every number of rows, not only for many. ``share``: how much
    of the stake is bet on them.
    """

    values: Floats
    ends: Ints
    lower: float
    is_exact: bool
    share: float = 1.0


def increments_of(metric: Metric, bar: float, case: Case) -> Increments | None:
    """Return the increments of a case's rows, in their order; None if there are too few rows."""
    by_row = _by_row(metric, bar, case)
    if by_row is not None:
        values, lower = by_row
        ends = np.arange(1, case.n_rows + 1)
        return Increments(values=values, ends=ends, lower=max(lower, 1e-9), is_exact=True)
    if metric.family in UNBIASED_IN_BLOCKS:
        return _by_block(metric, bar, case)
    return by_influence(metric, bar, case, min(_MOST_BLOCKS, case.n_rows // _FEWEST_INFLUENCE_ROWS))


def _by_row(metric: Metric, bar: float, case: Case) -> tuple[Floats, float] | None:
    if metric.averages and isinstance(case, ValueCase):
        return _against(metric, bar, case.predicted)
    if metric.smooth is not None and metric.smooth.level is not None:
        losses, counted = metric.smooth.columns(case).T
        level = metric.smooth.level(bar)
        return losses - level * counted, level
    if not isinstance(case, LabelCase):
        return None
    if metric.family == "accuracy":
        return bar - (case.decided == case.codes), 1.0 - bar
    ratio = _RATIOS.get(metric.family)
    if ratio is None:
        return None
    beta = float(metric.parameters.get("beta", 1.0))
    top, bottom = ratio(case.codes == case.positive, case.decided == case.positive, beta)
    return bar * bottom - top, max(float(np.max(top - bar * bottom)), 1.0 - bar)


def _f(true: NDArray[np.bool_], flagged: NDArray[np.bool_], beta: float) -> tuple[Floats, Floats]:
    right = (true & flagged).astype(np.float64)
    weight = beta**2
    return np.asarray((1 + weight) * right), np.asarray(weight * true + flagged)


def _precision(true: NDArray[np.bool_], flagged: NDArray[np.bool_], _: float) -> tuple[Floats, Floats]:
    return (true & flagged).astype(np.float64), flagged.astype(np.float64)


def _recall(true: NDArray[np.bool_], flagged: NDArray[np.bool_], _: float) -> tuple[Floats, Floats]:
    return (true & flagged).astype(np.float64), true.astype(np.float64)


_RATIOS: dict[str, Callable[..., tuple[Floats, Floats]]] = {
    "f1": _f,
    "fbeta": _f,
    "precision": _precision,
    "recall": _recall,
}
UNBIASED_IN_BLOCKS = ("roc_auc", "balanced_accuracy", "brier", "cost", "top_k_accuracy")


def _by_block(metric: Metric, bar: float, case: Case) -> Increments | None:
    ends, scores = [], []
    for start, end in _blocks(metric, case):
        score = value_of(metric, rows_of(case, slice(start, end)))
        if np.isfinite(score):
            ends.append(end)
            scores.append(score)
    if not scores:
        return None
    values, lower = _against(metric, bar, np.array(scores))
    return Increments(values=values, ends=np.array(ends), lower=lower, is_exact=True)


def _against(metric: Metric, bar: float, scores: Floats) -> tuple[Floats, float]:
    """Return how far scores are on the wrong side of the bar, and how far they can be on the right side."""
    if metric.greater_is_better:
        return bar - scores, max(metric.highest - bar, 1e-9)
    return scores - bar, max(bar - metric.lowest, 1e-9)


def _blocks(metric: Metric, case: Case) -> Iterator[tuple[int, int]]:
    """Yield the first and last row of each block, with enough rows, and of each class if classes matter.

    Where a block ends depends on the labels alone, so its score stays unbiased.
    """
    if not metric.by_class or not isinstance(case, LabelCase):
        ends = range(_BLOCK_ROWS, case.n_rows + 1, _BLOCK_ROWS)
        yield from ((end - _BLOCK_ROWS, end) for end in ends)
        return
    start = 0
    counts = np.zeros(case.n_classes + 1, dtype=np.int64)
    for row, code in enumerate(case.codes.tolist()):
        counts[code] += 1
        if row + 1 - start >= _BLOCK_ROWS and counts[:-1].min() >= _FEWEST_OF_CLASS:
            yield start, row + 1
            start = row + 1
            counts[:] = 0


def by_influence(metric: Metric, bar: float, case: Case, n_blocks: int) -> Increments | None:
    """Return the pseudo-values of ``n_blocks`` blocks against the bar; None if there are too few blocks."""
    if n_blocks < 3:
        return None
    blocks = (np.arange(case.n_rows) * n_blocks) // case.n_rows
    left_out = np.asarray(metric.evaluate(case, WithoutBlocks(blocks)), dtype=np.float64)
    score = value_of(metric, case)
    if not np.isfinite(score):
        return None
    pseudo = n_blocks * score - (n_blocks - 1) * np.where(np.isfinite(left_out), left_out, score)
    values = bar - pseudo if metric.greater_is_better else pseudo - bar
    ends = np.searchsorted(blocks, np.arange(n_blocks), side="right")
    lower = _MARGIN * max(float(np.max(-values)), 2.0 * float(np.std(values)), 1e-9)
    return Increments(values=values, ends=ends, lower=lower, is_exact=False)


class WithoutBlocks:
    """One replicate for each block of ``blocks`` (n,): all rows outside the block, once each."""

    def __init__(self, blocks: Ints) -> None:
        self.blocks, self.n_blocks = blocks, int(blocks.max()) + 1

    def sums(self, columns: Floats) -> Floats:
        return np.asarray(columns.sum(axis=0, keepdims=True) - self.units(columns))

    def units(self, columns: Floats) -> Floats:
        return np.stack(
            [np.bincount(self.blocks, weights=column, minlength=self.n_blocks) for column in columns.T],
            axis=1,
        )

    def of_units(self, values: Floats) -> Floats:
        return np.asarray(values.sum(axis=0, keepdims=True) - values)

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        cells = self.blocks * n_codes + codes
        table = np.bincount(cells, weights=row_weights, minlength=self.n_blocks * n_codes)
        per_block = table.reshape(self.n_blocks, n_codes).astype(np.float64)
        return np.asarray(per_block.sum(axis=0, keepdims=True) - per_block)

    def weights(self) -> Iterator[Floats]:
        for block in range(self.n_blocks):
            yield (self.blocks != block).astype(np.float64)[None, :]


@overload
def rows_of(case: LabelCase, rows: slice | Ints) -> LabelCase: ...
@overload
def rows_of(case: Case, rows: slice | Ints) -> Case: ...
def rows_of(case: Case, rows: slice | Ints) -> Case:
    """Return some of a case's rows."""
    groups = None if case.groups is None else case.groups[rows]
    if isinstance(case, ValueCase):
        return replace(case, truth=case.truth[rows], predicted=case.predicted[rows], groups=groups)
    threshold = case.threshold[rows] if isinstance(case.threshold, np.ndarray) else case.threshold
    probabilities = case.probabilities[rows]
    return replace(
        case, codes=case.codes[rows], probabilities=probabilities, threshold=threshold, groups=groups
    )


def value_of(metric: Metric, case: Case) -> float:
    """Return the score, NaN if it is undefined."""
    return float(metric.evaluate(case, EveryRow(case.n_rows))[0])
