"""Parquet files as tables of raw rows, a record batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, MissingExtraError
from litmus_core.frame import LISTS, check_plain_folder, list_text
from litmus_core.types import Column, tidy_names

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".parquet", ".pq")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetChunk:
    """Some rows of a file: ``batch`` is a pyarrow RecordBatch of all its columns."""

    table: ParquetTable
    batch: Any

    @property
    def n_rows(self) -> int:
        """Rows in this chunk."""
        return int(self.batch.num_rows)

    def frame(self) -> pd.DataFrame:
        """Return the raw values of the feature columns that the file has; fields of records are columns."""
        import pyarrow as pa

        fields = spread_records(self.batch)
        places = {name: place for place, name in enumerate(tidy_names([name for name, _ in fields]))}
        names = [column.name for column in self.table.columns if column.name in places]
        arrays = [fields[places[name]][1] for name in names]
        lists = {column.name for column in self.table.columns if column.written_as == LISTS}
        arrays = [
            _list_texts(array) if name in lists and pa.types.is_nested(array.type) else array
            for name, array in zip(names, arrays, strict=True)
        ]
        table = pa.Table.from_arrays(arrays, names=names)
        frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True, ignore_metadata=True)
        return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetTable:
    """A Parquet file, or the ``files`` of a folder one after the other.

    ``schema`` is pyarrow's, ``columns`` are the features to look for.
    """

    path: Path
    columns: tuple[Column, ...]
    schema: Any
    files: tuple[Path, ...]
    rows_per_file: tuple[int, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as in the file."""
        return tuple(self.schema.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, trimmed and unique."""
        return tidy_names(self.header)

    @property
    def n_rows(self) -> int:
        """Rows of all files."""
        return sum(self.rows_per_file)

    def chunks(self, n_rows: int, *, skip: int = 0) -> Iterator[ParquetChunk]:
        """Yield the rows after the first ``skip``, at most ``n_rows`` at a time; at least one chunk."""
        import pyarrow as pa

        if skip >= self.n_rows:
            nothing = [pa.array([], type=field.type) for field in self.schema]
            yield ParquetChunk(table=self, batch=pa.RecordBatch.from_arrays(nothing, schema=self.schema))
        for path, n_here in zip(self.files, self.rows_per_file, strict=True):
            if skip >= n_here:
                skip -= n_here
                continue
            try:
                for batch in _batches(path, n_rows, skip):
                    yield ParquetChunk(table=self, batch=batch)
            except pa.ArrowException as error:
                raise _unreadable(path, error) from error
            skip = 0


def spread_records(batch: Any) -> list[tuple[str, Any]]:
    """Return a record batch's columns by name; a column of records gives one for each field, as at import."""
    import pyarrow as pa

    fields: list[tuple[str, Any]] = []
    for field, values in zip(batch.schema, batch.columns, strict=True):
        if pa.types.is_struct(field.type) and field.type.num_fields:
            inner = [f"{field.name}.{one.name}" for one in field.type]
            fields += zip(inner, values.flatten(), strict=True)
        else:
            fields.append((field.name, values))
    return fields


def _list_texts(values: Any) -> Any:
    import pyarrow as pa

    return pa.array([None if one is None else list_text(one) for one in values.to_pylist()], pa.string())


def _batches(path: Path, n_rows: int, skip: int) -> Iterator[Any]:
    """Yield a file's rows as record batches; row groups that lie within the first ``skip`` rows are not
    read."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        first = 0
        while skip >= (n_here := file.metadata.row_group(first).num_rows):
            skip, first = skip - n_here, first + 1
        for batch in file.iter_batches(batch_size=n_rows, row_groups=range(first, file.num_row_groups)):
            if skip < batch.num_rows:
                yield batch.slice(skip)
            skip = max(0, skip - batch.num_rows)


def open_parquet(path: Path, columns: Sequence[Column]) -> ParquetTable:
    """Read the schema of a file, or of a folder of files with the same columns.

    Raises DataError for a file that is not Parquet or has other columns, MissingExtraError without pyarrow.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="Reading Parquet", extra="train") from error
    schema, counts, files = None, [], _files_of(path)
    for parquet_file in files:
        try:
            with pq.ParquetFile(parquet_file) as file:
                arrow_schema = file.schema_arrow
                counts.append(file.metadata.num_rows)
        except pa.ArrowException as error:
            raise _unreadable(parquet_file, error) from error
        schema = arrow_schema if schema is None else schema
        if (arrow_schema.names, arrow_schema.types) != (schema.names, schema.types):
            raise DataError(
                f"'{parquet_file.name}' has other columns or types than '{files[0].name}' beside it.",
                hint="Score it alone, or write the folder's files again with the same columns.",
            )
    return ParquetTable(
        path=path, columns=tuple(columns), schema=schema, files=files, rows_per_file=tuple(counts)
    )


def parquet_files(folder: Path) -> tuple[Path, ...]:
    """Return the Parquet files of a folder by name, without hidden ones.

    Raises DataError for a folder whose log says which of them count, such as a Delta table.
    """
    check_plain_folder(folder)
    paths = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    return tuple(sorted(path for path in paths if not path.name.startswith((".", "_"))))


def _files_of(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    files = parquet_files(path)
    if not files:
        raise DataError(
            f"{path} is a folder without Parquet files.",
            hint="Name a CSV or Parquet file, or a folder of .parquet files.",
        )
    return files


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"'{path.name}' cannot be read as Parquet: {str(error).rstrip('.')}.", hint="Write or copy it again."
    )
