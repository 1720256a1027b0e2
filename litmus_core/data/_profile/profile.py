"""A table's profile: counted once, kept beside the table, read again by every page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import question
from litmus_core.data._profile.profile_types import ColumnProfile, Profile
from litmus_core.data._profile.summary import Summary, summarize
from litmus_core.data._read import table_path

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion

_SUFFIX = ".profile.json"
_SHAPE = 1  # of the kept file; another number is counted anew
_FIELDS = {"quartiles": ("lower_quartile", "median", "upper_quartile")}


def profile(workspace: Workspace, version: DatasetVersion) -> Profile:
    """Return what each column of ``version`` holds; raises NotFoundError when its file is gone.

    Import has counted it; tables that an earlier Litmus imported are counted (and kept) at the first call.
    Above four million rows quartiles, and counts of many different values, are estimates and say so.
    """
    table = table_path(workspace, version)
    kept = _kept(profile_path(table), version)
    if kept is not None:
        return kept
    with question(f"profile '{version.name}'"):
        summaries = summarize(table, [(column.name, column.storage) for column in version.columns])
    found = profile_of(version, summaries)
    keep_profile(found, profile_path(table))
    return found


def profile_path(table: Path) -> Path:
    """Return where the profile of a stored table lies."""
    return table.with_suffix(_SUFFIX)


def profile_of(version: DatasetVersion, summaries: Sequence[Summary]) -> Profile:
    """Return the profile of ``version``, whose columns were summarized in their order."""
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
                low=summary.low,
                high=summary.high,
                mean=summary.mean,
                std=summary.std,
                lower_quartile=summary.quartiles[0],
                median=summary.quartiles[1],
                upper_quartile=summary.quartiles[2],
                first=summary.first,
                last=summary.last,
                mean_letters=summary.mean_letters,
                most_letters=summary.most_letters,
                mean_words=summary.mean_words,
                top=summary.top,
                histogram=summary.histogram,
                examples=column.examples,
                estimated=tuple(
                    field for name in sorted(summary.estimated) for field in _FIELDS.get(name, (name,))
                ),
            )
            for column, summary in zip(version.columns, summaries, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _ProfileFile:
    shape: int
    profile: Profile


def keep_profile(found: Profile, path: Path) -> None:
    """Write a profile beside its table; where that cannot be done, it is counted again next time."""
    import json

    from litmus_core.types import to_plain

    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(to_plain(_ProfileFile(_SHAPE, found))), encoding="utf-8")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)


def _kept(path: Path, version: DatasetVersion) -> Profile | None:
    """Return the profile kept at ``path``; None where there is none, or none of this shape."""
    from litmus_core.types import read_stored

    kept = read_stored(path, _ProfileFile)
    if kept is None or (kept.shape, kept.profile.dataset_version_id) != (_SHAPE, version.id):
        return None
    return kept.profile
