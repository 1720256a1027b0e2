"""A child process whose output lines are awaited with a time limit."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


class LatencyProcess:
    """Runs a command until the ``with`` block ends. ``errors`` is where its stderr goes."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        errors: Path | None = None,
    ) -> None:
        self._command, self._folder, self._environment = command, folder, environment
        self._errors = errors
        self._lines: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> LatencyProcess:
        errors = self._errors.open("ab") if self._errors is not None else None
        try:
            self.process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        finally:
            if errors is not None:
                errors.close()
        assert self.process.stdout is not None  # noqa: S101 - a pipe was requested
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def line(self, patience_s: float) -> str | None:
        """Return the next line; None if the child ended, or printed nothing for that long."""
        try:
            return self._lines.get(timeout=max(0.0, patience_s))
        except queue.Empty:
            return None

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._lines.put(line.decode("utf-8", "replace"))
        self._lines.put(None)
