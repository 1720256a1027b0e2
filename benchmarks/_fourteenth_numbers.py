"""A fourteenth draw, by frequency: 60 tables and exports that people load most, by one who read no reader.

Google Play, Airbnb, IMDb, FIFA, bank, shop and advertising exports, accounts, salaries, stocks, houses, cars,
meters, fitness devices, statistics offices, food. The cells are written from memory in the files' form.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

FOURTEENTH = read_draw(Path(__file__).with_suffix(".json"))
