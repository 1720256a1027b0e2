"""Ending a job: by its mark, with the runs that it keeps to itself, and no others."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from litmus_core.jobs._queue.processes import MARK, UNDER, YIELDS, end_marked, yield_to_pages

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def _sleeper(**marks: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(SLEEPS, env=os.environ | marks, start_new_session=True)


def test_only_what_the_pages_started_lets_them_use_the_processors_first(monkeypatch: pytest.MonkeyPatch):
    lowered: list[int] = []
    monkeypatch.setattr(os, "nice", lowered.append)
    yield_to_pages()
    assert lowered == []
    monkeypatch.setenv(YIELDS, "1")
    yield_to_pages()
    assert lowered == [5]


def test_runs_under_a_job_end_with_it_and_others_go_on():
    own, under, other = (
        _sleeper(**{MARK: "recipe-1"}),
        _sleeper(**{MARK: "run_1", UNDER: "recipe-1"}),
        _sleeper(**{MARK: "run_2"}),
    )
    try:
        end_marked("recipe-1", still_exists=lambda: False)
        assert own.wait(10) != 0
        assert under.wait(10) != 0
        assert other.poll() is None
    finally:
        for each in (own, under, other):
            each.kill()
            each.wait()


def test_a_process_without_its_variables_yet_is_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    sleeper = _sleeper(**{MARK: "recipe-1"})
    read, first = psutil.Process.environ, iter([{}])

    def environ(process: psutil.Process) -> dict[str, str]:
        return next(first, read(process)) if process.pid == sleeper.pid else read(process)

    monkeypatch.setattr(psutil.Process, "environ", environ)
    try:
        end_marked("recipe-1", still_exists=lambda: False)
        assert sleeper.wait(10) != 0
    finally:
        sleeper.kill()
        sleeper.wait()
