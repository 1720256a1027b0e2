"""Import, checks, question and run of one table, in a process of its own.

``python -m benchmarks._growth_training FILE SECONDS`` prints one JSON object: seconds of the clock and of the
processor of each phase and of each stage of the run, and the most memory that this process and all below it
held at once. Pages that several of them share count for each.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._growth_tables import TARGET
from benchmarks._suite_clock import processor_seconds

if TYPE_CHECKING:
    from litmus_core.experiments import Studio

_EVERY_S = 0.25


@dataclass
class Watch:
    """Notes what this process and all below it hold and have used, again and again."""

    moments: list[tuple[float, float]] = field(default_factory=list)  # seconds since 1970, of the processor
    most_gb: float = 0.0
    is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """Note it until the end."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.is_over.set()
            thread.join()

    def used_until(self, moment: float) -> float:
        """Return the processor seconds that were used until a moment, between those that were noted."""
        import numpy as np

        times, used = zip(*self.moments, strict=True)
        return float(np.interp(moment, times, used))

    def _watch(self) -> None:
        import psutil

        own = psutil.Process()
        while True:
            is_last = self.is_over.wait(_EVERY_S)
            self.moments.append((time.time(), processor_seconds(os.getpid())))
            held = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    held += process.memory_info().rss
                except psutil.Error:  # it has ended
                    continue
            self.most_gb = max(self.most_gb, held / 1e9)
            if is_last:
                return


def measured(file: Path, limit_s: float, workspace: Path) -> dict[str, Any]:
    """Take a table from its file to a judged model, as a visitor would; return what each phase took."""
    from litmus_core.experiments import Studio, TaskWishes, make_task

    clock, cpu = {}, {}

    def timed(phase: str, work: Callable[[], Any]) -> Any:
        began, used = time.perf_counter(), processor_seconds(os.getpid())
        result = work()
        clock[phase] = round(time.perf_counter() - began, 3)
        cpu[phase] = round(processor_seconds(os.getpid()) - used, 3)
        return result

    load = os.getloadavg()[0]
    with Watch().watching() as watch, Studio.open(workspace) as studio:
        version = timed("import", lambda: studio.datasets.import_file(file))
        timed("checks", lambda: studio.checks.run(version.id, target=TARGET))
        wishes = TaskWishes(time_limit_s=limit_s)
        task = timed("question", lambda: make_task(studio.workspace, version, TARGET, wishes))
        timed("baselines", lambda: studio.tasks.baselines(task))
        experiment = studio.experiments.create(task)
        run_id = timed("run", lambda: _whole_run(studio, experiment.id, limit_s))
        facts = _facts(studio, run_id, watch)
    return {"clock": clock, "cpu": cpu, "load": load, "peak_gb": round(watch.most_gb, 3), **facts}


def _whole_run(studio: Studio, experiment_id: str, limit_s: float) -> str:
    run = studio.runs.start(experiment_id)
    studio.runs.wait(run.id, timeout_s=20 * limit_s + 1200)
    return run.id


def _facts(studio: Studio, run_id: str, watch: Watch) -> dict[str, Any]:
    from litmus_core.types import CandidateTrained, RunEnded, RunStage, RunStarted

    run = studio.runs.get(run_id)
    begun = trained = None
    stages: list[tuple[str, float]] = []
    for event in studio.runs.events(run_id):
        moment = datetime.fromisoformat(event.at).replace(tzinfo=UTC).timestamp()
        match event.fact:
            case RunStarted():
                begun = begun or moment
            case CandidateTrained():
                trained = trained or moment
            case RunStage(stage=name):
                stages.append((name, moment))
            case RunEnded():
                stages.append(("", moment))
    used: dict[str, float] = {}
    for (name, start), (_, end) in pairwise(stages):
        used[name] = round(used.get(name, 0.0) + watch.used_until(end) - watch.used_until(start), 3)
    return {
        "status": run.status,
        "message": f"{run.message} {run.hint}".strip(),
        "has_model": run.chosen_id is not None,
        "models": [candidate.name for candidate in studio.candidates.list(run_id)],
        "first_model_s": round(trained - begun, 3) if trained and begun else None,
        "stages_cpu": used,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="litmus-growth-") as folder:
        print(json.dumps(measured(Path(sys.argv[1]), float(sys.argv[2]), Path(folder) / "workspace")))
