"""CSV files as tables of raw rows: read as at import, in chunks, with every cell as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.runtime._files.cells import read_cells
from litmus_core.runtime._files.csv_rows import CsvRows, find_rows
from litmus_core.runtime._files.dialect import find_dialect
from litmus_core.runtime._files.encoding import open_text
from litmus_core.types import Column, tidy_names

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvChunk:
    """Some rows of a file: every cell, as text."""

    table: CsvSource
    rows: Sequence[Sequence[str]]

    @property
    def n_rows(self) -> int:
        """Rows in this chunk."""
        return len(self.rows)

    def columns(self) -> dict[str, list[str | None]]:
        """Return the cells of those feature columns that the file has, None where missing."""
        places = {name: place for place, name in enumerate(self.table.names)}
        return {
            column.name: read_cells([row[places[column.name]] for row in self.rows], column)
            for column in self.table.columns
            if column.name in places
        }

    def frame(self) -> pd.DataFrame:
        """Return :meth:`columns` as a frame of objects."""
        import pandas as pd

        data = {name: _objects(values) for name, values in self.columns().items()}
        return pd.DataFrame(data, index=pd.RangeIndex(len(self.rows)), copy=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSource:
    """A CSV file and its rows; ``columns`` are the features to look for."""

    path: Path
    columns: tuple[Column, ...]
    rows: CsvRows

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as written in the file; blank where R left one out, numbered without a header."""
        return self.rows.dialect.names if self.rows.dialect.has_header else self.names

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, trimmed and unique."""
        return tidy_names(self.rows.dialect.names)

    @property
    def delimiter(self) -> str:
        """The cell separator; a comma if there is only one column."""
        return self.rows.dialect.delimiter if len(self.names) > 1 else ","

    @property
    def n_rows(self) -> int:
        """Rows below the header."""
        return self.rows.n_rows

    def chunks(self, n_rows: int, *, skip: int = 0) -> Iterator[CsvChunk]:
        """Yield the rows after the first ``skip``, ``n_rows`` at a time; at least one chunk, maybe empty."""
        rows = islice(self.rows, skip, None)
        yield CsvChunk(table=self, rows=list(islice(rows, n_rows)))
        while chunk := list(islice(rows, n_rows)):
            yield CsvChunk(table=self, rows=chunk)


def open_csv(path: Path, columns: Sequence[Column], *, scratch: Path) -> CsvSource:
    """Detect the file's format; a file in another encoding is copied as UTF-8 to the folder ``scratch``.

    The row that names ``columns`` is the header. Raises DataError if the file is empty, of another kind, or
    has a row of another width, with its line.
    """
    text = open_text(path, scratch=scratch)
    dialect = find_dialect(text.path, name=path.name, columns=columns)
    rows = find_rows(text.path, dialect, name=path.name)
    return CsvSource(path=path, columns=tuple(columns), rows=rows)


def _objects(values: list[Any]) -> Any:
    import numpy as np

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
