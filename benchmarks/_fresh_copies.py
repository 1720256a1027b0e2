"""Rows that are there more than once, as they get there in practice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks._fresh_drift import Rng, add_columns, is_mixed
from benchmarks._frozen_traps import FrozenTrap, Planted

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Copy = Callable[["FrozenTable", pd.DataFrame, Rng], pd.DataFrame | None]

_EXACT = ("duplicate_rows",)
_NEAR = ("duplicate_rows", "near_duplicates")
_MOST_ALIKE = 0.01  # of the rows: here copies cannot be told from people who are alike
_MANY_VALUES = 30


def _export_appended(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """The last weeks were exported twice, and both exports stand in the file."""
    n_again = int(len(frame) * rng.uniform(0.12, 0.25))
    return pd.concat([frame, frame.iloc[-n_again:]])


def _runs_resumed(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """A loading job was resumed some times: blocks of rows stand there twice, one after the other."""
    starts = np.sort(rng.choice(len(frame) - 30, max(len(frame) // 250, 3), replace=False))
    blocks = [frame.iloc[start : start + int(rng.integers(30, 60))] for start in starts]
    cuts = [0, *starts, len(frame)]
    pieces = [frame.iloc[a:b] for a, b in pairwise(cuts)]
    mixed = [piece for pair in zip(pieces[1:], blocks, strict=True) for piece in (pair[1], pair[0])]
    return pd.concat([pieces[0], *mixed])


def _corrections(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """Entries were corrected in one number by some per cent; the old entry stayed."""
    numbers = [name for name in _features(table, frame) if frame[name].nunique() >= _MANY_VALUES]
    numbers = [name for name in numbers if pd.api.types.is_numeric_dtype(frame[name])]
    if not numbers:
        return None
    again = _drawn(frame, rng)
    name = str(rng.choice(numbers))
    is_whole = pd.api.types.is_integer_dtype(frame[name])
    changed = again[name].astype(float) * (1 + rng.choice([-1, 1], len(again)) * rng.uniform(0.01, 0.06))
    again[name] = changed.round().astype(np.int64) if is_whole else changed.round(4)
    return pd.concat([frame, again])


def _keyed_anew(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Records were moved to a new system and got new ids; those of the old one were kept."""
    both = pd.concat([frame, _drawn(frame, rng)]).reset_index(drop=True)
    ids = 40_000 + rng.permutation(len(frame) * 3)[: len(both)]
    return add_columns(both, {"record_id": list(ids)}, rng)[0]


def _joined_lines(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """A join with order lines: some rows are there twice or more, with other lines."""
    times = rng.choice([1, 2, 3], len(frame), p=[0.8, 0.14, 0.06])
    lines = [line for n_times in times for line in range(1, n_times + 1)]
    articles = rng.choice([f"ART{n:03d}" for n in range(40)], len(lines))
    more = {"line_no": lines, "article": list(articles)}
    return add_columns(frame.loc[np.repeat(frame.index, times)].reset_index(drop=True), more, rng)[0]


def _other_spelling(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """A branch that writes texts in capitals or with a blank behind sent some rows again."""
    texts = [name for name in _features(table, frame) if frame[name].dtype == object]
    texts = [name for name in texts if frame[name].astype(str).str.contains("[a-z]").any()]
    if not texts:
        return None
    again = _drawn(frame, rng)
    for name in texts:
        there = again[name].notna()
        told = again[name].astype(str)
        again[name] = (told.str.upper() if rng.uniform() < 0.6 else told + " ").where(there)
    return pd.concat([frame, again])


def _rounded_again(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """Rows came again through a form that keeps three figures."""
    numbers = [
        name
        for name in _features(table, frame)
        if pd.api.types.is_float_dtype(frame[name]) and frame[name].nunique() >= _MANY_VALUES
    ]
    again = _drawn(frame, rng)
    for name in numbers:
        again[name] = [float(f"{each:.3g}") for each in again[name]]
    return pd.concat([frame, again]) if numbers else None


def _two_sources(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """Two registers were merged: those in both are there twice, and the second lacks a column's values."""
    both = pd.concat([frame, _drawn(frame, rng)]).reset_index(drop=True)
    is_second = both.index >= len(frame)
    lacking = str(rng.choice(_features(table, frame)))
    both[lacking] = both[lacking].where(~is_second)
    sources = np.where(is_second, "reg2", np.where(rng.uniform(size=len(both)) < 0.3, "reg2", "reg1"))
    return add_columns(both, {"source": list(sources)}, rng)[0]


def _features(table: FrozenTable, frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name != table.target]


def _drawn(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    n_again = int(len(frame) * rng.uniform(0.12, 0.25))
    return frame.iloc[rng.choice(len(frame), n_again, replace=False)].copy()


def _trap(name: str, kinds: tuple[str, ...], copy: Copy) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        if frame.duplicated().mean() > _MOST_ALIKE:
            return None
        doubled = copy(table, frame, rng)
        if doubled is None:
            return None
        if is_mixed(table):
            doubled = doubled.iloc[rng.permutation(len(doubled))]
        return Planted(doubled.reset_index(drop=True))

    return FrozenTrap(name, kinds, plant)


FRESH_COPIES = (
    _trap("duplicates: export appended", _EXACT, _export_appended),
    _trap("duplicates: corrections", _NEAR, _corrections),
    _trap("duplicates: keyed anew", _NEAR, _keyed_anew),
    _trap("duplicates: runs resumed", _EXACT, _runs_resumed),
    _trap("duplicates: joined lines", _NEAR, _joined_lines),
    _trap("duplicates: other spelling", _NEAR, _other_spelling),
    _trap("duplicates: rounded again", _NEAR, _rounded_again),
    _trap("duplicates: two sources", _NEAR, _two_sources),
)
