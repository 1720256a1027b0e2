"""Operations on several values of one row."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Dtype, Operation

_VALUES: tuple[Dtype, ...] = ("number", "flag", "text")


def _listed(values: Any) -> list[Any]:
    listed: list[Any] = values if isinstance(values, list) else values.tolist()
    return listed


def _first(values: Any) -> list[tuple[Any, ...]]:
    return [(value,) for value in _listed(values)]


def _one_more(rows: list[tuple[Any, ...]], values: Any) -> list[tuple[Any, ...]]:
    return [(*row, value) for row, value in zip(rows, _listed(values), strict=True)]


def _there(row: tuple[Any, ...]) -> list[Any]:
    return [value for value in row if value is not None and value == value]


def _middle(row: tuple[Any, ...]) -> float:
    values = _there(row)
    return float(median(values)) if values else math.nan


def _n_different(row: tuple[Any, ...]) -> float:
    return float(len(set(_there(row))))


def _of_row(name: str, compute: Any) -> Operation:
    return Operation(
        name=name,
        input_types=("row",),
        gives="number",
        record="{compute}({0})",
        columns=lambda rows, compute: np.array([compute(row) for row in rows], dtype=np.float64),
        pandas=lambda rows: rows.map(compute).astype("float64"),
        bind=lambda: {"compute": compute},
    )


ROW_OPERATIONS = (
    *(
        Operation(
            name=f"row of {dtype}",
            input_types=(dtype,),
            gives="row",
            record="({0},)",
            columns=_first,
            pandas=lambda values: values.map(lambda value: (value,)),
        )
        for dtype in _VALUES
    ),
    *(
        Operation(
            name=f"row and {dtype}",
            input_types=("row", dtype),
            gives="row",
            record="(*{0}, {1})",
            columns=_one_more,
            pandas=lambda rows, values: rows + values.map(lambda value: (value,)),
        )
        for dtype in _VALUES
    ),
    _of_row("median of row", _middle),
    _of_row("different in row", _n_different),
)
