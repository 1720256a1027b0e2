"""A twelfth draw, by frequency: of 40 tables that analysts load most often, every column written so.

The tables: IMDB Top 1000, laptop prices, Cars 2025, Spotify 2024, Countries of the World, Global Country
Information, Investing.com, Nasdaq.com, Fidelity, Google Ads and Analytics, Etsy, Chicago and College
salaries, Box Office Mojo, Census ACS, Worldometer, Garmin, nutrition.csv, NSE India, autos.csv,
Transfermarkt, SMARD, comdirect, Germany Used Cars, French elections, BAAC, Boursorama, FEC, INE, Geoportal
Gasolineras, ANP, Fundamentus, Tinkoff, mBank, Rabobank, SUUMO, Lianjia, Korea's transactions, arabam.com.
From memory.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

TWELFTH = read_draw(Path(__file__).with_suffix(".json"))
