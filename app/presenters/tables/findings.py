"""Findings that would mislead the model, the most harmful first, each with its fix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.markdown import literal
from app.theme import Tone
from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.data import fix_title
from litmus_core.report import problems_sentence, unchecked_sentence
from litmus_core.types import CheckReport, Finding, Fix, Severity, SplitPlan

__all__ = [
    "FindingView",
    "FindingsView",
    "FixView",
    "present_findings",
    "present_fixes",
    "remaining_problems",
]

_SEVERITIES: dict[Severity, tuple[str, str, Tone]] = {
    "harmful": ("Would mislead the model", ":material/gpp_maybe:", "bad"),
    "warning": ("Worth a look", ":material/search:", "near"),
    "hint": ("Good to know", ":material/info:", "quiet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding as text; Markdown with the table's own words escaped."""

    key: str
    word: str
    icon: str
    tone: Tone
    sentence: str
    evidence: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fix: Fix | None
    is_known: bool  # somebody marked it as fine

    @property
    def fix_title(self) -> str:
        """The button's label."""
        return "" if self.fix is None else literal(fix_title(self.fix))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsView:
    """All findings on a version: open ones, then those ignored."""

    lead: str
    unchecked: str  # a sentence on checks that were not run, "" if all were
    open: tuple[FindingView, ...]
    dismissed: tuple[FindingView, ...]
    safe: tuple[Fix, ...]  # fixes that lose nothing that a model could use
    # a reason and the checks that could not run because of it
    not_made: tuple[tuple[str, tuple[str, ...]], ...]
    made_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixView:
    """A fix of a version."""

    fix: Fix
    title: str


def present_findings(report: CheckReport, *, titles: Mapping[str, str]) -> FindingsView:
    """Present a report; ``titles`` name its kinds of checks for people."""
    views = [_finding(finding) for finding in report.findings]
    fixes = [finding.fix for finding in report.findings if not finding.dismissed]
    return FindingsView(
        lead=literal(problems_sentence(report)),
        unchecked=literal(unchecked_sentence(report)),
        open=tuple(view for view in views if not view.is_known),
        dismissed=tuple(view for view in views if view.is_known),
        safe=tuple(dict.fromkeys(fix for fix in fixes if fix is not None and fix.safe)),
        not_made=_by_reason(report, titles),
        made_in=humanize.duration(report.seconds),
    )


def _by_reason(report: CheckReport, titles: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kinds: dict[str, list[str]] = {}
    for check in report.not_made:
        kinds.setdefault(literal(check.reason), []).append(literal(titles.get(check.kind, check.kind)))
    return tuple((reason, tuple(named)) for reason, named in kinds.items())


def _finding(finding: Finding) -> FindingView:
    word, icon, tone = _SEVERITIES[finding.severity]
    table = finding.table
    return FindingView(
        key=finding.key,
        word=word,
        icon=icon,
        tone="quiet" if finding.dismissed else tone,
        sentence=literal(finding_sentence(finding)),
        evidence=tuple(map(literal, evidence_sentences(finding))),
        header=() if table is None else table.header,
        rows=() if table is None else table.rows,
        fix=finding.fix,
        is_known=finding.dismissed,
    )


def remaining_problems(
    report: CheckReport, *, features: Collection[str] | None, split: SplitPlan
) -> tuple[str, ...]:
    """Return the remaining problems for a model trained on ``features`` (None: not chosen yet).

    A problem is solved if its columns are left out, or if the task has the proposed split.
    """
    return tuple(
        literal(finding_sentence(finding))
        for finding in report.of("harmful")
        if not finding.dismissed and not _is_met(finding.fix, features=features, split=split)
    )


def _is_met(fix: Fix | None, *, features: Collection[str] | None, split: SplitPlan) -> bool:
    if fix is None:
        return False
    if fix.kind == "leave_out":
        return features is not None and not set(fix.columns) & set(features)
    if fix.kind == "split" and fix.split is not None:
        return (split.kind, split.columns) == (fix.split.kind, fix.split.columns)
    return False


def present_fixes(fixes: Sequence[Fix]) -> tuple[FixView, ...]:
    """Present the fixes of a version, in the order they were applied, without changed kinds.

    The first rows show those.
    """
    return tuple(FixView(fix=fix, title=literal(fix_title(fix))) for fix in fixes if fix.meaning is None)
