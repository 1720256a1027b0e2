"""One row through a pre-processor of one's own: traced against the same code in pandas.

Medians of 2,000 and 200 calls. Both begin with a dict and end with the columns that come out; pandas is given
its frame ready made as well, for comparison.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from litmus_core.frame import raw_frame, ready_reader, trace
from litmus_core.types import Column

COLUMNS = tuple(
    Column(name=name, original_name=name, kind=kind, storage=storage)
    for name, kind, storage in (
        ("price", "number", "DOUBLE"),
        ("weight", "number", "DOUBLE"),
        ("city", "category", "VARCHAR"),
        ("title", "text", "VARCHAR"),
        ("ordered", "date", "TIMESTAMP"),
    )
)
ROW = {
    "price": 12.5,
    "weight": None,
    "city": "Ghent",
    "title": "Red  BOX, 12 pieces",
    "ordered": "2024-05-06T07:08:09",
}


def transform(frame: Any) -> Any:
    """What a scientist may write: twelve operations, and the words around them."""
    frame = frame.copy()
    weight = frame["weight"].fillna(1.25).clip(0.1, 50.0)
    frame["price per kilo"] = frame["price"] / weight
    frame["log price"] = np.log1p(frame["price"])
    frame["often"] = frame["city"].map({"Ghent": 0.25, "Bruges": 0.1}).fillna(0.0)
    frame["clean"] = frame["title"].str.lower().str.replace(r"[^\w\s]+", "", regex=True).str.strip()
    frame["boxed"] = frame["title"].str.contains("box", case=False, na=False)
    frame["month"] = frame["ordered"].dt.month
    frame["size"] = np.where(frame["price"] > 10, "large", "small")
    return frame.drop(columns=["title"])


def median_us(call: Callable[[], Any], *, times: int) -> float:
    """Return the median time of a call in microseconds, the first ones not counted."""
    taken = []
    for at in range(times + 20):
        began = time.perf_counter()
        call()
        if at >= 20:
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def one_row() -> dict[str, float]:
    """Return the microseconds of one row, traced and in pandas, and their ratios."""
    compute = ready_reader(COLUMNS, [trace(transform, COLUMNS)])
    frame = raw_frame([ROW], COLUMNS)
    traced = median_us(lambda: compute(ROW), times=2_000)
    pandas = median_us(lambda: transform(raw_frame([ROW], COLUMNS)), times=200)
    in_frame = median_us(lambda: transform(frame), times=200)
    return {
        "traced_us": round(traced, 1),
        "pandas_us": round(pandas, 1),
        "pandas_of_a_frame_us": round(in_frame, 1),
        "ratio": round(pandas / traced),
        "ratio_of_a_frame": round(in_frame / traced),
    }
