"""Folding is interrupted at every step: each event still counts once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litmus_core.store import Journal, Workspace, open_store
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.types import CandidateTested, CandidateTrained, RunDeleted
from tests.store import facts
from tests.store.story import STORY, content

FACTS = (
    *STORY,
    facts.queued("run_2", number=2),
    CandidateTrained(candidate=facts.candidate("a", run_id="run_2")),
    CandidateTested(candidate_id="run_2-a", test=facts.score(), reason="revealed"),
    RunDeleted(run_id="run_1"),
    CandidateTrained(candidate=facts.candidate("b", run_id="run_2")),
)

# Its forks are killed before every seventh statement, counted over folding and publishing.
KILLED = """
import os, shutil, signal, sys
from litmus_core.store import Workspace, open_store
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.store._analytic.tables import Tables

left = n_kills = 0

def counted(function):
    def step(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)
    return step

for name in ("_insert", "_replace", "_read"):
    setattr(UnitOfWork, name, counted(getattr(UnitOfWork, name)))
Tables.checkpoint = counted(Tables.checkpoint)
shutil.copyfileobj, os.replace = counted(shutil.copyfileobj), counted(os.replace)
while True:
    if (fork := os.fork()) == 0:
        open_store(Workspace(sys.argv[1])).close()
        os._exit(0)
    status = os.waitpid(fork, 0)[1]
    if status != signal.SIGKILL:
        break
    n_kills += 1
    left = 7 * n_kills
print(f"{n_kills} kills, then status {status}", flush=True)
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an undisturbed fold of the same facts holds, times aside."""
    workspace = filled(tmp_path_factory.mktemp("expected") / "workspace")
    with open_store(workspace) as store:
        return content(store)


def filled(path: Path) -> Workspace:
    workspace = Workspace(path).create()
    journal = Journal(workspace, clock=lambda: "2026-01-05T00:00:00+00:00")
    journal.append(*FACTS)
    journal.close()
    return workspace


class Crash(BaseException):
    pass


def test_a_fold_that_breaks_off_anywhere_counts_each_event_once(
    tmp_path: Path, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    workspace = filled(tmp_path / "workspace")
    left = 0

    def counted(function: Any) -> Any:
        def step(*arguments: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Crash
            return function(*arguments)

        return step

    for name in ("_insert", "_replace", "_read"):
        monkeypatch.setattr(UnitOfWork, name, counted(getattr(UnitOfWork, name)))
    n_breaks, store = 0, None
    while store is None:  # breaks off at every step, until all of them are done
        left = n_breaks
        try:
            store = open_store(workspace)
        except Crash:
            n_breaks += 1

    with store:
        assert (n_breaks >= 20, content(store)) == (True, expected)


def test_an_owner_that_is_killed_anywhere_counts_each_event_once(
    tmp_path: Path, expected: dict[str, Any], start
):
    workspace = filled(tmp_path / "workspace")

    n_kills, _, how = start(KILLED, workspace.path).line().partition(" ")

    assert (int(n_kills) >= 5, how) == (True, "kills, then status 0")
    with open_store(workspace) as store, open_store(workspace) as reader:
        assert content(store) == content(reader) == expected
