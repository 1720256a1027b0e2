"""Are money, percent and numbers with units read as the numbers that are meant, and never as others?

    python -m benchmarks.numbers --json [--seeds 12]

Columns in 33 spellings of many places (``_number_cases``) go through import, and their cells through a
model's reading of rows. ``read right`` is the share of columns whose every value is the one that is meant;
``silently wrong`` counts columns with another value in which no note says how they were read; ``serving
differs`` those that a row is read differently from.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._number_cases import FIXED, STYLES, NumberCase, number_case

ROOT = Path(__file__).parents[1]


def figures(run: Run) -> list[Figure]:
    """Return the shares of columns read right and silently wrong."""
    found = []
    for style in [*STYLES, "fixed"]:
        cases = list(FIXED) if style == "fixed" else _cases(style, run.options.seeds)
        key = {
            "style": style, "seeds": run.options.seeds, "versions": versions("duckdb"),
            "code": code_hash(ROOT / "litmus_core" / "data", ROOT / "litmus_core" / "frame"),
            "cases": code_hash(Path(__file__), Path(__file__).with_name("_number_cases.py")),
        }  # fmt: skip
        outcomes: list[dict[str, Any]] = run.results.cached(key, lambda some=cases: [*map(read_case, some)])
        run.say(f"{style}: {sum(each['right'] for each in outcomes)} of {len(outcomes)} right")
        for each in outcomes:
            if not each["right"]:
                run.say(f"  {each['cells']} {each['notes']}")
        found += outcomes
    told = [each for each in found if not each["is_open"]]
    return [
        Figure(name="read right", value=sum(each["right"] for each in told) / len(told),
               unit=f"of {len(told)} columns that can be told", target=0.95, better="higher"),
        Figure(name="silently wrong", value=sum(each["wrong"] for each in found),
               unit=f"of {len(found)} columns", target=0, better="lower"),
        Figure(name="serving differs", value=sum(each["differs"] for each in found), unit="columns", target=0,
               better="lower"),
    ]  # fmt: skip


def _cases(style: str, n_seeds: int) -> list[NumberCase]:
    return [number_case(style, seed) for seed in range(n_seeds)]


def read_case(case: NumberCase) -> dict[str, Any]:
    """Import the column and read its cells as rows; say what came of it."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.frame import read_rows as read_dicts
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "table.csv"
        rows = [f'"{cell}"{case.separator}word{place % 3}' for place, cell in enumerate(case.cells)]
        source.write_text("\n".join([f"{case.name}{case.separator}other", *rows]) + "\n", encoding="utf-8")
        workspace = Workspace(Path(folder) / "workspace").create()
        version = import_table(workspace, source)
        kept = read_rows(workspace, version)[case.name].tolist()
    column = version.columns[0]
    is_number = column.storage in ("BIGINT", "DOUBLE")
    is_right = is_number and kept == list(case.values)
    served = read_dicts([{case.name: cell} for cell in case.cells], [column])[case.name].tolist()
    return {
        "right": is_right,
        "wrong": is_number and not is_right and not any(f"'{case.name}'" in note for note in version.notes),
        "differs": [*map(str, served)] != [*map(str, map(float, kept) if is_number else kept)],
        "is_open": case.is_open,
        "cells": list(case.cells[:4]),
        "notes": list(version.notes),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--seeds``."""
    parser.add_argument("--seeds", type=int, default=12, help="columns of each spelling")


if __name__ == "__main__":
    main("numbers", figures, add_arguments=add_arguments)
