"""Run all checks on a table, and order their findings by harm."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from litmus_core.checks._context.table import SAMPLE_ROWS, CheckContext
from litmus_core.checks._registry import CHECKS
from litmus_core.checks._similarity.expected_duplicates import why_equal
from litmus_core.errors import LitmusError, UnknownNameError
from litmus_core.types import CheckReport, Finding, SkippedCheck

if TYPE_CHECKING:
    from litmus_core.checks._check import Check
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion

_NEEDS = {"target": "It needs to know what to predict.", "test": "It needs a separate test table."}
_HARM = ("harmful", "warning", "hint")


def run_checks(
    workspace: Workspace,
    version: DatasetVersion,
    *,
    target: str | None = None,
    test: DatasetVersion | None = None,
    kinds: Sequence[str] | None = None,
    on_progress: Callable[[int, int, str], None] | None = None,
    seed: int = 0,
    n_rows: int = SAMPLE_ROWS,
    deadline: float | None = None,
    split: str | None = None,
) -> CheckReport:
    """Return the findings of the checks (all, or those of ``kinds``), the most harmful first.

    ``on_progress`` is called with the numbers of finished and of all checks, and the next one's title; an
    exception from it ends the checks. A check that is impossible on this table (it raises a LitmusError) is
    listed with its reason, and so is one that would start after ``deadline`` (of time.process_time). Models
    use a sample of ``n_rows``. With the kind of a ``split``, only what could be wrong with it is
    looked for: no time column if it is by time, no other split that leads to a warning at worst, and no more
    time columns after a harmful one. Raises UnknownNameError for an unknown target or kind.
    """
    began = time.monotonic()
    if target is not None and target not in version.column_names:
        raise UnknownNameError(kind="column", name=target, names=version.column_names)
    chosen = _choose_checks(kinds)
    table = CheckContext(
        workspace,
        version,
        target=target,
        test=test,
        seed=seed,
        n_rows=n_rows,
        split=split,
    )
    findings: list[Finding] = []
    unfinished: list[SkippedCheck] = []
    for place, check in enumerate(chosen):
        if on_progress is not None:
            on_progress(place, len(chosen), check.title)
        lacks = _missing_need(check, table)
        if lacks:
            unfinished.append(SkippedCheck(kind=check.kind, reason=_NEEDS[lacks], lacks=lacks))
            continue
        if deadline is not None and time.process_time() > deadline:
            unfinished.append(SkippedCheck(kind=check.kind, reason="There was no time left for it."))
            continue
        try:
            unsplit = (finding for finding in check.find(table) if not _has_its_split(finding, version))
            findings += map(_with_origin, unsplit)
        except LitmusError as error:
            unfinished.append(SkippedCheck(kind=check.kind, reason=str(error)))
    return CheckReport(
        dataset_version_id=version.id,
        target=target,
        test_version_id=None if test is None else test.id,
        findings=tuple(sorted(findings, key=lambda finding: (_HARM.index(finding.severity), -finding.score))),
        not_made=tuple(unfinished),
        seconds=time.monotonic() - began,
    )


def are_copies(workspace: Workspace, version: DatasetVersion, names: Sequence[str]) -> bool:
    """Return whether rows that are equal in ``names`` were copied; False if chance explains them."""
    return len(names) > 1 and why_equal(CheckContext(workspace, version), names) == "copies"


def _choose_checks(kinds: Sequence[str] | None) -> tuple[Check, ...]:
    if kinds is None:
        return CHECKS
    checks = {check.kind: check for check in CHECKS}
    for kind in kinds:
        if kind not in checks:
            raise UnknownNameError(kind="check", name=kind, names=checks)
    return tuple(check for check in CHECKS if check.kind in set(kinds))


def _with_origin(finding: Finding) -> Finding:
    """Return the finding with its check's name in the fix."""
    return replace(finding, fix=finding.fix and replace(finding.fix, check=finding.kind))


def _has_its_split(finding: Finding, version: DatasetVersion) -> bool:
    """Return whether the version already has the split that the finding requests, which makes it harmless."""
    wanted = None if finding.fix is None else finding.fix.split
    return wanted is not None and any(fix.split == wanted for fix in version.lineage.fixes)


def _missing_need(check: Check, table: CheckContext) -> Literal["", "target", "test"]:
    if check.needs == "target" and table.target is None:
        return "target"
    if check.needs == "test" and table.test is None:
        return "test"
    return ""
