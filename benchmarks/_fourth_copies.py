"""Rows that are there twice, as files come to have them: a random split has copies in both its parts.

The rows themselves say that it does harm: a sixth of them or more are copies, and in the table as it came
the columns tell nearly all rows apart, so that who knows a row's copy knows its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._fourth_time import beside
from benchmarks._frozen_traps import FrozenTrap, Planted, Rng

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Copy = Callable[["FrozenTable", "pd.DataFrame", Rng], "Planted | None"]
_EXACT = ("duplicate_rows",)
_NEAR = ("duplicate_rows", "near_duplicates")
_JOINED = ("duplicate_rows", "near_duplicates", "structure")
_EQUAL_BY_CHANCE = 0.03  # of the rows


def _copies(name: str, kinds: tuple[str, ...], copy: Copy) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        alike = frame.drop(columns=[table.target]).duplicated(keep=False).mean()
        return copy(table, frame, rng) if alike <= _EQUAL_BY_CHANCE else None

    return FrozenTrap(f"duplicates: {name}", kinds, plant)


def _some(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Draw a fifth to two fifths of the rows."""
    n_rows = int(len(frame) * rng.uniform(0.2, 0.4))
    return frame.iloc[np.sort(rng.choice(len(frame), n_rows, replace=False))]


def _with(frame: pd.DataFrame, copied: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Return both: the copies at the end, as of a second load, or all rows mixed."""
    import pandas as pd

    both = pd.concat([frame, copied], ignore_index=True)
    return both if rng.random() < 0.5 else _mixed(both, rng)


def _mixed(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _loaded_twice(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    return Planted(_with(frame, _some(frame, rng), rng))


def _whole_table(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    return Planted(_with(frame, frame, rng))


def _drawn_more_often(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """The rarest class, or the highest answers, were drawn again and again before anybody split."""
    truth = frame[table.target]
    if table.problem == "classes":
        counts = truth.value_counts()
        is_rare, wanted = (truth == counts.index[-1]).to_numpy(), int(counts.iloc[0])
    else:
        is_rare, wanted = (truth >= truth.quantile(0.85)).to_numpy(), len(frame) // 2
    places = np.flatnonzero(is_rare)
    n_more = wanted - len(places)
    if len(places) < 20 or n_more < len(frame) * 0.2:
        return None
    return Planted(_mixed(frame.iloc[np.r_[np.arange(len(frame)), rng.choice(places, n_more)]], rng))


def _corrected(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """A correction: one cell of a copy is another one's."""
    features = [name for name in frame if name != table.target]
    copied = _some(frame, rng).copy()
    which = rng.integers(len(features), size=len(copied))
    for place, name in enumerate(features):
        rows = which == place
        others = frame[name].to_numpy()[rng.integers(len(frame), size=int(rows.sum()))]
        copied.loc[rows, name] = others
    return Planted(_with(frame, copied, rng))


def _sent_again(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """Whoever sends a form again gets a new number."""
    both = _with(frame, _some(frame, rng), rng)
    ids = rng.choice(900_000, len(both), replace=False) + 100_000
    way = int(rng.integers(3))
    names: Any = ids if way == 0 else [f"REQ-{each}" for each in ids]
    return Planted(beside(both, {("id", "request_no", "submission")[way]: names}, rng)[0])


def _rounded(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """The copies went through a program that keeps three digits, or whole numbers."""
    fine = [
        name
        for name in frame.select_dtypes("float")
        if name != table.target
        and (frame[name].dropna() % 1 != 0).mean() > 0.5
        and frame[name].nunique() > 20
    ]
    if not fine:
        return None
    copied = _some(frame, rng).copy()
    for name in fine:
        copied[name] = [float(f"{each:.3g}") for each in copied[name]]
    changed = (copied[fine] != frame.loc[copied.index, fine]).any(axis=1).mean()
    return Planted(_with(frame, copied, rng)) if changed > 0.3 else None


def _written_otherwise(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """Texts of the copies are in capitals, or have blanks about them."""
    texts = [name for name in frame if name != table.target and frame[name].dtype.kind not in "fiubM"]
    if not texts:
        return None
    copied = _some(frame, rng).copy()
    for name in texts:
        told = copied[name].astype(str)
        way = int(rng.integers(3))
        written = told.str.upper() if way == 0 else told + " " if way == 1 else told.str.title() + "  "
        copied[name] = written.where(copied[name].notna())
    changed = (copied[texts].astype(str) != frame.loc[copied.index, texts].astype(str)).any(axis=1).mean()
    return Planted(_with(frame.astype(dict.fromkeys(texts, object)), copied, rng)) if changed > 0.9 else None


def _joined(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """A join gave a row for each campaign, contact or item of the same case."""
    n_times = rng.choice([1, 2, 3, 4], p=[0.55, 0.25, 0.15, 0.05], size=len(frame))
    rows = np.repeat(np.arange(len(frame)), n_times)
    ways = (
        ("campaign", ["mail", "phone", "web", "shop"]),
        ("contact_type", ["billing", "delivery", "private"]),
        ("sku", [f"A-{each}" for each in range(100, 180)]),
    )
    name, values = ways[int(rng.integers(len(ways)))]
    both = frame.iloc[rows].reset_index(drop=True)
    both = beside(both, {name: rng.choice(values, len(both))}, rng)[0]
    if rng.random() < 0.5:
        cases = rng.choice(90_000, len(frame), replace=False) + 10_000
        both = beside(both, {"case_no": cases[rows]}, rng)[0]
    return Planted(both if rng.random() < 0.5 else _mixed(both, rng))


def _overlapping(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """Two extracts of the same table that overlap, one below the other, with the name of the file."""
    import pandas as pd

    shuffled = _mixed(frame, rng)
    end, start = int(len(frame) * rng.uniform(0.6, 0.75)), int(len(frame) * rng.uniform(0.3, 0.45))
    names = (("export_jan.csv", "export_feb.csv"), ("north", "central"), ("A", "B"))[int(rng.integers(3))]
    parts = [shuffled.iloc[:end].assign(source=names[0]), shuffled.iloc[start:].assign(source=names[1])]
    return Planted(pd.concat(parts, ignore_index=True))


FOURTH_COPIES = (
    _copies("a part loaded twice", _EXACT, _loaded_twice),
    _copies("whole table twice", _EXACT, _whole_table),
    _copies("rare rows drawn again", _EXACT, _drawn_more_often),
    _copies("one cell corrected", _NEAR, _corrected),
    _copies("sent again with a new number", _NEAR, _sent_again),
    _copies("copies rounded", _NEAR, _rounded),
    _copies("texts written otherwise", _NEAR, _written_otherwise),
    _copies("multiplied by a join", _JOINED, _joined),
    _copies("extracts that overlap", _NEAR, _overlapping),
)
