"""Combine findings about many similar columns into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from litmus_core.types import Finding, Fix, Statement

_MOST_FINDINGS = 12
_WHOLE_COLUMN_FIXES = ("leave_out", "trim", "fold_case")


def combine_findings(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings of one kind, or one for each severity if there are too many to read.

    A combined finding has the kind's statement "many".
    """
    for severity in ("harmful", "warning", "hint"):
        alike = [finding for finding in findings if finding.severity == severity]
        if len(alike) <= _MOST_FINDINGS:
            yield from alike
            continue
        columns = tuple(dict.fromkeys(name for finding in alike for name in finding.columns))
        yield Finding(
            kind=alike[0].kind,
            severity=alike[0].severity,
            columns=columns,
            statement=Statement.of(alike[0].kind, "many", n_columns=len(columns)),
            evidence=tuple(finding.statement for finding in alike[:_MOST_FINDINGS]),
            fix=_one_fix(alike),
            score=max(finding.score for finding in alike),
        )


def _one_fix(findings: Sequence[Finding]) -> Fix | None:
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    kinds = {fix.kind for fix in fixes}
    if len(fixes) < len(findings) or len(kinds) > 1 or not kinds <= set(_WHOLE_COLUMN_FIXES):
        return None
    columns = tuple(dict.fromkeys(name for fix in fixes for name in fix.columns))
    return Fix(kind=fixes[0].kind, columns=columns, safe=all(fix.safe for fix in fixes))
