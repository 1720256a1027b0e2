"""What compiling brings for AutoGluon's own mixes: the share of their models that compile, and how fast.

    python -m benchmarks.stock [--json] [--fresh] [--tables churn,cuts] [--presets good_quality]
        [--time-limit 600] [--folder FOLDER]

On each real table the medium, good and best presets are trained, ``--time-limit`` seconds each (which the
figures say). ``compiled_share`` counts the leaderboard's rows that compile and answer as the trained models
do (within 1e-5, same labels); rows that AutoGluon itself can no longer ask, as it removed their folds, are
left out, and so is K-nearest neighbours. ``stock_speedup`` is one raw row through the pandas pipeline and
AutoGluon's persisted ``predict_proba``, over the same row through the compiled form, of each preset's best
model. Needs a machine that does nothing else. Each table and preset is a part of its own: what is finished is
not run again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._stock_table import CARDS

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("churn", "cuts", "hotel rates")
CODE = ("frame", "compiled", "runtime", "engine")
PACKAGES = (
    "autogluon.tabular",
    "catboost",
    "lightgbm",
    "numpy",
    "onnxruntime",
    "scikit-learn",
    "xgboost-cpu",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default=",".join(TABLES), help="names separated by commas")
    parser.add_argument("--presets", default=",".join(CARDS), help="names separated by commas")
    parser.add_argument("--time-limit", type=int, default=600, help="seconds for each training")
    parser.add_argument("--folder", type=Path, help="where trained models are kept, to be used again")


def figures(run: Run) -> Sequence[Figure]:
    found = [
        _part(run, table, preset)
        for table in run.options.tables.split(",")
        for preset in run.options.presets.split(",")
    ]
    for part in found:
        for reason, count in _reasons(part).items():
            run.say(f"{part['table']}, {part['preset']}: {count} not compiled: {reason}")
    return [*_whole(found), *(figure for part in found for figure in _of(part))]


def _part(run: Run, table: str, preset: str) -> dict[str, Any]:
    limit = run.options.time_limit
    key = {
        "table": table,
        "preset": preset,
        "limit_s": limit,
        "code": code_hash(
            *(ROOT / "litmus_core" / each for each in CODE), Path(__file__).with_name("_stock_table.py")
        ),
        "versions": versions(*PACKAGES),
    }
    kept: Path | None = run.options.folder

    def measure() -> Any:
        run.say(f"{table}, {preset}: training for {limit} s, compiling, asking")
        with tempfile.TemporaryDirectory(prefix="litmus-stock-") as scratch:
            folder = (kept or Path(scratch)) / f"{table.replace(' ', '-')}-{preset}-{limit}"
            command = [
                sys.executable,
                "-m",
                "benchmarks._stock_table",
                table,
                preset,
                str(limit),
                str(folder),
            ]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
            return json.loads(done.stdout.splitlines()[-1])

    found: dict[str, Any] = run.results.cached(key, measure)
    return found


def _rows(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in part["rows"].values() if not row["nearest_neighbours"]]


def _reasons(part: dict[str, Any]) -> Counter[str]:
    return Counter(row["reason"] for row in _rows(part) if not row["compiled"])


def _share(rows: Iterable[dict[str, Any]]) -> float:
    compiled = [row["compiled"] for row in rows]
    return sum(compiled) / len(compiled)


def _speedup(part: dict[str, Any]) -> float:
    """Return how many times faster; 1 where the best model does not compile: AutoGluon answers then."""
    return float(part["native_row_p50_ms"] / part["row_p50_ms"]) if "row_p50_ms" in part else 1.0


def _whole(found: Sequence[dict[str, Any]]) -> list[Figure]:
    rows = [row for part in found for row in _rows(part)]
    differences = [row["max_difference"] for row in rows if "max_difference" in row]
    return [
        Figure(name="stock_speedup", value=min(map(_speedup, found)), unit="x", target=100, better="higher"),
        Figure(name="compiled_share", value=_share(rows), unit="share", target=0.95, better="higher"),
        Figure(
            name="max_difference", value=max(differences, default=0.0), unit="", target=1e-5, better="lower"
        ),
        Figure(name="rows", value=len(rows), unit="models", target=None, better="higher"),
        Figure(
            name="time limit of each training",
            value=max(part["limit_s"] for part in found),
            unit="s",
            target=None,
            better="higher",
        ),
    ]


def _of(part: dict[str, Any]) -> list[Figure]:
    name = f"{part['table']} {part['preset'].removesuffix('_quality')}"
    best = part["rows"][part["best"]]
    told: list[tuple[str, float, str, Any]] = [
        ("compiled_share", _share(_rows(part)), "share", "higher"),
        ("rows", len(_rows(part)), "models", "higher"),
        ("stock_speedup", _speedup(part), "x", "higher"),
        ("AutoGluon one row", part["native_row_p50_ms"], "ms", "lower"),
    ]
    if "row_p50_ms" in part:
        told.append(("compiled one row", part["row_p50_ms"], "ms", "lower"))
        told.append(("size", best["size_mb"], "MB", "lower"))
    return [
        Figure(name=f"{what}: {name}", value=value, unit=unit, target=None, better=better)
        for what, value, unit, better in told
    ]


if __name__ == "__main__":
    main("stock", figures, add_arguments=add_arguments)
