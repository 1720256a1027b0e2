"""One bundle's trial: start its child processes, read their results, and give up on hanging ones."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmus_core.latency._child import LatencyProcess

_CHILD = Path(__file__).with_name("bundle_worker.py")
_PATIENCE_S = 120.0
_OUT_OF_MEMORY = (  # messages of Python, the loader, C++ and the numeric libraries, in lower case
    "memoryerror",
    "bad_alloc",
    "bad allocation",
    "cannot allocate",
    "memory allocation",
    "cannot map",
    "failed to map",
    "start new thread",
    "pthread_create failed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyTrial:
    """Where a bundle is, which Python runs it, and its limits. ``until`` is by the monotonic clock.

    ``python`` None is this interpreter with its own path; another one starts without any of this process's
    Python settings.
    """

    folder: Path
    bundle: Path
    python: Path | None
    cpus: int
    memory_mb: int | None
    rows: Path | None
    until: float

    def command(self, mode: str, job: Mapping[str, Any]) -> list[str]:
        """Write a job's file and return the command that runs it."""
        path = self.folder / f"{mode}.json"
        settings = {
            "bundle": str(self.bundle),
            "cpus": self.cpus,
            "memory_bytes": None if self.memory_mb is None else self.memory_mb * 1_000_000,
            "rows": None if self.rows is None else str(self.rows),
            **job,
        }
        path.write_text(json.dumps(settings), encoding="utf-8")
        start = [sys.executable, "-P"] if self.python is None else [str(self.python), "-I"]
        return [*start, str(_CHILD), mode, str(path)]

    def child(self, mode: str, job: Mapping[str, Any]) -> LatencyProcess:
        """Return a job's child process, not started yet."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LITMUS_")}
        return LatencyProcess(self.command(mode, job), folder=self.folder, environment=plain, errors=self.log)

    @property
    def log(self) -> Path:
        """The file that gets the children's stderr."""
        return self.folder / "errors.log"

    def results(self, job: Mapping[str, Any], problems: list[str]) -> Iterator[dict[str, Any]]:
        """Yield the results of a child that predicts in its own process, with ``after_s`` since its start.

        Errors are added to ``problems`` as text.
        """
        began, last = time.monotonic(), "starting"
        with self.child("answer", job) as child:
            while True:
                line = child.line(min(_PATIENCE_S, self.until - time.monotonic()))
                if line is None:
                    problems.append(self.failure_message(child, last))
                    return
                facts = {"after_s": time.monotonic() - began, **json.loads(line)}
                if "failed" in facts:
                    problems.append(self._error_message(str(facts["failed"]), last))
                    return
                yield facts
                last = (
                    f"after calls of {facts['batch_rows']:,} rows" if "batch_rows" in facts else "answering"
                )
                if "done" in facts or job.get("only_start"):
                    return

    def failure_message(self, child: LatencyProcess, when: str) -> str:
        """Return why a child stopped responding: it hangs, was killed by the system, or failed."""
        if child.process.poll() is None and not self._ends_soon(child):
            return f"The bundle's process hung {when}, and was ended."
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        if self.memory_mb is not None and hit_memory_limit(text, child.process.returncode):
            return self._error_message("memory", when)
        last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
        return f"The bundle's process ended {when}. {last[:300]}".strip()

    def _ends_soon(self, child: LatencyProcess) -> bool:
        try:
            child.process.wait(timeout=1.0)
        except Exception:  # noqa: BLE001 - TimeoutExpired, by whatever name
            return False
        return True

    def _error_message(self, text: str, when: str) -> str:
        if text == "memory" or (self.memory_mb is not None and hit_memory_limit(text, None)):
            limit = "" if self.memory_mb is None else f" of {self.memory_mb:,} MB"
            return f"The bundle's process needed more than the memory limit{limit} {when}."
        return f"The bundle failed {when}: {text[:300]}"


def hit_memory_limit(text: str, status: int | None) -> bool:
    """Return whether a process with this last output or exit status ran out of memory."""
    return any(sign in text.lower() for sign in _OUT_OF_MEMORY) or status in (-signal.SIGKILL, 137)
