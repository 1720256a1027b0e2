"""The link to the supervisor process: its stop signal, and a pipe that only the supervisor holds open."""

from __future__ import annotations

import os
import signal
import threading
import time

# Another process takes over: accept no new connections, and wait for open ones.
LEAVE = signal.SIGUSR1
_PATIENCE_S = 20.0  # for open requests; then the process ends in any case


def end_with_supervisor(pipe: int) -> None:
    """End this process cleanly once no process holds the writing end of ``pipe`` any more."""
    threading.Thread(target=_watch, args=(pipe,), name="litmus-supervisor-watch", daemon=True).start()


def _watch(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)
