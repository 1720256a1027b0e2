"""The fourth batch: what is planted in which table, by somebody who had read no check and no earlier trap.

Time over columns, running numbers and near-leaks are planted where plain trees say that they do harm
(``_others_skill``); of copies the rows themselves say it.
"""

from __future__ import annotations

from benchmarks._fourth_controls import FOURTH_CONTROLS
from benchmarks._fourth_copies import FOURTH_COPIES
from benchmarks._fourth_leaks import FOURTH_LEAKS
from benchmarks._fourth_tables import FOURTH_TABLES
from benchmarks._fourth_time import FOURTH_COUNTERS, FOURTH_TIME
from benchmarks._others_traps import Batch

FOURTH = Batch(
    tables=FOURTH_TABLES,
    sorts=((FOURTH_TIME, 3), (FOURTH_COUNTERS, 1), (FOURTH_LEAKS, 2), (FOURTH_COPIES, 1)),
    controls=FOURTH_CONTROLS,
    n_controls=1,
    seed=4,
)
