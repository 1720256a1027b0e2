"""Tables for checking plug-ins: deterministic, so that every run of the checks sees the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from litmus_core.errors import PlugInError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "text", "date"]
N_ROWS = 240
_CITIES = ("Berlin", "Ghent", "Łódź", "Nîmes", "Oslo", "Porto", "Turin", "York", "Zürich")
_STANDARD: dict[str, Kind] = {"amount": "number", "count": "number", "city": "text", "day": "date"}
_MOST_TRIED = 60
_KEY = re.compile(r"KeyError: [\"']?(?:\[')?([^'\"\]]+)")
_NEXT: dict[Kind, Kind] = {"number": "text", "text": "date"}


def table(kinds: dict[str, Kind], n_rows: int = N_ROWS) -> pd.DataFrame:
    """Return rows without missing values; the index does not start at 0."""
    import pandas as pd

    columns = {name: _column(kind, n_rows, seed) for seed, (name, kind) in enumerate(kinds.items())}
    return pd.DataFrame(columns, index=np.arange(n_rows) * 3 + 11)


def _column(kind: Kind, n_rows: int, seed: int) -> Any:
    import pandas as pd

    rng = np.random.default_rng(seed)
    if kind == "number":
        return np.round(rng.gamma(2.0, 20.0, n_rows), 2)
    if kind == "text":
        return np.array(_CITIES, dtype=object)[rng.integers(0, len(_CITIES), n_rows)]
    return pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 365 * 24, n_rows), unit="h")


def target(n_rows: int = N_ROWS, *, seed: int = 5) -> pd.Series[Any]:
    """Return random targets 0 and 1, unrelated to the rows."""
    import pandas as pd

    values = np.random.default_rng(seed).integers(0, 2, n_rows)
    return pd.Series(values, index=np.arange(n_rows) * 3 + 11, name="answer")


def accepted_table(attempt: Callable[[pd.DataFrame], None]) -> pd.DataFrame:
    """Return a table that ``attempt`` accepts, adding the columns whose absence it complains about.

    Raises its error about the last table.
    """
    kinds = dict(_STANDARD)
    latest = ""
    for _ in range(_MOST_TRIED):
        frame = table(kinds)
        try:
            attempt(frame)
        except PlugInError as error:
            missing = _KEY.search(error.reason)
            if missing and missing[1] not in kinds:
                latest = missing[1]
                kinds[latest] = "number"
            elif latest and kinds[latest] in _NEXT:
                kinds[latest] = _NEXT[kinds[latest]]
            else:
                raise
        else:
            return frame
    return table(kinds)


def with_missing_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with every second value of each column missing, and all values of the first row."""
    gaps = frame.copy()
    for at, name in enumerate(gaps.columns):
        places = (np.arange(len(gaps)) + at) % 2 == 0
        gaps.loc[places, name] = None if gaps[name].dtype == object else np.nan
    gaps.iloc[0] = [None if frame[name].dtype == object else np.nan for name in frame.columns]
    return gaps


def with_unseen_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with new texts, and with numbers and dates outside the known range."""
    import pandas as pd

    rows = frame.copy()
    for name in rows.columns:
        if rows[name].dtype == object:
            rows[name] = ["", "never seen", "ø" * 300, *["elsewhere"] * (len(rows) - 3)]
        elif rows[name].dtype.kind == "f":
            rows[name] = rows[name] * 1000 - 5e5
        else:
            rows[name] = rows[name] + pd.Timedelta(days=4000)
    return rows
