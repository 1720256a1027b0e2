"""Traps, and columns that are none, by hands that had not read a check: what is planted in which table.

A table bears a few of each sort, the next ones in turn that fit it, so that every trap is planted in some
tables. A trap's truth was settled without Litmus: plain boosted trees say whether it does harm there
(``_others_skill``), or the rows themselves do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._others_controls import CONTROLS
from benchmarks._others_copies import COPY_TRAPS
from benchmarks._others_counters import COUNTER_TRAPS
from benchmarks._others_later import LATER_COUNTERS, LATER_LEAKS, LATER_TABLES, LATER_TIME
from benchmarks._others_leaks import LEAK_TRAPS
from benchmarks._others_tables import OTHERS_TABLES
from benchmarks._others_time import TIME_TRAPS

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable
    from benchmarks._frozen_traps import FrozenTrap, Planted

_TRIES = 4
_STRIDE = 11  # has no factor in common with the number of traps of a sort: every one comes first once


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Tables, and how many traps of each sort and changes that are not traps each of them bears."""

    tables: tuple[FrozenTable, ...]
    sorts: tuple[tuple[tuple[FrozenTrap, ...], int], ...]
    controls: tuple[FrozenTrap, ...] = CONTROLS
    n_controls: int
    seed: int

    @property
    def traps(self) -> tuple[FrozenTrap, ...]:
        """All traps of the batch."""
        return tuple(trap for traps, _ in self.sorts for trap in traps)

    def plant(self, table: FrozenTable, frame: pd.DataFrame) -> Iterator[tuple[FrozenTrap, Planted]]:
        """Yield the table's traps."""
        for traps, n_traps in self.sorts:
            yield from self._in_turn(traps, n_traps, table, frame)

    def plant_controls(self, table: FrozenTable, frame: pd.DataFrame) -> Iterator[tuple[FrozenTrap, Planted]]:
        """Yield the table's changes that are not traps."""
        yield from self._in_turn(self.controls, self.n_controls, table, frame)

    def _in_turn(
        self, traps: tuple[FrozenTrap, ...], n_traps: int, table: FrozenTable, frame: pd.DataFrame
    ) -> Iterator[tuple[FrozenTrap, Planted]]:
        """Yield ``n_traps`` that can be planted, from the table's own place in ``traps`` on."""
        first = [each.name for each in self.tables].index(table.name) * _STRIDE + self.seed
        n_planted = 0
        for step in range(min(n_traps * _TRIES, len(traps))):
            place = (first + step) % len(traps)
            rng = np.random.default_rng([place, *table.name.encode(), *[self.seed] * bool(self.seed)])
            planted = traps[place].plant(table, frame.copy(), rng)
            if planted is not None:
                yield traps[place], planted
                n_planted += 1
            if n_planted == n_traps:
                return


OTHERS = Batch(
    tables=OTHERS_TABLES,
    sorts=((TIME_TRAPS, 4), (COUNTER_TRAPS, 3), (LEAK_TRAPS, 3), (COPY_TRAPS, 2)),
    n_controls=3,
    seed=0,
)
LATER = Batch(
    tables=LATER_TABLES,
    sorts=((LATER_TIME, 4), (LATER_COUNTERS, 2), (LATER_LEAKS, 2), (COPY_TRAPS, 2)),
    n_controls=3,
    seed=5,
)
