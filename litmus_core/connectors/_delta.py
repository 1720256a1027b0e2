"""Delta tables on this machine: read the rows of the current version into a file, and add a file's rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from litmus_core.connectors._address import IfExists
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.errors import DataError, LitmusError, MissingExtraError, UsageError
from litmus_core.frame import table_format
from litmus_core.text import format_count

SUFFIX = ".delta"
_COLOUR = re.compile(r"\x1b\[\d*m")
_ENGINE_ONLY = {"deletionVectors", "columnMapping"}  # features that the table's files do not show
MODES: dict[str, Any] = {"fail": "error", "append": "append", "replace": "overwrite"}


def is_delta(path: Path) -> bool:
    """Return whether ``path`` is the folder of a Delta table."""
    return path.is_dir() and table_format(path) == "Delta"


def is_delta_target(path: Path) -> bool:
    """Return whether rows written to ``path`` go to a Delta table: one that exists, or ``NAME.delta``."""
    return path.suffix.lower() == SUFFIX or is_delta(path)


def read_delta(folder: Path, scratch: Path) -> FetchedTable:
    """Write the current rows of the Delta table in ``folder`` to a Parquet file in ``scratch``.

    Rows are in the order of the table's files, or sorted by value if marks delete some rows of a file, or
    a file has other column names. Raises DataError for a damaged table, and for one whose log names files
    elsewhere; MissingExtraError without the library.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    staged = scratch / "delta.parquet"
    with delta_library(folder.name) as delta:
        table = delta.DeltaTable(folder)
        _check_inside(folder, table)
        features = set(table.protocol().reader_features or ())
        batches = _sorted_rows(table) if features & _ENGINE_ONLY else _rows_of_files(table)
        schema = pa.schema(table.schema().to_arrow())
        with pq.ParquetWriter(staged, schema) as writer:
            for batch in batches:
                writer.write_batch(batch.cast(schema))
    return FetchedTable(file=staged, notes=(f"Version {table.version()} of the Delta table was read.",))


def write_delta(file: Path, folder: Path, *, if_exists: IfExists | None) -> None:
    """Write the rows of the Parquet ``file`` to the Delta table in ``folder``, as one version of it.

    Raises as :func:`check_delta_target`, and DataError if the table has other columns.
    """
    check_delta_target(folder, if_exists=if_exists)
    with delta_library(folder.name) as delta, rows_of(file) as rows:
        check_lossless(file, delta.DeltaTable(folder) if is_delta(folder) else None, name=folder.name)
        delta.write_deltalake(folder, rows, mode=MODES[if_exists or "fail"])


@contextmanager
def rows_of(file: Path) -> Iterator[Any]:
    """Yield a reader of the rows of a Parquet file, some at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as rows:
        yield pa.RecordBatchReader.from_batches(rows.schema_arrow, rows.iter_batches())


def check_lossless(file: Path, table: Any, *, name: str) -> None:
    """Raise DataError if columns of a Delta table (None: a new one) would cut fractions or times of day."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    fields = () if table is None else pa.schema(table.schema().to_arrow())
    stored_types = {field.name: field.type for field in fields}
    with pq.ParquetFile(file) as rows:
        cut = [field.name for field in rows.schema_arrow if _cuts(stored_types.get(field.name), field.type)]
        for batch in rows.iter_batches(columns=cut) if cut else ():
            for column, values in zip(cut, batch.columns, strict=True):
                is_moment = pa.types.is_timestamp(values.type)
                rounded = pc.floor_temporal(values, unit="day") if is_moment else pc.trunc(values)
                if pc.any(pc.not_equal(values, rounded)).as_py():
                    dates, numbers = "dates: it cuts times of day", "whole numbers: it cuts fractions"
                    raise DataError(
                        f"'{column}' of the Delta table '{name}' holds {dates if is_moment else numbers}.",
                        hint="Write to another table. Nothing was written.",
                    )


def _cuts(stored: Any, sent: Any) -> bool:
    """Return whether a column of type ``stored`` (None: a new one) cuts some values of type ``sent``."""
    from pyarrow import types

    if stored is None:
        return False
    if types.is_integer(stored):
        return bool(types.is_floating(sent) or types.is_decimal(sent))
    return bool(types.is_date(stored) and types.is_timestamp(sent))


def check_delta_target(folder: Path, *, if_exists: IfExists | None) -> None:
    """Raise UsageError if ``folder`` is no Delta table, or is one and ``if_exists`` is "fail"."""
    if is_delta(folder):
        if (if_exists or "fail") == "fail":
            raise UsageError(
                f"The Delta table '{folder.name}' exists already.",
                hint="Say --if-exists append or replace, or choose another name.",
            )
    elif folder.exists():
        raise UsageError(f"'{folder}' exists, and is not a Delta table.", hint="Choose another name.")
    with delta_library(folder.name):
        pass


def _check_inside(folder: Path, table: Any) -> None:
    """Raise DataError if the log names files that are not in the folder.

    Otherwise the log's author could choose what is read: the engine follows any path on this machine.
    """
    home = folder.resolve()
    beyond = [uri for uri in table.file_uris() if not _is_within(uri, home)]
    if beyond:
        raise DataError(
            f"The log of the Delta table '{folder.name}' names {format_count(len(beyond), 'file')} that the "
            "folder does not hold.",
            hint="Make a whole copy of the table, and read that.",
        )


def _is_within(uri: str, home: Path) -> bool:
    path = Path(uri) if Path(uri).exists() else Path(unquote(uri))  # names of partitions are percent-encoded
    return path.is_file() and path.resolve().is_relative_to(home)


def _rows_of_files(table: Any) -> Iterator[Any]:
    from pyarrow.dataset import FileSystemDataset

    rows = table.to_pyarrow_dataset()
    files = sorted(rows.get_fragments(), key=lambda fragment: str(fragment.path))
    ordered = FileSystemDataset(files, rows.schema, rows.format, rows.filesystem)
    yield from ordered.to_batches()


def _sorted_rows(table: Any) -> Iterator[Any]:
    import pyarrow as pa

    rows = pa.table(table.scan()).cast(pa.schema(table.schema().to_arrow()))
    plain = [field.name for field in rows.schema if not pa.types.is_nested(field.type)]
    yield from rows.sort_by([(name, "ascending") for name in plain]).to_batches()


@contextmanager
def delta_library(name: str) -> Iterator[Any]:
    """Yield the library; its errors about the table called ``name`` become DataError with a remedy."""
    try:
        import deltalake
        from deltalake.exceptions import (
            CommitFailedError,
            DeltaError,
            DeltaProtocolError,
            SchemaMismatchError,
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject=f"The Delta table '{name}'", extra="delta") from error
    import pyarrow as pa

    try:
        yield deltalake
    except LitmusError:
        raise
    except DeltaProtocolError as error:
        raise DataError(
            f"The Delta table '{name}' needs a newer reader: {_line(error)}.",
            hint="Write its current rows as Parquet files, and name those.",
        ) from None
    except CommitFailedError as error:
        raise DataError(
            f"Another program changed the Delta table '{name}' meanwhile: {_line(error)}.",
            hint="Try again. Nothing was written.",
        ) from None
    except SchemaMismatchError as error:
        raise DataError(
            f"The Delta table '{name}' has other columns: {_line(error)}.",
            hint="Write to another table: the columns of this one stay.",
        ) from None
    except (DeltaError, OSError, pa.ArrowException, ValueError) as error:
        raise DataError(
            f"The Delta table '{name}' cannot be read or written: {_line(error)}.",
            hint="Copy the whole folder again, with _delta_log.",
        ) from None


def _line(error: Exception) -> str:
    return " ".join(_COLOUR.sub("", str(error)).split())[:200].rstrip(".")
