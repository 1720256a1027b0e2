"""``litmus check``: problems in a table that would mislead a model, and their fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from litmus_core.cli._gates import JunitOption, end_with, gate_report
from litmus_core.cli._junit import write_junit
from litmus_core.cli._session import (
    Session,
    say,
    studio_command,
)
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import DETECT_ALL, CheckReport, DatasetVersion, Finding, Fix, ReadOptions, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.verdicts import Gate

_SEVERITY_TITLES = {"harmful": "Would mislead a model", "warning": "Worth a look", "hint": "Good to know"}
_EVIDENCE_LINES = 5

TableArgument = Annotated[
    str, typer.Argument(metavar="TABLE", help="A file to import, or the id of a version (dv_…).")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


@dataclass(frozen=True, kw_only=True)
class FindingsGate:
    """The gate of ``litmus check``: which findings make it end with another status than 0."""

    fail_on: Annotated[
        Literal["harmful", "warning"] | None,
        typer.Option(
            help="End with status 1 where the table has findings of this severity or worse, 3 where a check "
            "could not run."
        ),
    ] = None
    junit: JunitOption = None

    def check(self) -> None:
        """Raise UsageError for options that have no effect together."""
        if self.junit is not None and self.fail_on is None:
            raise UsageError("--junit writes the results of --fail-on.", hint="Add --fail-on harmful.")

    def judge(self, report: CheckReport, kinds: Sequence[str] | None, *, table: str) -> Gate | None:
        """Return the gate of a report of ``kinds`` of checks, and write it as JUnit XML if requested."""
        from litmus_core.checks import check_kinds
        from litmus_core.verdicts import gate_of_findings

        if self.fail_on is None:
            return None
        judged = gate_of_findings(report, self.fail_on, kinds=check_kinds() if kinds is None else kinds)
        write_junit(judged, self.junit, name=f"litmus check {table}")
        return judged


NO_GATE = FindingsGate()


@studio_command
def check(
    session: Session,
    source: TableArgument,
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    test: Annotated[str | None, typer.Option(help="Separate test rows: a file, or a version.")] = None,
    only: Annotated[str | None, typer.Option(help="The checks to make: kind,kind,…")] = None,
    fix: Annotated[list[str] | None, typer.Option(help="Apply the fix of the finding KEY (repeat).")] = None,
    apply_fixes: Annotated[
        bool, typer.Option("--apply-fixes", help="Apply all fixes that lose nothing a model could use.")
    ] = False,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Ignore the finding KEY in all versions (repeat).")
    ] = None,
    gate: FindingsGate = NO_GATE,
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Find problems in a table that would mislead a model; apply fixes. Without --fail-on the exit status
    is 0."""
    gate.check()
    version = version_of(session.studio, source, options=options)
    test_version = None if test is None else version_of(session.studio, test, like=version, options=options)
    kinds = [kind.strip() for kind in only.split(",") if kind.strip()] if only else None
    report = session.studio.checks.run(
        version.id,
        target=target,
        test_version_id=None if test_version is None else test_version.id,
        kinds=kinds,
        on_progress=print_check_progress,
    )
    report = _with_dismissed(session.studio, report, keys=ignore or ())
    fixes = _chosen(session.studio, report, keys=fix or (), safe=apply_fixes)
    fixed_version = session.studio.fixes.apply(version.id, fixes) if fixes else None
    value = to_plain(report) | {
        "findings": list(map(_finding_facts, report.findings)),
        "applied": list(map(_fix_facts, fixes)),
        "version": None if fixed_version is None else fixed_version.id,
    }
    judged = gate.judge(report, kinds, table=version.name)
    if judged is not None:
        value |= {"gate": gate_report(judged)}
    session.show(value, text=lambda: _report_text(version, report, fixes, fixed_version))
    if judged is not None:
        say(judged.sentence)
        end_with(judged)


def version_of(
    studio: Studio, source: str, *, like: DatasetVersion | None = None, options: ReadOptions
) -> DatasetVersion:
    """Return the version with the id ``source``, or import the file ``source``."""
    if source.startswith("dv_") and not Path(source).exists():
        return studio.datasets.get(source)
    return studio.datasets.import_file(source, like=like, options=options)


def print_check_progress(n_done: int, n_checks: int, title: str) -> None:
    """Print which check runs next."""
    say(f"{n_done + 1} of {n_checks}: {title}")


def _chosen(studio: Studio, report: CheckReport, *, keys: Sequence[str], safe: bool) -> tuple[Fix, ...]:
    chosen = list(studio.fixes.safe(report)) if safe else []
    for key in keys:
        fix = _finding(report, key).fix
        if fix is None:
            raise UsageError(f"There is no fix for '{key}'.", hint="Nothing was changed.")
        chosen.append(fix)
    return studio.fixes.ordered(chosen)


def _with_dismissed(studio: Studio, report: CheckReport, *, keys: Sequence[str]) -> CheckReport:
    """Mark findings as fine, and return the report with these marks."""
    chosen = [_finding(report, key).key for key in keys]
    if not chosen:
        return report
    studio.checks.dismiss(report.dataset_version_id, chosen)
    marked = (
        replace(finding, dismissed=finding.dismissed or finding.key in chosen) for finding in report.findings
    )
    return replace(report, findings=tuple(marked))


def _finding(report: CheckReport, key: str) -> Finding:
    by_key = {finding.key: finding for finding in report.findings}
    if key not in by_key:
        raise UnknownNameError(kind="finding", name=key, names=by_key)
    return by_key[key]


def _report_text(
    version: DatasetVersion, report: CheckReport, fixes: Sequence[Fix], fixed_version: DatasetVersion | None
) -> str:
    from litmus_core.data import fix_title
    from litmus_core.report import check_sentence

    lines = [
        f"{version.name}: {version.n_rows:,} rows, {len(version.columns)} columns ({version.id})",
        check_sentence(report),
    ]
    for severity, title in _SEVERITY_TITLES.items():
        findings = [finding for finding in report.findings if finding.severity == severity]
        if findings:
            lines += ["", f"{title} ({len(findings)})"]
            lines += [line for finding in findings for line in _finding_lines(finding)]
    if report.failed:
        lines += ["", "Not checked"]
        lines += [f"  {failure.kind}: {failure.reason}" for failure in report.failed]
    if fixed_version is not None:
        lines += ["", f"Applied {len(fixes)} to make version {fixed_version.version} ({fixed_version.id}):"]
        lines += [f"  {fix_title(fix)}" for fix in fixes]
    return "\n".join(lines)


def _finding_facts(finding: Finding) -> dict[str, Any]:
    """Return a finding's facts, with the sentences that they make."""
    from litmus_core.checks import finding_sentence, statement_sentence

    evidence = [{**to_plain(line), "sentence": statement_sentence(line)} for line in finding.evidence]
    sentences = {"sentence": finding_sentence(finding), "evidence": evidence}
    fix = None if finding.fix is None else _fix_facts(finding.fix)
    return {**to_plain(finding), **sentences, "fix": fix, "key": finding.key}


def _fix_facts(fix: Fix) -> dict[str, Any]:
    """Return a fix's facts, with its title."""
    from litmus_core.data import fix_title

    return {**to_plain(fix), "title": fix_title(fix)}


def _finding_lines(finding: Finding) -> list[str]:
    from litmus_core.checks import evidence_sentences, finding_sentence
    from litmus_core.data import fix_title

    note = " (you dismissed this)" if finding.dismissed else ""
    lines = [f"- {finding_sentence(finding)}{note}"]
    lines += [f"    {line}" for line in evidence_sentences(finding)[:_EVIDENCE_LINES]]
    if finding.fix is not None:
        lines.append(f"    Fix: {fix_title(finding.fix)}{' (safe)' if finding.fix.safe else ''}")
    return [*lines, f"    [{finding.key}]"]
