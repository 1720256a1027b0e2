"""Equal-width bins over numbers, or over dates as days, with readable names."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from litmus_core.data._profile.profile_types import Histogram

_US_PER_DAY = 86_400_000_000.0
_EPOCH = datetime(1970, 1, 1)


def bin_counts(values: np.ndarray[Any, Any], *, low: float, high: float, n_bins: int) -> np.ndarray[Any, Any]:
    """Return how many of ``values`` (n,) fall into each of ``n_bins`` bins from ``low`` to ``high``."""
    if low == high:
        return np.array([len(values)])
    width = high / n_bins - low / n_bins
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        places = np.nan_to_num(np.floor((values - low) / width))  # numbers near 0 leave no width
    return np.bincount(np.clip(places, 0, n_bins - 1).astype(np.int64), minlength=n_bins)


def histogram(counts: np.ndarray[Any, Any], *, low: float, high: float, is_number: bool) -> Histogram:
    """Return the histogram of :func:`bin_counts`' counts; dates are days since 1970-01-01."""
    if low == high:
        return Histogram(
            counts=(int(counts[0]),), edges=(low, high), labels=(named_edge(low, is_number=is_number),)
        )
    n_bins = len(counts)
    width = high / n_bins - low / n_bins
    edges = [*(low + place * width for place in range(n_bins)), high]
    names = [named_edge(edge, is_number=is_number) for edge in edges]
    return Histogram(
        counts=tuple(counts.tolist()),
        edges=tuple(edges),
        labels=tuple(f"{first} to {last}" for first, last in pairwise(names)),
    )


def as_days(microseconds: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return moments, in microseconds since 1970-01-01, as days."""
    return np.asarray(microseconds / _US_PER_DAY)


def as_moment(microseconds: int) -> datetime:
    """Return the moment that many microseconds after 1970-01-01."""
    return _EPOCH + timedelta(microseconds=microseconds)


def named_edge(edge: float, *, is_number: bool) -> str:
    """Return an edge as people read it: a number, or the date that many days after 1970-01-01."""
    if is_number:
        return f"{edge:,.0f}" if abs(edge) >= 1000 else f"{edge:.3g}"
    return str(np.datetime64(math.floor(edge), "D"))  # edges may round to the year 10000
