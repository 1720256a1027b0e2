"""Traps, and columns that are none, by hands that had not read a check: what is planted in which table.

A table bears a few of each sort, the next ones in turn that fit it, so that every trap is planted in some
tables. A trap's truth was settled without Litmus: plain boosted trees say whether it does harm there
(``_others_skill``), or the rows themselves do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._others_controls import CONTROLS
from benchmarks._others_copies import COPY_TRAPS
from benchmarks._others_counters import COUNTER_TRAPS
from benchmarks._others_leaks import LEAK_TRAPS
from benchmarks._others_tables import OTHERS_TABLES
from benchmarks._others_time import TIME_TRAPS

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable
    from benchmarks._frozen_traps import FrozenTrap, Planted

OTHERS_TRAPS = (*TIME_TRAPS, *COUNTER_TRAPS, *LEAK_TRAPS, *COPY_TRAPS)
_OF_A_TABLE = ((TIME_TRAPS, 4), (COUNTER_TRAPS, 3), (LEAK_TRAPS, 3), (COPY_TRAPS, 2))
_CONTROLS_OF_A_TABLE = 3
_TRIES = 4
_STRIDE = 11  # has no factor in common with the number of traps of a sort: every one comes first once


def planted_traps(table: FrozenTable, frame: pd.DataFrame) -> Iterator[tuple[FrozenTrap, Planted]]:
    """Yield the table's traps, twelve at most."""
    for traps, n_traps in _OF_A_TABLE:
        yield from _in_turn(traps, n_traps, table, frame)


def planted_controls(table: FrozenTable, frame: pd.DataFrame) -> Iterator[tuple[FrozenTrap, Planted]]:
    """Yield three changes of the table that are no traps."""
    yield from _in_turn(CONTROLS, _CONTROLS_OF_A_TABLE, table, frame)


def _in_turn(
    traps: tuple[FrozenTrap, ...], n_traps: int, table: FrozenTable, frame: pd.DataFrame
) -> Iterator[tuple[FrozenTrap, Planted]]:
    """Yield ``n_traps`` that can be planted, from the table's own place in ``traps`` on."""
    first = [each.name for each in OTHERS_TABLES].index(table.name) * _STRIDE
    n_planted = 0
    for step in range(min(n_traps * _TRIES, len(traps))):
        place = (first + step) % len(traps)
        rng = np.random.default_rng([place, *table.name.encode()])
        planted = traps[place].plant(table, frame.copy(), rng)
        if planted is not None:
            yield traps[place], planted
            n_planted += 1
        if n_planted == n_traps:
            return
