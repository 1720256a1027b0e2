"""The other side of a custom model's process: starts it, asks it, ends it when it takes too long."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from litmus_core.engine._custom._ends import CustomStoppedError, words_of_exit
from litmus_core.runtime import MODULES
from litmus_core.types import CustomModel

LOG = "custom.log"
_MOST_LOG_BYTES = 1 << 20
_IDLE_S = 60.0  # then the process may be ending by itself, so another one is started
_MEMORY_SHARE = 0.85  # of what is free when it starts
_POLL_S = 0.2


class Host:
    """A process for one model class; started when it is asked, and again when it has died.

    What someone's code prints goes to ``log``, up to 1 MB. Safe to use from several threads.
    """

    def __init__(self, modules: Path, log: Path | None = None) -> None:
        self.modules, self.log = modules, log
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = -1
        self._last = 0.0
        self._alone = threading.Lock()
        self.scratch = tempfile.TemporaryDirectory(prefix="litmus-custom-")

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Return the answer; raises CustomStoppedError in words when there is none."""
        with self._alone:
            try:
                answer = self._asked(json.dumps(request).encode() + b"\n", time.monotonic() + timeout_s)
            except BaseException:
                self._end()
                raise
            self._last = time.monotonic()
        if answer is None:
            raise CustomStoppedError(f"it was not done in the {timeout_s:.3g} s it was given")
        if "stopped" in answer:
            raise CustomStoppedError(answer["stopped"])
        done: dict[str, Any] = answer["ok"]
        return done

    def start(self) -> None:
        """Start the process ahead of the first question: it imports what it will need meanwhile."""
        with self._alone:
            self._living()

    def close(self) -> None:
        """End the process and remove its files."""
        with self._alone:
            self._end()
        self.scratch.cleanup()

    def _asked(self, line: bytes, until: float) -> dict[str, Any] | None:
        """Send a request and return the answer; None, and the process is ended, when the time is up."""
        process = self._living()
        try:
            process.stdin.write(line)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            raise CustomStoppedError(words_of_exit(process.wait())) from None
        said = b""
        while not said.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0:
                self._end()
                return None
            ready, _, _ = select.select([self._answers], [], [], min(left, _POLL_S))
            part = os.read(self._answers, 1 << 16) if ready else b""
            said += part
            if (ready and not part) or (not ready and process.poll() is not None):
                raise CustomStoppedError(words_of_exit(process.wait()))
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (
            self._process.poll() is not None or time.monotonic() > self._last + _IDLE_S
        ):
            self._end()
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        self._answers, told = os.pipe()
        command = [sys.executable, "-P", "-B", "-m", "litmus_core.engine._custom.child"]
        command += [str(told), str(self.modules), str(_free_memory()), "check" if self.log is None else "fit"]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self.scratch.name,
                pass_fds=[told],
                start_new_session=True,
            )
        finally:
            os.close(told)
        self._last = time.monotonic()
        threading.Thread(target=_keep, args=(process.stdout, self.log), daemon=True).start()
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()  # type: ignore[union-attr]
        os.close(self._answers)


_hosts: dict[tuple[Path, str], Host] = {}
_alone = threading.Lock()


def host_of(folder: Path, model: CustomModel) -> Host:
    """Return the process of a model class of the run in ``folder``; it is there until this process ends."""
    with _alone:
        key = (folder.absolute(), f"{model.module}:{model.name}")
        if key not in _hosts:
            _hosts[key] = Host(folder / MODULES, folder / LOG)
        return _hosts[key]


def start_hosts(models: Sequence[CustomModel], folder: Path) -> None:
    """Start the processes of a run's own models."""
    for model in models:
        host_of(folder, model).start()


@contextmanager
def own_host(modules: Path) -> Iterator[Host]:
    """Give a process for as long as the ``with`` block."""
    host = Host(modules)
    try:
        yield host
    finally:
        host.close()


@atexit.register
def _close_all() -> None:
    for host in _hosts.values():
        host.close()


def _keep(said: IO[bytes], log: Path | None) -> None:
    """Read what the process prints so that it never waits, and keep the beginning of it."""
    left = _MOST_LOG_BYTES - (log.stat().st_size if log is not None and log.exists() else 0)
    with said:
        while part := said.read1(1 << 16):  # type: ignore[attr-defined]
            if log is not None and left > 0 and log.parent.is_dir():
                with log.open("ab") as file:
                    file.write(part[:left])
                left -= len(part)


def _free_memory() -> int:
    import psutil

    return int(_MEMORY_SHARE * psutil.virtual_memory().available)
