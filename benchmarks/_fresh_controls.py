"""Columns and rows that look like a trap and are none: no harmful finding may name them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._fresh_drift import Columns, Rng, add_columns
from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_skill import time_does_harm

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Change = Callable[["FrozenTable", pd.DataFrame, Rng], Columns]

_ALIKE = ("duplicate_rows", "near_duplicates")
_N_COARSE, _N_LEVELS = 4, 3
_LEAST_ALIKE, _MOST_ALIKE = 0.1, 0.01
_N_YEARS = 6


def _random_days(n_rows: int, rng: Rng) -> pd.DatetimeIndex:
    first = pd.Timestamp("2016-01-01") + pd.Timedelta(days=int(rng.integers(1_000)))
    return pd.DatetimeIndex(first + pd.to_timedelta(rng.integers(0, 1_200 * 86_400, n_rows), unit="s"))


def _calendar(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """Year, month and day of entry, over which nothing changes."""
    at = _random_days(len(frame), rng)
    return {"entry_y": list(at.year), "entry_m": list(at.month), "entry_d": list(at.day)}


def _changed_at(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """When the record was last opened."""
    return {"last_opened": list(_random_days(len(frame), rng).strftime("%d.%m.%Y %H:%M"))}


def _keys(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """A customer number and a telephone number."""
    numbers = 500_000 + rng.permutation(len(frame) * 4)[: len(frame)]
    phones = [f"0{rng.integers(151, 179)} {rng.integers(1_000_000, 9_999_999)}" for _ in numbers]
    return {"Kundennr": list(numbers), "Telefon": phones}


def _birth_date(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """The date of birth, in three columns."""
    days = pd.Timestamp("1938-01-01") + pd.to_timedelta(rng.integers(0, 24_000, len(frame)), unit="D")
    at = pd.DatetimeIndex(days)
    return {"birth_year": list(at.year), "birth_month": list(at.month), "birth_day": list(at.day)}


def _honest_score(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """A strong, honest feature: it explains about half of the answer."""
    return {"prior_score": list(np.round(50 + 10 * _near_answer(table, frame, rng, noise=1.0), 2))}


def _branches(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """Eight branches whose customers differ."""
    ranks = pd.Series(_near_answer(table, frame, rng, noise=2.0)).rank(pct=True, method="first")
    names = rng.permutation(["Aalen", "Bern", "Como", "Graz", "Linz", "Metz", "Pisa", "Wels"])
    return {"Filiale": [str(names[min(int(each * 8), 7)]) for each in ranks]}


def _season(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """Year and month, where each year has the same season and nothing else changes."""
    months = rng.integers(1, 13, len(frame))
    wanted = np.cos(2 * np.pi * (months - rng.integers(12)) / 12) + 1.5 * rng.normal(size=len(frame))
    placed = np.empty(len(frame), dtype=np.int64)
    placed[np.argsort(_near_answer(table, frame, rng, noise=0.01))] = months[np.argsort(wanted)]
    return {"yr": list(rng.integers(2014, 2014 + _N_YEARS, len(frame))), "mth": list(placed)}


def _feature_in_other_units(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Columns:
    """One of the features once more, in other units and rounded."""
    numbers = frame.drop(columns=[table.target]).select_dtypes("number").columns
    if numbers.empty:
        return {"const_cd": ["X"] * len(frame)}
    name = str(rng.choice(list(numbers)))
    return {f"{name}_conv": [float(f"{each * 0.45359:.4g}") for each in frame[name]]}


def _near_answer(table: FrozenTable, frame: pd.DataFrame, rng: Rng, *, noise: float) -> NDArray[np.float64]:
    """Return the answer (of classes, whether it is the most frequent one), with noise of its spread."""
    answer = frame[table.target]
    is_number = table.problem == "numbers"
    values = answer.astype(float) if is_number else (answer == answer.mode().iloc[0]).astype(float)
    scaled = np.asarray((values - values.mean()) / values.std())
    return scaled + noise * rng.normal(size=len(frame))


def _control(name: str, change: Change) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        changed, names = add_columns(frame, change(table, frame, rng), rng)
        return Planted(changed, names)

    return FrozenTrap(name, (), plant)


def _seasonal(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    changed, names = add_columns(frame, _season(table, frame, rng), rng)
    times = (changed[names[0]] * 12 + changed[names[1]]).to_numpy()
    return None if time_does_harm(table, changed, names, times) else Planted(changed, names)


def _people_alike(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """A few columns in few levels, in which many people are alike who are not the same."""
    if frame.duplicated().mean() > _MOST_ALIKE:
        return None
    features = [name for name in frame.columns if name != table.target]
    few = frame[[*rng.permutation(features)[:_N_COARSE], table.target]].copy()
    for name in few.columns.drop(table.target):
        if pd.api.types.is_numeric_dtype(few[name]) and few[name].nunique() > _N_LEVELS:
            few[name] = pd.qcut(few[name].rank(method="first"), _N_LEVELS, labels=False)
        elif few[name].nunique() > _N_LEVELS:
            few[name] = few[name].where(few[name].isin(few[name].value_counts().index[:2]), "other")
    return Planted(few) if few.duplicated().mean() >= _LEAST_ALIKE else None


FRESH_CONTROLS = (
    _control("no time: calendar without drift", _calendar),
    _control("no time: last opened", _changed_at),
    _control("no counter: customer and telephone", _keys),
    _control("no time: date of birth", _birth_date),
    _control("no leak: honest score", _honest_score),
    _control("no leak: branches", _branches),
    FrozenTrap("no time: season", (), _seasonal),
    _control("no leak: feature in other units", _feature_in_other_units),
    FrozenTrap("no duplicates: people alike", _ALIKE, _people_alike),
)
