"""A background job: a process that holds a lock and reports its status in small files."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import BusyError, LitmusError
from litmus_core.jobs._queue.processes import MARK, UNDER, end_marked
from litmus_core.store import FileLock, is_locked
from litmus_core.trust import check_home


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """A job that one process at a time runs; it outlives the process that started it.

    Its files are in ``folder`` and begin with ``name``. ``mark`` is in the environment of the process and of
    all that it starts, so it must be unique to this job. Runs that it starts outlive it, unless it
    ``keeps_runs``.
    """

    folder: Path
    name: str
    mark: str
    keeps_runs: bool = False

    def start(self, module: str, arguments: Sequence[str], *, busy: str) -> None:
        """Start ``python -m module arguments --lock-fd N``.

        Raises BusyError with ``busy`` if one is running, UntrustedError in someone else's workspace that this
        user does not trust.
        """
        check_home(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.lock) as lock:
            if not lock.acquire():
                raise BusyError(busy, hint="Wait for its end.")
            self._file("problem.txt").unlink(missing_ok=True)
            self._file("end.txt").unlink(missing_ok=True)
            self.say("Starting.")
            with self.log.open("ab") as log:
                child = subprocess.Popen(
                    [sys.executable, "-P", "-m", module, *arguments, "--lock-fd", str(lock.hand_over())],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.folder,
                    env=os.environ | {MARK: self.mark} | ({UNDER: self.mark} if self.keeps_runs else {}),
                    pass_fds=[lock.hand_over()],
                    start_new_session=True,
                )
        # A thread waits for it; otherwise it stays as a zombie while this process lives.
        threading.Thread(target=child.wait, name=f"litmus-{self.mark}", daemon=True).start()

    @contextmanager
    def at_work(self, lock_fd: int) -> Iterator[None]:
        """Hold the lock that ``start`` passed on while the process works, and record errors."""
        with FileLock.adopt(self.lock, lock_fd):
            try:
                yield
            except Exception as error:
                words = str(error) if isinstance(error, LitmusError) else f"A bug: {error!r}, see {self.log}."
                self.say(words, is_problem=True)
                raise

    @property
    def lock(self) -> Path:
        """The lock that a running process holds."""
        return self._file("lock")

    @property
    def log(self) -> Path:
        """The process's output."""
        return self._file("log")

    def status(self) -> str | None:
        """Return the process's current status; None if there is none."""
        return self._file("txt").read_text(encoding="utf-8") if is_locked(self.lock) else None

    def problem(self) -> str:
        """Return the error of the last attempt; "" if it succeeded or is still running."""
        path = self._file("problem.txt")
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def conclude(self, sentence: str) -> None:
        """Record the result, for readers after its end."""
        self._write("end.txt", sentence)

    def conclusion(self) -> tuple[str, float] | None:
        """Return the last attempt's result and its time (seconds since 1970); None if there is none yet."""
        path = self._file("end.txt")
        if is_locked(self.lock) or not path.exists():
            return None
        return path.read_text(encoding="utf-8"), path.stat().st_mtime

    def over_at(self) -> float | None:
        """Return when the last attempt succeeded or failed (seconds since 1970); None if it has not ended."""
        times = [
            path.stat().st_mtime for path in map(self._file, ("end.txt", "problem.txt")) if path.exists()
        ]
        return None if is_locked(self.lock) else max(times, default=None)

    def stop(self) -> None:
        """End the process and all that it started; do nothing if there is none."""
        if is_locked(self.lock):
            end_marked(self.mark, still_exists=lambda: is_locked(self.lock))

    def say(self, sentence: str, *, is_problem: bool = False) -> None:
        """Record the status, or the error that ended it, atomically."""
        self._write("problem.txt" if is_problem else "txt", sentence)

    def _write(self, ending: str, sentence: str) -> None:
        path = self._file(ending)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(sentence, encoding="utf-8")
        fresh.replace(path)

    def _file(self, ending: str) -> Path:
        return self.folder / f"{self.name}.{ending}"
