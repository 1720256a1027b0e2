"""The forecasts at each judging origin, beside the history: for plots alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import BundleError, writing

Array = NDArray[Any]
_BY_VALUE = ("times", "values", "is_filled")
_BY_ORIGIN = ("origins", "forecasts", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PastForecasts:
    """The history of one series, and its forecasts from before the values were known.

    ``times``, ``values`` and ``is_filled`` (n,) are its history. ``origins`` (k,) say how many
    values were known; ``forecasts``, ``low`` and ``high`` (k, horizon) are the forecasts with intervals.
    """

    name: str
    times: Array
    values: Array
    is_filled: Array
    origins: Array
    forecasts: Array
    low: Array
    high: Array


def save_past(past: Sequence[PastForecasts], path: Path) -> None:
    """Write the past forecasts of all series into one file."""
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(series, name) for series in past]) for name in (*_BY_VALUE, *_BY_ORIGIN)
    }
    for name in _BY_ORIGIN[1:]:
        arrays[name] = arrays[name].astype(np.float32)
    with writing(path):
        np.savez_compressed(
            path,
            names=np.array([series.name for series in past]),
            n_values=[len(series.values) for series in past],
            n_origins=[len(series.origins) for series in past],
            **arrays,
        )


def load_past(path: Path) -> tuple[PastForecasts, ...]:
    """Read the file that ``save_past`` wrote; raises BundleError if it is damaged or missing."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        pieces = {name: _split(arrays[name], arrays["n_values"]) for name in _BY_VALUE}
        pieces |= {name: _split(arrays[name], arrays["n_origins"]) for name in _BY_ORIGIN}
    except (OSError, ValueError, LookupError, BadZipFile) as error:
        raise BundleError(f"'{path}' cannot be read: {error}.", hint="Train the forecast again.") from None
    return tuple(
        PastForecasts(name=str(name), **{field: rows[at] for field, rows in pieces.items()})
        for at, name in enumerate(arrays["names"])
    )


def _split(array: Array, lengths: Array) -> list[Array]:
    return np.split(array, np.cumsum(lengths)[:-1])
