"""How much each model counts: by its error at the rolling origins that validate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_POWER = 2.0  # of the error, by which a model counts less
_WORST = 1.3  # times the best error that a model may have and still count


def choose_weights(errors: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of each model, 1 in all: less for larger ``errors``, none for those far behind.

    >>> choose_weights({"ets": 1.0, "theta": 1.0, "drift": 3.0})
    {'ets': 0.5, 'theta': 0.5}
    """
    best = max(min(errors.values()), 1e-12)
    near = {model: max(error, 1e-12) for model, error in errors.items() if error <= _WORST * best}
    shares = {model: (best / error) ** _POWER for model, error in near.items()}
    total = sum(shares.values())
    return {model: share / total for model, share in shares.items()}


def combine(forecasts: Mapping[str, Array], weights: Mapping[str, float], *, fallback: str) -> Array:
    """Return the weighted mean of the models' ``answers``; those that a series lacks count nothing.

    Where a series has none of them, ``fallback`` forecasts.
    """
    counting = {model: weight for model, weight in weights.items() if model in forecasts}
    if not counting:
        return forecasts[fallback]
    total = sum(counting.values())
    parts: Sequence[Array] = [forecasts[model] * (weight / total) for model, weight in counting.items()]
    return np.asarray(np.sum(parts, axis=0))
