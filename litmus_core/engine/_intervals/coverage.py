"""Count how often intervals or label sets hold the truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.runtime import Calibration
from litmus_core.task_types import Facet
from litmus_core.types import Coverage

_Z = 1.959964
_Counted = tuple[NDArray[np.bool_], NDArray[np.float64]]


def measure_coverage(calibration: Calibration, scored: ScoredPredictions, *, level: float) -> Coverage:
    """Return the coverage of intervals or label sets on rows that did not calibrate them.

    Raises UsageError for a level that cannot be promised.
    """
    is_covered, sizes = count_coverage(calibration, scored, level=level)
    return coverage_of(is_covered, sizes, level=level, of_labels=scored.info.task_type.has_classes)


def count_coverage(calibration: Calibration, scored: ScoredPredictions, *, level: float) -> _Counted:
    """Return whether the interval or set of each of n rows holds the truth (n,), and its size (n,)."""
    return _COUNTS.of(scored.info.problem_type)(calibration, scored, level)


def coverage_of(
    is_covered: NDArray[np.bool_], sizes: NDArray[np.float64], *, level: float, of_labels: bool
) -> Coverage:
    """Return the share of rows whose truth ``is_covered``, with its interval, and the mean size."""
    n_rows = len(is_covered)
    share = float(is_covered.mean())
    centre = (share + _Z**2 / (2 * n_rows)) / (1 + _Z**2 / n_rows)
    half = _Z / (1 + _Z**2 / n_rows) * math.sqrt(share * (1 - share) / n_rows + _Z**2 / (4 * n_rows**2))
    return Coverage(
        level=level,
        share=share,
        low=max(0.0, centre - half),
        high=min(1.0, centre + half),
        n_rows=n_rows,
        size=float(sizes.mean()),
        of_labels=of_labels,
    )


def _of_values(calibration: Calibration, scored: ScoredPredictions, level: float) -> _Counted:
    truth = scored.truth.astype(np.float64)
    low, high = calibration.interval(scored.predictions, calibration.margin(level, scored.rows))
    return (low <= truth) & (truth <= high), high - low


def _of_labels(calibration: Calibration, scored: ScoredPredictions, level: float) -> _Counted:
    case = scored.label_case()
    inside = calibration.members(case.probabilities, case.decided, calibration.margin(level, scored.rows))
    is_known = case.codes < len(scored.info.classes)
    is_covered = np.zeros(len(case.codes), dtype=np.bool_)
    is_covered[is_known] = inside[is_known, case.codes[is_known]]
    return is_covered, inside.sum(axis=1).astype(np.float64)


_COUNTS: Facet[Callable[[Calibration, ScoredPredictions, float], _Counted]] = Facet(
    "count of coverage", {"binary": _of_labels, "multiclass": _of_labels, "regression": _of_values}
)
