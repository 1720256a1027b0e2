from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from litmus_core.errors import WorkspaceError
from litmus_core.store import FileLock, is_locked

HOLD = """
import sys, time
from pathlib import Path
from litmus_core.store import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(600)
"""

FORK = """
import os, sys, time
from pathlib import Path
from litmus_core.store import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.acquire()
if os.fork() == 0:
    print(os.getpid(), flush=True)
time.sleep(600)
"""


def test_two_locks_on_one_file_exclude_each_other_within_a_process(tmp_path: Path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")

    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_a_lock_dies_with_its_holder(tmp_path: Path, start):
    holder = start(HOLD, tmp_path / "lock")
    assert holder.line() == "True"
    assert is_locked(tmp_path / "lock")

    holder.kill()

    assert not is_locked(tmp_path / "lock")


def test_asking_for_a_lock_does_not_make_its_file(tmp_path: Path):
    assert not is_locked(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_a_program_that_the_holder_starts_does_not_keep_the_lock(tmp_path: Path):
    lock = FileLock(tmp_path / "lock")
    lock.acquire()
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False) as child:
        assert child.stdout is not None
        child.stdout.readline()

        lock.release()
        free = not is_locked(tmp_path / "lock")
        child.communicate(b"\n")

    assert free


def test_a_forked_copy_of_the_holder_does_not_keep_the_lock(tmp_path: Path, start):
    holder = start(FORK, tmp_path / "lock")
    child = int(holder.line())
    assert is_locked(tmp_path / "lock")

    holder.process.kill()
    holder.process.wait()
    free = not is_locked(tmp_path / "lock")
    os.kill(child, signal.SIGKILL)  # it was there all the while

    assert free


def test_a_lock_that_is_handed_over_stays_with_the_child(tmp_path: Path):
    adopt = (
        "import sys; from pathlib import Path; from litmus_core.store import FileLock\n"
        "lock = FileLock.adopt(Path(sys.argv[1]), int(sys.argv[2])); input()"
    )
    with FileLock(tmp_path / "lock") as lock:
        lock.acquire()
        fd = lock.hand_over()
        command = [sys.executable, "-c", adopt, str(tmp_path / "lock"), str(fd)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[fd])

    assert is_locked(tmp_path / "lock")
    child.communicate(b"\n")
    assert not is_locked(tmp_path / "lock")


def test_a_lock_in_a_missing_folder_is_said_in_words(tmp_path: Path):
    with pytest.raises(WorkspaceError, match="cannot be opened"):
        FileLock(tmp_path / "missing" / "lock").acquire()
