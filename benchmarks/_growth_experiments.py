"""What a workspace of many experiments costs, in a process of its own.

``python -m benchmarks._growth_experiments N PAGE_RUNS`` makes N experiments of 25 candidates and prints one
JSON object: processor seconds of each phase. Pages are drawn in this process, their caches empty before each.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.pages import rendering
from benchmarks.seed import seed_workspace

N_CANDIDATES = 25  # of an experiment
_PAGES = ("home", "leaderboards", "results")


def measured(n_experiments: int, n_runs: int, folder: Path) -> dict[str, Any]:
    """Return the processor seconds of each phase, and the journal's size."""
    from litmus_core.experiments import Studio
    from litmus_core.store import rebuild

    logging.disable(logging.WARNING)  # Streamlit says at every turn that there is no server here
    load, used = os.getloadavg()[0], {}

    def timed(phase: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = work()
        used[phase] = round(time.process_time() - began, 4)
        return result

    workspace = timed("made", lambda: seed_workspace(folder, n_experiments, N_CANDIDATES * n_experiments))
    n_events = timed("rebuild", lambda: rebuild(workspace))
    with timed("opening", lambda: Studio.open(workspace.path)) as studio:
        timed("first leaderboard", studio.experiments.summaries)
        timed("second leaderboard", studio.experiments.summaries)
        ids = [experiment.id for experiment in studio.store.experiments()]
    os.environ["LITMUS_HOME"] = str(workspace.path)
    for page in _PAGES:
        held = [
            {"experiment": ids[turn * 7 % len(ids)]} if page == "results" else {} for turn in range(n_runs)
        ]
        times = [rendering(page, values, timeout_s=600) for values in (held[0], *held)][
            1:
        ]  # the first warms the process
        used[f"page {page}"] = round(statistics.median(cpu for _, cpu in times) / 1000, 4)
    return {"load": load, "cpu": used, "n_events": n_events, "n_bytes": workspace.journal_path.stat().st_size}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="litmus-growth-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]), Path(folder) / "workspace")))
