"""Tables of 10,000 columns as CSV, and of 3,000 keys as JSON, drawn at random."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

N_COLUMNS, N_KEYS = 10_000, 3_000
_POOL = 50_000  # cells are drawn from so many
_Draw = Callable[[np.random.Generator, int], list[str]]
_SORTS: Mapping[str, _Draw] = {
    "numbers": lambda rng, n: [f"{value:.3f}" for value in rng.normal(size=n)],
    "texts": lambda rng, n: [f"t{value}" for value in rng.integers(0, 15, n)],
    "dates": lambda rng, n: [f"{_day(value):%m/%d/%Y}" for value in rng.integers(0, 1_500, n)],
    "amounts": lambda rng, n: [f"${value:.2f}" for value in rng.uniform(1, 999, n)],
    "weights": lambda rng, n: [f"{value:.1f} kg" for value in rng.uniform(1, 99, n)],
    "whole": lambda rng, n: [str(value) for value in rng.integers(0, 1_000, n)],
    "gaps": lambda rng, n: [f"{value:.2f}" if value > 0 else "" for value in rng.normal(size=n)],
}
MIXED, MEASURED = "mixed", "measured"
SORTS = ("numbers", MEASURED, "texts", "dates", "amounts", MIXED)


def _day(number: int) -> date:
    return date(2020, 1, 1) + timedelta(days=int(number))


def write_wide_csv(path: Path, *, sort: str, n_rows: int) -> Path:
    """Write a CSV of columns of a sort: ``measured`` are all different, ``mixed`` are of all sorts."""
    if path.exists():
        return path
    rng = np.random.default_rng(0)
    pools = {
        name: np.array(draw(rng, _POOL), dtype=object)
        for name, draw in _SORTS.items()
        if sort in (name, MIXED)
    }
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{place}" for place in range(N_COLUMNS)) + "\n")
        for _ in range(n_rows):
            file.write(",".join(_row(rng, pools)) + "\n")
    return part.rename(path)


def _row(rng: np.random.Generator, pools: Mapping[str, Any]) -> list[str]:
    if not pools:
        return list(map(repr, rng.normal(size=N_COLUMNS).tolist()))
    cells = np.empty(N_COLUMNS, dtype=object)
    for number, pool in enumerate(pools.values()):
        places = slice(number, None, len(pools))
        cells[places] = pool[rng.integers(0, _POOL, len(cells[places]))]
    found: list[str] = cells.tolist()
    return found


def write_wide_json(path: Path) -> Path:
    """Write as many records as they have keys, of whole numbers."""
    if not path.exists():
        rng = np.random.default_rng(0)
        keys = [f"k{place}" for place in range(N_KEYS)]
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            for number in range(N_KEYS):
                record = dict(zip(keys, rng.integers(0, 100, N_KEYS).tolist(), strict=True))
                file.write(("," if number else "[") + json.dumps(record))
            file.write("]")
        part.rename(path)
    return path
