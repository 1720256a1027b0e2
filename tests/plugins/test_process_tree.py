"""Everything that a process started is known by its mark, whatever it is doing."""

from __future__ import annotations

import subprocess
import uuid

import psutil
import pytest

from litmus_core.plugins._process.tree import MARK, marked_processes


def test_a_process_is_seen_while_it_starts_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux shows its environment as empty for a moment then, after Popen has returned."""
    mark = uuid.uuid4().hex
    started = subprocess.Popen(["/bin/sleep", "60"], env={MARK: mark}, start_new_session=True)
    environ = psutil.Process.environ
    starting: list[dict[str, str]] = [{}, {}]
    monkeypatch.setattr(
        psutil.Process,
        "environ",
        lambda process: starting.pop() if starting and process.pid == started.pid else environ(process),
    )
    try:
        assert [process.pid for process in marked_processes(mark)] == [started.pid]
    finally:
        started.kill()
        started.wait()
