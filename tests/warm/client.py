"""Processes of Litmus with the libraries in memory: importing those takes longer than a tiny training does.

They are asked of the process of tests/warm/server.py where they would be started as users' are, and with
nothing that an interpreter reads as it starts. Each is a process of its own, with the settings, folder,
files, session, lock and marks that it would have had, and whoever started it learns how it ended. Tests of
kills and of plug-ins begin theirs from nothing, and so does README's script; and so does everybody outside
the tests.
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
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import IO, Any

SOCKET = "WARM_WORKERS"  # in the settings of tests and of what they start: where the server listens
PATH = Path(__file__).parent / "path"  # on PYTHONPATH, it lets other processes ask for warm workers, too
# As many bytes of settings may a process begin with: the system shows them where the server's own were.
ROOM_FOR_SETTINGS = 1 << 15
_LONGEST_NAME = 100  # of a socket
BIN = Path(__file__).parent / "bin"  # on PATH, it lets a reader's commands be warm processes: see command.py
# What runs a script, named behind it, as a warm process.
PYTHON = (sys.executable, "-IS", str(Path(__file__).with_name("command.py")), "script")
COMMANDS, KERNEL, SCRIPT = "litmus_core.cli", "ipykernel.kernelapp", "runpy"
# What is started warm.
WARM = (
    COMMANDS, KERNEL, SCRIPT, "litmus_core.data._sources.workbooks.child",
    "litmus_core.plugins.child", "litmus_core.jobs.scorer",
    "litmus_core.jobs.worker", "litmus_core.experiments.worker", "litmus_core.latency.model_worker",
)  # fmt: skip
# The modules of Litmus that start them.
STARTERS = (
    "litmus_core.jobs._queue.processes", "litmus_core.latency._child", "litmus_core.plugins._process.host",
    "litmus_core.jobs._background.process", "litmus_core.jobs._scorings",
    "litmus_core.data._sources.workbooks.workbook",
)  # fmt: skip
LISTING = "autogluon.common.utils.utils"
_ANSWER_S = 60.0  # a fork may hang, with a lock that no thread of it will give back
_STREAMS = ("stdin", "stdout", "stderr")
_PYTHON = sys.executable  # a test may put another in its place
_OF_THE_INTERPRETER = ("PYTHON", "OMP_", "GOMP_", "OPENBLAS", "MKL_", "MALLOC_", "LD_", "SCIPY_", "CUDA_")
_THE_SAME_TO_IT = ("PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


class Subprocess:
    """Stands where ``subprocess`` does in the modules that start processes of Litmus."""

    DEVNULL, PIPE, STDOUT = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def Popen(self, command: Sequence[str], **given: Any) -> Any:
        """Start a process: a warm one where that is the same."""
        return warm(command, self._server, **given) or subprocess.Popen(command, **given)

    def run(
        self, command: Sequence[str], *, timeout: float, check: bool, **given: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one whose output is a pipe to its end: a warm one where that is the same."""
        if (begun := warm(command, self._server, **given)) is None:
            return subprocess.run(command, timeout=timeout, check=check, **given)
        assert begun.stdout is not None
        end = threading.Timer(timeout, begun.kill)
        end.start()
        with begun.stdout as output:
            said = output.read()
        status = begun.wait()
        if not end.is_alive():
            raise subprocess.TimeoutExpired(command, timeout)
        end.cancel()
        return subprocess.CompletedProcess(command, status, said)


def warm(command: Sequence[str], server: Server | None = None, **given: Any) -> Begun | None:
    """Start a warm process; None where a start would be something else, or nobody answers."""
    where, environment = os.environ.get(SOCKET), given.get("env") or dict(os.environ)
    request = _request(command, environment, given) if where else None
    if where is None or request is None:
        return None
    if server is not None:
        server.start()
    return _begun(where, request, given)


class Begun:
    """A process that the server forked: as much of ``subprocess.Popen`` as is used of it."""

    def __init__(
        self, pid: int, ends: socket.socket, stdin: IO[bytes] | None, stdout: IO[bytes] | None
    ) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self.returncode: int | None = None
        self._ends = ends  # where the server says how it ended
        self._alone = threading.Lock()
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:  # it has ended
            self._handle = None

    def kill(self) -> None:
        """End it, where it did not end."""
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def poll(self) -> int | None:
        """Return how it ended: its exit code, or less than nothing for a signal; None where it did not."""
        is_over = self._handle is None or select.select([self._handle], [], [], 0)[0]
        return self.wait() if is_over else None

    def wait(self) -> int:
        """Return how it ended, when it has."""
        if self._handle is not None:
            select.select([self._handle], [], [])
        with self._alone:
            if self.returncode is None:
                _, _, code = self._ends.recv(32).decode().partition(" ")
                self.returncode = int(code or 0)  # nobody knows where the server is gone
                self._ends.close()
        return self.returncode

    def __del__(self) -> None:
        self._ends.close()
        if self._handle is not None:
            os.close(self._handle)


class Server:
    """The process that others are forked of, which all processes of a session share.

    The first that needs it starts it, and it ends with that process; who asks when it is gone starts
    processes as users do.
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
                env=settings | {"PYTHONUNBUFFERED": "1", "WARM_ROOM": "-" * ROOM_FOR_SETTINGS},
                stdin=subprocess.PIPE,
                pass_fds=[door.fileno()],
            )

    def close(self) -> None:
        """End it where this process started it; processes that it began go on."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


def use_warm_processes(server: Server | None = None) -> None:
    """Let the modules that start processes start warm ones, and AutoGluon list packages once.

    It lists what is installed as often as it saves.
    """
    finder = _Finder(server)
    for name in (*STARTERS, LISTING):
        if name in sys.modules:
            finder.fix(sys.modules[name])
    sys.meta_path.insert(0, finder)


class _Finder(MetaPathFinder):
    """Mends each of those modules as it is imported."""

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Return what imports one of them; None for all others."""
        if name not in (*STARTERS, LISTING):
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            self.fix(module)

        loader.exec_module = exec_module
        return spec

    def fix(self, module: Any) -> None:
        """Exchange what starts processes, or lists packages."""
        if module.__name__ != LISTING:
            module.subprocess = Subprocess(self._server)
        elif not hasattr(module.get_package_versions, "cache_info"):
            module.get_package_versions = cache(module.get_package_versions)


def _request(
    command: Sequence[str], environment: dict[str, str], given: dict[str, Any]
) -> dict[str, Any] | None:
    """Return what to ask for, where a fork is all that a start would be; else None."""
    words = list(command)
    flags = {flag for flag in words[1:3] if flag in ("-P", "-B")}
    program, flag, module, *arguments = [*words[:1], *words[1 + len(flags) :], "", ""]
    arguments = arguments[:-2]
    if (program, flag) != (_PYTHON, "-m") or module not in WARM:
        return None
    if len("\0".join(map("=".join, environment.items())).encode()) > ROOM_FOR_SETTINGS:
        return None
    if _of_the_interpreter(environment) != json.loads(os.environ[f"{SOCKET}_HAS"]) or _is_taught(environment):
        return None
    return {
        "module": module,
        "arguments": arguments,
        "is_safe": "-P" in flags,
        "keeps_no_bytecode": "-B" in flags or bool(environment.get("PYTHONDONTWRITEBYTECODE")),
        "in_a_session": given.get("start_new_session", False),
        "folder": str(given.get("cwd") or Path.cwd()),
        "environment": environment,
        "files": [0, 1, 2, *given.get("pass_fds", ())],
    }


def _of_the_interpreter(environment: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(environment.items())
        if name.startswith(_OF_THE_INTERPRETER) and name not in _THE_SAME_TO_IT
    }


def _is_taught(environment: dict[str, str]) -> bool:
    """Return whether an interpreter would begin with code of a test's own."""
    paths = map(Path, filter(None, environment.get("PYTHONPATH", "").split(os.pathsep)))
    return any((path / "sitecustomize.py").exists() for path in paths if path != PATH)


def settings(server: Server) -> dict[str, str]:
    """Return the settings of a process that may ask for warm ones, by itself or in what it starts."""
    paths = [str(PATH), *filter(None, [os.environ.get("PYTHONPATH")])]
    has = json.dumps(_of_the_interpreter(dict(os.environ)))
    return {
        SOCKET: str(server.socket),
        f"{SOCKET}_HAS": has,
        "PYTHONPATH": os.pathsep.join(paths),
        "WARM_PYTHON": sys.executable,
    }


def _begun(where: str, request: dict[str, Any], given: dict[str, Any]) -> Begun | None:
    """Ask for a process; return None where nobody answers."""
    ours: list[IO[bytes]] = []  # the other ends of pipes, of stdin and stdout alone

    def file(asked: Any, otherwise: int, mode: str) -> int:
        if asked != subprocess.PIPE:
            return os.dup(otherwise if asked is None else asked if isinstance(asked, int) else asked.fileno())
        read, write = os.pipe()
        kept, passed = (write, read) if mode == "wb" else (read, write)
        ours.append(open(kept, mode))  # noqa: SIM115 - who asked closes it
        return passed

    with open(os.devnull, "rb") as null:
        asked = [null if each == subprocess.DEVNULL else each for each in map(given.get, _STREAMS)]
        stdin, stdout = file(asked[0], 0, "wb"), file(asked[1], 1, "rb")
        stderr = stdout if asked[2] == subprocess.STDOUT else file(asked[2], 2, "rb")
    files = array.array("i", [stdin, stdout, stderr, *given.get("pass_fds", ())])
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, files.tobytes())
    said, connection = b"", socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with suppress(OSError):
        connection.connect(where)
        connection.sendmsg([json.dumps(request).encode()], [rights])
        connection.settimeout(_ANSWER_S)
        said = connection.recv(32)
        connection.settimeout(None)
    for file_of_its in {stdin, stdout, stderr}:
        os.close(file_of_its)
    word, _, number = said.decode().partition(" ")
    if word != "pid":
        for each in (*ours, connection):
            each.close()
        return None
    pipes = {pipe.mode: pipe for pipe in ours}
    return Begun(int(number), connection, pipes.get("wb"), pipes.get("rb"))
