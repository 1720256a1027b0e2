"""The link to the supervising process: its signal to stop, and a pipe that only it holds open."""

from __future__ import annotations

import os
import signal
import threading
import time

LEAVE = signal.SIGUSR1  # another process takes over: accept nothing new, wait for open connections
_PATIENCE_S = 20.0  # for open requests; then the process ends in any case


def end_with_supervisor(pipe: int) -> None:
    """End this process cleanly once nobody holds the writing end of ``pipe`` any more."""
    threading.Thread(target=_watch, args=(pipe,), name="litmus-keeper", daemon=True).start()


def _watch(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)
