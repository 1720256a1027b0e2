"""A thirteenth draw, of exports as they arrive: banks, shops, sensors, statistics offices, car lists.

Not blind: it is by a person who had worked on the readers, but who wrote all of it before the first run. Many
values are of tables that no earlier draw uses (starwars, quakes, faithful, state.x77, ToothGrowth, cereal).
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

THIRTEENTH = read_draw(Path(__file__).with_suffix(".json"))
