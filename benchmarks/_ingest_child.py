"""One side of the ingest benchmark in a process of its own.

``python -m benchmarks._ingest_child SIDE FILE FOLDER`` prints its seconds, ``cpu_s`` and ``peak_gb``. The
clock starts before anything but the standard library is imported, and the peak is of the whole process.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_TURNS = 5


def with_pandas(source: Path, folder: Path) -> dict[str, Any]:
    """Read, describe and write a table as one does with pandas."""
    import pandas as pd

    frame = pd.read_csv(source)
    described = frame.describe(include="all")
    frame.to_parquet(folder / "table.parquet")
    return {"n_columns": len(described.columns)}


def with_litmus(source: Path, folder: Path) -> dict[str, Any]:
    """Import and profile a table into a new workspace."""
    from litmus_core.data import import_table, profile
    from litmus_core.store import Workspace

    workspace = Workspace(folder / "workspace").create()
    version = import_table(workspace, source)
    found = profile(workspace, version)
    return {"n_columns": len(found.columns), "n_rows": found.n_rows, "n_bytes": version.n_bytes}


def wide(source: Path, folder: Path) -> dict[str, Any]:
    """Import a table alone, then read its profile and its first page."""
    from litmus_core.data import import_table, page_of, profile
    from litmus_core.store import Workspace

    workspace = Workspace(folder / "workspace").create()
    began, began_cpu = time.perf_counter(), time.process_time()
    version = import_table(workspace, source)
    found = {"import_s": time.perf_counter() - began, "import_cpu_s": time.process_time() - began_cpu}
    began = time.perf_counter()
    profile(workspace, version)
    found["profile_s"] = time.perf_counter() - began
    began = time.perf_counter()
    page_of(workspace, version, offset=0, n_rows=100)
    found["page_s"] = time.perf_counter() - began
    return {name: round(value, 3) for name, value in found.items()}


def preview(source: Path, folder: Path) -> dict[str, Any]:
    """Import a table, then look at it as the page does: far down, sorted, searched (medians in ms)."""
    from litmus_core.experiments import Studio

    with Studio.open(folder / "workspace") as studio:
        version = next(iter(studio.datasets.list()), None) or studio.datasets.import_file(source)
        far, last = version.n_rows * 3 // 4, version.n_rows - 100
        asked: Mapping[str, Callable[[], Any]] = {
            "first page": lambda: studio.datasets.page(version.id, offset=0, n_rows=100),
            "far page": lambda: studio.datasets.page(version.id, offset=far, n_rows=100),
            "last page": lambda: studio.datasets.page(version.id, offset=last, n_rows=100),
            "sorted by a number": lambda: studio.datasets.page(
                version.id, offset=0, n_rows=100, sort="price"
            ),
            "sorted by a text": lambda: studio.datasets.page(version.id, offset=0, n_rows=100, sort="title"),
            "searched": lambda: studio.datasets.page(version.id, offset=0, n_rows=100, search="steel chair"),
            "searched in a column": lambda: studio.datasets.page(
                version.id, offset=0, n_rows=100, search="steel chair", columns=["title"]
            ),
        }
        return {name: _median_ms(ask) for name, ask in asked.items()}


def _median_ms(ask: Callable[[], Any]) -> float:
    times = []
    for _ in range(_TURNS):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times), 1)


def peak_gb() -> float:
    """Return the most memory this process held, in 10^9 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # of this program only; getrusage counts what its parent held when it forked, too
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e9
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


if __name__ == "__main__":
    began = time.perf_counter()
    side = {"pandas": with_pandas, "litmus": with_litmus, "preview": preview, "wide": wide}[sys.argv[1]]
    found = side(Path(sys.argv[2]), Path(sys.argv[3]))
    seconds = round(time.perf_counter() - began, 3)
    found |= {"seconds": seconds, "cpu_s": round(time.process_time(), 3), "peak_gb": round(peak_gb(), 4)}
    sys.stdout.write(json.dumps(found) + "\n")
