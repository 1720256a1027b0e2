"""Columns of every kind and hypothesis strategies for what people put into them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from litmus_core.types import Column


def column(name: str, kind: Any, storage: str) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage=storage)


NUMBER = column("size", "number", "DOUBLE")
COUNT = column("count", "number", "BIGINT")
CATEGORY = column("colour", "category", "VARCHAR")
LEVEL = column("level", "category", "BIGINT")
BOOLEAN = column("sold", "boolean", "BOOLEAN")
DATE = column("listed", "date", "TIMESTAMP")
TEXT = column("title", "text", "VARCHAR")
CODE = column("code", "id", "VARCHAR")
ALL = (NUMBER, COUNT, CATEGORY, LEVEL, BOOLEAN, DATE, TEXT, CODE)

_WORDS = st.one_of(
    st.sampled_from(["red", "Red", "", " ", "unknown", "missing", "(unknown)", "nan", "3", "3.0", "é́"]),
    st.text(max_size=8),
)
_VALUES: dict[str, Any] = {
    "size": st.floats(),
    "count": st.integers(min_value=-(2**63), max_value=2**63 - 1),
    "colour": _WORDS,
    "level": st.sampled_from(["1", "2", "10", "-3", "2.0"]),
    "sold": st.booleans(),
    "listed": st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)),
    "title": st.one_of(_WORDS, st.lists(_WORDS, max_size=6).map(" ".join)),
    "code": _WORDS,
}


@st.composite
def frames(draw: st.DrawFn, *, min_size: int = 1) -> pd.DataFrame:
    """Return a table of all columns as the data floor would give it, with missing values anywhere."""
    n_rows = draw(st.integers(min_value=min_size, max_value=12))
    data = {
        each.name: draw(st.lists(st.none() | _VALUES[each.name], min_size=n_rows, max_size=n_rows))
        for each in ALL
    }
    return typed(data)


def typed(data: dict[str, list[Any]]) -> pd.DataFrame:
    """Return lists of values as a frame with the dtypes that stored rows have."""
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in data.items()})
    for name in ("size", "count"):
        frame[name] = frame[name].map(lambda value: np.nan if value is None else float(value)).astype(float)
    listed = [
        np.datetime64("NaT") if value is None else np.datetime64(value, "us") for value in frame["listed"]
    ]
    frame["listed"] = np.array(listed, dtype="datetime64[us]")
    return frame
