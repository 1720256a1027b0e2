"""Run ``fit`` of pandas-shaped code on traced columns, or on a pandas frame if a method is missing there."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._pipeline.preprocess import raw_frame
from litmus_core.frame._symbolic.fit_statistics import Learner
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._values.row_readers import Reader
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_LACKS_A_WORD = (UsageError, TypeError, AttributeError)


def learn(
    code: Any,
    frame: SymbolicDataFrame,
    columns: Sequence[Column],
    rows: Any,
    readers: Mapping[str, Reader] | None = None,
) -> None:
    """Call ``code.fit`` with traced columns that compute aggregations over all rows when they are called.

    If it uses methods that those lack (``groupby``, ``mode``, ``pd.qcut``), call it again with the rows as a
    pandas frame. Rows of a lazy frame are not loaded into memory for that.
    """
    before = _attributes(code)
    try:
        with Learner(columns, rows, readers):
            code.fit(frame)
    except _LACKS_A_WORD as error:
        if before is None or isinstance(error, UnknownNameError) or hasattr(rows, "collect"):
            raise
        vars(code).clear()
        vars(code).update(before)
        code.fit(in_pandas(rows, columns))


def in_pandas(rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a pandas frame, with integers where no whole number is missing."""
    if type(rows).__module__.partition(".")[0] == "polars":
        rows = {column.name: rows[column.name].to_list() for column in columns}
    frame = raw_frame(rows, columns)
    for column in columns:
        if "INT" in column.storage.upper() and not frame[column.name].isna().any():
            frame[column.name] = frame[column.name].astype(np.int64)
    return frame


def _attributes(code: Any) -> dict[str, Any] | None:
    """Return a copy of the code's attributes; None if they are stored where they cannot be restored."""
    if not hasattr(code, "__dict__"):
        return None
    attributes = vars(code)
    try:
        return dict(copy.deepcopy(attributes)) if attributes else {}
    except Exception:  # noqa: BLE001  (whatever a user's object raises)
        return dict(vars(code))
