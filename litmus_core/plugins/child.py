"""The process that custom code runs in.

    python -m litmus_core.plugins.child FD MODULES MEMORY_BYTES check|fit

Requests are JSON lines on stdin, responses JSON lines on the descriptor FD: ``{"ok": {…}}`` or ``{"stopped":
"why"}``. An empty line ahead of them says that the process is ready. Rows and predictions are passed in
files. It ends when stdin does, or when idle for a while.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from litmus_core.plugins._failure_messages import failure_message
from litmus_core.runtime import import_source_from

IDLE_S = 120.0


def main() -> None:
    """Answer requests until the parent ends or is idle."""
    pipe, modules = int(sys.argv[1]), Path(sys.argv[2])
    _limit(int(sys.argv[3]))
    requests = _requests()
    if sys.argv[4] == "fit":
        _import_early()
    import_source_from(modules)
    context = WorkerContext(modules)
    os.write(pipe, b"\n")  # ready: the clock of the first request starts
    while True:
        try:
            request = requests.get(timeout=IDLE_S)
        except queue.Empty:
            return
        line = json.dumps(_response(context, request)) + "\n"
        os.write(pipe, line.encode())


def _import_early() -> None:
    """Import what every fit needs while the parent still prepares."""
    import pandas  # noqa: ICN001, F401


def _limit(memory_bytes: int) -> None:
    """Make this process the first that the system kills when memory runs out."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        limit = resource.getrlimit(resource.RLIMIT_DATA)[1]  # a child of such a process already has a limit
        most = memory_bytes if limit == resource.RLIM_INFINITY else min(memory_bytes, limit)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    Path("/proc/self/oom_score_adj").write_text("1000")


def _requests() -> queue.Queue[dict[str, Any]]:
    """Return the requests as they arrive; their end ends the process. Custom code finds stdin empty."""
    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    stream = os.fdopen(os.dup(0), "r", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)

    def read() -> None:
        for line in stream:
            requests.put(json.loads(line))
        os.killpg(os.getpgrp(), signal.SIGKILL)  # the parent is gone: leave nothing running

    threading.Thread(target=read, daemon=True).start()
    return requests


class WorkerContext:
    """The state that operations share in the process: the source folder, and what earlier ones stored."""

    def __init__(self, modules: Path) -> None:
        self.modules = modules
        self.stored: dict[str, Any] = {}

    def store(self, key: str, value: Any, *, most: int = 4) -> Any:
        """Store ``value`` and return it; beyond ``most`` values the oldest is removed."""
        self.stored.pop(key, None)
        self.stored[key] = value
        while len(self.stored) > most:
            del self.stored[next(iter(self.stored))]
        return value


def _response(context: WorkerContext, request: dict[str, Any]) -> dict[str, Any]:
    """Return the response's JSON; whatever custom code raises becomes a message."""
    pid = os.getpid()
    try:
        module, _, name = request.pop("do").partition(":")
        if module.partition(".")[0] != "litmus_core":
            raise ValueError(f"{module} is not a module of Litmus")
        return {"ok": getattr(import_module(module), name)(context, **request)}
    except BaseException as error:  # noqa: BLE001 - sys.exit too must not end the process unsaid
        import traceback

        traceback.print_exc()
        return {"stopped": failure_message(error, context.modules)}
    finally:
        if os.getpid() != pid:  # a copy that custom code forked must not answer
            os._exit(70)


if __name__ == "__main__":
    main()
