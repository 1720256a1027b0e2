"""Data sets: named tables in immutable versions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from litmus_core.types._columns import Column
from litmus_core.types._findings import Fix
from litmus_core.types._sources import DETECT_ALL, Detected, ReadOptions

VersionOrigin = Literal["imported", "refreshed", "appended", "corrected", "fixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The origin of a version; unless imported, it was made from the version ``parent_id``.

    ``fixes`` are listed in the order in which they were applied to the nearest ancestor that is not
    ``fixed``.
    """

    how: VersionOrigin = "imported"
    parent_id: str | None = None
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetVersion:
    """One immutable version of a named table, stored as Parquet in the workspace.

    ``path`` is relative to the workspace; ``content_hash`` is the SHA-256 of the Parquet file's rows as
    written (hex); ``created_at`` is UTC, ISO 8601. ``notes`` say what the import changed or had to guess.
    ``source`` is the file's path, the address without its password, or IN_MEMORY.

    ``options`` are those the file was read with, ``detected`` what was detected for options left open.
    """

    IN_MEMORY: ClassVar[str] = "a data frame"  # the source of a table that was given in Python

    id: str
    dataset_id: str
    name: str
    version: int
    path: str
    n_rows: int
    n_bytes: int
    content_hash: str
    columns: tuple[Column, ...]
    source: str
    created_at: str
    notes: tuple[str, ...] = ()
    lineage: Lineage = Lineage()
    options: ReadOptions = DETECT_ALL
    detected: tuple[Detected, ...] = ()

    @classmethod
    def of_columns(cls, columns: tuple[Column, ...], *, name: str) -> DatasetVersion:
        """Return a version without rows: a pattern for reading others."""
        return cls(
            id="", dataset_id="", name=name, version=1, path="", n_rows=0, n_bytes=0, content_hash="",
            columns=columns, source="", created_at="",
        )  # fmt: skip

    def column(self, name: str) -> Column:
        """Return the column called ``name``; raises KeyError if no column has that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def source_name(self) -> str:
        """The file's name, or the address of the source."""
        return self.source if "://" in self.source else Path(self.source).name

    @property
    def public_source(self) -> str:
        """The source as shown publicly: the file's name, or only the address's scheme."""
        scheme, separator, _ = self.source.partition("://")
        return f"{scheme}://…" if separator else self.source_name

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in the order of the table."""
        return tuple(column.name for column in self.columns)
