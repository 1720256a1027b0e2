"""A forecaster's folder: ``forecast.json`` with all numbers but the trees, which are in ``trees.npz``."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from cattrs.errors import BaseValidationError

from litmus_core.errors import BundleError, LitmusError, writing
from litmus_core.forecasting._bundle.forecaster import DAMAGED, Forecaster, Learned, SeriesModels
from litmus_core.forecasting._models.boosters import BoosterModel, TreeArrays
from litmus_core.forecasting._models.lags import LagDesign
from litmus_core.forecasting._series.frequency import Frequency
from litmus_core.forecasting._series.panel import Series
from litmus_core.forecasting._series.table import SeriesColumns
from litmus_core.forecasting._states import state_from_plain, state_to_plain
from litmus_core.forecasting._training.intervals import Band
from litmus_core.types import Column, from_plain, to_plain

MAIN, TREES = "forecast.json", "trees.npz"
FORMAT = 1
_TREE_ARRAYS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What ``forecast.json`` has of ``Learned`` as it is."""

    season: int
    horizon: int
    level: float
    is_positive: bool
    weights: dict[str, float]
    fallback: str
    known_columns: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]
    columns: SeriesColumns
    spelled: tuple[Column, ...]


def save_forecaster(forecaster: Forecaster, folder: Path) -> None:
    """Write a forecaster into ``folder``, which is made; raises UsageError where it cannot be written."""
    shortened = forecaster.shortened()
    boosters = shortened.learned.boosters
    trees = b"" if boosters is None else _packed(boosters.trees)
    plain = {"format": FORMAT, "trees_sha256": _hash(trees), **_plain(shortened)}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if trees:
            (folder / TREES).write_bytes(trees)
        body = json.dumps(plain, separators=(",", ":"))
        (folder / MAIN).write_text(
            json.dumps({"sha256": _hash(body.encode()), "body": body}), encoding="utf-8"
        )


def load_forecaster(folder: str | Path) -> Forecaster:
    """Open the forecaster in ``folder``; raises BundleError where it is damaged, altered, or none.

    It needs NumPy alone: none of the libraries that fitted its models.
    """
    path = Path(folder)
    try:
        stored = json.loads((path / MAIN).read_text(encoding="utf-8"))
        body = stored["body"]
        plain = json.loads(body)
        is_whole = stored["sha256"] == _hash(body.encode())
        trees = (path / TREES).read_bytes() if plain.get("boosters") else b""
    except (*DAMAGED, OSError):
        raise BundleError(
            f"'{path}' holds no forecast.", hint="Export one: litmus forecasts export."
        ) from None
    if not is_whole or plain.get("trees_sha256") != _hash(trees):
        raise BundleError(f"The forecast in '{path}' was altered.", hint="Export it again.")
    if (stored_format := plain.get("format")) != FORMAT:
        text = f"The forecast in '{path}' has format {stored_format}; this Litmus reads {FORMAT}."
        raise BundleError(text, hint="Open it with the Litmus that wrote it, or export it again.")
    try:
        return _forecaster(plain, trees)
    except LitmusError:
        raise
    except (*DAMAGED, EOFError, OSError, BadZipFile, BaseValidationError) as error:
        raise BundleError(
            f"The forecast in '{path}' is damaged: {error!r}.", hint="Export it again."
        ) from None


def _plain(forecaster: Forecaster) -> dict[str, Any]:
    learned, band = forecaster.learned, forecaster.band
    shared = {field.name: to_plain(getattr(learned, field.name)) for field in fields(_Shared)}
    boosters = learned.boosters
    return {
        "shared": shared,
        "frequency": asdict(learned.frequency),
        "boosters": None
        if boosters is None
        else {"design": asdict(boosters.design), "depth": boosters.trees.depth},
        "band": {name: getattr(band, name).tolist() for name in ("scales", "profile", "quantiles")},
        "series": [_plain_series(one) for one in forecaster.models],
    }


def _plain_series(one: SeriesModels) -> dict[str, Any]:
    series = one.series
    arrays = {
        name: getattr(series, name).tolist() for name in ("values", "is_filled", "covariates", "static")
    }
    return {
        "name": series.name,
        "start": series.start,
        **arrays,
        "states": {key: state_to_plain(state) for key, state in one.states.items()},
    }


def _forecaster(plain: dict[str, Any], trees: bytes) -> Forecaster:
    shared = from_plain(_Shared, plain["shared"])
    learned = Learned(
        frequency=from_plain(Frequency, plain["frequency"]),
        boosters=_boosters(plain["boosters"], trees),
        **{field.name: getattr(shared, field.name) for field in fields(_Shared)},
    )
    n_known = len(learned.known_columns)
    models = [
        SeriesModels(
            series=Series(
                name=one["name"],
                start=one["start"],
                values=np.array(one["values"], dtype=np.float64),
                is_filled=np.array(one["is_filled"], dtype=bool),
                covariates=np.array(one["covariates"], dtype=np.float64).reshape(-1, n_known)
                if n_known
                else np.empty((len(one["values"]), 0)),
                static=np.array(one["static"], dtype=np.float64),
            ),
            states={key: state_from_plain(state) for key, state in one["states"].items()},
        )
        for one in plain["series"]
    ]
    if len(plain["band"]["profile"]) != learned.horizon or len(models) != len(plain["band"]["scales"]):
        raise ValueError("the intervals are of another horizon, or of other series")
    band = Band(**{name: np.array(values, dtype=np.float64) for name, values in plain["band"].items()})
    return Forecaster(learned, models, band)


def _boosters(plain: dict[str, Any] | None, trees: bytes) -> BoosterModel | None:
    if plain is None:
        return None
    with np.load(io.BytesIO(trees), allow_pickle=False) as arrays:
        stored = TreeArrays(depth=plain["depth"], **{name: arrays[name] for name in _TREE_ARRAYS})
    stored.check()
    return BoosterModel(from_plain(LagDesign, plain["design"]), stored)


def _packed(trees: TreeArrays) -> bytes:
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: getattr(trees, name) for name in _TREE_ARRAYS})
    return packed.getvalue()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
