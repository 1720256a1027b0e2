"""A ninth draw: columns by another person, each as it stands in one of 40 files named beforehand.

The files: Zomato Bangalore, Magicbricks, Crédit Agricole, PayPal, Shopify orders, DATEV, Destatis,
immobiliare.it, Fundamentus, mBank, CIAN, Prozorro, doviz.com, Avanza, finn.no, Rabobank, a Swiss vacancy
list, SUUMO, Eastmoney, Korea's real transaction prices, batdongsan, Divar, Zameen, ingatlan.com,
AutoScout24, transfermarkt, Property24, Yahoo Finance, Instagram influencers, Weather Underground,
Garmin, nvidia-smi, kubectl, docker, qPCR, Wikipedia's largest companies, Statistique Canada, IMDb,
Basketball-Reference, College Scorecard.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

NINTH = read_draw(Path(__file__).with_suffix(".json"))
