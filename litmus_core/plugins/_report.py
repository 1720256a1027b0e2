"""The results of a plug-in's conformance checks."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One named check: passed, or failed for the reason in ``message``.

    ``skipped`` says why it did not run.
    """

    name: str
    passed: bool
    message: str = ""
    skipped: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInReport:
    """The checks of one plug-in, in order; ``sha256`` is of the checked source."""

    point: Point
    name: str
    reference: str
    sha256: str = ""
    results: tuple[CheckResult, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(result.passed for result in self.results)

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The checks that failed."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def reason(self) -> str:
        """Why it failed, in one sentence; "" if it passed."""
        return " ".join(f"{failure.name}: {failure.message}." for failure in self.failures)
