"""A ninth draw: columns by another person, each as it stands in one of 40 files named beforehand.

The files: Zomato Bangalore, Magicbricks, Crédit Agricole, PayPal, Shopify orders, DATEV, Destatis,
immobiliare.it, Fundamentus, mBank, CIAN, Prozorro, doviz.com, Avanza, finn.no, Rabobank, a Swiss vacancy
list, SUUMO, Eastmoney, Korea's real transaction prices, batdongsan, Divar, Zameen, ingatlan.com,
AutoScout24, transfermarkt, Property24, Yahoo Finance, Instagram influencers, Weather Underground,
Garmin, nvidia-smi, kubectl, docker, qPCR, Wikipedia's largest companies, Statistique Canada, IMDb,
Basketball-Reference, College Scorecard.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from benchmarks._others_numbers import OthersNumber


def _read(case: dict[str, Any]) -> OthersNumber:
    values = case.get("values")
    return OthersNumber(
        column=case["column"],
        cells=tuple(case["cells"]),
        values=None if values is None else tuple(map(_value, values)),
        why=case["why"],
        scales=tuple(case.get("scales", (1.0,))),
    )


def _value(value: float | None) -> float:
    return math.nan if value is None else float(value)


_CASES = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
NINTH = {sort: tuple(map(_read, cases)) for sort, cases in _CASES.items()}
