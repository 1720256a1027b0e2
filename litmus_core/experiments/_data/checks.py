"""Checks and fixes: what would make a model lie, and new versions without it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.store import Store, Workspace, new_id
from litmus_core.types import (
    CheckReport,
    DatasetImported,
    DatasetVersion,
    Fact,
    FindingsKnown,
    Fix,
    read_kept,
    to_plain,
)

if TYPE_CHECKING:
    from litmus_core.data import FixPreview

# Rows go last, so that a finding's rows are still where it saw them; what is left out matters to no other.
_ORDER = ("trim", "fold_case", "as_missing", "replace", "drop_missing", "drop_duplicates", "drop_rows")


class Checking:
    """The part of a Studio that checks tables and mends them."""

    workspace: Workspace
    store: Store

    if TYPE_CHECKING:

        def record(self, *facts: Fact) -> None: ...

    def check(
        self,
        version_id: str,
        *,
        target: str | None = None,
        test_version_id: str | None = None,
        kinds: Sequence[str] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
    ) -> CheckReport:
        """Return what the checks (all, or those of ``kinds``) find, the most harmful first.

        A full report is made once and kept beside the version. ``on_progress`` is told how many of how many
        checks are made, and the next one's title. Raises UnknownNameError for a column or kind that is not
        there.
        """
        from litmus_core.checks import known_kinds, run_checks

        for kind in kinds or ():
            if kind not in known_kinds():
                raise UnknownNameError(kind="check", name=kind, known=known_kinds())
        kept = self.findings(version_id, target, test_version_id)
        if kept is not None:
            return kept if kinds is None else _only(kept, kinds)
        version = self.store.dataset_version(version_id)
        test = None if test_version_id is None else self.store.dataset_version(test_version_id)
        report = run_checks(
            self.workspace, version, target=target, test=test, kinds=kinds, on_progress=on_progress
        )
        if kinds is None:
            _keep(self._report_path(version, target, test_version_id), report)
        return self._marked(version, report)

    def findings(
        self, version_id: str, target: str | None = None, test_version_id: str | None = None
    ) -> CheckReport | None:
        """Return the report that was kept of these checks; None where they were not made yet."""
        version = self.store.dataset_version(version_id)
        report = read_kept(self._report_path(version, target, test_version_id), CheckReport)
        return None if report is None else self._marked(version, report)

    def safe_fixes(self, report: CheckReport) -> tuple[Fix, ...]:
        """Return the fixes of ``report`` that lose nothing a model could use, in the order to apply them.

        Findings of which someone said that they are fine have none.
        """
        return self.ordered(
            each.fix for each in report.findings if each.fix is not None and each.fix.safe and not each.known
        )

    def ordered(self, fixes: Iterable[Fix]) -> tuple[Fix, ...]:
        """Return different ``fixes`` in the order to apply them: cells, then rows, then how it is used."""
        places = {kind: place for place, kind in enumerate(_ORDER)}
        return tuple(sorted(dict.fromkeys(fixes), key=lambda fix: places.get(fix.kind, len(_ORDER))))

    def apply_fixes(self, version_id: str, fixes: Sequence[Fix]) -> DatasetVersion:
        """Return a version that is this one with ``fixes`` applied: a new one, unless there is one already.

        Rows that fixes name are positions in this version.

        Raises UnknownNameError or UsageError for a fix that cannot be meant, DataError where no row would be
        left; nothing is changed then.
        """
        from litmus_core.data import rows_left

        version = self.store.dataset_version(version_id)
        base = self._unmended(version)
        new = [fix for fix in fixes if fix.kind == "drop_rows" or fix not in version.fixes]
        if not new:
            raise UsageError("There is no fix to apply.", hint="Nothing was changed.")
        if any(fix.kind == "drop_rows" for fix in new) and version.fixes:
            rows = rows_left(self.workspace, base, version.fixes)
            new = [_moved(fix, rows, version) for fix in new]
        return self._mended(base, (*version.fixes, *new), parent=version)

    def without_fixes(self, version_id: str, fixes: Sequence[Fix]) -> DatasetVersion:
        """Return this version without some of the fixes it carries: made anew from what was not mended.

        With none left that is the version before all fixes. Raises UsageError for a fix it does not carry.
        """
        version = self.store.dataset_version(version_id)
        for fix in fixes:
            if fix not in version.fixes:
                raise UsageError(
                    f"Version {version.version} of '{version.name}' does not carry the fix '{fix.title}'.",
                    hint="Nothing was changed.",
                )
        left = tuple(fix for fix in version.fixes if fix not in fixes)
        base = self._unmended(version)
        return self._mended(base, left, parent=version) if left else base

    def preview_fix(self, version_id: str, fix: Fix, n_rows: int = 10) -> FixPreview:
        """Return how many rows and cells ``fix`` would touch, and some of those rows before and after."""
        from litmus_core.data import preview_fix

        return preview_fix(self.workspace, self.store.dataset_version(version_id), fix, n_rows=n_rows)

    def know_findings(self, version_id: str, keys: Iterable[str], *, known: bool = True) -> None:
        """Remember of findings, by their keys, that they are fine; not ``known`` takes that back.

        It holds for all versions of the data set.
        """
        dataset_id = self.store.dataset_version(version_id).dataset_id
        self.record(FindingsKnown(dataset_id=dataset_id, keys=tuple(keys), known=known))

    def _marked(self, version: DatasetVersion, report: CheckReport) -> CheckReport:
        said = self.store.known_findings(version.dataset_id)
        return replace(
            report, findings=tuple(replace(each, known=each.key in said) for each in report.findings)
        )

    def _report_path(self, version: DatasetVersion, target: str | None, test: str | None) -> Path:
        from litmus_core.checks import revision

        asked = json.dumps([version.id, target, test, revision()])
        name = hashlib.sha256(asked.encode()).hexdigest()[:16]
        return self.workspace.dataset_dir(version.dataset_id) / "checks" / f"v{version.version}-{name}.json"

    def _unmended(self, version: DatasetVersion) -> DatasetVersion:
        while version.how == "mended" and version.parent_id is not None:
            version = self.store.dataset_version(version.parent_id)
        return version

    def _mended(
        self, base: DatasetVersion, fixes: Sequence[Fix], *, parent: DatasetVersion
    ) -> DatasetVersion:
        from litmus_core.data import mend

        versions = self.store.versions(base.dataset_id)
        for known in versions:
            if known.fixes == tuple(fixes) and self._unmended(known) == base:
                return known
        number = versions[-1].version + 1
        version = mend(self.workspace, base, fixes, number=number)
        version = replace(version, name=parent.name, parent_id=parent.id)
        self.record(DatasetImported(version=version))
        return version


def _only(report: CheckReport, kinds: Sequence[str]) -> CheckReport:
    return replace(
        report,
        findings=tuple(each for each in report.findings if each.kind in kinds),
        not_made=tuple(each for each in report.not_made if each.kind in kinds),
    )


def _keep(path: Path, report: CheckReport) -> None:
    path.parent.mkdir(exist_ok=True)
    written = path.with_name(f"{path.name}.{new_id('part')}")
    written.write_text(json.dumps(to_plain(report)))
    os.replace(written, path)


def _moved(fix: Fix, rows: Any, version: DatasetVersion) -> Fix:
    """Return ``fix`` with the rows it names in ``version`` as positions in the table before all fixes."""
    if fix.kind != "drop_rows":
        return fix
    if fix.rows and max(fix.rows) >= len(rows):
        raise DataError(
            f"The fix '{fix.title}' names rows that version {version.version} does not have.",
            hint="Check this version again. Nothing was changed.",
        )
    return replace(fix, rows=tuple(int(rows[place]) for place in fix.rows))
