"""Ensemble weights from the models' errors at the rolling origins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_POWER = 2.0  # a model's weight is error ** -_POWER
_WORST = 1.2  # models with more than this multiple of the best error get no weight
_FALLBACK_WEIGHT = 0.1  # how much the fallback counts at least, whatever its error


def choose_weights(errors: Mapping[str, float], *, fallback: str) -> dict[str, float]:
    """Return the weight of each model, 1 in all: less for larger ``errors``, none for those far behind.

    The ``fallback`` counts a tenth more: what the origins say of the others is partly chance.

    >>> weights = choose_weights({"ets": 1.0, "theta": 1.0, "drift": 3.0}, fallback="drift")
    >>> {model: round(weight, 2) for model, weight in weights.items()}
    {'ets': 0.45, 'theta': 0.45, 'drift': 0.1}
    """
    best = max(min(errors.values()), 1e-12)
    near = {model: max(error, 1e-12) for model, error in errors.items() if error <= _WORST * best}
    shares = {model: (best / error) ** _POWER for model, error in near.items()}
    total = sum(shares.values()) / (1.0 - _FALLBACK_WEIGHT)
    weights = {model: share / total for model, share in shares.items()}
    return {**weights, fallback: weights.get(fallback, 0.0) + _FALLBACK_WEIGHT}


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
