"""Gates: whether a verdict, or a table's findings, are good enough to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.text import format_count
from litmus_core.types import Bar, CertificateLine, CheckReport, Finding, Severity, Verdict
from litmus_core.verdicts._assertions import assertion_text
from litmus_core.verdicts._grades import grade_of, is_doubtful
from litmus_core.verdicts._messages import bar_sentence, caution_sentence, excess_sentence
from litmus_core.verdicts._texts import GATE

Requirement = Literal["meets", "probably meets"]
GateOutcome = Literal["held", "not met", "undecided"]
FailOn = Literal["harmful", "warning"]
_WORST_FIRST: tuple[GateOutcome, ...] = ("not met", "undecided", "held")
_FAILING: dict[FailOn, tuple[Severity, ...]] = {"harmful": ("harmful",), "warning": ("harmful", "warning")}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCheck:
    """One condition of a gate; ``name`` is unique within the gate."""

    name: str
    outcome: GateOutcome
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate on ``requirement``: held if all of ``checks`` hold, not met if one does not, else undecided.

    ``left_out`` are checks of the table that need a target, where none is named. They decide nothing.
    """

    requirement: str
    checks: tuple[GateCheck, ...]
    left_out: tuple[str, ...] = ()

    @property
    def outcome(self) -> GateOutcome:
        """The worst outcome among the checks; undecided without checks."""
        outcomes = {check.outcome for check in self.checks}
        return next((outcome for outcome in _WORST_FIRST if outcome in outcomes), "undecided")

    @property
    def is_held(self) -> bool:
        """Whether all checks hold."""
        return self.outcome == "held"

    @property
    def sentence(self) -> str:
        """The outcome as text: with the score where it holds, else with the reasons; and what is left out."""
        reasons = [
            check.sentence
            for check in self.checks
            if check.outcome != "held" or (self.is_held and check.name == "bar")
        ]
        if self.left_out:
            counted = format_count(len(self.left_out), "check")
            reasons.append(GATE["no target"].format(checks=counted, kinds=", ".join(self.left_out)))
        return " ".join((GATE[self.outcome].format(requirement=self.requirement), *filter(None, reasons)))


_ASSERTED: dict[str, GateOutcome] = {"held": "held", "broken": "not met", "open": "undecided"}


def read_requirement(text: str) -> Requirement:
    """Return the requirement for a text with spaces or hyphens; raises UnknownNameError for an unknown
    one."""
    plain = text.replace("-", " ")
    for requirement in get_args(Requirement):
        if plain == requirement:
            return requirement  # type: ignore[no-any-return]
    raise UnknownNameError(kind="requirement", name=text, names=get_args(Requirement))


def gate_of(
    verdict: Verdict | None,
    requirement: Requirement = "meets",
    *,
    bar: Bar | None,
    missing: Sequence[str] = (),
    lines: Sequence[CertificateLine] = (),
) -> Gate:
    """Judge a verdict by ``requirement``, the lowest sufficient grade.

    The gate is not met if a budget is exceeded, an assertion is broken, one of the certificate's ``lines``
    fails, or a requested part of the run did not run (``missing``). It is undecided without a verdict, and if
    the data flatter the score or could not be checked. Raises UsageError without a ``bar``.
    """
    if bar is None:
        raise UsageError(GATE["no bar"], hint=GATE["set a bar"])
    checks = [GateCheck(name="run", outcome="not met", sentence=sentence) for sentence in missing]
    checks += [
        GateCheck(
            name=f"certificate: {line.plugin or line.title}",
            outcome="not met" if line.passed is False else "held",
            sentence=line.text,
        )
        for line in lines
    ]
    if verdict is None:
        unjudged = GateCheck(name="bar", outcome="undecided", sentence=GATE["no verdict"])
        return Gate(requirement=GATE[requirement], checks=(*checks, unjudged))
    checks.append(
        GateCheck(name="bar", outcome=_at_bar(verdict, requirement), sentence=bar_sentence(verdict))
    )
    checks += [
        GateCheck(name=excess.kind, outcome="not met", sentence=excess_sentence(excess))
        for excess in verdict.excesses
    ]
    checks += [
        GateCheck(
            name=f"assertion: {assertion_text(result.assertion)}",
            outcome=_ASSERTED[result.state],
            sentence=result.sentence,
        )
        for result in verdict.assertions
    ]
    checks += [
        GateCheck(
            name=f"data: {caution.key}",
            outcome="undecided" if is_doubtful(caution, verdict) else "held",
            sentence=caution_sentence(caution, verdict),
        )
        for caution in verdict.cautions
    ]
    return Gate(requirement=GATE[requirement], checks=tuple(checks))


def gate_of_unjudged(verdict: Verdict, requirement: Requirement, *, candidate_id: str) -> Gate:
    """Return the undecided gate of a candidate that its run did not choose; ``verdict`` is the chosen
    one's."""
    sentence = GATE["not judged"].format(candidate=candidate_id, chosen=verdict.candidate_id)
    unjudged = GateCheck(name="bar", outcome="undecided", sentence=sentence)
    return Gate(requirement=GATE[requirement], checks=(unjudged,))


def _at_bar(verdict: Verdict, requirement: Requirement) -> GateOutcome:
    grade = grade_of(verdict).key
    if grade == "meets" or grade == requirement:
        return "held"
    return "not met" if grade == "misses" else "undecided"


def gate_of_findings(report: CheckReport, fail_on: FailOn, *, kinds: Sequence[str]) -> Gate:
    """Judge a table by the checks ``kinds``; a finding of ``fail_on`` or worse fails it unless dismissed.

    The gate is undecided if a check failed to run. Checks that need a missing target or missing test rows do
    not count; those without a target are named.
    """
    failing = _FAILING[fail_on]
    mentioned = {finding.kind for finding in report.findings} | {check.kind for check in report.not_made}
    clean = [kind for kind in kinds if kind not in mentioned]
    checks = (
        *(_of_finding(finding, failing) for finding in report.findings),
        *(GateCheck(name=check.kind, outcome="undecided", sentence=check.reason) for check in report.failed),
        *(GateCheck(name=kind, outcome="held") for kind in clean),
    )
    return Gate(requirement=GATE[fail_on], checks=checks, left_out=report.waiting_for_target)


def _of_finding(finding: Finding, failing: Sequence[Severity]) -> GateCheck:
    from litmus_core.checks import finding_sentence

    fails = finding.severity in failing and not finding.dismissed
    outcome: GateOutcome = "not met" if fails else "held"
    return GateCheck(name=finding.key, outcome=outcome, sentence=finding_sentence(finding))
