"""Background work that repeats until stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from litmus_core.errors import LitmusError, machine_message

_log = logging.getLogger(__name__)


class PeriodicTask(threading.Thread):
    """Runs the work every ``every_s`` seconds; a LitmusError is logged once, and the work continues."""

    def __init__(self, work: Callable[[], object], *, every_s: float) -> None:
        super().__init__(name="litmus-background", daemon=True)
        self._work = work
        self._every_s = every_s
        self._ended = threading.Event()
        self._is_logged = ""

    def run(self) -> None:
        """Work until stopped."""
        while not self._ended.wait(self._every_s):
            try:
                with machine_message():
                    self._work()
                self._is_logged = ""
            except LitmusError as error:
                if str(error) != self._is_logged:
                    self._is_logged = str(error)
                    _log.warning("%s", error)

    def stop(self) -> None:
        """Stop after the current round."""
        self._ended.set()
        if self is not threading.current_thread():
            self.join()
