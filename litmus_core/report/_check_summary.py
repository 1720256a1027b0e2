"""A report of checks, summarised in a sentence or two."""

from __future__ import annotations

from litmus_core.types import CheckReport

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def check_sentence(report: CheckReport) -> str:
    """Say how serious the open findings are, and what was not checked; ignored findings do not count.

    >>> report = CheckReport(dataset_version_id="dv_1", target="price", test_version_id=None, findings=())
    >>> check_sentence(report)
    'No serious data problems found.'
    """
    return " ".join(filter(None, (problems_sentence(report), unchecked_sentence(report))))


def problems_sentence(report: CheckReport) -> str:
    """Say how many problems there are to fix, and how many findings to look at."""
    open_ = [finding for finding in report.findings if not finding.dismissed]
    n_harmful = sum(finding.severity == "harmful" for finding in open_)
    n_warnings = sum(finding.severity == "warning" for finding in open_)
    so_far = " so far" if report.waiting_for_target or report.failed else ""
    parts = [f"No serious data problems found{so_far}."]
    if n_harmful:
        parts = [f"{_counted(n_harmful, 'problem')} to fix."]
    if n_warnings:
        parts.append(f"{_counted(n_warnings, 'thing')} {'is' if n_warnings == 1 else 'are'} worth a look.")
    return " ".join(parts)


def unchecked_sentence(report: CheckReport) -> str:
    """Say which checks were not run; "" if all were."""
    parts = []
    if report.waiting_for_target:
        n = len(report.waiting_for_target)
        more = f"{n} more checks need" if n > 1 else "1 more check needs"
        parts.append(f"{more} to know what you want to predict.")
    if report.failed:
        reasons = list(dict.fromkeys(check.reason for check in report.failed))
        n = len(report.failed)
        failed = f"{n} checks" if n > 1 else "1 check"
        parts.append(f"{failed} could not be made{f': {reasons[0]}' if len(reasons) == 1 else '.'}")
    return " ".join(parts)


def _counted(n: int, noun: str) -> str:
    """Write a count as the beginning of a sentence.

    >>> _counted(1, "thing"), _counted(12, "thing")
    ('One thing', '12 things')
    """
    written = _SMALL[n].capitalize() if n < len(_SMALL) else f"{n:,}"
    return f"{written} {noun if n == 1 else f'{noun}s'}"
