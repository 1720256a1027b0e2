"""Processes of a round of faults: forked from one that has imported everything, killed by their own ids."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MARK = "LITMUS_FAULTS_ROUND"  # in the environment of everything that a round starts as a new program
TRACEBACK = "Traceback (most recent call last)"


@dataclass(slots=True)
class Outcome:
    """What a round found; ``notes`` say what was wrong, in words."""

    kills: int = 0
    acknowledged: int = 0  # things that had been said to be done and were looked for
    lost: int = 0
    doubled: int = 0
    orphans: int = 0
    tracebacks: int = 0
    notes: list[str] = field(default_factory=list)

    def compare(self, what: str, acknowledged: list[Any], found: list[Any], *, maybe: Any = ()) -> None:
        """Count what was acknowledged and is not there, and what is there twice or was never written."""
        self.acknowledged += len(acknowledged)
        missing = [each for each in acknowledged if each not in found and each not in maybe]
        twice = [each for at, each in enumerate(found) if each in found[:at]]
        strange = [each for each in found if each not in acknowledged and each not in maybe]
        self.lost += len(missing)
        self.doubled += len(twice) + len(strange)
        for word, each in (("lost", missing), ("twice", twice), ("never written", strange)):
            if each:
                self.notes.append(f"{what}: {word}: {each[:3]}")


class Victim:
    """A forked process that does ``work``, and says on a pipe, a JSON value a line, what it is done with."""

    def __init__(self, work: Callable[[Callable[[Any], None]], None], log: Path) -> None:
        reads, writes = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reads)
            _run(lambda: work(lambda value: _say(writes, value)), log)
        os.close(writes)
        self._reads, self._over = reads, False

    def kill(self) -> list[Any]:
        """Kill it, where it still lives, and return all that it said."""
        if not self._over:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            return self.wait()
        return []

    def wait(self) -> list[Any]:
        """Wait for its end, and return all that it said."""
        content = b""
        while chunk := os.read(self._reads, 1 << 16):
            content += chunk
        os.close(self._reads)
        os.waitpid(self.pid, 0)
        self._over = True
        lines = content.split(b"\n")[:-1]  # the last may be cut
        return [json.loads(line) for line in lines]

    def first_word(self) -> None:
        """Wait until it has said something, or is gone."""
        os.read(self._reads, 1)


def _say(pipe: int, value: Any) -> None:
    os.write(pipe, json.dumps(value).encode() + b"\n")


def _run(work: Callable[[], None], log: Path) -> None:
    """In a forked child: work with stdout and stderr in a file, and never come back."""
    status = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(out, 1)
        os.dup2(out, 2)
        work()
        status = 0
    except SystemExit as error:
        status = int(error.code or 0)
    except BaseException:  # noqa: BLE001 - nothing may come back into the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder of the round's own, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="litmus-faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_a_process(
    work: Callable[[random.Random, Path, Outcome], None], seed: str, *, timeout_s: float
) -> dict[str, Any]:
    """Run a round in a process of its own, so that none begins with what another left in memory."""
    with scratch() as folder:

        def whole(say: Callable[[Any], None]) -> None:
            os.environ[MARK] = str(folder)
            outcome = Outcome()
            try:
                work(random.Random(seed), folder, outcome)
            finally:
                say(asdict(outcome))

        victim = Victim(whole, folder / "round.log")
        timer = _Timer(victim.pid, timeout_s)
        with timer:
            said = victim.wait()
        outcome = Outcome(**said[0]) if said else Outcome(tracebacks=1, notes=["the round said nothing"])
        left = list(_left(str(folder)))
        outcome.orphans += len(left)
        for process in left:
            outcome.notes.append(f"orphan: {' '.join(process.cmdline())[:200]}")
            with suppress(Exception):
                process.kill()
        outcome.tracebacks += _tracebacks(folder, outcome)
        if timer.fired:
            outcome.notes.append("the round was stuck and was ended")
            outcome.tracebacks += 1
        return asdict(outcome)


class _Timer:
    def __init__(self, pid: int, seconds: float) -> None:
        self._pid, self._seconds, self.fired = pid, seconds, False

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._fire)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _fire(self, *_: object) -> None:
        self.fired = True
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


def _left(mark: str, patience_s: float = 5.0) -> Iterator[Any]:
    """Yield the programs of a round that outlived it by more than a moment."""
    deadline = time.monotonic() + patience_s
    while (found := list(marked(mark))) and time.monotonic() < deadline:
        time.sleep(0.1)
    yield from found


def marked(mark: str) -> Iterator[Any]:
    """Yield the living programs that a round started."""
    import psutil

    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == mark:
                yield process


def _tracebacks(folder: Path, outcome: Outcome) -> int:
    n_found = 0
    for log in folder.rglob("*.log"):
        text = log.read_text(encoding="utf-8", errors="replace")
        if TRACEBACK in text:
            n_found += text.count(TRACEBACK)
            outcome.notes.append(text[text.rindex(TRACEBACK) :][-1500:])
    return n_found
