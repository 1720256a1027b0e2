"""CSV and Parquet files as tables of raw rows, a chunk at a time."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from litmus_core.errors import DataError, MissingExtraError
from litmus_core.runtime._spelling import read_cells
from litmus_core.types import Column, tidy_names

if TYPE_CHECKING:
    import pandas as pd

PARQUET_SUFFIXES = (".parquet", ".pq")
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 1 << 18
_LAST_HEADER_ROW = 20  # a title or comment may stand above the header
_CHUNK_CELLS = 1_000_000
_MAX_CHUNK_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How a CSV file is written. ``header`` has the names as the file spells them, ``names`` tidied."""

    encoding: str
    delimiter: str
    n_skipped: int  # rows above the header
    header: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, trimmed and unique."""
        return tidy_names(self.header)


def is_parquet(path: Path) -> bool:
    """Say whether a file's name claims Parquet; everything else is read as CSV."""
    return path.suffix.lower() in PARQUET_SUFFIXES


def read_table(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    """Return all rows of the file at ``path``: those of ``columns`` that it has, as raw values.

    Raises DataError when there is no such file, or it is no table.
    """
    import pandas as pd

    check_file(path)
    if is_parquet(path):
        frames = [frame_of_arrow(batch, columns) for batch in iter_arrow(path)]
    else:
        form = find_form(path, columns)
        frames = [frame_of_cells(rows, form, columns) for rows in iter_cells(path, form)]
    return pd.concat(frames, ignore_index=True)


def check_file(path: Path) -> None:
    """Raise DataError unless there is a file at ``path``."""
    if path.is_dir():
        raise DataError(f"{path} is a folder, not a file.", hint="Name the CSV or Parquet file itself.")
    if not path.exists():
        raise DataError(f"There is no file {path}.", hint="Check the path and its spelling.")


def find_form(path: Path, columns: Sequence[Column]) -> CsvForm:
    """Look at the file's beginning for its encoding, its delimiter and the row that names ``columns``."""
    encoding = _encoding(path)
    with open_csv(path, encoding) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    if not sample.strip():
        raise DataError(f"'{path.name}' is empty.", hint="Choose a file with a header and some rows.")
    wanted = {column.name for column in columns}
    best, best_found = CsvForm(encoding=encoding, delimiter=",", n_skipped=0, header=()), -1
    for delimiter in _DELIMITERS:
        for place, row in enumerate(islice(_sample_rows(sample, delimiter), _LAST_HEADER_ROW)):
            found = len(wanted.intersection(tidy_names(row)))
            if row and (found > best_found or (found == best_found == 0 and len(row) > len(best.header))):
                best_found = found
                best = CsvForm(encoding=encoding, delimiter=delimiter, n_skipped=place, header=tuple(row))
    return best


def iter_cells(path: Path, form: CsvForm) -> Iterator[list[list[str]]]:
    """Yield chunks of rows below the header, as texts, each as wide as it; at least one, maybe empty.

    Blank lines are passed over. Raises DataError with the line where a row is of another width.
    """
    width = len(form.header)
    size = max(1, min(_MAX_CHUNK_ROWS, _CHUNK_CELLS // width))
    with open_csv(path, form.encoding) as file:
        rows = _even_rows(csv.reader(file, delimiter=form.delimiter), form, path.name)
        chunk = list(islice(rows, size))
        yield chunk
        while chunk := list(islice(rows, size)):
            yield chunk


def _even_rows(reader: Any, form: CsvForm, name: str) -> Iterator[list[str]]:
    width = len(form.header)
    try:
        for _ in range(form.n_skipped + 1):
            next(reader)
        for row in reader:
            if len(row) == width:
                yield row
            elif row:
                yield _mended(row, width, reader.line_num, name)
    except csv.Error as error:
        raise DataError(f"'{name}' cannot be read at line {reader.line_num:,}: {error}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"'{name}' is not text in one encoding.", hint="Save it again as UTF-8.") from error


def _mended(row: list[str], width: int, line: int, name: str) -> list[str]:
    while len(row) > width and not row[-1]:
        row.pop()  # separators at a line's end
    if len(row) != width:
        raise DataError(
            f"Line {line:,} of '{name}' has {len(row):,} values where the header has {width:,}.",
            hint="Correct that line, or put values that contain the separator in double quotes.",
        )
    return row


def frame_of_cells(rows: Sequence[Sequence[str]], form: CsvForm, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the raw values of those of ``columns`` that the file has."""
    import pandas as pd

    places = {name: place for place, name in enumerate(form.names)}
    data = {
        column.name: _objects(read_cells([row[places[column.name]] for row in rows], column))
        for column in columns
        if column.name in places
    }
    return pd.DataFrame(data, index=pd.RangeIndex(len(rows)), copy=False)


def _objects(values: list[Any]) -> Any:
    import numpy as np

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def iter_arrow(path: Path) -> Iterator[Any]:
    """Yield a Parquet file's record batches, all columns; at least one, maybe empty."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise MissingExtraError(what="Reading Parquet", extra="train") from error
    try:
        with pq.ParquetFile(path) as file:
            width = max(1, len(file.schema_arrow))
            size = max(1, min(_MAX_CHUNK_ROWS, _CHUNK_CELLS // width))
            if file.metadata.num_rows == 0:
                yield pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
            yield from file.iter_batches(batch_size=size)
    except pa.ArrowException as error:
        raise DataError(
            f"'{path.name}' cannot be read as Parquet: {error}.", hint="Write or copy it again."
        ) from error


def frame_of_arrow(batch: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the raw values of those of ``columns`` that a record batch has."""
    import pyarrow as pa

    places = {name: place for place, name in enumerate(tidy_names(batch.schema.names))}
    kept = [column.name for column in columns if column.name in places]
    arrays = [batch.column(places[name]) for name in kept]
    table = pa.Table.from_arrays(arrays, names=kept)
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True, ignore_metadata=True)
    return frame


@contextmanager
def open_csv(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a text file for :mod:`csv`, cells of any size allowed."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding=encoding, newline="") as file:
        yield file


def _sample_rows(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    except csv.Error:
        return


def _encoding(path: Path) -> str:
    """Return ``utf-8-sig``, ``utf-16`` by its mark, or ``cp1252`` / ``latin-1`` for what is not UTF-8."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if head == b"PAR1":
        raise DataError(f"'{path.name}' is a Parquet file.", hint="Give it a name that ends in .parquet.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(f"'{path.name}' is a workbook or archive, not CSV.", hint="Save the sheet as CSV.")
    return next((each for each in ("utf-8-sig", "cp1252") if _decodes(path, each)), "latin-1")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True
