"""Find segments where a model is worse, with intervals that allow for the number of segments."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_REPLICATES = 200
_MOST_ROWS = 5_000
_NORMAL = NormalDist()


@dataclass(frozen=True)
class _Segment:
    """One segment's rows and its score, before it has an interval."""

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
    Segments are category values, quarters of numbers, periods of dates, text lengths and missing values, each
    of at least 20 rows. Intervals come from a bootstrap within the segment, starting with the segments that
    look worst, until ``seconds`` are over. A segment stands out when the overall score lies outside its
    interval at 95 % divided among all segments (Bonferroni).
    """
    started = time.monotonic()
    overall = scorer.score(y, prediction)
    ranked = sorted(
        _score_segments(frame, y, prediction, scorer=scorer, columns=columns, overall=overall),
        key=lambda segment: -segment.worse_by * math.sqrt(len(segment.rows)),
    )
    rows = []
    for segment in ranked:
        in_time = time.monotonic() - started <= seconds
        error = _uncertainty(segment, y, prediction, scorer=scorer, seed=seed) if in_time else None
        rows.append(_with_interval(segment, error, n_tests=len(ranked)))
    rows.sort(key=lambda row: (not row.stands_out, -row.worse_by))
    return Segments(
        metric=scorer.metric.name,
        rows=tuple(rows),
        overall=overall,
        n_tests=len(ranked),
        min_rows=_MIN_ROWS,
    )


def _score_segments(
    frame: pd.DataFrame,
    y: Array,
    prediction: Array,
    *,
    scorer: Scorer,
    columns: Sequence[Column],
    overall: float,
) -> Iterator[_Segment]:
    for column in columns:
        if column.name not in frame:
            continue
        for label, rows in parts_of(frame[column.name], column):
            if not _MIN_ROWS <= len(rows) < len(y):
                continue
            score = scorer.at(rows).score(y[rows], prediction[rows])
            if math.isfinite(score):
                worse_by = scorer.worse_by(score, than=overall)
                yield _Segment(column=column.name, segment=label, rows=rows, score=score, worse_by=worse_by)


@dataclass(frozen=True)
class _Uncertainty:
    """A segment's 95 % interval, and the standard error for intervals at other levels."""

    low: float
    high: float
    standard_error: float


def _uncertainty(
    segment: _Segment, y: Array, prediction: Array, *, scorer: Scorer, seed: int
) -> _Uncertainty:
    """Bootstrap a segment; a large one by a sample of its rows, whose spread is scaled down."""
    rows = segment.rows
    if len(rows) > _MOST_ROWS:
        rows = np.random.default_rng(seed).choice(rows, size=_MOST_ROWS, replace=False)
    score, replicates = scorer.at(rows).interval(y[rows], prediction[rows], seed=seed, n=_REPLICATES)
    scale = math.sqrt(len(rows) / len(segment.rows))
    return _Uncertainty(
        low=segment.score + (score.low - score.value) * scale,
        high=segment.score + (score.high - score.value) * scale,
        standard_error=float(np.nanstd(replicates)) * scale,
    )


def _with_interval(segment: _Segment, error: _Uncertainty | None, *, n_tests: int) -> SegmentScore:
    wide = _NORMAL.inv_cdf(1 - 0.025 / max(1, n_tests))
    return SegmentScore(
        column=segment.column,
        segment=segment.segment,
        n_rows=len(segment.rows),
        score=segment.score,
        low=None if error is None else error.low,
        high=None if error is None else error.high,
        worse_by=segment.worse_by,
        stands_out=error is not None and segment.worse_by > wide * error.standard_error,
    )
