"""Parquet files as tables of raw rows, a record batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, MissingExtraError
from litmus_core.types import Column, tidy_names

if TYPE_CHECKING:
    import pandas as pd


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
        """Return the raw values of those feature columns that the file has."""
        import pyarrow as pa

        places = {name: place for place, name in enumerate(self.table.names)}
        kept = [column.name for column in self.table.columns if column.name in places]
        arrays = [self.batch.column(places[name]) for name in kept]
        table = pa.Table.from_arrays(arrays, names=kept)
        frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True, ignore_metadata=True)
        return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetTable:
    """A Parquet file; ``schema`` is pyarrow's, ``columns`` are the features to look for."""

    path: Path
    columns: tuple[Column, ...]
    schema: Any

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as the file has them."""
        return tuple(self.schema.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, trimmed and unique."""
        return tidy_names(self.header)

    def chunks(self, n_rows: int) -> Iterator[ParquetChunk]:
        """Yield the file's rows, ``n_rows`` at a time; at least one chunk, maybe empty."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self.path) as file:
                if file.metadata.num_rows == 0:
                    nothing = [pa.array([], type=field.type) for field in self.schema]
                    yield ParquetChunk(
                        table=self, batch=pa.RecordBatch.from_arrays(nothing, schema=self.schema)
                    )
                for batch in file.iter_batches(batch_size=n_rows):
                    yield ParquetChunk(table=self, batch=batch)
        except pa.ArrowException as error:
            raise _unreadable(self.path, error) from error


def open_parquet(path: Path, columns: Sequence[Column]) -> ParquetTable:
    """Read the file's schema; raises DataError when it is no Parquet, MissingExtraError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise MissingExtraError(what="Reading Parquet", extra="train") from error
    try:
        return ParquetTable(path=path, columns=tuple(columns), schema=pq.read_schema(path))
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"'{path.name}' cannot be read as Parquet: {str(error).rstrip('.')}.", hint="Write or copy it again."
    )
