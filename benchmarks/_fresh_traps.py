"""The third batch: what is planted in which table, by somebody who had not read a check.

Time is planted as drift (``_fresh_drift``): in half of the tables strong, and in half of them with the rows
mixed afterwards. Whether a trap does harm is said by ``_others_skill``, or by the rows themselves.
"""

from __future__ import annotations

from benchmarks._fresh_controls import FRESH_CONTROLS
from benchmarks._fresh_copies import FRESH_COPIES
from benchmarks._fresh_leaks import FRESH_LEAKS
from benchmarks._fresh_tables import FRESH_TABLES
from benchmarks._fresh_time import FRESH_COUNTERS, FRESH_TIME
from benchmarks._others_traps import Batch

FRESH = Batch(
    tables=FRESH_TABLES,
    sorts=((FRESH_TIME, 4), (FRESH_COUNTERS, 2), (FRESH_LEAKS, 3), (FRESH_COPIES, 2)),
    controls=FRESH_CONTROLS,
    n_controls=2,
    seed=3,
)
