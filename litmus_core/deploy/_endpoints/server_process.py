"""One server process of an endpoint: a version on the endpoint's socket."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.serving import LEAVE, RequestLogOptions, SupervisorOptions, write_failure_path
from litmus_core.types import EndpointVersion, to_plain

LINGER_S = 20.0
# Out-of-memory messages of Python, the loader, C++ and BLAS.
_NO_MEMORY = (
    "MemoryError",
    "Cannot allocate memory",
    "failed to map segment",
    "bad_alloc",
    "pthread_create failed",
    "can't start new thread",
)


class ServerProcess:
    """A server started for ``version``; it ends when the supervisor's end of ``pipe`` closes."""

    def __init__(
        self, home: EndpointFolder, state: State, version: EndpointVersion, *, listener: int, pipe: int
    ) -> None:
        self.version, self.started = version, time.monotonic()
        stem = f"{version.number}-{time.monotonic_ns():x}"
        self.counts_path = home.path / f"counts-{stem}.json"
        self._ready = home.path / f"ready-{stem}.json"
        self._log_from = home.log.stat().st_size if home.log.exists() else 0
        self._log = home.log
        notes = RequestLogOptions(
            counts=self.counts_path,
            samples=home.samples,
            predictions=home.answers,
            verdict=home.verdict,
            sample_rate=state.sample_rate,
        )
        keeping = SupervisorOptions(listener=listener, pipe=pipe, notes=notes, linger_s=LINGER_S)
        command = [sys.executable, "-m", "litmus_core.deploy.server", version.path]
        command += [json.dumps(to_plain(keeping)), "--name", f"{state.id}-server"]
        command += ["--sha256", version.sha256, "--ready-file", str(self._ready)]
        if state.api_key_file is not None:
            command += ["--api-key-file", state.api_key_file]
        if state.address.token_file is not None:
            command += ["--tokens", state.address.token_file]
        with home.log.open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=home.path, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                pass_fds=(listener, pipe),
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is over."""
        return self._process.poll() is not None

    @property
    def ready(self) -> bool:
        """Whether it has loaded and warmed up the model and accepts connections."""
        return self._ready.exists() and not self.ended

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.started

    @property
    def has_left(self) -> bool:
        """Whether it has stopped accepting connections."""
        return self.ended or self.counts().get("state") == "leaving"

    def silence_s(self) -> float:
        """Return for how many seconds it has not written its counts; it writes them every second."""
        try:
            return time.time() - self.counts_path.stat().st_mtime
        except OSError:
            return 0.0

    def counts(self) -> dict[str, Any]:
        """Return its counts, as last written."""
        return read_counts(self.counts_path)

    def end_reason(self) -> str:
        """Return how it ended: by a signal, or with its own last message."""
        status = self._process.poll()
        if status is None:
            return "it did not respond"
        if status < 0:
            more = " (killed; too little memory is one cause)" if -status == signal.SIGKILL else ""
            return f"ended by signal {-status}{more}"
        lines = self._last_lines()
        last = lines[-1].strip() if lines else ""
        if status == errno.ENOMEM or any(sign in line for line in lines for sign in _NO_MEMORY):
            return f"ran out of memory: {last}"
        return f"ended with status {status}: {last}".removesuffix(": ")

    def _last_lines(self) -> list[str]:
        with self._log.open("rb") as log:
            log.seek(max(self._log_from, self._log.stat().st_size - 2_000))
            return log.read().decode("utf-8", "replace").strip().splitlines()

    def leave(self) -> None:
        """Make it stop accepting connections and end when the open ones close."""
        self._send(LEAVE)

    def end(self, *, grace_s: float) -> None:
        """Make it answer open requests and end; kill it after ``grace_s`` seconds."""
        self._send(signal.SIGTERM)
        try:
            self._process.wait(timeout=grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill it at once."""
        self._send(signal.SIGKILL)
        self._process.wait()

    def remove_files(self) -> None:
        """Remove its files."""
        partial, trouble = self.counts_path.with_suffix(".partial"), write_failure_path(self.counts_path)
        for path in (self._ready, self.counts_path, partial, trouble):
            path.unlink(missing_ok=True)

    def _send(self, number: signal.Signals) -> None:
        if not self.ended:
            os.kill(self.pid, number)


def read_counts(path: Path) -> dict[str, Any]:
    """Return the counts that a server wrote to ``path``; {} if there are none."""
    try:
        counts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return counts


def add_counts(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the sum of two servers' counts."""
    statuses = dict(one.get("requests", {}))
    for status, n in other.get("requests", {}).items():
        statuses[status] = statuses.get(status, 0) + n
    return {
        "requests": statuses,
        **{name: one.get(name, 0) + other.get(name, 0) for name in ("rows", "samples_lost", "answers_lost")},
    }
