"""Workers and probes with the libraries in memory: importing those takes longer than a tiny training does.

They are asked of the process of tests/warm/server.py where they would be started as users' are, and with
nothing that an interpreter reads as it starts. Each is a process of its own, with the settings, folder,
files, session, lock and mark that it would have had. Tests of kills and of the browser, and commands that
tests start, begin theirs from nothing, and so does everybody outside the tests.
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

SOCKET = "WARM_WORKERS"  # in the settings of tests and of what they start: where the server listens
PATH = Path(__file__).parent / "path"  # on PYTHONPATH, it lets other processes ask for warm workers, too
_MARK, _UNDER = "LITMUS_RUN", "LITMUS_UNDER"
_N_MARK = len("run_0123456789")
_LONGEST_NAME = 100  # of a socket
WORKER, PROBE = "litmus_core.jobs.worker", "litmus_core.latency.probe"
_STAGES = "litmus_core.jobs._stages"
# The modules of Litmus that start them.
STARTERS = ("litmus_core.jobs._processes", "litmus_core.latency._child")
_OF_THE_INTERPRETER = ("PYTHON", "OMP_", "GOMP_", "OPENBLAS", "MKL_", "MALLOC_", "LD_", "SCIPY_", "CUDA_")
_THE_SAME_TO_IT = ("PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


class Subprocess:
    """Stands where ``subprocess`` does in the modules that start workers and probes."""

    DEVNULL, PIPE, STDOUT = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def Popen(self, command: Sequence[str], **given: Any) -> Any:
        """Start a process: a warm one where that is the same."""
        where, environment = os.environ.get(SOCKET), given.get("env") or dict(os.environ)
        if where and (request := _request(command, environment, given)):
            if self._server is not None:
                self._server.start()
            if begun := _begun(where, request, given):
                return begun
        return subprocess.Popen(command, **given)


class Begun:
    """A process that the server forked: as much of ``subprocess.Popen`` as is used of it."""

    def __init__(self, pid: int, stdout: IO[bytes] | None) -> None:
        self.pid, self.stdout = pid, stdout
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:  # it has ended
            self._handle = None

    def kill(self) -> None:
        """End it, where it did not end."""
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> None:
        """Return when it has ended."""
        if self._handle is not None:
            select.select([self._handle], [], [])

    def __del__(self) -> None:
        if self._handle is not None:
            os.close(self._handle)


class Server:
    """The process that workers are forked of, which all processes of a session share.

    The first that needs it starts it, and it ends with that process; who asks when it is gone starts a worker
    as users do.
    """

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "warm"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it where nobody did, on systems that have what it takes."""
        if not hasattr(os, "pidfd_open") or len(str(self.socket)) > _LONGEST_NAME:
            return
        try:
            self.socket.with_suffix(".begun").touch(exist_ok=False)
        except FileExistsError:
            return
        settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
            door.bind(str(self.socket))
            door.listen(64)  # who asks from now on waits until it has loaded
            self._process = subprocess.Popen(
                [sys.executable, "-P", Path(__file__).with_name("server.py"), str(door.fileno())],
                env=settings | {"PYTHONUNBUFFERED": "1", _MARK: "-" * _N_MARK},
                stdin=subprocess.PIPE,
                pass_fds=[door.fileno()],
            )

    def close(self) -> None:
        """End it where this process started it; workers that it began go on."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


def use_warm_processes(module: Any, server: Server | None = None) -> None:
    """Let one of the modules that start processes start warm ones."""
    module.subprocess = Subprocess(server)


def remember_packages() -> None:
    """Let AutoGluon, which lists the packages that are installed as often as it saves, list them once."""
    import autogluon.common.utils.utils as listing

    if not hasattr(listing.get_package_versions, "cache_info"):
        listing.get_package_versions = cache(listing.get_package_versions)


def _request(
    command: Sequence[str], environment: dict[str, str], given: dict[str, Any]
) -> dict[str, Any] | None:
    """Return what to ask for, where a fork is all that a start would be; else None."""
    words = list(command)
    is_safe = words[1:2] == ["-P"]
    program, flag, module, *arguments = [*words[:1], *words[1 + is_safe :], "", ""]
    arguments = arguments[:-2]
    if (program, flag) != (sys.executable, "-m") or module not in (WORKER, PROBE):
        return None
    if module == WORKER and arguments[arguments.index("--stages") + 1] != _STAGES:
        return None
    if _UNDER in environment or len(environment.get(_MARK, "-" * _N_MARK)) != _N_MARK:
        return None
    if _of_the_interpreter(environment) != json.loads(os.environ[f"{SOCKET}_HAS"]):
        return None
    if "--lock-fd" in arguments:
        at = arguments.index("--lock-fd")
        del arguments[at : at + 2]
    return {
        "module": module,
        "arguments": arguments,
        "is_safe": is_safe,
        "in_a_session": given.get("start_new_session", False),
        "folder": str(given.get("cwd") or Path.cwd()),
        "environment": environment,
    }


def _of_the_interpreter(environment: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(environment.items())
        if name.startswith(_OF_THE_INTERPRETER) and name not in _THE_SAME_TO_IT
    }


def settings(server: Server) -> dict[str, str]:
    """Return the settings of a process that may ask for warm workers."""
    return {SOCKET: str(server.socket), f"{SOCKET}_HAS": json.dumps(_of_the_interpreter(dict(os.environ)))}


def _begun(where: str, request: dict[str, Any], given: dict[str, Any]) -> Begun | None:
    """Ask for a process; return None where nobody answers."""
    read, stdout = (
        os.pipe() if given["stdout"] == subprocess.PIPE else (None, os.dup(given["stdout"].fileno()))
    )
    errors = given.get("stderr")
    stderr = stdout if errors == subprocess.STDOUT else 2 if errors is None else errors.fileno()
    files = array.array("i", [stdout, stderr, *given.get("pass_fds", ())])
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, files.tobytes())
    pid = b""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection, suppress(OSError):
        connection.connect(where)
        connection.sendmsg([json.dumps(request).encode()], [rights])
        pid = connection.recv(16)
    os.close(stdout)
    pipe = None if read is None else open(read, "rb")  # noqa: SIM115 - whoever asked closes it
    if pid:
        return Begun(int(pid), pipe)
    if pipe is not None:
        pipe.close()
    return None
