"""What checks work with: one plug-in in its own process, and what was observed about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from litmus_core.errors import PlugInError
from litmus_core.plugins import CheckResult, Described, PluginProxy

MOST_PRINTED_BYTES = 1 << 20


class FailedCheck(Exception):  # noqa: N818 - it is no error of ours
    """What a plug-in got wrong, as a sentence without its full stop."""


@dataclass
class Bench:
    """One plug-in in its process. ``limit_s`` is for one call.

    Checks store what later ones need in ``results``.
    """

    described: Described
    proxy: PluginProxy
    limit_s: float
    seed: int = 0
    results: dict[str, Any] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def fit(self, *arguments: Any, seed: int | None = None) -> bytes:
        """Create and fit the plug-in; return it as bytes."""
        seed = self.seed if seed is None else seed
        return self.proxy.fit(*arguments, seed=seed, timeout_s=self.limit_s)

    def call(self, word: str, *arguments: Any, fitted: bytes | None = None) -> Any:
        """Call a method (or the function itself), and record which arguments it changes."""
        return self.proxy.call(
            word, *arguments, fitted=fitted, seed=self.seed, timeout_s=self.limit_s, watch=True
        )

    def notice_processes(self) -> None:
        """Record the processes that it left running, and end them."""
        left = self.proxy.host.leftovers()
        if left:
            self.left += left
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
    run: Callable[[Bench], None]
    first: bool = False


OnCheck = Callable[[int, int, str], None]  # number of checks done, number of all, and the next one's name


def make_checks(
    bench: Bench, checks: Sequence[ConformanceCheck], on_check: OnCheck = lambda *_: None
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
        results.append(_run_check(bench, check))
        if check.first and not results[-1].passed:
            stopped = f"not made, because '{check.name}' failed"
    for check in _EVERYWHERE:
        results.append(_run_check(bench, check))
    return tuple(results)


def _run_check(bench: Bench, check: ConformanceCheck) -> CheckResult:
    began = time.monotonic()
    reason = ""
    try:
        check.run(bench)
    except FailedCheck as error:
        reason = str(error)
    except PlugInError as error:
        reason = error.reason
    bench.notice_processes()
    seconds = round(time.monotonic() - began, 3)
    return CheckResult(name=check.name, passed=not reason, message=reason, seconds=seconds)


def _prints(bench: Bench) -> None:
    printed = bench.proxy.host.printed_bytes
    if printed > MOST_PRINTED_BYTES:
        raise FailedCheck(f"it printed {printed / 1e6:.0f} MB")


def _processes(bench: Bench) -> None:
    if bench.left:
        raise FailedCheck(f"it left processes behind, and they were ended: {bench.left[0][:80]}")


_EVERYWHERE = (ConformanceCheck("prints little", _prints), ConformanceCheck("leaves no process", _processes))
