# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""A folder of Parquet files as one table: files in name order; columns missing in a file are empty there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, path_literal, text_literal
from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged, check_width
from litmus_core.data._sources.parquet import left_out_note, unnamed_index
from litmus_core.errors import DataError
from litmus_core.runtime import parquet_files

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import ReadOptions

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL")


def stage_folder(
    connection: duckdb.DuckDBPyConnection, source: Path, *, name: str, scratch: Path, options: ReadOptions
) -> Staged:
    """Stage all rows; raises DataError if a file is damaged, or a column's type differs between files."""
    refuse_others(options, (), name=name, subject="a folder of Parquet files")
    files = parquet_files(source)
    schemas = {file: _schema(connection, file) for file in files}
    _check_types(schemas)
    check_width(len({column for schema in schemas.values() for column in schema}), name=name)
    staged = scratch / "staged.parquet"
    left_out = tuple(dict.fromkeys(name for file in files for name in unnamed_index(_arrow_schema(file))))
    excluded = f"EXCLUDE ({', '.join(map(identifier, left_out))})" if left_out else ""
    listed = ", ".join(map(path_literal, files))
    connection.execute(
        f"COPY (SELECT * {excluded} "
        f"FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)) "
        f"TO {text_literal(str(staged))} (FORMAT parquet, COMPRESSION snappy)"
    )
    notes = [f"{len(files):,} files of the folder were read as one table."] if len(files) > 1 else []
    notes += [left_out_note(left_out)] if left_out else []
    return Staged(readable=staged, is_typed=True, notes=(*notes, *_missing_column_notes(schemas)))


def _schema(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    import duckdb

    try:
        records = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path_literal(file)})").fetchall()
    except duckdb.Error as damaged:
        raise DataError(
            f"'{file.name}' is damaged or not a Parquet file.", hint="Write or download it again."
        ) from damaged
    left_out = unnamed_index(_arrow_schema(file))
    return {str(row[0]): str(row[1]) for row in records if row[0] not in left_out}


def _arrow_schema(file: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.read_schema(file)


def _check_types(schemas: Mapping[Path, Mapping[str, str]]) -> None:
    """Raise DataError if a column holds numbers in one file and texts in another."""
    first: dict[str, tuple[Path, str]] = {}
    for file, schema in schemas.items():
        for column, kind in schema.items():
            before, earlier_kind = first.setdefault(column, (file, kind))
            if kind != earlier_kind and not (_is_number(kind) and _is_number(earlier_kind)):
                raise DataError(
                    f"'{column}' holds {_kind_text(earlier_kind)} in '{before.name}' "
                    f"and {_kind_text(kind)} in '{file.name}'.",
                    hint="Write the files again with one type for each column, or leave one of them out.",
                )


def _kind_text(kind: str) -> str:
    if _is_number(kind):
        return "numbers"
    words = {"VARCHAR": "texts", "BOOLEAN": "true and false", "DATE": "dates"}
    return words.get(kind, "moments" if kind.startswith("TIMESTAMP") else kind)


def _is_number(kind: str) -> bool:
    return any(word in kind for word in _NUMBERS) and "[" not in kind and "STRUCT" not in kind


def _missing_column_notes(schemas: Mapping[Path, Mapping[str, str]]) -> Sequence[str]:
    every = dict.fromkeys(column for schema in schemas.values() for column in schema)
    notes = []
    for column in every:
        lacking = [file.name for file, schema in schemas.items() if column not in schema]
        if lacking:
            more = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
            notes.append(f"'{column}' is missing in '{lacking[0]}'{more}.")
    return notes[:10]
