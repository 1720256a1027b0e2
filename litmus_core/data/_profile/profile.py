"""A table's profile: computed once, stored beside the table, read by every page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import reuse_duckdb
from litmus_core.data._profile.profile_types import ColumnProfile, Profile
from litmus_core.data._profile.summary import Summary, summarize
from litmus_core.data._rows.read import table_path

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion

_SUFFIX = ".profile.json"
_SHAPE = 1  # format of the stored file; another one is computed again


def profile(workspace: Workspace, version: DatasetVersion) -> Profile:
    """Return what each column of ``version`` holds; raises NotFoundError if its file is missing.

    Import computes it. Above four million rows quartiles, and counts of many distinct values, are estimates
    and marked as such.
    """
    table = table_path(workspace, version)
    stored = _read_profile(profile_path(table), version)
    if stored is not None:
        return stored
    with reuse_duckdb(f"profile '{version.name}'"):
        summaries = summarize(table, [(column.name, column.storage) for column in version.columns])
    computed = profile_of(version, summaries)
    store_profile(computed, profile_path(table))
    return computed


def profile_path(table: Path) -> Path:
    """Return the path of a stored table's profile."""
    return table.with_suffix(_SUFFIX)


def profile_of(version: DatasetVersion, summaries: Sequence[Summary]) -> Profile:
    """Return the profile of ``version`` from the summaries of its columns, in order."""
    return Profile(
        dataset_version_id=version.id,
        n_rows=version.n_rows,
        columns=tuple(
            ColumnProfile(
                name=column.name,
                kind=column.kind,
                storage=column.storage,
                n_rows=version.n_rows,
                n_missing=version.n_rows - summary.n_values,
                n_distinct=summary.n_distinct,
                numbers=summary.numbers,
                dates=summary.dates,
                texts=summary.texts,
                top=summary.top,
                histogram=summary.histogram,
                examples=column.examples,
                estimated=tuple(sorted(summary.estimated)),
            )
            for column, summary in zip(version.columns, summaries, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _ProfileFile:
    shape: int
    profile: Profile


def store_profile(result: Profile, path: Path) -> None:
    """Write a profile beside its table; if that fails, it is computed again next time."""
    import json

    from litmus_core.types import to_plain

    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(to_plain(_ProfileFile(_SHAPE, result))), encoding="utf-8")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)


def _read_profile(path: Path, version: DatasetVersion) -> Profile | None:
    """Return the profile stored at ``path``; None if there is none, or none of this format."""
    from litmus_core.types import read_stored

    stored = read_stored(path, _ProfileFile)
    if stored is None or (stored.shape, stored.profile.dataset_version_id) != (_SHAPE, version.id):
        return None
    return stored.profile
