"""Columns that follow the row order: if that order reveals the target, so do they."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._time.ordered_texts import text_order
from litmus_core.data._types.semantic import looks_like_id

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

_FEWEST_ROWS = 20
_IN_ORDER, _NEARLY_EXACT = 0.95, 0.999  # rank correlation with the row number
_NAMES_ROWS, _NAMES_THINGS = 0.9, 0.2  # share of distinct values: for any column, for one called an id
_DENSE = 3.0  # numbers that count rows leave at most this many places per row


def may_follow(column: Column, *, n_rows: int) -> bool:
    """Return whether a column could count the rows: integers or codes, mostly distinct."""
    if n_rows < _FEWEST_ROWS or not (column.traits.is_quantity or column.traits.is_name):
        return False
    share = column.n_distinct / max(1, n_rows - column.n_missing)
    return share >= (_NAMES_THINGS if looks_like_id(column.name) else _NAMES_ROWS)


def follows_row_order(column: Column, values: NDArray[Any], rows: NDArray[np.int64]) -> bool:
    """Return whether ``values`` rise, or fall, with the row numbers ``rows``, apart from a few.

    They are integers, or texts in alphabetical order. A quantity that someone sorted the rows by does not
    count, unless it is as dense as row numbers or its name says that it is an id.
    """
    import pandas as pd
    from scipy.stats import spearmanr

    present = pd.notna(values)
    values, rows = values[present], rows[present]
    if len(values) < _FEWEST_ROWS:
        return False
    is_number = values.dtype.kind in "iuf"
    if is_number and (not np.isfinite(values).all() or (values != np.floor(values)).any()):
        return False
    numbers = values.astype(np.float64) if is_number else _text_positions(pd.Series(values))
    if numbers.min() == numbers.max():
        return False
    alike = abs(float(spearmanr(numbers, rows).statistic))
    is_dense = is_number and np.ptp(numbers) <= _DENSE * np.ptp(rows)
    if looks_like_id(column.name) or is_dense or not is_number:
        return alike >= _IN_ORDER
    return alike >= _NEARLY_EXACT


def _text_positions(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Return the position of texts in time, or in the alphabet."""
    import pandas as pd

    order = text_order(texts)
    return pd.factorize(texts, sort=True)[0].astype(np.float64) if order is None else order.numbers
