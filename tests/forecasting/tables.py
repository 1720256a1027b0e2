"""Small tables of series, and a training of two of them that tests share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from litmus_core.forecasting import ForecastSpec, SeriesColumns
from litmus_core.types import Bar

COLUMNS = SeriesColumns(time="quarter", value="units", id="shop")
SPEC = ForecastSpec(columns=COLUMNS, horizon=4, bar=Bar(metric="mase", op="<=", value=1.0))


def shops(n: int = 40) -> pd.DataFrame:
    """Return what two shops sold in ``n`` quarters."""
    draw, quarters = np.random.default_rng(5), pd.date_range("2016-01-01", periods=n, freq="QS")
    season = np.resize([90.0, 110.0, 100.0, 140.0], n) + np.arange(n)
    return pd.concat(
        [
            pd.DataFrame({"shop": shop, "quarter": quarters, "units": size * season + draw.normal(0, 4, n)})
            for shop, size in (("north", 1.0), ("south", 0.6))
        ],
        ignore_index=True,
    )


def one_series(times: list[object], values: list[object]) -> pd.DataFrame:
    """Return a table of one series."""
    return pd.DataFrame({"time": times, "value": values})


def on_days(days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return what a shop sold on ``days``."""
    draw = np.random.default_rng(3)
    return one_series(list(days), [float(value) for value in draw.poisson(50, len(days))])
