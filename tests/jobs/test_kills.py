"""``kill -9`` of workers, of the app, and of both, at random moments: nothing recorded is lost or doubled."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from litmus_core import jobs
from litmus_core.store import Journal, Workspace, open_store
from litmus_core.types import (
    CandidateTrained,
    DatasetImported,
    DatasetRenamed,
    RunEnded,
    RunJudged,
    RunQueued,
)
from tests.cases import amount, thinned
from tests.jobs.conftest import OVER, STAGES, Bench
from tests.store import facts
from tests.store.story import content

pytestmark = [pytest.mark.kills, pytest.mark.timeout(600)]

# What the app does in its own process: own the store or read along, fold, and look after the runs.
APP = """
import sys, time
from litmus_core import jobs
from litmus_core.store import Workspace, open_store
workspace = Workspace(sys.argv[1])
store = open_store(workspace)
pause_s = float(sys.argv[3])
store.start_refreshing(pause_s)
print("up", flush=True)
while True:
    jobs.reattach(workspace, stages=sys.argv[2])
    store._ownership._published_at = 0.0  # a snapshot at every change: more moments to be killed in
    store.summaries()
    time.sleep(pause_s)
"""


class App:
    def __init__(self, workspace: Workspace) -> None:
        pause_s = amount(100, thorough=20) / 1_000  # two that never rest keep both processors busy
        command = [sys.executable, "-c", APP, str(workspace.path), STAGES, f"{pause_s}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def wait_until_up(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "up\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def apps(bench: Bench) -> Iterator[list[App]]:
    bench.store.close()  # an app is to own the store; this process is the notebook
    apps = [App(bench.workspace)]
    apps[0].wait_until_up()
    apps.append(App(bench.workspace))
    bench.store = open_store(bench.workspace)
    yield apps
    for app in apps:
        app.kill()


def workers(workspace: Workspace) -> list[psutil.Process]:
    """Find the workspace's worker processes, also those that have not said a word yet."""
    found = []
    for process in psutil.process_iter():
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        if "litmus_core.jobs.worker" in command and str(workspace.path) in command:
            found.append(process)
    return found


def kill(processes: list[psutil.Process]) -> int:
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    return len(processes)


def n_interrupted(bench: Bench) -> int:
    """Count the runs that a kill met in the middle: how many depends on the machine's load."""
    ends = [event.fact for event in bench.journal.events(types=[RunEnded])]
    return sum(end.status == "interrupted" for end in ends)  # type: ignore[union-attr]


@pytest.mark.parametrize("most", thinned([2, 50], keep=1, reason="2 kills mostly show what 50 show"))
def test_kills_lose_nothing_and_double_nothing(bench: Bench, apps: list[App], most: int):
    chance = random.Random(20260105)
    bench.journal.append(DatasetImported(version=facts.version()))
    queued: list[str] = []
    renamed: dict[int, str] = {}
    n_kills, least_interrupted = 0, max(2, most // 10)
    while n_kills < most or n_interrupted(bench) < least_interrupted:
        if len(bench.journal.jobs("queued")) < 2:
            queued.append(bench.queue(chance.randint(1, 12)))
        name = f"name {len(renamed)}"
        renamed[bench.journal.append(DatasetRenamed(dataset_id="ds_1", name=name))] = name
        time.sleep(chance.uniform(0.0, 0.8))
        victim = chance.choice(("worker", "app", "both"))
        if victim != "app":
            n_kills += kill(workers(bench.workspace))
        if victim != "worker":
            apps.pop(chance.randrange(len(apps))).kill()  # the owner or the one that stands by
            n_kills += 1
            apps.append(App(bench.workspace))
        bench.store.refresh()
    queued.append(bench.queue(1))  # which nobody kills
    bench.until(lambda: all(bench.run(run_id).status in OVER for run_id in queued), queued[-1])

    assert_the_journal_is_whole(bench, queued, renamed)
    assert_nothing_a_worker_recorded_is_lost(bench, queued)
    assert_every_store_says_the_same(bench, apps)
    assert_interrupted_runs_can_be_finished(bench, queued, at_least=least_interrupted)


def assert_the_journal_is_whole(bench: Bench, queued: list[str], renamed: dict[int, str]) -> None:
    db = sqlite3.connect(bench.workspace.journal_path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
    events = bench.journal.events()
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert {
        event.id: event.fact.name for event in events if isinstance(event.fact, DatasetRenamed)
    } == renamed
    assert Counter(event.fact.run_id for event in events if isinstance(event.fact, RunQueued)) == Counter(
        queued
    )
    ends = [event.fact for event in events if isinstance(event.fact, RunEnded)]
    assert Counter(end.run_id for end in ends) == Counter(queued)
    assert {end.status for end in ends} == {"finished", "interrupted"}


def assert_nothing_a_worker_recorded_is_lost(bench: Bench, queued: list[str]) -> None:
    """A worker leaves a file behind after each fact that the journal took."""
    for run_id in queued:
        trained = [event.fact for event in bench.journal.events(run_id=run_id, types=[CandidateTrained])]
        in_journal = Counter(fact.candidate.model for fact in trained)  # type: ignore[union-attr]
        told = {path.name.removeprefix("told-") for path in bench.workspace.run_dir(run_id).glob("told-*")}
        assert set(in_journal.values()) <= {1}
        assert told <= set(in_journal)
        assert {each.model for each in bench.store.candidates(run_id)} == set(in_journal)
        judged = bench.journal.events(run_id=run_id, types=[RunJudged])
        assert bench.run(run_id).verdict == (judged[0].fact.verdict if judged else None)  # type: ignore[union-attr]


def assert_every_store_says_the_same(bench: Bench, apps: list[App]) -> None:
    """The reader in this process, the next owner of the files, and a fold of the journal from nothing."""
    bench.store.refresh()
    read = content(bench.store)
    for app in apps:
        app.kill()
    apps.clear()
    bench.store.close()
    bench.store = open_store(bench.workspace)
    assert bench.store.is_owner
    assert content(bench.store) == read
    assert folded_from_nothing(bench) == read


def folded_from_nothing(bench: Bench) -> dict[str, list[dict[str, Any]]]:
    other = Workspace(bench.workspace.path.parent / "other").create()
    events = bench.journal.events()
    times = iter(events)
    journal = Journal(other, clock=lambda: next(times).at)
    for event in events:
        journal.append(event.fact)
    journal.close()
    with open_store(other) as store:
        return content(store)


def assert_interrupted_runs_can_be_finished(bench: Bench, queued: list[str], *, at_least: int) -> None:
    interrupted = [run_id for run_id in queued if bench.run(run_id).status == "interrupted"]
    assert len(interrupted) >= at_least
    with_a_model = [run_id for run_id in interrupted if bench.store.candidates(run_id)]
    for run_id in with_a_model[:2]:
        jobs.finish(bench.workspace, run_id, stages=STAGES)
        assert bench.wait(run_id).status == "stopped"
        assert bench.run(run_id).verdict is not None
        assert bench.store.best(run_id).chosen  # type: ignore[union-attr]


@pytest.mark.exhaustive(
    reason="four processes write at once in tests/store/test_journal.py; the kills above are of two apps"
)
def test_two_apps_and_a_notebook_write_and_read_at_once(bench: Bench, apps: list[App], tmp_path: Path):
    apps[1].wait_until_up()
    bench.journal.append(DatasetImported(version=facts.version()))
    script = (
        "import sys\nfrom litmus_core.store import Journal, Workspace, open_store\n"
        "from litmus_core.types import DatasetRenamed\n"
        "journal, store = Journal(Workspace(sys.argv[1])), open_store(Workspace(sys.argv[1]))\n"
        "for number in range(40):\n"
        "    fact = DatasetRenamed(dataset_id='ds_1', name=f'{sys.argv[2]} {number}')\n"
        "    store.refresh(until=journal.append(fact))\n"
        "    assert store.datasets()[0].name is not None\n"
        "store.close()"
    )
    run_id = bench.queue(3)
    command = [sys.executable, "-c", script, str(bench.workspace.path)]
    notebooks = [subprocess.Popen([*command, name]) for name in ("ada", "bob")]

    assert [notebook.wait(timeout=120) for notebook in notebooks] == [0, 0]
    assert bench.wait(run_id).status == "finished"
    assert not bench.store.is_owner
    names = [event.fact.name for event in bench.journal.events(types=[DatasetRenamed])]  # type: ignore[union-attr]
    for who in ("ada", "bob"):
        assert [name for name in names if name.startswith(who)] == [f"{who} {number}" for number in range(40)]
    assert bench.store.datasets()[0].name == names[-1]
