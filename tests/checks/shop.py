"""A clean table that tests of checks spoil, and the one finding of a report."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from litmus_core.types import CheckReport, Finding

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
