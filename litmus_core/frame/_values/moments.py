"""Moments between arrays and microseconds since 1970, which is what they are in a row: NaN where missing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from litmus_core.frame._values.raw_values import Array

_NAT = -(2**63)  # what NumPy has for a moment that is not known


def from_microseconds(us: Iterable[float]) -> Array:
    """Return (n,) ``datetime64[us]`` of microseconds, NaT where they are NaN."""
    present = [_NAT if number != number else number for number in us]
    return np.array(present, dtype=np.int64).astype("datetime64[us]")


def to_microseconds(moments: Array, *, missing: Any = math.nan) -> list[Any]:
    """Return n whole microseconds of ``datetime64[us]``, ``missing`` for NaT."""
    return [missing if us == _NAT else us for us in moments.astype(np.int64).tolist()]


def microseconds(moment: np.datetime64) -> float:
    """Return whole microseconds of one ``datetime64[us]``, NaN for NaT."""
    us = int(moment.astype(np.int64))
    return math.nan if us == _NAT else us
