"""Draws of columns of numbers as people write them, by hands that never read how Litmus reads: a file each.

A draw holds what it is ``about`` and, by sort, columns: each has the ``values`` that its texts mean by common
practice (null: missing), none where they are not numbers. Where practice knows two answers, ``is_open`` lets
a text stay text: then only a wrong number counts. ``scales`` are the factors by which all values may differ:
12.5 % is 12.5 or 0.125, 99 cents are 99 or 0.99. Once a draw was looked at, no column of it changes.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DRAWS = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.json"))}
DRAWS = tuple(_DRAWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnColumn:
    """One column: its header, its texts, the value of each (None: they are not numbers) and the reason.

    ``nan`` among the values is a missing one.
    """

    column: str
    cells: tuple[str, ...]
    values: tuple[float, ...] | None
    why: str
    is_open: bool
    scales: tuple[float, ...]


def draw_file(draw: str) -> Path:
    """Return the JSON file of a draw in ``DRAWS``."""
    return _DRAWS[draw]


def read_draw(draw: str) -> dict[str, tuple[DrawnColumn, ...]]:
    """Return the columns of a draw in ``DRAWS`` by sort."""
    plain = json.loads(draw_file(draw).read_text(encoding="utf-8"))
    del plain["about"]
    return {sort: tuple(map(_column, columns)) for sort, columns in plain.items()}


def _column(plain: dict[str, Any]) -> DrawnColumn:
    values = plain.get("values")
    return DrawnColumn(
        column=plain["column"],
        cells=tuple(plain["cells"]),
        values=None if values is None else tuple(math.nan if each is None else each for each in values),
        why=plain["why"],
        is_open=plain.get("is_open", False),
        scales=tuple(plain.get("scales", (1.0,))),
    )
