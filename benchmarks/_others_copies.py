"""Traps of rows that are there more than once, by other hands than the checks'.

They are planted in tables whose rows all differ: an equal row is a copy there. Where a cell of the copy is
changed, the rows of the table have to differ whichever column is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_time import Rng

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Copy = Callable[["FrozenTable", pd.DataFrame, Rng], pd.DataFrame | None]
_ALIKE_AT_MOST = 0.005


def _are_all_different(frame: pd.DataFrame, *, without_any: bool) -> bool:
    """Return whether hardly two rows are equal; ``without_any``: whichever one column is left out."""
    if not without_any:
        return bool(frame.duplicated().mean() <= _ALIKE_AT_MOST)
    return all(
        frame.drop(columns=[name]).duplicated().mean() <= _ALIKE_AT_MOST
        for name in frame
        if frame[name].nunique() > 1
    )


def _some(frame: pd.DataFrame, rng: Rng, least: float = 0.1, most: float = 0.3) -> pd.DataFrame:
    """Return a part of the rows, each once."""
    n_rows = int(rng.uniform(least, most) * len(frame))
    return frame.iloc[rng.choice(len(frame), n_rows, replace=False)].copy()


def _mixed(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _exact(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return _mixed(pd.concat([frame, _some(frame, rng)]), rng)


def _block(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Append a stretch of the file to the file, as a copy that was pasted twice."""
    start = int(rng.integers(0, len(frame) // 2))
    length = int(rng.uniform(0.2, 0.5) * len(frame))
    return pd.concat([frame, frame.iloc[start : start + length]], ignore_index=True)


def _many_of_few(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    few = _some(frame, rng, 0.03, 0.05)
    return _mixed(pd.concat([frame, *[few] * 6]), rng)


def _other_id(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Import a part twice, into a table that numbers its rows again from the start."""
    grown = _mixed(pd.concat([frame, _some(frame, rng)]), rng)
    numbers = rng.permutation(len(grown)) + 70_001
    grown.insert(0, "record_id", [f"R{each}" for each in numbers] if rng.random() < 0.5 else numbers)
    return grown


def _texts(table: FrozenTable, frame: pd.DataFrame) -> list[str]:
    return [
        str(name)
        for name in frame
        if name != table.target
        and frame[name].dtype == object
        and frame[name].dropna().astype(str).str.contains(r"[A-Za-z]{2}").mean() > 0.9
    ]


def _other_spelling(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """Copy rows from a system that writes in capitals, or leaves spaces behind."""
    names = _texts(table, frame)
    if not names:
        return None
    copies = _some(frame, rng)
    spell = rng.choice(np.array([str.upper, str.lower, "{} ".format, "  {}".format], dtype=object))
    for name in names:
        copies[name] = [spell(each) if isinstance(each, str) else each for each in copies[name]]
    return _mixed(pd.concat([frame, copies]), rng)


def _one_cell_changed(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Copy rows of which one cell was put right or wrong afterwards."""
    copies = _some(frame, rng).astype(object)
    features = [place for place, name in enumerate(frame) if name != table.target]
    for row in range(len(copies)):
        place = int(rng.choice(features))
        values = frame.iloc[:, place].dropna()
        copies.iloc[row, place] = values.iloc[int(rng.integers(len(values)))]
    grown = pd.concat([frame.astype(object), copies])
    return _mixed(grown.infer_objects(), rng)


def _rounded(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame | None:
    """Copy rows whose numbers another program rounded: to three digits."""
    names = [
        name
        for name in frame
        if name != table.target and frame[name].dtype.kind == "f" and _has_digits(frame[name])
    ]
    if len(names) < 2:
        return None
    copies = _some(frame, rng)
    for name in names:
        copies[name] = [each if pd.isna(each) else float(f"{each:.3g}") for each in copies[name]]
    if copies.duplicated().mean() > _ALIKE_AT_MOST:
        return None
    return _mixed(pd.concat([frame, copies]), rng)


def _has_digits(column: pd.Series[Any]) -> bool:
    known = column.dropna()
    return bool((known != [float(f"{each:.3g}") for each in known]).mean() > 0.3)


def _joined(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Join a list that names some rows' contacts two or three times."""
    times = rng.choice([1, 1, 1, 2, 3], len(frame))
    grown = frame.iloc[np.repeat(np.arange(len(frame)), times)].reset_index(drop=True)
    grown["contact_no"] = np.concatenate([np.arange(1, each + 1) for each in times])
    return grown


_WAYS: tuple[tuple[str, tuple[str, ...], Copy], ...] = (
    ("equal rows", ("duplicate_rows",), _exact),
    ("a stretch again", ("duplicate_rows",), _block),
    ("a few rows many times", ("duplicate_rows",), _many_of_few),
    ("other ids", ("duplicate_rows", "near_duplicates"), _other_id),
    ("other spellings", ("duplicate_rows", "near_duplicates"), _other_spelling),
    ("one cell changed", ("duplicate_rows", "near_duplicates"), _one_cell_changed),
    ("rounded", ("duplicate_rows", "near_duplicates"), _rounded),
    ("a join", ("duplicate_rows", "near_duplicates"), _joined),
)


def _trap(name: str, kinds: tuple[str, ...], copy: Copy) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        if not _are_all_different(frame, without_any=copy is _one_cell_changed):
            return None
        grown = copy(table, frame, rng)
        return None if grown is None else Planted(grown, ())

    return FrozenTrap(f"duplicates: {name}", kinds, plant)


COPY_TRAPS = tuple(_trap(*way) for way in _WAYS)
