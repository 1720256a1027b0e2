"""Links: from a model's sum to its output, in AutoGluon's precision (float32)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Link = Callable[[Array], Array]
_FAR = 700.0  # beyond it exp() overflows a double


def link_of(settings: dict[str, Any]) -> Link:
    """Return the link that ``settings`` name: (n, k) doubles to (n,), or for ``softmax`` to (n, k).

    ``{"kind": "identity" | "logistic" | "softmax"}``; with bounds: ``clipped`` to ``low`` and ``high``, or
    ``between`` them by a logistic; ``above`` low or ``below`` high by the absolute value.
    """
    return _LINKS[settings["kind"]](settings.get("low", 0.0), settings.get("high", 0.0))


def _identity(low: float, high: float) -> Link:
    return lambda margins: margins[:, 0].astype(np.float32)


def _logistic(low: float, high: float) -> Link:
    return lambda margins: _share(margins).astype(np.float32)


def _softmax(low: float, high: float) -> Link:
    def link(margins: Array) -> Array:
        if len(margins) == 1:
            (row,) = margins.tolist()
            highest = max(row)
            powers = [math.exp(max(place - highest, -_FAR)) for place in row]
            total = sum(powers)
            return np.array([[power / total for power in powers]], dtype=np.float32)
        raised = np.exp(margins - margins.max(axis=1, keepdims=True))
        raised /= raised.sum(axis=1, keepdims=True)
        shares: Array = raised.astype(np.float32)
        return shares

    return link


def _clipped(low: float, high: float) -> Link:
    return lambda margins: np.minimum(np.maximum(margins[:, 0], low), high).astype(np.float32)


def _between(low: float, high: float) -> Link:
    span = high - low
    return lambda margins: (_share(margins) * span + low).astype(np.float32)


def _above(low: float, high: float) -> Link:
    return lambda margins: (low + np.abs(margins[:, 0])).astype(np.float32)


def _below(low: float, high: float) -> Link:
    return lambda margins: (high - np.abs(margins[:, 0])).astype(np.float32)


def _share(margins: Array) -> Array:
    """Return the (n,) logistic of the first column."""
    if len(margins) == 1:
        return np.array([1.0 / (1.0 + math.exp(-max(-_FAR, min(_FAR, margins.item(0)))))])
    shares: Array = 1.0 / (1.0 + np.exp(-np.clip(margins[:, 0], -_FAR, _FAR)))
    return shares


_LINKS: dict[str, Callable[[float, float], Link]] = {
    "identity": _identity,
    "logistic": _logistic,
    "softmax": _softmax,
    "clipped": _clipped,
    "between": _between,
    "above": _above,
    "below": _below,
}
