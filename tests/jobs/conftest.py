from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from litmus_core import jobs
from litmus_core.jobs._queue import processes
from litmus_core.jobs._queue.signatures import sign_queued
from litmus_core.store import Journal, Store, Workspace, new_id, open_store
from litmus_core.types import ExperimentCreated, Run
from tests.store import facts

STAGES = "quick_stages"  # a module beside this one: workers find it by PYTHONPATH
OVER = ("finished", "stopped", "failed", "interrupted")


class Bench:
    """A workspace with its journal and store, and the words to queue and await runs in it."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace(path).create()
        self.journal = Journal(self.workspace)
        self.store: Store = open_store(self.workspace)

    def queue(self, seed: int, *, start: bool = True) -> str:
        """Queue a run of an experiment with this seed, which tells the stages what to do."""
        run_id, experiment = new_id("run"), facts.experiment(new_id("ex"), seed=seed)
        self.journal.append(ExperimentCreated(experiment=experiment))
        fact = facts.queued(run_id, of=experiment)
        if start:
            jobs.enqueue(self.workspace, self.journal, fact, stages=STAGES)
        else:
            sign_queued(self.workspace, fact)
            self.journal.append(fact)
        return run_id

    def run(self, run_id: str) -> Run:
        self.store.refresh()
        return self.store.run(run_id)

    def wait(self, run_id: str, *statuses: str) -> Run:
        """Wait for the run to have one of these statuses (to be over, if none is named)."""
        self.until(lambda: self.run(run_id).status in (statuses or OVER), run_id)
        return self.run(run_id)

    def until(self, condition: Callable[[], bool], run_id: str) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            jobs.reattach(self.workspace, stages=STAGES)
            assert time.monotonic() < deadline, self.log(run_id)
            time.sleep(0.02)

    def log(self, run_id: str) -> str:
        log = self.workspace.run_dir(run_id) / "worker.log"
        return log.read_text() if log.exists() else ""

    def close(self) -> None:
        for job in self.journal.jobs("claimed"):
            processes.end_all(self.workspace, job.run_id)
        self.store.close()
        self.journal.close()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    bench = Bench(tmp_path / "workspace")
    yield bench
    bench.close()
