"""Calls that take turns, and whether what they made is the same: shared by parts of benchmarks/frame.py."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from litmus_core.frame import first_mismatch, values_from_pandas

_TURNS, _LEAST, _CALLS = 20, 3, 15  # each call has so many turns, and so many runs a turn, if time allows


def seconds(calls: dict[str, Callable[[], Any]], most_s: float) -> dict[str, float]:
    """Return the median of several runs of each call, the first not counted.

    They take turns, many short ones where a call is short, so that whatever else the machine does falls on
    all of them: a call of 0.1 ms would otherwise be judged by some hundredths of a second.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for turn in range(_TURNS):
        if turn >= _LEAST and max(map(sum, taken.values())) >= most_s:
            break
        for name, call in calls.items():
            mine: list[float] = []
            while not mine or (sum(mine) < most_s / _TURNS and len(mine) < _CALLS):
                started = perf_counter()
                call()
                mine.append(perf_counter() - started)
            taken[name] += mine
    return {name: median(each) for name, each in taken.items()}


def check_same(expected: Any, made: Any, *, whose: str, near_zero: float = 0.0) -> None:
    """Raise ValueError where a pandas frame differs from another: numbers by 1e-12, all else at all.

    ``near_zero``: or by so much, where a difference of numbers comes close to zero.
    """
    for name in expected.columns:
        one, other = values_from_pandas(expected[name]), values_from_pandas(made[name])
        if one[0] == "number" and other[0] == "number":
            same = np.allclose(one[1], other[1], rtol=1e-12, atol=near_zero, equal_nan=True)
        else:
            same = first_mismatch(one, other) is None
        if not same:
            raise ValueError(f"{whose}: the column '{name}' differs from pandas'.")
