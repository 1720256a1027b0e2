"""Compare numbers: the ratio and the difference of each pair."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.builtin_preprocessors._json_names import names_in_json

if TYPE_CHECKING:
    import pandas as pd


class Pairs:
    """Adds the ratio and the difference of each pair of some columns of numbers.

    ``columns`` names two or more, with commas between, or as a JSON list if a name has a comma.

    >>> import pandas as pd
    >>> step = Pairs(columns="long, wide")
    >>> step.fit(pd.DataFrame({"long": [3.0], "wide": [2.0]}), None)
    >>> step.transform(pd.DataFrame({"long": [3.0, 1.0], "wide": [2.0, 0.0]}))["long / wide"].tolist()
    [1.5, nan]
    """

    def __init__(self, *, columns: str = "") -> None:
        self.columns = columns

    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        """Read the names; raises ValueError for fewer than two numeric columns."""
        del target
        self.names_ = names_in(self.columns)
        numbers = set(frame.select_dtypes("number").columns)
        odd = next((name for name in self.names_ if name not in numbers), None)
        if odd is not None:
            raise ValueError(f"there is no column of numbers called '{odd}'")
        if len(self.names_) < 2:
            raise ValueError("a pair needs two columns: Pairs(columns='height, width')")

    def transform(self, frame: Any) -> Any:
        """Return the frame with those columns added; a ratio to 0 is missing."""
        frame = frame.copy()
        for first, second in combinations(self.names_, 2):
            ratio = frame[first] / frame[second]
            frame[f"{first} / {second}"] = ratio.where(np.isfinite(ratio))
            frame[f"{first} - {second}"] = frame[first] - frame[second]
        return frame


def pairs_of(names: Sequence[str]) -> str:
    """Return ``columns`` for these names.

    >>> pairs_of(["a", "b"]), pairs_of(["a, b", "c"])
    ('a, b', '["a, b", "c"]')
    """
    plain = not any("," in name or name != name.strip() or name.startswith("[") for name in names)
    return ", ".join(names) if plain else json.dumps(list(names), ensure_ascii=False)


def names_in(columns: str) -> list[str]:
    """Return the names in ``columns``; raises ValueError for an incomplete list.

    >>> names_in("a, b"), names_in('["a, b", "c"]')
    (['a', 'b'], ['a, b', 'c'])
    """
    names = names_in_json(columns) if columns.startswith("[") else columns.split(",")
    return [str(name).strip() for name in names if str(name).strip()]
