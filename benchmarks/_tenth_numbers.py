"""A tenth draw: columns by another person, each in the manner of one of 40 files named beforehand.

The files: Wikipedia's tallest buildings, UPS billing, M-Pesa, ING, Business Central, Etuovi, Fio banka,
UBS, State Bank of India, ANP fuel prices, Portal Inmobiliario, SMARD, TEFAS, NanoDrop, AppleStore.csv,
used_cars.csv, BTS On-Time Performance, Digikala, USGS earthquakes, AEMET, KSH, Otomoto, AUTO.RIA, DVF,
Hydro-Québec, USDA Quick Stats, CMS Inpatient charges, NHS A&E, Home Assistant, psql, Windows tasklist,
Statsguru, Formula 1, IMF WEO, SEC 10-K tables, Bilibili, MUFG, Coupang, Rumah123, Bank Hapoalim. The
formats are from memory, most cells made up.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

TENTH = read_draw(Path(__file__).with_suffix(".json"))
