"""Warm workers are as those that users start, and only begin where that is so."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from litmus_core.jobs._processes import end_marked
from litmus_core.store import FileLock
from tests.warm import client


def begin(
    folder: Path, run: str, server: client.Server | None, *, stuck: bool = False, **settings: str
) -> tuple[Any, int]:
    """Start a worker in a workspace that is not there; return what came back, and where it writes.

    It says that and ends; ``stuck``: it cannot, as nobody reads.
    """
    command = [sys.executable, "-P", "-m", "litmus_core.jobs.worker", "--workspace", str(folder / "nowhere")]
    read, write = os.pipe()
    if stuck:
        os.set_blocking(write, False)
        with suppress(BlockingIOError):
            while os.write(write, b"-" * 4096):
                pass
        os.set_blocking(write, True)
    with FileLock(folder / "lock") as lock, open(write, "wb") as log:
        lock.acquire()
        command += ["--run", run, "--stages", "litmus_core.jobs._stages", "--lock-fd", str(lock.hand_over())]
        begun = client.Subprocess(server).Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | {"LITMUS_RUN": run} | settings,
            pass_fds=[lock.hand_over()],
            start_new_session=True,
        )
    return begun, read


def written(begun: Any, read: int) -> str:
    """Return what a worker wrote until it ended."""
    with open(read, "rb") as log:
        text = log.read().decode()
    begun.wait()
    return text


@pytest.fixture
def run() -> str:
    return f"run_{secrets.token_hex(5)}"


def test_a_worker_is_forked_with_its_log(tmp_path: Path, run: str, warm_workers: client.Server) -> None:
    begun, read = begin(tmp_path, run, warm_workers)

    assert not isinstance(begun, subprocess.Popen)
    assert f"There is no workspace folder at {tmp_path / 'nowhere'}" in written(begun, read)


def test_a_forked_worker_is_found_by_its_mark(tmp_path: Path, run: str, warm_workers: client.Server) -> None:
    begun, read = begin(tmp_path, run, warm_workers, stuck=True)
    end_marked(run, still_there=lambda: False)

    assert "There is no workspace folder" not in written(begun, read)


@pytest.mark.parametrize("setting", ["LITMUS_UNDER", "PYTHONHASHSEED", "OMP_NUM_THREADS"])
def test_what_an_interpreter_reads_as_it_starts_starts_one(
    tmp_path: Path, run: str, warm_workers: client.Server, setting: str
) -> None:
    begun, read = begin(tmp_path, run, warm_workers, **{setting: "1"})

    assert isinstance(begun, subprocess.Popen)
    written(begun, read)


def test_where_the_server_is_gone_workers_start_as_users_do(
    tmp_path: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(client.SOCKET, str(tmp_path / "nobody"))
    begun, read = begin(tmp_path, run, None)

    assert isinstance(begun, subprocess.Popen)
    assert f"There is no workspace folder at {tmp_path / 'nowhere'}" in written(begun, read)
