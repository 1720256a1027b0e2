"""Row weights, such as an exposure, or the number of cases that a survey row represents."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import UsageError
from litmus_core.metrics._case import Floats, LabelCase, ValueCase

_Case = TypeVar("_Case", LabelCase, ValueCase)


def checked_weights(weights: ArrayLike) -> Floats:
    """Return weights (n,) as numbers; raises UsageError if one is not finite or negative, or none is above
    0."""
    numbers = np.asarray(weights, dtype=np.float64)
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise UsageError("A weight is negative, missing or no number.", hint="Give each row a weight from 0.")
    if not (numbers > 0).any():
        raise UsageError(
            f"All {len(numbers):,} rows weigh 0, so nothing can be scored.",
            hint="Give some of these rows a weight above 0, or choose another split.",
        )
    return numbers


def with_weights(case: _Case, weights: Floats | None) -> _Case:
    """Return the case with its rows' weights; raises UsageError if their number differs."""
    if weights is not None and weights.shape != (case.n_rows,):
        raise UsageError(f"There are {case.n_rows} rows and weights of shape {weights.shape}.")
    return case if weights is None else replace(case, weights=weights)


def effective_rows(weights: NDArray[np.float64]) -> float:
    """Return the effective number of rows with these weights (n,) (Kish 1965).

    >>> effective_rows(np.array([2.0, 2.0, 2.0])), effective_rows(np.array([1.0, 0.0, 0.0]))
    (3.0, 1.0)
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def weighted_quantile(values: Floats, weights: Floats | None, *, quantile: float) -> float:
    """Return a quantile of values (n,); with weights (n,), the first value that reaches their share."""
    if weights is None:
        return float(np.quantile(values, quantile))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    share = max(quantile * reached[-1], np.nextafter(0.0, 1.0))  # rows of weight 0 do not count
    place = int(np.searchsorted(reached, share))
    return float(values[order][min(place, len(values) - 1)])
