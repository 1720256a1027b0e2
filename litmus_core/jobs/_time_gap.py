"""Rows of a run that no model learns from, because they are too close in time to judging rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import Folds, Task

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

APART = 4  # codes of excluded rows: the first would train, the second would validate
_TRAIN, _VALIDATION, _TEST = 0, 1, 2


def with_gap(
    codes: NDArray[np.int8], frame: pd.DataFrame, task: Task, folds: Folds | None
) -> NDArray[np.int8]:
    """Return the rows' part codes (n,), with rows excluded that are too close to judging rows.

    Folded rows keep the gap among themselves in their folds. Raises UsageError if no row is left to learn
    from, or to validate with.
    """
    from litmus_core.data import moments, time_gap

    codes = without_gap(codes)
    if folds is None or not folds.has_time_gap:
        return codes
    columns = task.split.columns
    gap = time_gap(folds, frame[columns[0]] if len(columns) == 1 else None)
    times = moments(frame, columns)
    first = _TEST if folds.n_folds else _VALIDATION
    for judges in range(first, _TEST + 1):
        close = gap.too_close(times, codes < judges, codes == judges)
        codes[close] += APART
    learned = () if folds.n_folds else ((_TRAIN, "training"), (_VALIDATION, "validation"))
    for part, name in learned:
        if (without_gap(codes) == part).any() and not (codes == part).any():
            raise UsageError(f"The gap leaves no {name} rows.", hint="Choose a shorter gap or embargo.")
    return codes


def without_gap(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the rows' part codes (n,) as they would be without a gap."""
    return np.where(codes >= APART, codes - APART, codes).astype(codes.dtype)


def gap_note(codes: NDArray[np.int8], folds: Folds | None) -> str:
    """Return a sentence on how many rows are excluded; "" if none is."""
    from litmus_core.data import gap_text

    n_rows = int((codes >= APART).sum())
    if folds is None or not n_rows:
        return ""
    rows = f"{format_count(n_rows, 'row')} within {gap_text(folds)} of rows that judge"
    return f"{rows} {'is' if n_rows == 1 else 'are'} not learned from."
