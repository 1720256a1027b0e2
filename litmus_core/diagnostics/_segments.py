"""Where a model is worse: the score on parts of the rows, honest about how many parts were looked at."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.diagnostics._parts import parts_of
from litmus_core.diagnostics._scoring import Array, Scorer
from litmus_core.diagnostics._types import Segments, SegmentScore
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_MIN_ROWS = 20
_REPLICATES = 60
_ROWS_PER_REPLICATE = 4_000
_NORMAL = NormalDist()


@dataclass(frozen=True)
class _Found:
    """One segment's rows and its point score, before it has an interval."""

    column: str
    segment: str
    rows: Array
    score: float
    worse_by: float


def segments(
    frame: pd.DataFrame,
    y: Array,
    prediction: Array,
    *,
    scorer: Scorer,
    columns: Sequence[Column],
    seconds: float,
    seed: int,
) -> Segments:
    """Score every segment of every usable column on rows that the model was not trained on.

    ``frame`` (n rows), ``y`` (n,) and ``prediction`` ((n, k) probabilities or (n,) values) are aligned.
    Segments are category values, quarters of numbers, periods of dates, text lengths and missing values,
    each of at least 20 rows. Intervals come from a bootstrap within the segment; those of the segments
    that look worst come first, until ``seconds`` are over. A segment stands out when the overall score
    lies outside its interval at 95 % divided among all segments looked at (Bonferroni).
    """
    started = time.monotonic()
    rng = np.random.default_rng(seed)
    overall = scorer.score(y, prediction)
    found = sorted(
        _scored(frame, y, prediction, scorer=scorer, columns=columns, overall=overall),
        key=lambda one: -one.worse_by * math.sqrt(len(one.rows)),
    )
    rows = []
    for one in found:
        in_time = time.monotonic() - started <= seconds
        error = _standard_error(one, y, prediction, scorer, rng) if in_time else None
        rows.append(_judged(one, error, n_looks=len(found), scorer=scorer))
    rows.sort(key=lambda row: (not row.stands_out, -row.worse_by))
    return Segments(rows=tuple(rows), overall=overall, n_looks=len(found), min_rows=_MIN_ROWS)


def _scored(
    frame: pd.DataFrame,
    y: Array,
    prediction: Array,
    *,
    scorer: Scorer,
    columns: Sequence[Column],
    overall: float,
) -> Iterator[_Found]:
    for column in columns:
        if column.name not in frame:
            continue
        for label, rows in parts_of(frame[column.name], column):
            if not _MIN_ROWS <= len(rows) < len(y):
                continue
            score = scorer.score(y[rows], prediction[rows])
            if math.isfinite(score):
                worse_by = scorer.worse_by(score, than=overall)
                yield _Found(column=column.name, segment=label, rows=rows, score=score, worse_by=worse_by)


def _standard_error(
    one: _Found, y: Array, prediction: Array, scorer: Scorer, rng: np.random.Generator
) -> float | None:
    """Return the bootstrap's standard error of a segment's score; None when it cannot be told.

    Where all replicates agree (every row right, say) the segment itself does not tell how uncertain it
    is: then rows drawn from everywhere tell how far a segment of this size strays by luck.
    """
    n_rows = min(len(one.rows), _ROWS_PER_REPLICATE)
    for source in (one.rows, np.arange(len(y))):
        drawn = (rng.choice(source, size=n_rows) for _ in range(_REPLICATES))
        scores = np.array([scorer.score(y[rows], prediction[rows]) for rows in drawn])
        scores = scores[np.isfinite(scores)]
        if len(scores) >= _REPLICATES // 2 and float(scores.std()) > 0:
            return float(scores.std(ddof=1)) * math.sqrt(n_rows / len(one.rows))
    return None


def _judged(one: _Found, error: float | None, *, n_looks: int, scorer: Scorer) -> SegmentScore:
    row = SegmentScore(
        column=one.column,
        segment=one.segment,
        n_rows=len(one.rows),
        score=one.score,
        low=None,
        high=None,
        worse_by=one.worse_by,
        stands_out=False,
    )
    if error is None:
        return row
    half = _NORMAL.inv_cdf(0.975) * error
    wide = _NORMAL.inv_cdf(1 - 0.025 / max(1, n_looks)) * error
    low, high = one.score - half, one.score + half
    if getattr(scorer.metric, "unit", "") == "share":
        low, high = max(0.0, low), min(1.0, high)
    return replace(row, low=low, high=high, stands_out=one.worse_by > wide)
