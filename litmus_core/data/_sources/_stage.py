"""Recognise a source's file type, by its contents more than its name, and choose its reader."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.connectors import is_delta, read_delta
from litmus_core.data._sources import _duckdb, _folder, _json, _sqlite
from litmus_core.data._sources._archive import open_zip, unpack_zip
from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged
from litmus_core.data._sources.csv_files.findings import stage_text
from litmus_core.data._sources.workbooks import workbook as _workbook
from litmus_core.runtime import unchanged, unpack_gzip

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, ReadOptions

_PARQUET = (".parquet", ".pq")
_PARQUET_MAGIC = b"PAR1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_HEAD = 4_096
_TEXTS = (".csv", ".tsv", ".txt")
_DATABASES = (".sqlite", ".sqlite3", ".db", ".duckdb")
TABLE_SUFFIXES = (*_TEXTS, *_PARQUET, *_workbook.SUFFIXES, *_json.SUFFIXES, *_DATABASES, ".gz", ".zip")
# File types that may hold a table, as people call them; each has a module here.
FILE_KINDS = {
    "text": "Text with separators, such as CSV and TSV",
    "parquet": "A Parquet file, or a folder of them",
    "delta": "A Delta table's folder",
    "workbook": "A workbook of Excel or OpenDocument",
    "json": "JSON, also one value per line",
    "sqlite": "A table of an SQLite file",
    "duckdb": "A table of a DuckDB file",
}
_IN_A_ZIP = tuple(set(TABLE_SUFFIXES) - {".gz", ".zip"})


def stage(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    *,
    scratch: Path,
    options: ReadOptions,
    expected: Sequence[Column] = (),
) -> Staged:
    """Read the table in ``source`` into Parquet in ``scratch``.

    It is a file, a folder of Parquet files, or one of a Delta table.

    If ``expected`` columns are known, a text file's header is the row that names them. Raises DataError if
    there is no table, UsageError for an option that this file type does not support.
    """
    if is_delta(source):
        refuse_others(options, (), name=source.name, subject="a Delta table")
        table = read_delta(source, scratch)
        return Staged(readable=table.file, is_typed=True, notes=table.notes)
    if source.is_dir():
        return _folder.stage_folder(connection, source, name=source.name, scratch=scratch, options=options)
    file = _unpack(source, scratch=scratch)
    staged = _stage_file(connection, file, scratch=scratch, options=options, expected=expected)
    return replace(staged, notes=(file.note, *staged.notes)) if file.note else staged


def steady(source: Path) -> AbstractContextManager[None]:
    """Refuse a source that changes in this block; SQLite and Delta give the rows of one moment themselves."""
    if is_delta(source) or (source.is_file() and _File(path=source, name="").head.startswith(_sqlite.MAGIC)):
        return nullcontext()
    return unchanged(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """An unpacked file; ``name`` is what messages call it."""

    path: Path
    name: str
    note: str = ""

    @property
    def suffix(self) -> str:
        return Path(self.name.lower().removesuffix(".gz")).suffix

    @property
    def head(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(_HEAD)


def _unpack(source: Path, *, scratch: Path) -> _File:
    file = _File(path=source, name=source.name)
    head = file.head
    if head.startswith(_GZIP):
        return replace(file, path=unpack_gzip(source, to=scratch / "unpacked"))
    if head.startswith(_ZIP):
        with open_zip(source, name=source.name) as archive:
            if not _workbook.is_workbook(archive):
                path, inner = unpack_zip(archive, name=source.name, scratch=scratch, suffixes=_IN_A_ZIP)
                return _File(path=path, name=inner, note=f"'{inner}' was read out of '{source.name}'.")
    return file


def _stage_file(
    connection: duckdb.DuckDBPyConnection,
    file: _File,
    *,
    scratch: Path,
    options: ReadOptions,
    expected: Sequence[Column],
) -> Staged:
    head, path, name = file.head, file.path, file.name
    if head.startswith(_PARQUET_MAGIC) or file.suffix in _PARQUET:
        refuse_others(options, (), name=name, subject="a Parquet file")
        return Staged(readable=path, is_typed=True)
    if head.startswith(_ZIP):
        with open_zip(path, name=name) as archive:
            _workbook.check(archive, name=name)
    stage_other = None
    if head.startswith((*_ZIP, _workbook.OLD_MAGIC)):
        stage_other = _workbook.stage_workbook
    elif head.startswith(_sqlite.MAGIC):
        stage_other = _sqlite.stage_sqlite
    elif head[8:].startswith(_duckdb.MAGIC):
        stage_other = _duckdb.stage_duckdb
    elif _json.is_json(head, file.suffix):
        stage_other = _json.stage_json
    if stage_other is not None:
        return stage_other(path, name=name, scratch=scratch, options=options)
    return stage_text(connection, path, name=name, scratch=scratch, options=options, expected=expected)
