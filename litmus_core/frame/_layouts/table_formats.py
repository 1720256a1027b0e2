"""Folders of Parquet files that a log belongs to: Delta, Iceberg and Hudi tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath

from litmus_core.errors import DataError

# What only a table of that format has in its folder.
_MARKS = {"Delta": "_delta_log/*", "Hudi": ".hoodie/*", "Iceberg": "metadata/*.metadata.json"}


def table_format(folder: Path) -> str | None:
    """Return the format whose log is in ``folder``; None for a plain folder."""
    return next((name for name, mark in _MARKS.items() if any(folder.glob(mark))), None)


def table_format_of(files: Iterable[str]) -> str | None:
    """Return the format whose log is among the paths of ``files``; None if there is none.

    >>> table_format_of(["shop/orders/_delta_log/00000000000000000000.json"]), table_format_of(["a.parquet"])
    ('Delta', None)
    """
    paths = [PurePath(file) for file in files]
    return next((name for name, mark in _MARKS.items() if any(path.match(mark) for path in paths)), None)


def check_plain_folder(folder: Path) -> None:
    """Raise DataError for a folder whose log says which of its files count."""
    if name := table_format(folder):
        raise logged_table_error(folder.name, name)


def logged_table_error(folder: str, table_format: str) -> DataError:
    """Return the error for a table that must not be read without its log: deleted rows would come back."""
    return DataError(
        f"'{folder}' is {'an' if table_format == 'Iceberg' else 'a'} {table_format} table: "
        "some of its files may hold rows that were deleted or replaced.",
        hint="Write its current rows as Parquet files, and name those.",
    )
