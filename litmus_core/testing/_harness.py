"""Run a plug-in's checks with the plug-in in its own process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from litmus_core.errors import PlugInError
from litmus_core.plugins import CheckResult, PluginDescription, PluginProxy

MOST_PRINTED_BYTES = 1 << 20


class FailedCheck(Exception):  # noqa: N818 - the plug-in's fault, not ours
    """The failure of a check, as a sentence without its full stop."""


@dataclass
class PluginHarness:
    """One plug-in in its process; each call may take ``limit_s``.

    Checks store values that later ones need in ``results``.
    """

    described: PluginDescription
    proxy: PluginProxy
    limit_s: float
    seed: int = 0
    results: dict[str, Any] = field(default_factory=dict)
    leftover_commands: list[str] = field(default_factory=list)

    def fit(self, *arguments: Any, seed: int | None = None) -> bytes:
        """Create and fit the plug-in; return it as bytes."""
        seed = self.seed if seed is None else seed
        return self.proxy.fit(*arguments, seed=seed, timeout_s=self.limit_s)

    def call(self, word: str, *arguments: Any, fitted: bytes | None = None) -> Any:
        """Call a method (or the function itself), and record which arguments it changes."""
        return self.proxy.call(
            word, *arguments, fitted=fitted, seed=self.seed, timeout_s=self.limit_s, watch=True
        )

    def end_leftovers(self) -> None:
        """Record the processes that the plug-in left running, and end them."""
        leftover_commands = self.proxy.host.leftover_commands()
        if leftover_commands:
            self.leftover_commands += leftover_commands
            self.proxy.host.end()

    def memory_bytes(self) -> int:
        """Return the memory that its process holds now."""
        import psutil

        pid = self.proxy.host.pid
        return 0 if pid is None else int(psutil.Process(pid).memory_info().rss)


@dataclass(frozen=True)
class ConformanceCheck:
    """A named check; ``run`` raises FailedCheck with a reason. If ``first`` fails, no other check runs."""

    name: str
    run: Callable[[PluginHarness], None]
    first: bool = False


OnCheck = Callable[[int, int, str], None]  # number of checks done, number of all, and the next one's name


def make_checks(
    harness: PluginHarness, checks: Sequence[ConformanceCheck], on_check: OnCheck = lambda *_: None
) -> tuple[CheckResult, ...]:
    """Run the checks, then those that apply to every point: output, and processes left running."""
    results: list[CheckResult] = []
    stopped = ""
    n_all = len(checks) + len(_EVERYWHERE)
    for check in checks:
        on_check(len(results), n_all, check.name)
        if stopped:
            results.append(CheckResult(name=check.name, passed=True, skipped=stopped))
            continue
        results.append(_run_check(harness, check))
        if check.first and not results[-1].passed:
            stopped = f"not made, because '{check.name}' failed"
    for check in _EVERYWHERE:
        results.append(_run_check(harness, check))
    return tuple(results)


def _run_check(harness: PluginHarness, check: ConformanceCheck) -> CheckResult:
    began = time.monotonic()
    reason = ""
    try:
        check.run(harness)
    except FailedCheck as error:
        reason = str(error)
    except PlugInError as error:
        reason = error.reason
    harness.end_leftovers()
    seconds = round(time.monotonic() - began, 3)
    return CheckResult(name=check.name, passed=not reason, message=reason, seconds=seconds)


def _check_output(harness: PluginHarness) -> None:
    printed = harness.proxy.host.printed_bytes
    if printed > MOST_PRINTED_BYTES:
        raise FailedCheck(f"it printed {printed / 1e6:.0f} MB")


def _check_processes(harness: PluginHarness) -> None:
    if harness.leftover_commands:
        raise FailedCheck(
            f"it left processes behind, and they were ended: {harness.leftover_commands[0][:80]}"
        )


_EVERYWHERE = (
    ConformanceCheck("prints little", _check_output),
    ConformanceCheck("leaves no process", _check_processes),
)
