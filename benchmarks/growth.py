"""Where work grows, does time grow no faster, and are limits and memory kept?

    python -m benchmarks.growth [--json] [--quick] [--part rows,columns,experiments,callers] [--most N]

Rows: 1,000 to 3,000,000 at 20 columns. Columns: 10 to 1,000 at 3,000 rows. Each table (``_growth_tables``)
goes from its CSV file through checks, question and baselines to a run with all defaults and a time limit
(``_growth_training``). Experiments: workspaces of 20 to 5,000 with 25 candidates each, seeded, without models
(``_growth_experiments``). Callers: 1 to 64 of one endpoint, one row a request (``_growth_callers``).

Exponents are of processor seconds of the whole tree of processes, which other work on the machine changes
little. Limits are of the clock and want an idle machine: the load is said beside them. Each size is a part of
its own: what is finished is not run again. ``--most`` leaves larger sizes out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks._growth_figures import figure, growth_figures, limit_figures, phases, seconds_figures
from benchmarks._growth_tables import write_table
from benchmarks._harness import Figure, Run, code_hash, main, versions

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("rows", "columns", "experiments", "callers")
SIZES = {
    "rows": (1_000, 10_000, 100_000, 1_000_000, 3_000_000),
    "columns": (10, 30, 100, 300, 1_000),
    "experiments": (20, 100, 500, 2_000, 5_000),
    "callers": (1, 4, 16, 64),
}
QUICK = {
    "rows": (1_000, 10_000, 100_000),
    "columns": (10, 30, 100),
    "experiments": (20, 100, 500),
    "callers": (1, 4, 16, 64),
}
N_COLUMNS, N_ROWS = 20, 3_000  # of tables whose rows grow, and whose columns do
_CODE = {
    "rows": ("litmus_core", "benchmarks/_growth_training.py", "benchmarks/_growth_tables.py"),
    "columns": ("litmus_core", "benchmarks/_growth_training.py", "benchmarks/_growth_tables.py"),
    "experiments": ("litmus_core", "app", "pages", "benchmarks/_growth_experiments.py", "benchmarks/seed.py"),
    "callers": ("litmus_core/serving", "litmus_core/compiled", "benchmarks/_growth_callers.py"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer sizes, a limit of 20 s")
    parser.add_argument("--most", type=int, help="leave larger sizes out")
    parser.add_argument("--seconds", type=float, default=60.0, help="the time limit of a run")


def figures(run: Run) -> Sequence[Figure]:
    of = {"rows": _rows, "columns": _columns, "experiments": _experiments, "callers": _callers}
    return [each for part in run.options.part.split(",") for each in of[part](run)]


def _rows(run: Run) -> list[Figure]:
    limit_s = _limit_s(run)
    found = _measured(run, "rows", {size: (size, N_COLUMNS, limit_s) for size in _sizes(run, "rows")})
    seconds = phases(found)
    peaks = [
        figure(f"rows: peak memory at {size:,}", each["peak_gb"], "GB", 4 if size == 1_000_000 else None)
        for size, each in found.items()
    ]
    firsts = [
        figure(f"rows: first model at {size:,}", each["first_model_s"], "s", 5 if size <= 100_000 else None)
        for size, each in found.items()
        if each["first_model_s"] is not None
    ]
    told = seconds_figures("rows", seconds, list(found)[-2:])
    return [*limit_figures("rows", found, limit_s), *growth_figures("rows", seconds), *peaks, *firsts, *told]


def _columns(run: Run) -> list[Figure]:
    limit_s = _limit_s(run)
    found = _measured(run, "columns", {size: (N_ROWS, size, limit_s) for size in _sizes(run, "columns")})
    seconds = phases(found)
    return [
        *limit_figures("columns", found, limit_s),
        *growth_figures("columns", seconds),
        *seconds_figures("columns", seconds, list(found)[-2:]),
    ]


def _experiments(run: Run) -> list[Figure]:
    found = _measured(run, "experiments", {size: (size, 5) for size in _sizes(run, "experiments")})
    seconds = phases(found)
    figures = growth_figures("experiments", seconds)
    targets = {"first leaderboard": 3.0, "rebuild": 10.0}
    targets |= {phase: 0.15 for phase in seconds if phase.startswith("page")}
    return figures + [
        figure(
            f"experiments: {phase} at {size:,}",
            of[size],
            "s of the processor",
            targets.get(phase) if size == 2_000 else None,
        )
        for phase, of in seconds.items()
        for size in list(found)[-2:]
    ]


def _callers(run: Run) -> list[Figure]:
    callers, n_requests = _sizes(run, "callers"), 1_000 if run.options.quick else 4_000
    key = _key("callers") | {"callers": callers, "requests": n_requests}

    def measure() -> Any:
        run.say(f"{callers} callers")
        return _child("_growth_callers", str(n_requests), ",".join(map(str, callers)))

    found = run.results.cached(key, measure)
    rounds = {
        n: n * found["cpu"][str(n)] / n_requests * 1000 for n in callers
    }  # ms: far above what counts as noise
    return [
        *growth_figures("callers", {"a request of each": rounds}),
        *(
            figure(
                f"callers: a request, {n} callers",
                1e6 * found["cpu"][str(n)] / n_requests,
                "us of the processor",
                None,
            )
            for n in callers
        ),
        *(
            Figure(
                name=f"callers: requests a second, {n} callers",
                value=n_requests / found["clock"][str(n)],
                unit="requests",
                target=None,
                better="higher",
            )
            for n in callers
        ),
        figure("callers: load", found["load"], "", None),
    ]


def _limit_s(run: Run) -> float:
    return 20.0 if run.options.quick else float(run.options.seconds)


def _sizes(run: Run, part: str) -> list[int]:
    most = run.options.most
    return [size for size in (QUICK if run.options.quick else SIZES)[part] if most is None or size <= most]


def _key(part: str) -> dict[str, Any]:
    code = code_hash(*(ROOT / each for each in _CODE[part]))
    return {
        "part": part,
        "code": code,
        "versions": versions("autogluon.tabular", "duckdb", "pandas", "streamlit"),
    }


def _measured(run: Run, part: str, sizes: dict[int, tuple[Any, ...]]) -> dict[int, Any]:
    """Return what each size took; those that are kept are not measured again."""
    measure = _experiments_of if part == "experiments" else _trained
    return {
        size: run.results.cached(_key(part) | {"size": list(options)}, partial(measure, run, *options))
        for size, options in sizes.items()
    }


def _trained(run: Run, n_rows: int, n_columns: int, limit_s: float) -> Any:
    run.say(f"{n_rows:,} rows of {n_columns} columns, {limit_s:g} s")
    with tempfile.TemporaryDirectory(prefix="litmus-growth-") as folder:
        file = Path(folder) / "table.csv"
        write_table(file, n_rows, n_columns)
        found = _child("_growth_training", str(file), str(limit_s))
    run.say(f"{found['status']}: {found['clock']}, {found['peak_gb']} GB, load {found['load']:.1f}")
    return found


def _experiments_of(run: Run, n_experiments: int, n_page_runs: int) -> Any:
    run.say(f"{n_experiments:,} experiments")
    found = _child("_growth_experiments", str(n_experiments), str(n_page_runs))
    run.say(f"{found['cpu']}, load {found['load']:.1f}")
    return found


def _child(module: str, *arguments: str) -> Any:
    """Return what ``python -m benchmarks.MODULE ARGUMENTS`` prints last, as JSON."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main("growth", figures, add_arguments=add_arguments)
