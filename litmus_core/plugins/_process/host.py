"""The parent's side of a plug-in process: start it, send requests, end it when it takes too long."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

from litmus_core.plugins._failure_messages import PluginFailedError, exit_message
from litmus_core.plugins._process.tree import MARK, end_processes, marked_processes
from litmus_core.plugins._trust.signatures import check_signed
from litmus_core.runtime import MODULES, Scratch

LOG = "custom.log"
_MOST_LOG_BYTES = 1 << 20
_IDLE_S = 60.0  # after this the process may be about to end, so another is started
_MEMORY_SHARE = 0.85  # of the memory that is free at its start
_POLL_S = 0.2
_START_S = 120.0
_IMPORT_S = 20.0


class ImportedObject(Protocol):
    """The name of a class or function, and of its module: a PluginRef or a custom model."""

    @property
    def module(self) -> str:
        """The module to import."""

    @property
    def name(self) -> str:
        """The class or function in it."""


class PluginProcess:
    """A process for custom code; started on demand, and again after it died.

    It imports from the folder ``modules``. The code's output goes to ``log``, up to 1 MB. It may take
    ``memory_bytes`` (None: most of the free memory). Safe to use from several threads.
    """

    def __init__(self, modules: Path, log: Path | None = None, *, memory_bytes: int | None = None) -> None:
        self.modules, self.log, self.memory_bytes = modules, log, memory_bytes
        self.printed_bytes = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._mark = ""
        self._responses = -1
        self._is_ready = False
        self._last = 0.0
        self._request_lock = threading.Lock()
        self.scratch = Scratch.create("custom")

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Run an operation and return its result; raises PluginFailedError if there is none.

        ``do`` in the request names the operation, ``litmus_core.plugins._worker_ops:call``: a function of
        Litmus that is called in the process with a WorkerContext and the rest of the request as keywords, and
        returns what JSON can represent. Large rows and predictions go through files, such as in ``scratch``.
        """
        with self._request_lock:
            try:
                answer = self._read_response(json.dumps(request).encode() + b"\n", timeout_s)
            except BaseException:
                self._end()
                raise
            self._last = time.monotonic()
        if answer is None:
            raise PluginFailedError(f"it was not done in the {timeout_s:.3g} s it was given", timed_out=True)
        if "stopped" in answer:
            raise PluginFailedError(answer["stopped"])
        done: dict[str, Any] = answer["ok"]
        return done

    def start(self) -> None:
        """Start the process ahead of the first request, so that its imports are done by then."""
        with self._request_lock:
            self._ensure_running()

    def end(self) -> None:
        """End the process and all that it started; the next request starts another one."""
        with self._request_lock:
            self._end()

    def close(self) -> None:
        """End the process and all that it started, and remove its files."""
        self.end()
        self.scratch.close()

    def leftover_commands(self) -> list[str]:
        """Return the commands of processes that the code started and that are still running."""
        import psutil

        names = []
        for process in marked_processes(self._mark, except_pid=self.pid) if self._mark else ():
            with suppress(psutil.Error):
                names.append(" ".join(process.cmdline()) or process.name())
        return names

    @property
    def pid(self) -> int | None:
        """The process's id, which is also its group's; None if there is none."""
        return None if self._process is None else self._process.pid

    def _read_response(self, line: bytes, timeout_s: float) -> dict[str, Any] | None:
        """Send a request and return the response; None, with the process ended, when the time is up.

        The time starts when the process is ready to work.
        """
        process = self._ensure_running()
        try:
            process.stdin.write(line)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            raise PluginFailedError(exit_message(process.wait())) from None
        if not self._is_ready:
            if self._read_line(process, _START_S, most_bytes=1) is None:
                raise PluginFailedError(f"its process did not start in {_START_S:.3g} s", timed_out=True)
            self._is_ready = True
        output = self._read_line(process, timeout_s)
        if output is None:
            self._end()
            return None
        answer: dict[str, Any] = json.loads(output)
        return answer

    def _read_line(
        self, process: subprocess.Popen[bytes], timeout_s: float, *, most_bytes: int = 1 << 16
    ) -> bytes | None:
        """Return what the process writes up to a line's end; None when the time is up."""
        until, output = time.monotonic() + timeout_s, b""
        while not output.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0:
                return None
            ready, _, _ = select.select([self._responses], [], [], min(left, _POLL_S))
            part = os.read(self._responses, most_bytes) if ready else b""
            output += part
            if (ready and not part) or (not ready and process.poll() is not None):
                raise PluginFailedError(exit_message(process.wait()))
        return output

    def _ensure_running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (
            self._process.poll() is not None or time.monotonic() > self._last + _IDLE_S
        ):
            self._end()
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        self._responses, pipe_end = os.pipe()
        self._is_ready = False
        self._mark = secrets.token_hex(16)
        limit = _free_memory()
        if self.memory_bytes is not None:
            limit = min(limit, self.memory_bytes)
        command = [sys.executable, "-P", "-B", "-m", "litmus_core.plugins.child"]
        command += [str(pipe_end), str(self.modules), str(limit), "check" if self.log is None else "fit"]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self.scratch.folder,
                pass_fds=[pipe_end],
                start_new_session=True,
                env=os.environ | {MARK: self._mark},
            )
        finally:
            os.close(pipe_end)
        self._last = time.monotonic()
        threading.Thread(target=self._read_output, args=(process.stdout,), daemon=True).start()
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        end_processes(process, self._mark)
        process.stdin.close()  # type: ignore[union-attr]
        os.close(self._responses)

    def _read_output(self, stream: IO[bytes]) -> None:
        """Read the process's output, so that it never blocks; log the beginning."""
        log = self.log
        left = _MOST_LOG_BYTES - (log.stat().st_size if log is not None and log.exists() else 0)
        with stream:
            while part := stream.read1(1 << 16):  # type: ignore[attr-defined]
                self.printed_bytes += len(part)
                if log is not None and left > 0:
                    with suppress(FileNotFoundError), log.open("ab") as file:  # its run may be deleted by now
                        file.write(part[:left])
                    left -= len(part)


_hosts: dict[tuple[Path, str], PluginProcess] = {}
_lock = threading.Lock()


def host_of(folder: Path, plugged: ImportedObject) -> PluginProcess:
    """Return the process of a class of the run in ``folder``; it lives until this process ends.

    Its source is in ``folder``/modules, and its output goes to ``folder``/custom.log. Raises UsageError if
    the user does not trust that source.
    """
    with _lock:
        key = (folder.absolute(), f"{plugged.module}:{plugged.name}")
        if key not in _hosts:
            check_signed(folder)
            _hosts[key] = PluginProcess(folder / MODULES, folder / LOG)
        return _hosts[key]


def start_hosts(plugged: Sequence[ImportedObject], folder: Path) -> None:
    """Start the processes of a run's custom classes, which import them while the run still prepares.

    AutoGluon leaves out a model whose first fold is slow, and imports would make it so.
    """
    for one in plugged:
        host = host_of(folder, one)
        host.start()
        threading.Thread(target=_import_ahead, args=(host, one), daemon=True).start()


def _import_ahead(host: PluginProcess, plugged: ImportedObject) -> None:
    """Import the class's module; a failure shows again when the class is used, and is reported there."""
    request = {"do": "litmus_core.plugins._worker_ops:import_class"}
    with suppress(PluginFailedError, OSError, ValueError):
        host.ask(request | {"module": plugged.module, "name": plugged.name}, timeout_s=_IMPORT_S)


def end_hosts(folder: Path) -> None:
    """End the processes of the custom classes of the run in ``folder``."""
    with _lock:
        is_closed = [_hosts.pop(key) for key in list(_hosts) if key[0] == folder.absolute()]
    for host in is_closed:
        host.close()


@contextmanager
def plugin_process(modules: Path, *, memory_bytes: int | None = None) -> Iterator[PluginProcess]:
    """Yield a process for the duration of the ``with`` block."""
    host = PluginProcess(modules, memory_bytes=memory_bytes)
    try:
        yield host
    finally:
        host.close()


@atexit.register
def _close_all() -> None:
    for host in _hosts.values():
        host.close()


def _free_memory() -> int:
    import psutil

    return int(_MEMORY_SHARE * psutil.virtual_memory().available)
