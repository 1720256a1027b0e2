"""Trial rows for a pre-processor: rows in another order, and rows with missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS, _MOST_GAPS = 1_000, 200
N_ALONE = 3


def probe_of(frame: pd.DataFrame, *, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return trial rows for a pre-processor, and which of ``frame``'s n rows the first of them are.

    First up to 1,000 of the frame's rows in another order; then rows with one missing value each, and one
    with all missing. The index counts them.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    places = rng.permutation(len(frame))[:_MOST_ROWS]
    first = frame.iloc[places]
    n_gaps = min(frame.shape[1], _MOST_GAPS)
    gaps = frame.iloc[rng.integers(0, len(frame), n_gaps + 1)].copy()
    for at in range(n_gaps):
        gaps.iloc[at, at] = _missing_value(frame.iloc[:, at])
    for at in range(frame.shape[1]):
        gaps.iloc[n_gaps, at] = _missing_value(frame.iloc[:, at])
    return pd.concat([first, gaps], ignore_index=True), places


def _missing_value(column: pd.Series[Any]) -> Any:
    return {"f": np.nan, "M": np.datetime64("NaT", "us")}.get(column.dtype.kind)


def single_row_places(probe: pd.DataFrame) -> list[int]:
    """Return the positions of the rows to try one by one: some with values, and the emptiest ones."""
    return sorted({0, len(probe) // 2, len(probe) - 1})[:N_ALONE]
