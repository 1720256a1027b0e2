"""Columns that are not traps, by other hands than the checks': no harmful alarm may come of them.

Each table's rows are mixed first, and what is added says nothing of the answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_time import Columns, Rng, insert

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Write = Callable[[int, Rng], Columns]
_ALL: tuple[str, ...] = ()
_LEAST_ALIKE = 0.2


def _look_alikes(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """Keep a few coarse columns, and number the people: many are alike, and all are others."""
    features = sorted(frame.drop(columns=[table.target]), key=lambda name: frame[name].nunique())
    coarse = [name for name in features if 2 <= frame[name].nunique() <= 12][:4]
    kept = _mixed(frame[[*coarse, table.target]], rng)
    if len(coarse) < 2 or kept.duplicated().mean() < _LEAST_ALIKE:
        return None
    numbers = rng.choice(9_000_000, len(kept), replace=False) + 1_000_000
    kept.insert(0, "customer_no", [f"K-{each}" for each in numbers] if rng.random() < 0.5 else numbers)
    return Planted(kept, ("customer_no",))


def _mixed(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _birth_year(n_rows: int, rng: Rng) -> Columns:
    return {"Geburtsjahr": np.clip(rng.normal(1972, 14, n_rows), 1925, 2004).astype(int).tolist()}


def _model_year(n_rows: int, rng: Rng) -> Columns:
    return {
        "model_year": (2021 - rng.poisson(6, n_rows)).tolist(),
        "doors": rng.choice([2, 4], n_rows).tolist(),
    }


def _birthday(n_rows: int, rng: Rng) -> Columns:
    return {
        "geb_tag": rng.integers(1, 29, n_rows).tolist(),
        "geb_monat": rng.integers(1, 13, n_rows).tolist(),
    }


def _time_without_drift(n_rows: int, rng: Rng) -> Columns:
    months = np.sort(rng.integers(0, 60, n_rows))
    return {"year": (2015 + months // 12).tolist(), "month": (months % 12 + 1).tolist()}


def _hours_without_drift(n_rows: int, rng: Rng) -> Columns:
    hours = np.arange(n_rows)
    return {"dag": (hours // 24 % 28 + 1).tolist(), "uur": [f"{each % 24:02d}:00" for each in hours]}


def _counter_without_drift(n_rows: int, rng: Rng) -> Columns:
    return {"id": (np.cumsum(rng.geometric(0.4, n_rows)) + 50_000).tolist()}


def _zip_codes(n_rows: int, rng: Rng) -> Columns:
    known = [f"{each:05d}" for each in rng.integers(1_067, 99_998, 150)]
    return {"PLZ": rng.choice(known, n_rows).tolist()}


def _zip_numbers(n_rows: int, rng: Rng) -> Columns:
    return {"zipcode": rng.choice(rng.integers(10_001, 99_950, 200), n_rows).tolist()}


def _places(n_rows: int, rng: Rng) -> Columns:
    return {
        "lat": [f"{each:.6f}" for each in rng.uniform(47.3, 55.0, n_rows)],
        "lon": [f"{each:.6f}" for each in rng.uniform(5.9, 15.0, n_rows)],
    }


def _places_in_one(n_rows: int, rng: Rng) -> Columns:
    pairs = zip(rng.uniform(-33.9, 52.4, n_rows), rng.uniform(-122.4, 151.2, n_rows), strict=True)
    return {"coordinates": [f"{lat:.7f}, {lon:.7f}" for lat, lon in pairs]}


def _degrees(n_rows: int, rng: Rng) -> Columns:
    parts = rng.integers(0, 60, (n_rows, 2)).tolist()
    degrees = rng.integers(40, 58, n_rows).tolist()
    return {"Breite": [f"{d}°{m:02d}'{s:02d}\"N" for d, (m, s) in zip(degrees, parts, strict=True)]}


def _phones(n_rows: int, rng: Rng) -> Columns:
    return {
        "Telefon": [f"+49 {a} {b}" for a, b in rng.integers((30, 1_000_000), (999, 9_999_999), (n_rows, 2))]
    }


def _phone_numbers(n_rows: int, rng: Rng) -> Columns:
    return {"phone": rng.integers(2_012_000_000, 9_899_999_999, n_rows).tolist()}


def _uuids(n_rows: int, rng: Rng) -> Columns:
    return {"guid": [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(n_rows)]}


def _order_numbers(n_rows: int, rng: Rng) -> Columns:
    return {"order_no": rng.integers(10**15, 10**16, n_rows).tolist()}


def _codes(n_rows: int, rng: Rng) -> Columns:
    codes = [f"{letter}{number:03d}" for letter in "KLMNP" for number in range(0, 300, 12)]
    return {"article": rng.choice(codes, n_rows).tolist()}


def _constant_and_noise(n_rows: int, rng: Rng) -> Columns:
    return {"sensor_1": rng.normal(20, 0.4, n_rows).round(3).tolist(), "unit": ["°C"] * n_rows}


_WAYS: tuple[tuple[str, Write], ...] = (
    ("birth year", _birth_year),
    ("model year", _model_year),
    ("day and month of birth", _birthday),
    ("year and month without drift", _time_without_drift),
    ("day and hour without drift", _hours_without_drift),
    ("a counter without drift", _counter_without_drift),
    ("postal codes", _zip_codes),
    ("postal codes as numbers", _zip_numbers),
    ("latitude and longitude", _places),
    ("coordinates in one text", _places_in_one),
    ("degrees and minutes", _degrees),
    ("telephones", _phones),
    ("telephones as numbers", _phone_numbers),
    ("random ids", _uuids),
    ("order numbers of 16 digits", _order_numbers),
    ("article codes", _codes),
    ("noise and a constant", _constant_and_noise),
)


def _control(name: str, write: Write) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        frame, names = insert(_mixed(frame, rng), write(len(frame), rng), rng)
        return Planted(frame, names)

    return FrozenTrap(f"controls: {name}", _ALL, plant)


CONTROLS = (
    FrozenTrap("controls: people who look alike", ("duplicate_rows", "near_duplicates"), _look_alikes),
    *(_control(name, write) for name, write in _WAYS),
)
