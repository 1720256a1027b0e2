"""Binary search in sorted lists, for which ONNX has no operator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from litmus_core.engine._onnx.writer import Array, OnnxWriter


def places(writer: OnnxWriter, values: str, lists: Sequence[Array], *, beyond_equal: bool) -> str:
    """Return, for (n, k) doubles, how many of column j's ascending ``lists[j]`` lie below each.

    Equal numbers count as below if ``beyond_equal``; a missing value gives 0.
    """
    width = 1 << max(len(list_) for list_ in lists).bit_length()
    padded = np.full((len(lists), width), np.inf)
    for row, one in zip(padded, lists, strict=True):
        row[: len(one)] = one
    table, starts = writer.constant(padded.ravel()), np.arange(len(lists)) * width
    less = "LessOrEqual" if beyond_equal else "Less"
    place = ""
    step = width // 2
    while step:
        probe = writer.integer_constant((starts + step - 1)[np.newaxis])
        if place:
            probe = writer.op("Add", place, probe)
            probe_value = writer.op("Gather", table, probe)
        else:
            probe_value = writer.constant(padded[:, step - 1][np.newaxis])
        moved = writer.op(
            "Mul", writer.integer(writer.op(less, probe_value, values)), writer.integer_constant(step)
        )
        place = writer.op("Add", place, moved) if place else moved
        step //= 2
    return place
