"""Made-up tables with several targets."""

from __future__ import annotations

import numpy as np
import pandas as pd


def things(n_rows: int = 200, seed: int = 0) -> pd.DataFrame:
    """Two yes/no columns that hang on numbers, one numeric target, and the tags that say the same."""
    random = np.random.default_rng(seed)
    size, age = random.normal(size=n_rows), random.normal(size=n_rows)
    big, old = size > 0.3, age + random.normal(size=n_rows) / 4 > 0.8
    return pd.DataFrame(
        {
            "size": size,
            "age": age,
            "big": np.where(big, "yes", "no"),
            "old": np.where(old, "yes", "no"),
            "price": 3 * size + random.normal(size=n_rows),
        }
    )


def tagged(n_rows: int = 200) -> list[str | None]:
    """Return the tags of :func:`things`, with one that occurs once; None where there is none."""
    table = things(n_rows)
    rows = [
        ", ".join(name for name in ("big", "old") if row[name] == "yes") or None
        for _, row in table.iterrows()
    ]
    rows[0] = f"{rows[0]}, odd" if rows[0] else "odd"
    return rows
