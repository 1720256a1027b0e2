"""How long, and how much memory, importing and profiling a table takes, against pandas in the same run.

``python -m benchmarks.ingest [--json] [--part all,wide] [--rows 1000000] [--large-rows 10000000]
[--huge-gb 2] [--turns 3] [--folder DIR]``. Each side runs in a process of its own, in turns; the ratio is of
the medians. pandas does ``read_csv`` + ``describe(include="all")`` + ``to_parquet``; Litmus imports the file
as a data set and profiles every column. The clock includes importing the libraries. ``--folder`` keeps the
written CSV files for the next time. ``--large-rows 0`` and ``--huge-gb 0`` leave those parts out. Processor
seconds stand beside the clock's: on a busy machine they say more. ``--part wide`` imports CSV files of 10,000
columns and JSON of 3,000 keys, and ``--part all`` the others.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._ingest_table import write_table
from benchmarks._ingest_wide import N_COLUMNS, N_KEYS, SORTS, write_wide_csv, write_wide_json

ROOT = Path(__file__).resolve().parents[1]
_TIME, _MEMORY, _LARGE_GB, _PREVIEW_MS = 0.5, 0.5, 4.0, 1000.0
_BYTES_A_ROW = 186  # of the CSV, about
_WIDE_ROWS, _WIDE_S, _JSON_S = (20, 200, 2_000), 5.0, 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the table both sides read")
    parser.add_argument(
        "--large-rows", type=int, default=10_000_000, help="rows of the table Litmus reads alone"
    )
    parser.add_argument(
        "--huge-gb", type=float, default=2.0, help="size of the file read with bounded memory"
    )
    parser.add_argument("--turns", type=int, default=3, help="how often each side runs")
    parser.add_argument("--part", default="all", help="all or wide, or both with a comma between them")
    parser.add_argument("--folder", type=Path, help="where the CSV files lie (default: a temporary folder)")


def figures(run: Run) -> Sequence[Figure]:
    parts: dict[str, Any] = {"all": (_ratios, _large, _huge), "wide": (_wide,)}
    asked = run.options.part.split(",")
    if unknown := set(asked) - set(parts):
        raise SystemExit(f"There is no part '{min(unknown)}': choose from {', '.join(parts)}.")
    with _folder(run.options.folder) as folder:
        return [figure for part in asked for measure in parts[part] for figure in measure(run, folder)]


def _wide(run: Run, folder: Path) -> Iterator[Figure]:
    for n_rows in _WIDE_ROWS:
        for sort in SORTS:
            name = f"{N_COLUMNS:,} columns, {n_rows:,} rows, {sort}"
            source = folder / f"wide_{sort}_{n_rows}.csv"
            write = functools.partial(write_wide_csv, source, sort=sort, n_rows=n_rows)
            target = _WIDE_S if n_rows < max(_WIDE_ROWS) else None
            yield from _imported(run, name, write, target=target)
    write_json = functools.partial(write_wide_json, folder / "wide.json")
    yield from _imported(run, f"JSON, {N_KEYS:,} keys, {N_KEYS:,} rows", write_json, target=_JSON_S)


def _imported(run: Run, name: str, write: Callable[[], Path], *, target: float | None) -> Iterator[Figure]:
    found = run.results.cached(_key(name), lambda: _child("wide", table := write(), table.parent))
    run.say(f"{name}: {found}")
    yield _figure(f"{name}: import", found["import_s"], "s", target)
    yield _figure(f"{name}: processor time", found["import_cpu_s"], "s", None)
    yield _figure(f"{name}: its profile and first page", found["profile_s"] + found["page_s"], "s", None)
    yield _figure(f"{name}: peak memory", found["peak_gb"], "GB", None)


def _ratios(run: Run, folder: Path) -> Iterator[Figure]:
    options = run.options
    found = run.results.cached(
        _key("ratios", rows=options.rows, turns=options.turns),
        lambda: _in_turns(run, write_table(folder / f"{options.rows}.csv", n_rows=options.rows)),
    )
    ours, theirs = found["litmus"], found["pandas"]
    for name, unit, target in (("time", "seconds", _TIME), ("memory", "peak_gb", _MEMORY)):
        value = _middle(ours, unit) / _middle(theirs, unit)
        yield _figure(f"ingest_{name}_ratio", value, "ratio", target)
    for side in ("pandas", "litmus"):
        yield _figure(f"{side}: time", _middle(found[side], "seconds"), "s", None)
        yield _figure(f"{side}: processor time", _middle(found[side], "cpu_s"), "s", None)
        yield _figure(f"{side}: peak memory", _middle(found[side], "peak_gb"), "GB", None)


def _in_turns(run: Run, table: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"pandas": [], "litmus": []}
    for turn in range(run.options.turns):
        for side, measured in found.items():
            measured.append(_child(side, table, table.parent))
            run.say(f"turn {turn + 1}, {side}: {measured[-1]}")
    return found


def _large(run: Run, folder: Path) -> Iterator[Figure]:
    n_rows = run.options.large_rows
    if not n_rows:
        return
    key = _key("large", rows=n_rows)
    found = run.results.cached(
        key, lambda: _child("preview", write_table(folder / f"{n_rows}.csv", n_rows=n_rows), folder)
    )
    imported = run.results.cached(
        {**key, "part": "large import"},
        lambda: _child("litmus", write_table(folder / f"{n_rows}.csv", n_rows=n_rows), folder),
    )
    yield _figure(f"{n_rows:,} rows: time", imported["seconds"], "s", None)
    yield _figure(f"{n_rows:,} rows: peak memory", imported["peak_gb"], "GB", _LARGE_GB)
    looks = {name: value for name, value in found.items() if name not in ("seconds", "cpu_s", "peak_gb")}
    for name, value in looks.items():
        yield _figure(f"{n_rows:,} rows: {name}", value, "ms", None)
    yield _figure("preview_ms", max(looks.values()), "ms", _PREVIEW_MS)


def _huge(run: Run, folder: Path) -> Iterator[Figure]:
    n_bytes = run.options.huge_gb * 1e9
    if not n_bytes:
        return
    n_rows = int(n_bytes / _BYTES_A_ROW)
    found = run.results.cached(
        _key("huge", rows=n_rows),
        lambda: _sized(_child, write_table(folder / f"{n_rows}.csv", n_rows=n_rows), folder),
    )
    yield _figure("huge file: size", found["file_gb"], "GB", None)
    yield _figure("huge file: time", found["seconds"], "s", None)
    yield _figure("huge file: peak memory", found["peak_gb"], "GB", _LARGE_GB)


def _sized(child: Any, table: Path, folder: Path) -> dict[str, Any]:
    return {**child("litmus", table, folder), "file_gb": round(table.stat().st_size / 1e9, 3)}


def _child(side: str, table: Path, folder: Path) -> dict[str, Any]:
    """Run one side in a process of its own and return what it measured; what it wrote is removed."""
    with tempfile.TemporaryDirectory(prefix="ingest-", dir=folder) as scratch:
        command = [sys.executable, "-m", "benchmarks._ingest_child", side, str(table), scratch]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{side} failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _middle(measured: Sequence[dict[str, Any]], what: str) -> float:
    return statistics.median(float(each[what]) for each in measured)


def _figure(name: str, value: float, unit: str, target: float | None) -> Figure:
    return Figure(name=name, value=round(value, 4), unit=unit, target=target, better="lower")


def _key(part: str, **more: Any) -> dict[str, Any]:
    code = code_hash(ROOT / "litmus_core" / "data", *sorted((ROOT / "benchmarks").glob("*ingest*.py")))
    return {"part": part, "code": code, "versions": versions("duckdb", "pandas", "pyarrow", "numpy"), **more}


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    made = Path(tempfile.mkdtemp(prefix="litmus-ingest-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    main("ingest", figures, add_arguments=add_arguments)
