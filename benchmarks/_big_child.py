"""One phase of the benchmark of large tables in a process of its own.

``python -m benchmarks._big_child PHASE WORKSPACE JSON`` prints seconds, the most memory that its process and,
for training, the run's processes held (10^9 bytes), and what the phase found.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._ingest_child import peak_gb
from litmus_core import Compute, Data, Training

_EVERY_S = 0.1


def bring(workspace: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Import the table, and the rows that judge."""
    from litmus_core.experiments import Studio

    with Studio.open(workspace) as studio:
        version = studio.datasets.import_file(Path(asked["table"]))
        own = studio.datasets.import_file(Path(asked["test"]), like=version)
        return {"version": version.id, "own": own.id, "n_rows": version.n_rows}


def profiled(workspace: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Count the table's profile anew."""
    from litmus_core.data import profile
    from litmus_core.experiments import Studio

    with Studio.open(workspace) as studio:
        version = studio.datasets.get(asked["version"])
        (workspace / version.path).with_suffix(".profile.json").unlink(missing_ok=True)
        return {"n_columns": len(profile(studio.workspace, version).columns)}


def checked(workspace: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Make all checks for the target."""
    from litmus_core.checks import run_checks
    from litmus_core.experiments import Studio

    with Studio.open(workspace) as studio:
        found = run_checks(studio.workspace, studio.datasets.get(asked["version"]), target=asked["target"])
        return {"n_findings": len(found.findings), "not_made": [kind for kind, _ in found.not_made]}


def asked_about(workspace: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Propose a task and score its baselines, as the Target page does."""
    from litmus_core.experiments import Studio, make_task

    with Studio.open(workspace) as studio:
        task = make_task(studio.workspace, studio.datasets.get(asked["version"]), asked["target"])
        return {"baselines": [each.value for each in studio.tasks.baselines(task)]}


def trained(workspace: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Train the cards, within a limit of memory where there is one."""
    import litmus_core

    watch = _Watch()
    watch.start()
    memory_gb = asked["memory_gb"]
    handle = litmus_core.train(
        Data(asked["version"], test=asked["own"]),
        asked["target"],
        training=Training(models=asked["families"]),
        compute=Compute(
            time_limit_s=asked["time_limit_s"], **{"train": {"memory_gb": memory_gb}} if memory_gb else None
        ),
        folds=0,
        workspace=workspace,
    )
    handle.wait()
    run = handle.studio.runs.get(handle.run.id)
    chosen = handle.studio.candidates.chosen(run.id)
    n_rows = len(_parts(workspace, run.id))
    assert chosen.test is not None
    return {
        "n_rows": n_rows,
        "run_gb": round(watch.ended(), 4),
        "score": chosen.test.value,
        "metric": chosen.test.metric,
        "message": run.message,
    }


def _parts(workspace: Path, run_id: str) -> Any:
    import pandas as pd

    return pd.read_parquet(workspace / "runs" / run_id / "parts.parquet")


class _Watch(threading.Thread):
    """Looks at the processes below this one: the most that all of them held at once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._most = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        import psutil

        own = psutil.Process()
        while not self._over.wait(_EVERY_S):
            held = 0
            for each in own.children(recursive=True):
                try:
                    held += each.memory_info().rss
                except psutil.Error:
                    continue
            self._most = max(self._most, held / 1e9)

    def ended(self) -> float:
        """Return the most, in 10^9 bytes."""
        self._over.set()
        self.join()
        return self._most


PHASES: dict[str, Callable[[Path, dict[str, Any]], dict[str, Any]]] = {
    "import": bring,
    "profile": profiled,
    "checks": checked,
    "target": asked_about,
    "train": trained,
}

if __name__ == "__main__":
    began = time.perf_counter()
    found = PHASES[sys.argv[1]](Path(sys.argv[2]), json.loads(sys.argv[3]))
    found |= {"seconds": round(time.perf_counter() - began, 3), "peak_gb": round(peak_gb(), 4)}
    sys.stdout.write(json.dumps(found) + "\n")
