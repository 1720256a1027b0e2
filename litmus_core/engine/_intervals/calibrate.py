"""Conformal prediction: margins of intervals and label sets from predictions of unseen rows.

Numbers: absolute errors relative to their typical size where such a value is predicted (normalised split
conformal prediction, Papadopoulos et al. 2002; Lei et al. 2018). Labels: one minus the true label's
probability, and nothing where the predicted label is right, so that no set is empty (after Sadinle et al.
2019). Groups have margins of their own (Mondrian, Vovk et al. 2003).

Out-of-fold predictions are taken for those of one model: their errors are put around the prediction of the
model that answers (the jackknife without its plus, and its form of K folds; Barber et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.errors import UnknownNameError
from litmus_core.runtime import (
    Calibration,
    CalibrationSource,
    GroupMargins,
    conformal_quantiles,
    fit_scale,
    scaled_errors,
    segment_keys,
)
from litmus_core.task_types import Facet

if TYPE_CHECKING:
    from litmus_core.types import Column

Floats = NDArray[np.float64]
GROUP_ROWS = 100  # fewer do not get margins of their own: their coverage would swing by more than 6 points
_NEVER_BELOW_ROWS = 100


def calibrate(
    scored: ScoredPredictions,
    *,
    source: CalibrationSource,
    by: str = "",
    is_final: bool = False,
    learned: NDArray[Any] | None = None,
) -> Calibration:
    """Return the calibration from predictions of rows that the model did not learn from.

    ``by`` is the column whose values get margins of their own. ``learned`` (m,) is the truth of the rows that
    it learned from: no interval goes below 0 where no known value does. Raises UnknownNameError unless the
    model reads a column of the name ``by``.
    """
    scores, traits = _SCORES.of(scored.info.problem_type)(scored, learned)
    calibration = Calibration(
        source=source,
        n_rows=len(scores),
        margins=conformal_quantiles(scores),
        is_final=is_final,
        **traits,
    )
    return _by_group(calibration, _group_column(scored, by), scored.rows, scores) if by else calibration


def _group_column(scored: ScoredPredictions, name: str) -> Column:
    for column in scored.info.columns:
        if column.name == name:
            return column
    raise UnknownNameError(kind="column", name=name, names=[other.name for other in scored.info.columns])


def _by_group(calibration: Calibration, column: Column, rows: Any, scores: Floats) -> Calibration:
    """Return the calibration with margins for each group, and for the rows of all small ones together.

    So each row counts for the margins that it gets, and the average is at the level. Fewer rows than
    a group needs only widen the margins of all rows.
    """
    from litmus_core.frame import RawColumn

    keys = np.asarray(segment_keys(RawColumn(column).of(rows)), dtype=object)
    groups, is_other = [], np.zeros(len(keys), dtype=bool)
    for value in sorted(set(keys.tolist())):
        inside = keys == value
        n_rows = int(inside.sum())
        margins = conformal_quantiles(scores[inside]) if n_rows >= GROUP_ROWS else ()
        is_other |= inside & (not margins)
        groups.append(GroupMargins(value=value, n_rows=n_rows, margins=margins))
    others = () if is_other.all() else _of_small_groups(scores[is_other], calibration.margins)
    return replace(calibration, by=column, groups=tuple(groups), other_margins=others)


def _of_small_groups(scores: Floats, of_all: tuple[float | None, ...]) -> tuple[float | None, ...]:
    margins = conformal_quantiles(scores) if len(scores) else ()
    if not margins or len(scores) >= GROUP_ROWS:
        return margins
    most = float(scores.max())
    pairs = zip(margins, of_all, strict=True)
    return tuple(max(most if of_group is None else of_group, common or 0.0) for of_group, common in pairs)


def _of_values(scored: ScoredPredictions, learned: NDArray[Any] | None) -> tuple[Floats, dict[str, Any]]:
    values, truth = scored.predictions, scored.truth.astype(np.float64)
    errors = np.abs(truth - values)
    all_truth = truth if learned is None else np.concatenate([truth, learned.astype(np.float64)])
    is_never_below = len(all_truth) >= _NEVER_BELOW_ROWS and bool((all_truth >= 0.0).all())
    return scaled_errors(values, errors), {
        "scale": fit_scale(values, errors),
        "lowest": 0.0 if is_never_below else None,
    }


def _of_labels(scored: ScoredPredictions, learned: NDArray[Any] | None) -> tuple[Floats, dict[str, Any]]:
    case = scored.label_case()
    is_known = case.codes < len(scored.info.classes)
    doubt = np.ones(len(case.codes))  # a label that the model has never seen is in no set
    doubt[is_known] -= case.probabilities[is_known, case.codes[is_known]]
    return np.where(case.decided == case.codes, 0.0, doubt), {}


_SCORES: Facet[Callable[[ScoredPredictions, NDArray[Any] | None], tuple[Floats, dict[str, Any]]]] = Facet(
    "conformity score", {"binary": _of_labels, "multiclass": _of_labels, "regression": _of_values}
)
