"""A report of checks in a sentence or two."""

from __future__ import annotations

from litmus_core.types import CheckReport

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def check_sentence(report: CheckReport) -> str:
    """Say how bad it is, and what was not looked for; what someone said is fine does not count.

    >>> report = CheckReport(dataset_version_id="dv_1", target="price", test_version_id=None, findings=())
    >>> check_sentence(report)
    'Nothing was found that would make a model lie.'
    """
    open_ = [finding for finding in report.findings if not finding.known]
    n_harmful = sum(finding.severity == "harmful" for finding in open_)
    n_warnings = sum(finding.severity == "warning" for finding in open_)
    parts = []
    if n_harmful:
        parts.append(f"{_things(n_harmful)} would make the model lie.")
    elif report.unasked or report.failed:
        parts.append("So far nothing was found that would make a model lie.")
    else:
        parts.append("Nothing was found that would make a model lie.")
    if n_warnings:
        parts.append(f"{_things(n_warnings)} {'is' if n_warnings == 1 else 'are'} worth a look.")
    if report.unasked:
        n = len(report.unasked)
        more = f"{n} more checks need" if n > 1 else "1 more check needs"
        parts.append(f"{more} to know what you want to predict.")
    if report.failed:
        reasons = list(dict.fromkeys(check.reason for check in report.failed))
        n = len(report.failed)
        failed = f"{n} checks" if n > 1 else "1 check"
        parts.append(f"{failed} could not be made{f': {reasons[0]}' if len(reasons) == 1 else '.'}")
    return " ".join(parts)


def _things(n: int) -> str:
    """Write a count of things as a sentence begins.

    >>> _things(1), _things(12)
    ('One thing', '12 things')
    """
    written = _SMALL[n].capitalize() if n < len(_SMALL) else f"{n:,}"
    return f"{written} {'thing' if n == 1 else 'things'}"
