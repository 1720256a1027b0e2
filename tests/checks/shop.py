"""A clean table that tests of checks spoil, and the one finding of a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.types import CheckReport, Finding
from tests.cases import thinned

Checker = Callable[..., CheckReport]
CITIES = ("Bern", "Basel", "Zurich", "Geneva")


def shop(n_rows: int = 400) -> pd.DataFrame:
    """Return a clean table: a number, a price, a category, a label that follows the number."""
    rng = np.random.default_rng(5)
    size = rng.normal(50.0, 10.0, n_rows).round(2)
    return pd.DataFrame(
        {
            "size": size,
            "price": (rng.gamma(4.0, 20.0, n_rows)).round(2),
            "city": rng.choice(CITIES, n_rows),
            "sold": np.where(size + rng.normal(0, 5, n_rows) > 50, "yes", "no"),
        }
    )


def one(report: CheckReport) -> Finding:
    (finding,) = report.findings
    return finding


def seeds(n_seeds: int) -> list[Any]:
    """Return the first of so many seeds, and the others where make test-all looks once more."""
    return thinned(range(n_seeds), keep=1, reason="the first seed holds it: others are other tables alike")
