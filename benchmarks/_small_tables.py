"""Small tables cut from large real ones: the rows that somebody has, and all others, hidden, to judge by."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._flexible_tables import Table

if TYPE_CHECKING:
    import pandas as pd

SIZES = (100, 300, 1_000)
MOST_HIDDEN = 15_000
_FEWEST_OF_CLASS = 5  # rows that a cut holds of each class
_EXPECTED_OF_CLASS = 10  # of more than two classes, those that a cut is likely to hold so many rows of


@dataclass(frozen=True, kw_only=True)
class Cut:
    """``known`` rows of a table and ``hidden`` ones, no row in both; of classes, those frequent enough."""

    table: Table
    size: int
    number: int
    known: pd.DataFrame
    hidden: pd.DataFrame


def cut_of(table: Table, size: int, number: int) -> Cut:
    """Return the ``number``-th cut of ``size`` rows; the same arguments give the same rows."""
    frame = _with_frequent_classes(table, table.load(), size)
    rng = np.random.default_rng([number, size, zlib.crc32(table.name.encode())])
    order = rng.permutation(len(frame))
    while not _holds_classes(table, frame.iloc[order[:size]], frame):
        order = rng.permutation(len(frame))
    return Cut(
        table=table,
        size=size,
        number=number,
        known=frame.iloc[order[:size]].reset_index(drop=True),
        hidden=frame.iloc[order[size : size + MOST_HIDDEN]].reset_index(drop=True),
    )


def _with_frequent_classes(table: Table, frame: pd.DataFrame, size: int) -> pd.DataFrame:
    if table.problem != "multiclass":
        return frame
    shares = frame[table.target].map(frame[table.target].value_counts(normalize=True))
    return frame[shares * size >= _EXPECTED_OF_CLASS].reset_index(drop=True)


def _holds_classes(table: Table, known: pd.DataFrame, frame: pd.DataFrame) -> bool:
    if table.problem == "regression":
        return True
    counts = known[table.target].value_counts()
    return len(counts) == frame[table.target].nunique() and counts.min() >= _FEWEST_OF_CLASS
