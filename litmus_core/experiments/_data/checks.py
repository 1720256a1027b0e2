"""Checks for problems in a table that would mislead a model."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.store import new_id
from litmus_core.types import (
    CheckReport,
    DatasetVersion,
    FindingsDismissed,
    SplitPlan,
    to_plain,
)


@dataclass(frozen=True, slots=True)
class ChecksService:
    """Checks of tables and their findings."""

    context: Context

    def run(
        self,
        version_id: str,
        *,
        target: str | None = None,
        test_version_id: str | None = None,
        kinds: Sequence[str] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
    ) -> CheckReport:
        """Return the findings of the checks (all, or those of ``kinds``), the most harmful first.

        A full report is stored with the version, and made only once. ``on_progress`` is called with the
        number of finished checks, the total, and the next check's title. Raises UnknownNameError for an
        unknown column or kind.
        """
        from litmus_core.checks import check_kinds, report_path, run_checks

        for kind in kinds or ():
            if kind not in check_kinds():
                raise UnknownNameError(kind="check", name=kind, names=check_kinds())
        stored = stored_report(self.context, version_id, target, test_version_id)
        if stored is not None:
            return stored if kinds is None else _only(stored, kinds)
        version = self.context.store.dataset_version(version_id)
        test = None if test_version_id is None else self.context.store.dataset_version(test_version_id)
        report = run_checks(
            self.context.workspace, version, target=target, test=test, kinds=kinds, on_progress=on_progress
        )
        if kinds is None:
            _write_report(report_path(self.context.workspace, version, target, test_version_id), report)
        return _with_dismissed(self.context, version, report)

    def report(
        self, version_id: str, target: str | None = None, test_version_id: str | None = None
    ) -> CheckReport | None:
        """Return the stored report of these checks; None if they were not run."""
        return stored_report(self.context, version_id, target, test_version_id)

    def default_split(self, version_id: str, target: str) -> SplitPlan | None:
        """Return the split for predicting ``target``; None if a random one is fine.

        It takes seconds unless all checks were run before. Raises UnknownNameError for an unknown column.
        """
        from litmus_core.checks import default_split

        report = self.run(version_id, target=target, kinds=("structure",))
        return default_split(self.context.dataset(version_id), report.findings)

    def dismiss(self, version_id: str, keys: Iterable[str], *, is_dismissed: bool = True) -> None:
        """Mark findings, by their keys, as fine; with ``is_dismissed`` False, undo that.

        This applies to all versions of the data set.
        """
        dataset_id = self.context.store.dataset_version(version_id).dataset_id
        self.context.record(
            FindingsDismissed(dataset_id=dataset_id, keys=tuple(keys), dismissed=is_dismissed)
        )


def stored_report(
    context: Context, version_id: str, target: str | None = None, test_version_id: str | None = None
) -> CheckReport | None:
    """Return the stored report of a version's checks; None if they were not run."""
    from litmus_core.checks import read_report

    version = context.dataset(version_id)
    report = read_report(context.workspace, version, target, test_version_id)
    return None if report is None else _with_dismissed(context, version, report)


def _with_dismissed(context: Context, version: DatasetVersion, report: CheckReport) -> CheckReport:
    dismissed = context.store.known_findings(version.dataset_id)
    return replace(
        report,
        findings=tuple(replace(finding, dismissed=finding.key in dismissed) for finding in report.findings),
    )


def _only(report: CheckReport, kinds: Sequence[str]) -> CheckReport:
    return replace(
        report,
        findings=tuple(finding for finding in report.findings if finding.kind in kinds),
        not_made=tuple(check for check in report.not_made if check.kind in kinds),
    )


def _write_report(path: Path, report: CheckReport) -> None:
    path.parent.mkdir(exist_ok=True)
    written = path.with_name(f"{path.name}.{new_id('part')}")
    written.write_text(json.dumps(to_plain(report)))
    os.replace(written, path)
