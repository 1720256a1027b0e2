"""Columns and rows of real files that look like traps and are none: a random split tells the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._fourth_time import beside, ranked
from benchmarks._frozen_traps import FrozenTrap, Planted, Rng

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable


def _mixed(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _random_id(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    ids = rng.choice(9_000_000, len(frame), replace=False) + 1_000_000
    name = str(rng.choice(["customer_id", "account", "order_no"]))
    return Planted(*beside(_mixed(frame, rng), {name: ids}, rng))


def _uuid(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    digits = [rng.bytes(16).hex() for _ in range(len(frame))]
    ids = [f"{each[:8]}-{each[8:12]}-4{each[13:16]}-a{each[17:20]}-{each[20:]}" for each in digits]
    return Planted(*beside(frame, {"uuid": ids}, rng))


def _honest_estimate(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """What an expert guessed beforehand: half of the answer, or right of three rows in four, and no more."""
    truth = ranked(table, frame, rng)
    guess = 0.7 * truth + np.sqrt(1 - 0.7**2) * rng.normal(size=len(frame))
    return Planted(*beside(frame, {"expert_estimate": (50 + 12 * guess).round(1)}, rng))


def _birth_date(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    import pandas as pd

    days = pd.Timestamp("1940-01-01") + pd.to_timedelta(rng.integers(0, 22_000, len(frame)), unit="D")
    form = str(rng.choice(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]))
    return Planted(*beside(frame, {"date_of_birth": days.strftime(form)}, rng))


def _steady_date(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """When a row was written, years in which nothing drifted; half of the tables in that order."""
    import pandas as pd

    days = np.sort(rng.integers(0, 1_200, len(frame)))
    when = pd.Timestamp("2018-02-01") + pd.to_timedelta(days, unit="D")
    planted, names = beside(_mixed(frame, rng), {"recorded": when.strftime("%Y-%m-%d")}, rng)
    return Planted(planted if rng.random() < 0.5 else _mixed(planted, rng), names)


def _steady_number(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """The running number of an export in no order."""
    return Planted(*beside(_mixed(frame, rng), {"row_id": np.arange(1, len(frame) + 1)}, rng))


def _coarse(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
    """A survey of a few coarse questions: that rows are equal is natural, and says nothing of copies."""
    import pandas as pd

    coarse: dict[str, Any] = {}
    for name in rng.permutation([each for each in frame if each != table.target]):
        column = frame[name]
        if column.dtype.kind in "fiu" and column.nunique() > 6:
            column = pd.qcut(column, 4, labels=False, duplicates="drop")
        if 2 <= column.nunique() <= 6:
            coarse[str(name)] = column
    if len(coarse) < 3:
        return None
    names = list(coarse)[:3]
    answer = frame[table.target]
    if table.problem == "numbers":
        answer = pd.qcut(answer, 8, labels=False, duplicates="drop") * 5 + 10
    return Planted(pd.DataFrame({**{name: coarse[name] for name in names}, table.target: answer}))


def _weekday(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    """The day of the week has a real effect, which comes again each week."""
    order = np.argsort(0.5 * ranked(table, frame, rng) + 0.87 * rng.normal(size=len(frame)))
    names = rng.permutation(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    days = np.empty(len(frame), dtype=object)
    days[order] = names[np.arange(len(frame)) * len(names) // len(frame)]
    return Planted(*beside(frame, {"day_name": days}, rng))


def _postcode(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted:
    known = rng.choice(90_000, max(len(frame) // 8, 40), replace=False) + 10_000
    return Planted(*beside(frame, {"zip": rng.choice(known, len(frame))}, rng))


FOURTH_CONTROLS = (
    FrozenTrap("control: id in no order", (), _random_id),
    FrozenTrap("control: uuid", (), _uuid),
    FrozenTrap("control: honest estimate", (), _honest_estimate),
    FrozenTrap("control: date of birth", (), _birth_date),
    FrozenTrap("control: date without drift", (), _steady_date),
    FrozenTrap("control: running number in no order", (), _steady_number),
    FrozenTrap("control: coarse rows", ("duplicate_rows", "near_duplicates"), _coarse),
    FrozenTrap("control: day of the week", (), _weekday),
    FrozenTrap("control: postcode", (), _postcode),
)
