"""Read a draw of number columns from a JSON file: by sort, each column with its cells and true values."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from benchmarks._others_numbers import OthersNumber


def read_draw(path: Path) -> dict[str, tuple[OthersNumber, ...]]:
    """Return the columns in the JSON file ``path`` by sort; a null value is missing, no values mean text."""
    plain = json.loads(path.read_text(encoding="utf-8"))
    return {sort: tuple(map(_column, columns)) for sort, columns in plain.items()}


def _column(plain: dict[str, Any]) -> OthersNumber:
    values = plain.get("values")
    return OthersNumber(
        column=plain["column"],
        cells=tuple(plain["cells"]),
        values=None if values is None else tuple(math.nan if each is None else each for each in values),
        why=plain["why"],
        scales=tuple(plain.get("scales", (1.0,))),
    )
