# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Turn a written table into the next version of a data set: describe it, hash it, move it into place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import parquet
from litmus_core.data._profile.profile import profile_of, profile_path, store_profile
from litmus_core.data._profile.summary import Summary, summarize
from litmus_core.data._types.semantic import describe
from litmus_core.data._versions.content_hash import content_hash
from litmus_core.errors import UsageError, writing
from litmus_core.store import new_id, utc_now

if TYPE_CHECKING:
    import duckdb

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion

SCRATCH = ".import-"  # leftovers of killed imports are removed a day later


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """The contents of a written table."""

    n_rows: int
    columns: tuple[Column, ...]
    summaries: tuple[Summary, ...]


@contextmanager
def place_for(workspace: Workspace, version: DatasetVersion, number: int) -> Iterator[tuple[Path, Path]]:
    """Yield the path of version ``number`` of a data set, and a temporary folder to write in.

    Raises UsageError if that version already exists, or nothing can be written.
    """
    path = workspace.dataset_dir(version.dataset_id) / f"v{number}.parquet"
    if path.exists():
        raise UsageError(f"'{version.name}' has a version {number} already.", hint="Nothing was changed.")
    with writing(path.parent), tempfile.TemporaryDirectory(prefix=SCRATCH, dir=path.parent) as scratch:
        yield path, Path(scratch)


def describe_like(
    connection: duckdb.DuckDBPyConnection,
    written: Path,
    version: DatasetVersion,
    *,
    written_as: Mapping[str, str] | None = None,
) -> DescribedColumn:
    """Describe a table with the columns of ``version``, some of them ``written_as`` something else."""
    records = connection.execute(f"DESCRIBE SELECT * FROM {parquet(written)}").fetchall()
    summaries = tuple(summarize(written, [(str(row[0]), str(row[1])) for row in records]))
    counted = connection.execute(f"SELECT count(*) FROM {parquet(written)}").fetchone()
    n_rows = int(counted[0]) if counted else 0
    spelled = written_as or {}
    columns = describe(
        connection,
        written,
        summaries,
        original_names=[column.original_name for column in version.columns],
        written_as=[spelled.get(column.name, column.written_as) for column in version.columns],
        n_rows=n_rows,
    )
    columns = tuple(
        replace(column, replaced=earlier.replaced, tidied=earlier.tidied)
        for column, earlier in zip(columns, version.columns, strict=True)
    )
    return DescribedColumn(n_rows=n_rows, columns=columns, summaries=summaries)


def put_in_place(
    workspace: Workspace, version: DatasetVersion, written: Path, path: Path, summaries: tuple[Summary, ...]
) -> DatasetVersion:
    """Move the written table into place and return ``version`` as the stored version."""
    version = replace(
        version,
        id=new_id("dv"),
        version=int(path.stem.removeprefix("v")),
        path=path.relative_to(workspace.path).as_posix(),
        n_bytes=written.stat().st_size,
        content_hash=content_hash(written),
        created_at=utc_now(),
    )
    os.replace(written, path)
    if summaries:
        store_profile(profile_of(version, summaries), profile_path(path))
    return version
