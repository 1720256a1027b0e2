"""Traps of running numbers, by other hands than the checks': whoever knows a row's number knows its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_time import KINDS_OF_TIME, Columns, Moments, Rng, planted_in_time

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _with_gaps(moments: Moments, rng: Rng) -> Columns:
    return {"id": (100_234 + np.cumsum(rng.geometric(0.3, len(moments)))).tolist()}


def _prefixed(moments: Moments, rng: Rng) -> Columns:
    start = int(rng.integers(1, 5_000))
    return {"CaseNo": [f"A-{start + place:06d}" for place in range(len(moments))]}


def _descending(moments: Moments, rng: Rng) -> Columns:
    return {"seq": list(range(len(moments), 0, -1))}


def _per_site(moments: Moments, rng: Rng) -> Columns:
    """Count for each site apart, every site from a number of its own on."""
    sites = rng.choice(["Köln", "Bremen", "Ulm", "Jena"], len(moments), p=[0.4, 0.3, 0.2, 0.1])
    last = {"Köln": 41_000, "Bremen": 700, "Ulm": 12_345, "Jena": 90}
    numbers = []
    for site in sites.tolist():
        last[site] += 1
        numbers.append(last[site])
    return {"Filiale": sites.tolist(), "BelegNr": numbers}


def _invoices(moments: Moments, rng: Rng) -> Columns:
    """Start counting again every year, after the year."""
    last: dict[int, int] = {}
    texts = []
    for year in moments.year.tolist():
        last[year] = last.get(year, 0) + 1
        texts.append(f"INV-{year}-{last[year]:05d}")
    return {"invoice": texts}


def _padded(moments: Moments, rng: Rng) -> Columns:
    return {"numero": [f"{place + 1:07d}" for place in range(len(moments))]}


def _unnamed(moments: Moments, rng: Rng) -> Columns:
    return {"Unnamed: 0": list(range(len(moments)))}


def _page_and_line(moments: Moments, rng: Rng) -> Columns:
    places = range(len(moments))
    return {"page": [place // 40 + 1 for place in places], "line": [place % 40 + 1 for place in places]}


def _lots(moments: Moments, rng: Rng) -> Columns:
    return {"lot": [f"B{place // 12:03d}" for place in range(len(moments))]}


def _object_ids(moments: Moments, rng: Rng) -> Columns:
    """Write ids of a document database: the second, the machine, a counter, in hexadecimal digits."""
    machine = "".join(rng.choice(list("0123456789abcdef"), 10))
    return {
        "_id": [f"{int(t.timestamp()):08x}{machine}{place + 40_000:06x}" for place, t in enumerate(moments)]
    }


def _letter_codes(moments: Moments, rng: Rng) -> Columns:
    return {
        "code": [
            _LETTERS[place // 676 % 26] + _LETTERS[place // 26 % 26] + _LETTERS[place % 26]
            for place in range(len(moments))
        ]
    }


def _with_check_digit(moments: Moments, rng: Rng) -> Columns:
    numbers = range(52_001, 52_001 + len(moments))
    return {"konto": [10 * each + sum(map(int, str(each))) % 10 for each in numbers]}


def _meter(moments: Moments, rng: Rng) -> Columns:
    return {"km_stand": (31_250 + np.cumsum(rng.gamma(2.0, 9.0, len(moments)))).round(1).tolist()}


def _tickets(moments: Moments, rng: Rng) -> Columns:
    numbers = 10_400 + np.cumsum(rng.integers(1, 6, len(moments)))
    return {"Ticket": [f"SUP#{each}" for each in numbers]}


def _with_decimals(moments: Moments, rng: Rng) -> Columns:
    return {"x0": [float(place + 1) for place in range(len(moments))]}


def _nearly_in_order(moments: Moments, rng: Rng) -> Columns:
    """Give numbers a little out of order, as parallel tills do."""
    order = np.argsort(np.arange(len(moments)) + rng.normal(0, 4, len(moments)))
    numbers = np.empty(len(moments), dtype=np.int64)
    numbers[order] = 5_000_001 + np.arange(len(moments))
    return {"transaction_id": numbers.tolist()}


def _in_thousands(moments: Moments, rng: Rng) -> Columns:
    return {"Lfd. Nr.": [f"{place + 1:,}".replace(",", ".") for place in range(len(moments))]}


_WAYS: tuple[tuple[str, Callable[[Moments, Rng], Columns]], ...] = (
    ("ids with gaps", _with_gaps),
    ("letter and digits", _prefixed),
    ("descending", _descending),
    ("for each site apart", _per_site),
    ("invoices of each year", _invoices),
    ("zeros in front", _padded),
    ("an index that was saved", _unnamed),
    ("page and line", _page_and_line),
    ("lots", _lots),
    ("object ids", _object_ids),
    ("letter codes", _letter_codes),
    ("check digit behind", _with_check_digit),
    ("a meter", _meter),
    ("tickets", _tickets),
    ("with decimals", _with_decimals),
    ("a little out of order", _nearly_in_order),
    ("marks of thousands", _in_thousands),
)


def counter_trap(name: str, write: Callable[[Moments, Rng], Columns]) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        return planted_in_time(table, frame, rng, lambda moments: write(moments, rng), "years")

    return FrozenTrap(f"counters: {name}", KINDS_OF_TIME, plant)


COUNTER_TRAPS = tuple(counter_trap(name, write) for name, write in _WAYS)
