"""Workers that begin with the libraries in memory: importing those takes longer than a tiny training does.

A worker is asked of the process of tests/warm/server.py where it would be started as users' are, and with
nothing that an interpreter reads as it starts. It is a process of its own, in a session of its own, with the
settings, folder, log, lock and mark that it would have had. Tests of processes, of kills and of the browser
start theirs from nothing, and so does everybody outside the tests.
"""

from __future__ import annotations

import array
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOCKET = "WARM_WORKERS"  # in the settings of tests and of what they start: where the server listens
PATH = Path(__file__).parent / "path"  # on PYTHONPATH, it lets other processes ask for warm workers, too
_MARK, _UNDER = "LITMUS_RUN", "LITMUS_UNDER"
_N_MARK = len("run_0123456789")
_COMMAND = (sys.executable, "-P", "-m", "litmus_core.jobs.worker")
_STAGES = "litmus_core.jobs._stages"
_OF_THE_INTERPRETER = ("PYTHON", "OMP_", "GOMP_", "OPENBLAS", "MKL_", "MALLOC_", "LD_", "SCIPY_", "CUDA_")
_THE_SAME_TO_IT = ("PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


class Subprocess:
    """Stands where ``subprocess`` does in litmus_core/jobs/_processes.py."""

    DEVNULL, STDOUT = subprocess.DEVNULL, subprocess.STDOUT

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def Popen(self, command: Sequence[str], **given: Any) -> Any:
        """Start a worker: a warm one where that is the same."""
        where = os.environ.get(SOCKET)
        if where and _is_the_same(command, given["env"]):
            if self._server is not None:
                self._server.start()
            if _begun(where, command, given):
                return _Begun()
        return subprocess.Popen(command, **given)


class _Begun:
    """A worker that nobody needs to wait for."""

    def wait(self) -> None:
        """Return at once."""


class Server:
    """The process that workers are forked of, which all processes of a session share.

    The first that needs it starts it, and it ends with that process; who asks when it is gone starts a worker
    as users do.
    """

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "warm"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it where nobody did."""
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


def lay_hands_on(processes: Any, server: Server | None = None) -> None:
    """Let litmus_core/jobs/_processes.py start warm workers."""
    processes.subprocess = Subprocess(server)


def _is_the_same(command: Sequence[str], environment: dict[str, str]) -> bool:
    """Say whether a fork is all that a start would be."""
    if tuple(command[: len(_COMMAND)]) != _COMMAND or command[command.index("--stages") + 1] != _STAGES:
        return False
    if _UNDER in environment or len(environment[_MARK]) != _N_MARK:
        return False
    return _of_the_interpreter(environment) == json.loads(os.environ[f"{SOCKET}_HAS"])


def _of_the_interpreter(environment: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(environment.items())
        if name.startswith(_OF_THE_INTERPRETER) and name not in _THE_SAME_TO_IT
    }


def settings(server: Server) -> dict[str, str]:
    """Return the settings of a process that may ask for warm workers."""
    return {SOCKET: str(server.socket), f"{SOCKET}_HAS": json.dumps(_of_the_interpreter(dict(os.environ)))}


def _begun(where: str, command: Sequence[str], given: dict[str, Any]) -> bool:
    """Ask for a worker; return whether it began."""
    arguments = list(command[len(_COMMAND) :])
    at = arguments.index("--lock-fd")
    request = {
        "arguments": arguments[:at] + arguments[at + 2 :],
        "folder": str(given["cwd"]),
        "environment": dict(given["env"]),
    }
    files = array.array("i", [int(arguments[at + 1]), given["stdout"].fileno()])
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, files.tobytes())
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        try:
            connection.connect(where)
            connection.sendmsg([json.dumps(request).encode()], [rights])
            return connection.recv(16) == b"begun"
        except OSError:  # it is gone
            return False
