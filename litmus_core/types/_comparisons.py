"""The comparison of a waiting version of an endpoint with the live version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ComparisonState = Literal["better", "worse", "undecided", "too few rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveComparison:
    """Version ``challenger`` of an endpoint compared with the live version ``version`` on ``n_rows`` rows.

    ``gain`` in the metric is positive where the challenger is better. In 19 comparisons of 20, ``low`` to
    ``high`` holds the true gain at every evaluation. All are None where there are too few rows.
    """

    name: str
    version: int
    challenger: int
    metric: str
    n_rows: int
    state: ComparisonState = "too few rows"
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    sentence: str = ""
