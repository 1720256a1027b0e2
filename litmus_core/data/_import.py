# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Import a file as an immutable version of a data set: Parquet in the workspace, and its description."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.connectors import is_delta
from litmus_core.data._duckdb import first_line, identifier, parquet, reuse_duckdb, text_literal
from litmus_core.data._import_progress import ImportProgress
from litmus_core.data._profile.profile import profile_of, profile_path, store_profile
from litmus_core.data._profile.summary import Summary, summarize
from litmus_core.data._rows.wide_tables import WideCells, write_wide
from litmus_core.data._sources import TABLE_SUFFIXES, Staged, checked_options, stage, steady
from litmus_core.data._sources.csv_files.quote_notes import multiline_notes
from litmus_core.data._sources.csv_files.table import CsvReading, CsvTable
from litmus_core.data._sources.parquet import read_schema
from litmus_core.data._time.zones import named_zones, zone_notes
from litmus_core.data._types.explanation import explain
from litmus_core.data._types.inference import find_types
from litmus_core.data._types.schema_cast import typed_like
from litmus_core.data._types.semantic import describe
from litmus_core.data._types.typed_column import Typed
from litmus_core.data._versions.content_hash import content_hash
from litmus_core.errors import DataError, UsageError, writing
from litmus_core.runtime import parquet_files
from litmus_core.store import new_id, utc_now
from litmus_core.types import DETECT_ALL, DatasetVersion, Detected, ReadOptions, tidy_names

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from litmus_core.store import Workspace
    from litmus_core.types import Column

_SCRATCH = ".import-"
# About half of DuckDB's usual row groups: half the memory, and a page of rows is found sooner; as many rows
# as are hashed at a time. Texts with more distinct values than the limit are written without a dictionary.
_PARQUET = (
    "(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
    "ROW_GROUP_SIZE 65536, DICTIONARY_SIZE_LIMIT 4096)"
)
_STALE_S = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typing:
    """SQL that reads the source (or its staged cells), and the resulting columns in order.

    ``fallback`` returns the next typing to try after a DuckDB error; None if there is none.
    """

    readable: str
    original_names: tuple[str, ...]
    columns: tuple[Typed, ...]
    notes: tuple[str, ...] = ()
    detected: tuple[Detected, ...] = ()
    fallback: Callable[[duckdb.Error], _Typing] | None = None
    csv: CsvTable | None = None
    wide: WideCells | None = None

    def like(self, connection: duckdb.DuckDBPyConnection, version: DatasetVersion, *, source: str) -> _Typing:
        """Return this typing with the types that ``version`` has for columns of the same name."""
        names = tidy_names(self.original_names)
        readable = self.readable if self.wide is None else self.wide.readable(connection)
        columns = typed_like(connection, readable, self.columns, names=names, like=version, source=source)
        return replace(self, columns=columns)

    def all_notes(self) -> tuple[str, ...]:
        """Return all notes on the file and its columns."""
        notes = (column.note for column in self.columns if column.note)
        return (*self.notes, *notes, *zone_notes(self.detected))


def import_table(
    workspace: Workspace,
    source: Path,
    *,
    name: str | None = None,
    dataset_id: str | None = None,
    version: int = 1,
    like: DatasetVersion | None = None,
    options: ReadOptions = DETECT_ALL,
    progress: ImportProgress | None = None,
) -> DatasetVersion:
    """Write the table in ``source`` to the workspace as Parquet, and return its description.

    ``source`` is a text, JSON or Parquet file, a workbook, a database, or a folder of Parquet files or Delta;
    ``options`` say how to read it, instead of automatic detection. ``name`` None: the file's name without its
    suffix; ``dataset_id`` None: a new data set. The caller journals the fact. Columns that ``like`` also has
    get the types and kinds they have there, so that both tables can be used in one task. ``progress`` follows
    the import. Raises DataError with a remedy if there is no file, no table in it, rows that do not fit, or a
    value (named with column and row) that does not fit ``like``; then nothing is left behind.
    """
    source, options = Path(source), checked_options(options)
    _check_source(source)
    if version < 1:
        raise UsageError("Versions count from 1.")
    dataset_id = dataset_id or new_id("ds")
    _sweep(workspace.datasets)
    folder = workspace.dataset_dir(dataset_id)
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with writing(folder), tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as scratch:
            return _import(
                workspace,
                source,
                name=(name or "").strip() or _stem(source),
                path=folder / f"v{version}.parquet",
                scratch=Path(scratch),
                like=like,
                options=options,
                progress=progress,
            )
    finally:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeTable:
    """A file's rows as a Parquet file, with the types of another table for the columns that it has."""

    table: Path
    names: tuple[str, ...]
    n_rows: int
    notes: tuple[str, ...]  # on columns that are written in another way than there


def read_like(
    source: Path, version: DatasetVersion, *, scratch: Path, options: ReadOptions = DETECT_ALL
) -> LikeTable:
    """Read ``source`` with ``version``'s column types into ``scratch``; raises as :func:`import_table`."""
    source, options = Path(source), checked_options(options)
    _check_source(source)
    (folder := scratch / "source").mkdir()
    rows = folder / "rows.parquet"
    with steady(source), reuse_duckdb(f"read '{source.name}'", spill=folder / "spill") as connection:
        typing, detected = _read(connection, source, folder, like=version, options=options, to=rows)
        if not isinstance(detected, Path):
            write_wide(detected, rows)
        n_rows = _n_rows(connection, rows)
    notes = tuple(column.note for column in typing.columns if column.differs)
    return LikeTable(table=rows, names=tidy_names(typing.original_names), n_rows=n_rows, notes=notes)


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    scratch: Path,
    *,
    like: DatasetVersion | None,
    options: ReadOptions,
    to: Path,
    progress: ImportProgress | None = None,
) -> tuple[_Typing, Path | pa.Table]:
    """Return the typing of the table in ``source``, and its rows: in memory, or the Parquet file ``to``."""
    expected = () if like is None else like.columns
    if progress is not None:
        progress.follow(connection, start=0.0, end=0.2)
    typing = _find_typing(connection, source, scratch, options=options, expected=expected)
    if like is not None:
        typing = typing.like(connection, like, source=source.name)
    if typing.wide is not None:
        names = tidy_names(typing.original_names)
        return typing, typing.wide.typed(connection, typing.columns, names=names)
    if progress is not None:
        progress.follow(connection, start=0.2, end=0.7)
    typing = _write_typed(connection, typing, to=to, name=source.name)
    if not _n_rows(connection, to):
        raise DataError(
            f"'{source.name}' has a header but no rows.", hint="Choose a file with at least one row."
        )
    return typing, to


def _sweep(datasets: Path) -> None:
    """Remove what imports killed more than a day ago left behind."""
    for scratch in datasets.glob(f"*/{_SCRATCH}*"):
        if time.time() - scratch.stat().st_mtime > _STALE_S:
            shutil.rmtree(scratch, ignore_errors=True)
            if not any(scratch.parent.iterdir()):
                scratch.parent.rmdir()


def _import(
    workspace: Workspace,
    source: Path,
    *,
    name: str,
    path: Path,
    scratch: Path,
    like: DatasetVersion | None,
    options: ReadOptions,
    progress: ImportProgress | None,
) -> DatasetVersion:
    written = scratch / "table.parquet"
    with steady(source), reuse_duckdb(f"read '{source.name}'", spill=scratch / "spill") as connection:
        typing, rows = _read(
            connection, source, scratch, like=like, options=options, to=written, progress=progress
        )
        names = tidy_names(typing.original_names)
        stored = [(name, column.storage) for name, column in zip(names, typing.columns, strict=True)]
        hashed, summaries = _hash_and_summarize(rows, stored, to=written)
        n_rows = _n_rows(connection, written)
        cells = typing.readable if typing.wide is None else typing.wide
        notes = _row_notes(connection, typing, rows, stored)
        explained = explain(connection, cells, rows, names, typing.columns, options=options)
        typing = replace(typing, detected=(*typing.detected, *explained))
        columns = describe(
            connection,
            rows,
            summaries,
            original_names=typing.original_names,
            written_as=[column.written_as for column in typing.columns],
            n_rows=n_rows,
        )
    version = DatasetVersion(
        id=new_id("dv"),
        dataset_id=path.parent.name,
        name=name,
        version=int(path.stem.removeprefix("v")),
        path=path.relative_to(workspace.path).as_posix(),
        n_rows=n_rows,
        n_bytes=written.stat().st_size,
        content_hash=hashed,
        columns=columns if like is None else _with_kinds(columns, like),
        source=str(source.absolute()),
        created_at=utc_now(),
        notes=(*notes, *typing.all_notes(), *_name_notes(typing.original_names, names)),
        options=options,
        detected=typing.detected,
    )
    os.replace(written, path)
    store_profile(profile_of(version, summaries), profile_path(path))
    return version


def _row_notes(
    connection: duckdb.DuckDBPyConnection,
    typing: _Typing,
    rows: Path | pa.Table,
    columns: Sequence[tuple[str, str]],
) -> tuple[str, ...]:
    """Return notes on cells of a text file that look like several rows."""
    if typing.csv is None:
        return ()
    return multiline_notes(
        connection, rows, text=typing.csv.text, dialect=typing.csv.dialect, columns=columns
    )


def _hash_and_summarize(
    rows: Path | pa.Table, columns: Sequence[tuple[str, str]], *, to: Path
) -> tuple[str, tuple[Summary, ...]]:
    """Return a table's content hash and the summaries of its columns, computed in parallel.

    A table in memory is written to the Parquet file ``to``.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="litmus-hash") as pool:
        if isinstance(rows, Path):
            hashed = pool.submit(content_hash, rows)
            summaries = summarize(rows, columns)
            return hashed.result(), summaries
        written = pool.submit(write_wide, rows, to)
        facts = content_hash(rows), summarize(rows, columns)
        written.result()
        return facts


def _check_source(source: Path) -> None:
    if not source.exists():
        raise DataError(f"There is no file '{source}'.", hint="Check the path for typing errors.")
    if source.is_dir() and not is_delta(source) and not parquet_files(source):
        inside = sorted(path.name for path in source.iterdir() if path.suffix.lower() in TABLE_SUFFIXES)
        hint = (
            f"Did you mean '{inside[0]}' in it?" if inside else "Choose a file, or a folder of Parquet files."
        )
        raise DataError(f"'{source}' is a folder, not a file.", hint=hint)
    if not os.access(source, os.R_OK):
        raise DataError(
            f"'{source}' may not be read by this user.", hint="Change its permissions or copy it."
        )
    if source.stat().st_size == 0:
        raise DataError(f"'{source.name}' is empty.", hint="Choose a file with a header and some rows.")


def _stem(source: Path) -> str:
    stem = source.name
    while Path(stem).suffix.lower() in TABLE_SUFFIXES:
        stem = Path(stem).stem
    return stem or source.name


def _find_typing(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    scratch: Path,
    *,
    options: ReadOptions,
    expected: Sequence[Column],
) -> _Typing:
    staged = stage(connection, source, scratch=scratch, options=options, expected=expected)
    if staged.csv is not None:
        return _csv_typing(staged, staged.csv.read_inferred() if expected else staged.csv.read_guessed())
    if staged.readable is None:
        raise RuntimeError("a source is staged as a file or as a CSV table")
    cells = parquet(staged.readable)
    if staged.is_typed:
        names, columns, notes = read_schema(connection, staged.readable, name=source.name)
        return _Typing(
            readable=cells, original_names=names, columns=columns, notes=(*staged.notes, *notes),
            detected=(*staged.detected, *named_zones(staged.readable)),
        )  # fmt: skip
    wide = WideCells.of(staged.readable)
    columns = find_types(
        connection, cells, names=tidy_names(staged.names), decimal_comma=False, options=options,
        storages=staged.storages, wide=wide,
    )  # fmt: skip
    return _Typing(
        readable=cells, original_names=staged.names, columns=columns, notes=staged.notes,
        detected=staged.detected, wide=wide,
    )  # fmt: skip


def _csv_typing(staged: Staged, reading: CsvReading) -> _Typing:
    def fallback(failed: duckdb.Error) -> _Typing:
        return _csv_typing(staged, reading.fallback(failed))

    return _Typing(
        readable=reading.readable,
        original_names=reading.original_names,
        columns=reading.columns,
        notes=(*staged.notes, *reading.notes),
        detected=staged.detected,
        fallback=fallback,
        csv=staged.csv,
        wide=reading.wide,
    )


def _write_typed(connection: duckdb.DuckDBPyConnection, typing: _Typing, *, to: Path, name: str) -> _Typing:
    """Write the table; return the typing that succeeded. Raises DataError for a damaged file."""
    import duckdb

    names = tidy_names(typing.original_names)
    chosen = ", ".join(
        f"{column.expression} AS {identifier(name)}"
        for column, name in zip(typing.columns, names, strict=True)
    )
    try:
        connection.execute(
            f"COPY (SELECT {chosen} FROM {typing.readable}) TO {text_literal(str(to))} {_PARQUET}"
        )
    except duckdb.Error as failed:
        if typing.fallback is not None:
            return _write_typed(connection, typing.fallback(failed), to=to, name=name)
        if _is_damage(failed):
            raise DataError(
                f"'{name}' is damaged: {first_line(failed)}", hint="Write, export or download it again."
            ) from failed
        raise
    return typing


def _is_damage(failed: duckdb.Error) -> bool:
    """Return whether DuckDB met bytes that are not valid Parquet; it has no error of its own for that."""
    import duckdb

    if isinstance(failed, duckdb.InvalidInputException | duckdb.ConversionException):
        return True
    return "TProtocol" in str(failed) or "decompress" in str(failed).lower()


def _with_kinds(columns: Sequence[Column], like: DatasetVersion) -> tuple[Column, ...]:
    kinds = {column.name: column.kind for column in like.columns}
    return tuple(replace(column, kind=kinds.get(column.name, column.kind)) for column in columns)


def _n_rows(connection: duckdb.DuckDBPyConnection, table: Path) -> int:
    row = connection.execute(f"SELECT count(*) FROM {parquet(table)}").fetchone()
    return int(row[0]) if row else 0


def _name_notes(original: Sequence[str], names: Sequence[str]) -> list[str]:
    renamed = [(before, name) for before, name in zip(original, names, strict=True) if before != name]
    shown = ", ".join(f"'{before}' is now '{new_name}'" for before, new_name in renamed[:3])
    more = f", and {len(renamed) - 3:,} more" if len(renamed) > 3 else ""
    return [f"Column names were tidied: {shown}{more}."] if renamed else []
