"""Fixes: new versions of a table without problems that would mislead a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._tasks import make_task
from litmus_core.types import (
    KIND_NAMES,
    CheckReport,
    DatasetImported,
    DatasetVersion,
    Fix,
    KindName,
)

if TYPE_CHECKING:
    from litmus_core.data import FixEffect, FixPreview

# Row fixes come last, so that findings still name the right rows. Dropping columns affects no other fix.
_ORDER = ("trim", "fold_case", "as_missing", "replace", "drop_missing", "drop_duplicates", "drop_rows")


@dataclass(frozen=True, slots=True)
class FixesService:
    """Fixes of tables: preview, apply, revert."""

    context: Context

    def safe(self, report: CheckReport) -> tuple[Fix, ...]:
        """Return the fixes of ``report`` that lose nothing a model could use, in the order to apply them.

        Dismissed findings are skipped.
        """
        return self.ordered(
            finding.fix
            for finding in report.findings
            if finding.fix is not None and finding.fix.safe and not finding.dismissed
        )

    def ordered(self, fixes: Iterable[Fix]) -> tuple[Fix, ...]:
        """Return the distinct ``fixes`` in the order to apply them: cells, rows, then uses of the table."""
        places = {kind: place for place, kind in enumerate(_ORDER)}
        return tuple(sorted(dict.fromkeys(fixes), key=lambda fix: places.get(fix.kind, len(_ORDER))))

    def apply(self, version_id: str, fixes: Sequence[Fix]) -> DatasetVersion:
        """Return the version with ``fixes`` applied: a new one, unless it exists already.

        Rows in fixes are positions in this version.

        Raises UnknownNameError or UsageError for an invalid fix, DataError if no rows would be left; nothing
        is changed then.
        """
        from litmus_core.data import surviving_rows

        version = self.context.store.dataset_version(version_id)
        base = self.base_of(version)
        new = [fix for fix in fixes if fix.kind == "drop_rows" or fix not in version.lineage.fixes]
        if not new:
            raise UsageError("There is no fix to apply.", hint="Nothing was changed.")
        if any(fix.kind == "drop_rows" for fix in new) and version.lineage.fixes:
            rows = surviving_rows(self.context.workspace, base, version.lineage.fixes)
            new = [_with_original_rows(fix, rows, version) for fix in new]
        return self.applied_to(base, (*version.lineage.fixes, *new), parent=version)

    def revert(self, version_id: str, fixes: Sequence[Fix]) -> DatasetVersion:
        """Return this version without some of its fixes, rebuilt from the original.

        Without remaining fixes, that is the version before all of them. Raises UsageError for a fix that it
        does not have.
        """
        from litmus_core.data import fix_title

        version = self.context.store.dataset_version(version_id)
        for fix in fixes:
            if fix not in version.lineage.fixes:
                raise UsageError(
                    f"Version {version.version} of '{version.name}' does not carry a fix: {fix_title(fix)}.",
                    hint="Nothing was changed.",
                )
        left = tuple(fix for fix in version.lineage.fixes if fix not in fixes)
        base = self.base_of(version)
        return self.applied_to(base, left, parent=version) if left else base

    def read_as(self, version_id: str, column: str, meaning: KindName) -> DatasetVersion:
        """Return the version whose ``column`` is read as ``meaning``: a new one, unless it exists already.

        It replaces an earlier meaning; the detected meaning is the version without such a fix. Raises
        UnknownNameError for an unknown column or kind, and DataError that counts and names the values of
        another kind; then nothing changes.
        """
        version = self.context.store.dataset_version(version_id)
        for name, names, kind in (
            (column, version.column_names, "column"),
            (meaning, KIND_NAMES, "kind of column"),
        ):
            if name not in names:
                raise UnknownNameError(kind=kind, name=name, names=names)
        base, fixes = self.base_of(version), list(version.lineage.fixes)
        fix = Fix(kind="read_as", columns=(column,), meaning=meaning)
        earlier = [at for at, one in enumerate(fixes) if one.kind == fix.kind and one.columns == fix.columns]
        is_detected = base.column(column).kind == meaning
        if earlier:
            fixes[earlier[0] : earlier[0] + 1] = [] if is_detected else [fix]
        elif version.column(column).kind == meaning:
            return version
        else:
            fixes.append(fix)
        return self.applied_to(base, fixes, parent=version) if fixes else base

    def preview(self, version_id: str, fix: Fix, n_rows: int = 10) -> FixPreview:
        """Return how many rows and cells ``fix`` would change, and some of those rows before and after."""
        from litmus_core.data import preview_fix

        return preview_fix(
            self.context.workspace, self.context.store.dataset_version(version_id), fix, n_rows=n_rows
        )

    def effect(self, version_id: str, fix: Fix, *, target: str) -> FixEffect:
        """Measure the effect on the score of ``target`` of a fix that drops rows or a column, in seconds.

        Raises UsageError for a fix that drops nothing, DataError if too little remains to learn from.
        """
        from litmus_core.data import fix_effect

        version = self.context.store.dataset_version(version_id)
        task = make_task(self.context.workspace, version, target)
        return fix_effect(self.context.workspace, version, task, fix)

    def base_of(self, version: DatasetVersion) -> DatasetVersion:
        """Return the version before all fixes of ``version``."""
        while version.lineage.how == "fixed" and version.lineage.parent_id is not None:
            version = self.context.store.dataset_version(version.lineage.parent_id)
        return version

    def applied_to(
        self, base: DatasetVersion, fixes: Sequence[Fix], *, parent: DatasetVersion
    ) -> DatasetVersion:
        """Return ``base`` with ``fixes``, named like ``parent``; a new version if needed."""
        from litmus_core.data import apply_fixes

        versions = self.context.store.versions(base.dataset_id)
        for other in versions:
            if other.lineage.fixes == tuple(fixes) and self.base_of(other) == base:
                return other
        number = versions[-1].version + 1
        version = apply_fixes(self.context.workspace, base, fixes, number=number)
        version = replace(version, name=parent.name, lineage=replace(version.lineage, parent_id=parent.id))
        self.context.record(DatasetImported(version=version))
        return version


def _with_original_rows(fix: Fix, rows: Any, version: DatasetVersion) -> Fix:
    """Return ``fix`` with row positions in ``version`` converted to positions before all fixes."""
    from litmus_core.data import fix_title

    if fix.kind != "drop_rows":
        return fix
    if fix.rows and max(fix.rows) >= len(rows):
        raise DataError(
            f"The fix '{fix_title(fix)}' names rows that version {version.version} does not have.",
            hint="Check this version again. Nothing was changed.",
        )
    return replace(fix, rows=tuple(int(rows[place]) for place in fix.rows))
