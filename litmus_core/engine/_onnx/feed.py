"""Raw rows as the graph takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.engine._onnx._input import MISSING_TEXT, Input
from litmus_core.engine._onnx.writer import Array
from litmus_core.frame import read_rows
from litmus_core.types import Column


def feed(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], inputs: Sequence[Input]
) -> dict[str, Array]:
    """Return n rows (dicts, as a bundle takes them) as arrays (n, 1) for the graph's ``inputs``."""
    read = read_rows(rows, columns)
    return {input_.name: _TYPED[input_.type](read[input_.name]).reshape(-1, 1) for input_ in inputs}


def _doubles(values: Array) -> Array:
    if values.dtype.kind == "f":
        return values
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)


def _texts(values: Array) -> Array:
    return np.array([MISSING_TEXT if value is None else value for value in values], dtype=object)


_TYPED = {
    "double": _doubles,
    "int64": lambda values: values.astype("datetime64[us]").astype(np.int64),
    "string": _texts,
}
