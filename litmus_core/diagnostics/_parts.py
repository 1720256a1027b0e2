"""Split a column's rows into groups that people would name: values, quarters, periods, missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.diagnostics._cell_values import plain_text, plain_value
from litmus_core.diagnostics._scoring import Array
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_MAX_VALUES = 12
_NUMBER = r"-?[\d,]+(?:\.\d+)?(?:e[-+]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER}) to ({_NUMBER})( characters)?")
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


def parts_of(values: pd.Series[Any], column: Column, *, n_intervals: int = 4) -> Iterator[tuple[str, Array]]:
    """Yield (label, row positions) for each group of ``values``; nothing for ids.

    Categories and booleans: each of the 12 most frequent values. Numbers: the values if there are at most
    six, else ``n_intervals`` of equal size. Dates: four periods of equal size. Text: thirds by length.
    Missing values are a group of their own.
    """
    if column.traits.is_identifier:
        return
    missing = values.isna().to_numpy()
    if missing.any():
        yield "missing", np.flatnonzero(missing)
    here = np.flatnonzero(~missing)
    if len(here) == 0:
        return
    part = values.iloc[here]
    if column.traits.is_prose:
        yield from _by_length(part, here)
    elif column.traits.is_moment:
        yield from _by_period(part, here)
    elif column.traits.is_quantity and part.nunique() > 6:
        yield from _by_quantile(part, here, n_intervals)
    else:
        yield from _by_value(part, here)


def value_rows(values: pd.Series[Any], label: str) -> NDArray[np.bool_]:
    """Return (n,) which rows are in the group ``label`` of :func:`parts_of`."""
    if label == "missing":
        return np.asarray(values.isna())
    present = np.asarray(values.notna())
    covered = np.zeros(len(values), dtype=bool)
    covered[present] = _texts_of(values[present]) == label
    return covered if covered.any() else _range_rows(values, label)


def _range_rows(values: pd.Series[Any], label: str) -> NDArray[np.bool_]:
    """Return (n,) which rows lie in a range of numbers, days or lengths; none if ``label`` is no range."""
    import pandas as pd

    ends, period = _RANGE.fullmatch(label), _PERIOD.fullmatch(label)
    if period is not None and pd.api.types.is_datetime64_any_dtype(values):
        return np.asarray(values.dt.strftime("%Y-%m-%d").between(period[1], period[2]))
    if ends is None or not (ends[3] or pd.api.types.is_numeric_dtype(values)):
        return np.zeros(len(values), dtype=bool)
    numbers = values.astype("string").str.len() if ends[3] else values
    low, high = (float(end.replace(",", "")) for end in ends.group(1, 2))
    return np.asarray(numbers.between(low, high).fillna(value=False), dtype=bool)


def _by_value(series: pd.Series[Any], here: Array) -> Iterator[tuple[str, Array]]:
    import pandas as pd

    texts = _texts_of(series)
    for text in pd.Series(texts, dtype=object).value_counts().index[:_MAX_VALUES]:
        yield str(text), here[texts == text]


def _texts_of(series: pd.Series[Any]) -> NDArray[np.object_]:
    """Return (n,) non-missing values as people write them; each distinct value is formatted once."""
    import pandas as pd

    codes, values = pd.factorize(series)
    texts = np.array([plain_text(plain_value(value)) for value in values], dtype=object)
    return texts[codes]


def _by_quantile(series: pd.Series[Any], here: Array, n_intervals: int) -> Iterator[tuple[str, Array]]:
    numbers = series.to_numpy(dtype=float)
    for low, high, rows in _quantile_parts(numbers, n_intervals):
        yield f"{plain_text(low)} to {plain_text(high)}", here[rows]


def _by_period(series: pd.Series[Any], here: Array) -> Iterator[tuple[str, Array]]:
    import pandas as pd

    times = pd.to_datetime(series)
    instants = times.to_numpy().astype("datetime64[us]").astype(np.int64).astype(float)
    for low, high, rows in _quantile_parts(instants, 4):
        first, last = (str(np.datetime64(int(edge), "us").astype("datetime64[D]")) for edge in (low, high))
        yield f"{first} to {last}", here[rows]


def _by_length(series: pd.Series[Any], here: Array) -> Iterator[tuple[str, Array]]:
    lengths = series.astype(str).str.len().to_numpy(dtype=float)
    for low, high, rows in _quantile_parts(lengths, 3):
        yield f"{int(low)} to {int(high)} characters", here[rows]


def _quantile_parts(numbers: Array, n_parts: int) -> Iterator[tuple[float, float, Array]]:
    """Yield (smallest, largest, positions) of groups of about equal size; ties stay together."""
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, n_parts + 1)[1:-1], method="higher"))
    part = np.searchsorted(edges, numbers, side="right")
    for number in np.unique(part):
        rows = np.flatnonzero(part == number)
        yield float(numbers[rows].min()), float(numbers[rows].max()), rows
