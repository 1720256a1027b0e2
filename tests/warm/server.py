"""A process that has the libraries of training in memory and becomes a worker or a probe, by a fork.

    python -P tests/warm/server.py FD

FD is the socket on which others ask. It ends when the process that started it closes its standard input.
See tests/warm/client.py.
"""

from __future__ import annotations

import array
import ctypes
import gc
import importlib
import json
import os
import random
import select
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

MARK = "LITMUS_RUN"  # what runs are found by among all processes: see litmus_core/jobs/_processes.py
N_FILES = 3  # stdout, stderr, and the lock that says that a worker lives
_REAP_S = 1.0
# What is only imported as it is needed, and is needed in each training.
_LATE = (
    "duckdb", "lightgbm", "networkx", "pyarrow.dataset", "pyarrow.parquet", "litmus_core.checks",
    "litmus_core.compiled", "litmus_core.data", "litmus_core.diagnostics", "litmus_core.jobs._stages",
)  # fmt: skip
_MOST_BYTES = 1 << 20


def main() -> None:
    """Load, listen, and fork for each that asks; a fork returns when its work is done."""
    with socket.socket(fileno=int(sys.argv[1])) as door:
        modules = _loaded()
        here = _mark_address()
        while _is_asked(door):
            connection, _ = door.accept()
            with connection:
                request, files = _received(connection)
                if os.fork() == 0:
                    _begin(here, request, files)
                    connection.send(str(os.getpid()).encode())
                    break
                for each in files:
                    os.close(each)
        else:
            return
    module = modules[request["module"]]
    sys.argv = [request["module"], *request["arguments"]]
    sys.argv += ["--lock-fd", str(files[2])] if files[2:] else []
    sys.modules["__main__"] = module  # what children of its own import
    sys.exit(module.main(sys.argv[1:]))


def _loaded() -> dict[str, ModuleType]:
    """Import what each of them imports; no thread of Python's is left behind that a fork would lose."""
    for name in _LATE:
        importlib.import_module(name)
    from litmus_core.engine import load_libraries
    from litmus_core.jobs import _processes, worker
    from litmus_core.latency import _child, probe

    sys.path.insert(0, str(Path(__file__).parent))
    import client

    sys.path.pop(0)
    client.use_warm_processes(_processes)  # a worker starts the next one, and measures
    client.use_warm_processes(_child)
    load_libraries()
    client.remember_packages()
    gc.collect()
    gc.freeze()  # what the collector does not touch stays shared with the forks
    return {each.__name__: each for each in (worker, probe)}


def _mark_address() -> int:
    """Return where the system keeps the value of the mark that this process was started with."""
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    return int(getenv(MARK.encode()))


def _is_asked(door: socket.socket) -> bool:
    """Wait; return whether somebody asks, and not that the process that started this one is gone."""
    ready: list[Any] = []
    while not ready:
        ready, _, _ = select.select([door, 0], [], [], _REAP_S)
        with suppress(ChildProcessError):  # there is none
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    return 0 not in ready


def _received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    room = socket.CMSG_LEN(N_FILES * array.array("i").itemsize)
    message, extra, _, _ = connection.recvmsg(_MOST_BYTES, room)
    files = array.array("i")
    files.frombytes(extra[0][2])
    return json.loads(message), list(files)


def _begin(here: int, request: dict[str, Any], files: list[int]) -> None:
    """Be the process that was asked for, as if it had been started: its files, folder, settings, mark."""
    if request["in_a_session"]:
        os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    for to, each in enumerate((null, *files[:2])):
        os.dup2(each, to)
        os.close(each)
    os.chdir(request["folder"])
    environment: dict[str, str] = request["environment"]
    os.environ.clear()
    os.environ.update(environment)
    if mark := environment.get(MARK, "").encode():
        ctypes.memmove(here, mark, len(mark))  # the system shows the settings that a process started with
    sys.path[:0] = [each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each]
    if not request["is_safe"]:
        sys.path.insert(0, request["folder"])
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


if __name__ == "__main__":
    main()
