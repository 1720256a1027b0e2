"""120 everyday idioms of pre-processing, written for pandas as notebooks, tutorials and scripts write them.

They were written from public habits before the frame knew what they need. A function is what people do to any
table; a class learns in `fit` and applies in `transform`. The tables are in `_pandas_idioms_tables`.
"""

from __future__ import annotations

from benchmarks._pandas_idioms_categories import CATEGORIES
from benchmarks._pandas_idioms_frames import FRAMES
from benchmarks._pandas_idioms_groups import GROUPS
from benchmarks._pandas_idioms_numbers import NUMBERS
from benchmarks._pandas_idioms_order import ORDER
from benchmarks._pandas_idioms_rows import ROWS
from benchmarks._pandas_idioms_tables import Idiom
from benchmarks._pandas_idioms_texts import TEXTS
from benchmarks._pandas_idioms_times import TIMES

IDIOMS: list[Idiom] = [*CATEGORIES, *GROUPS, *NUMBERS, *ROWS, *TEXTS, *TIMES, *FRAMES, *ORDER]
