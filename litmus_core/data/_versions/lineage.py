"""Whether two versions of a table hold the same rows: fixes of other columns do not matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from litmus_core.data._fixes.sql import CELL_KINDS, ROW_KINDS

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion

_BY_VALUE = ("drop_missing", "drop_duplicates")  # which rows are removed depends on cell values


def without_fixes(version: DatasetVersion, versions: Mapping[str, DatasetVersion]) -> DatasetVersion:
    """Return a version without its fixes; ``versions`` are all, by id."""
    while (
        version.lineage.how == "fixed"
        and version.lineage.parent_id is not None
        and version.lineage.parent_id in versions
    ):
        version = versions[version.lineage.parent_id]
    return version


def rows_of(
    version_id: str, versions: Mapping[str, DatasetVersion], *, columns: Collection[str]
) -> tuple[Any, ...]:
    """Return a key that is equal for versions with the same rows in order and the same cells in ``columns``.

    It may also differ for some of these.
    """
    version = versions.get(version_id)
    if version is None:
        return (version_id,)
    by_value = any(fix.kind in _BY_VALUE for fix in version.lineage.fixes)
    matters = tuple(
        fix
        for fix in version.lineage.fixes
        if fix.kind in ROW_KINDS
        or (fix.kind in CELL_KINDS and (by_value or not set(columns).isdisjoint(fix.columns)))
    )
    return without_fixes(version, versions).id, *matters
