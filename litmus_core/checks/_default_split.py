"""The split that Litmus uses by default if a random one would be optimistic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion, Finding, SplitPlan


def default_split(version: DatasetVersion, findings: Iterable[Finding]) -> SplitPlan | None:
    """Return the split that the most harmful finding requests; None if none is harmful.

    Groups that are places do not count: the same places occur in later predictions. Nor does a finding that
    somebody ignores.
    """
    harmful = [
        (finding.score, finding.fix.split)
        for finding in findings
        if finding.kind == "structure" and finding.severity == "harmful" and not finding.dismissed
        if finding.fix is not None and finding.fix.split is not None
        if not _keeps_places_together(version, finding.fix.split)
    ]
    if not harmful:
        return None
    return replace(max(harmful, key=lambda pair: pair[0])[1], is_found=True)


def _keeps_places_together(version: DatasetVersion, plan: SplitPlan) -> bool:
    return plan.kind == "group" and plan.column is not None and version.column(plan.column).traits.recurs
