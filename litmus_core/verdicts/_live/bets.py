"""The bets that are placed against a bar: one for most metrics, two for a ranking of classes.

A block of some 30 rows holds neighbours in time, and its ROC AUC ranks only these. The bar speaks of the
ranking of all rows, which can be lost between months while it holds within days. So a metric of classes that
is judged by block is also judged by influence on the pooled rows, with a fifth of the stake. Either bet may
raise the alarm: by the union bound they err in at most 4 and 1 lives of 100. The pooled one is asymptotic.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from litmus_core.metrics import LabelCase, Metric
from litmus_core.verdicts._live.increments import (
    UNBIASED_IN_BLOCKS,
    Case,
    Increments,
    by_influence,
    increments_of,
)

_POOLED_SHARE = 0.2
_MOST_BLOCKS = 100
_FEWEST_ROWS, _FEWEST_OF_CLASS = 100, 20  # of a block, on average


def bets_against(metric: Metric, bar: float, case: Case) -> list[Increments]:
    """Return the increments to bet on, with their shares of the stake; none if there are too few rows."""
    increments = increments_of(metric, bar, case)
    if increments is None:
        return []
    if not (metric.family in UNBIASED_IN_BLOCKS and metric.by_class and isinstance(case, LabelCase)):
        return [increments]
    pooled = by_influence(metric, bar, case, _n_pooled_blocks(case))
    bets = [replace(increments, share=1.0 - _POOLED_SHARE)]
    return bets if pooled is None else [*bets, replace(pooled, share=_POOLED_SHARE)]


def _n_pooled_blocks(case: LabelCase) -> int:
    fewest = int(np.bincount(case.codes, minlength=case.n_classes)[: case.n_classes].min())
    return min(_MOST_BLOCKS, case.n_rows // _FEWEST_ROWS, fewest // _FEWEST_OF_CLASS)
