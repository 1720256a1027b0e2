"""``frame.loc``: an indexer for rows where a condition holds."""

from __future__ import annotations

from typing import Any, Protocol

from litmus_core.frame._series.operands import as_flag, chosen
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing


class _Columns(Protocol):
    """The frame interface that ``loc`` uses."""

    def __getitem__(self, key: Any) -> Any: ...

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a column; ``default`` if it is missing."""
        ...


class LocIndexer(Refusing):
    """``frame.loc``: all rows, or those where a condition holds, of one column."""

    _name_in_errors = "frame's .loc"

    def __init__(self, frame: _Columns) -> None:
        self._frame = frame

    def __getitem__(self, key: Any) -> Any:
        rows, columns = _located(key)
        if not _all(rows):
            return self._frame[rows][columns]
        return self._frame[columns]

    def __setitem__(self, key: Any, value: Any) -> None:
        rows, column = _located(key)
        if _all(rows):
            self._frame[column] = value
            return
        if not isinstance(column, list):
            self._set(rows, column, value)
            return
        values = list(value) if isinstance(value, list | tuple) else [value] * len(column)
        for name, one in zip(column, values, strict=True):
            self._set(rows, name, one)

    def _set(self, rows: Any, column: Any, value: Any) -> None:
        old = self._frame.get(column)
        if old is not None:
            self._frame[column] = old.mask(rows, value)
        else:
            self._frame[column] = ScalableSeries(chosen(as_flag(rows), value, None))


def _located(key: Any) -> tuple[Any, Any]:
    if isinstance(key, ScalableSeries):
        return key, slice(None)
    if not isinstance(key, tuple) or len(key) != 2:
        raise untraceable("frame.loc without a column", "Say frame.loc[condition, 'column'].")
    return key


def _all(rows: Any) -> bool:
    return isinstance(rows, slice) and rows == slice(None)
