"""Conversion of moments between arrays and the microseconds since 1970 that rows hold (NaN where missing)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from litmus_core.frame._values.raw_values import Array

_NAT = -(2**63)  # NumPy's value for a missing moment


def from_microseconds(us: Iterable[float]) -> Array:
    """Return microseconds as (n,) ``datetime64[us]``, NaT where they are NaN."""
    present = [_NAT if number != number else number for number in us]
    return np.array(present, dtype=np.int64).astype("datetime64[us]")


def to_microseconds(moments: Array, *, missing: Any = math.nan) -> list[Any]:
    """Return ``datetime64[us]`` as n whole microseconds, ``missing`` for NaT."""
    return [missing if us == _NAT else us for us in moments.astype(np.int64).tolist()]


def microseconds(moment: np.datetime64) -> float:
    """Return one ``datetime64[us]`` as whole microseconds, NaN for NaT."""
    us = int(moment.astype(np.int64))
    return math.nan if us == _NAT else us
