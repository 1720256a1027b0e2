"""One raw column, read as the feature pipeline reads it, for code that needs raw values."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._pipeline.runner import column_reader
from litmus_core.frame._values.raw_values import Array
from litmus_core.frame._values.row_readers import read_column, row_reader
from litmus_core.types import Column


class RawColumn:
    """Reads one column of rows that a pipeline has read before, which has reported any unreadable value.

    A value reads the same alone, within a batch, from a dict, a file or a frame. ``reads`` is the type:
    ``number`` and ``boolean`` are doubles (NaN where missing), ``date`` is ``datetime64[us]``, anything else
    ``text``: objects, str or None.
    """

    def __init__(self, column: Column) -> None:
        encoding = encoding_of(column)
        self.column = column
        self.reads = encoding if encoding in ("number", "boolean", "date") else "text"
        self._read_one = row_reader(column, blanks=False)
        self._read_many = column_reader(column, blanks=False)

    def of(self, rows: Any) -> Array:
        """Return n values of ``rows``: a list of dicts, or n values each by column name (a frame too)."""
        name = self.column.name
        if isinstance(rows, list | tuple):
            values = read_column([row[name] for row in rows], self.column, self._read_one)
        else:
            values = self._read_many(rows[name])
        if isinstance(values, np.ndarray):
            return values
        objects = np.empty(len(values), dtype=object)
        objects[:] = values
        return objects

    def constant(self, value: Any) -> Any:
        """Return ``value`` as a value of the column; raises TypeError or ValueError if impossible."""
        read = self._read_one(value)
        if self.reads != "date":
            return read
        if read != read:
            raise ValueError
        return np.datetime64(int(read), "us")
