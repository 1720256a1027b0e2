"""The table that ingest is measured on: twenty columns as a shop exports them, as a CSV of any length.

Numbers, whole numbers, categories, texts of some words, dates, truth values, codes, and missing cells in
many of them. The same seed and number of rows give the same file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20
_ROWS_AT_ONCE = 200_000
_SYLLABLES = tuple(first + vowel for first in "bcdfghklmnprst" for vowel in "aeiou")
_WORDS = (
    *(
        "red",
        "blue",
        "green",
        "small",
        "large",
        "light",
        "heavy",
        "soft",
        "wooden",
        "steel",
        "cotton",
        "leather",
    ),
    *(
        "kitchen",
        "garden",
        "office",
        "travel",
        "summer",
        "winter",
        "classic",
        "modern",
        "table",
        "chair",
        "lamp",
    ),
    *(
        "bottle",
        "bag",
        "shirt",
        "jacket",
        "shoe",
        "watch",
        "cable",
        "phone",
        "case",
        "set",
        "pack",
        "pair",
        "of",
    ),
    *("with", "and", "for", "the", "very", "good", "quality", "arrived", "late", "early", "broken", "box"),
    *("again", "would", "buy", "fits", "well", "runs", "short"),
)
_COUNTRIES = ("DE", "FR", "GB", "US", "IT", "ES", "NL", "BE", "SE", "NO", "DK", "FI", "PL", "CZ", "AT", "CH")
_CATEGORIES = (
    *(
        "Fridges",
        "Freezers",
        "Dishwashers",
        "Washing Machines",
        "Mobile Phones",
        "Digital Cameras",
        "CPUs",
        "TVs",
    ),
    *("Microwaves", "Heaters"),
)
_PAYMENTS = ("card", "invoice", "transfer", "voucher", "wallet")
_CHANNELS = ("web", "app", "store", "phone")


def write_table(path: Path, *, n_rows: int, seed: int = SEED) -> Path:
    """Write the table to ``path`` unless it is there (a part file never is: it is renamed at the end)."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    rng = np.random.default_rng(seed)
    vocabulary = _vocabulary(rng)
    with part.open("wb") as file:
        for start in range(0, n_rows, _ROWS_AT_ONCE):
            rows = _rows(rng, vocabulary, start=start, n_rows=min(_ROWS_AT_ONCE, n_rows - start))
            rows.write_csv(file, include_header=start == 0)
    os.replace(part, path)
    return path


def _vocabulary(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    made = {"".join(rng.choice(_SYLLABLES, size)) for size in rng.integers(2, 5, size=3_000)}
    return np.array([*_WORDS, *sorted(made)])


def _rows(rng: np.random.Generator, vocabulary: np.ndarray[Any, Any], *, start: int, n_rows: int) -> Any:
    import polars as pl

    ordered = np.datetime64("2021-01-01T00:00:00", "ms") + (start + np.arange(n_rows)) * np.timedelta64(
        13, "s"
    )
    born = np.datetime64("1940-01-01") + rng.integers(0, 25_000, n_rows)
    price = np.round(np.exp(rng.normal(3.5, 1.1, n_rows)), 2)
    columns: dict[str, Any] = {
        "order_id": 1_000_000 + start + np.arange(n_rows),
        "ordered_at": pl.Series(ordered).dt.strftime("%Y-%m-%d %H:%M:%S"),
        "customer": rng.integers(1, 250_000, n_rows),
        "born": _missing(rng, pl.Series(born).dt.strftime("%m/%d/%Y"), share=0.05),
        "country": rng.choice(_COUNTRIES, n_rows, p=_falling(len(_COUNTRIES))),
        "postcode": _codes(rng, n_rows),
        "category": _missing(rng, pl.Series(rng.choice(_CATEGORIES, n_rows)), share=0.02),
        "brand": vocabulary[(rng.pareto(1.1, n_rows) * 20).astype(int) % len(vocabulary)],
        "title": _texts(rng, vocabulary, n_rows, n_words=6),
        "price": price,
        "discount": _missing(rng, pl.Series(np.round(rng.beta(2, 9, n_rows), 3)), share=0.35),
        "quantity": rng.geometric(0.6, n_rows),
        "weight_kg": _missing(rng, pl.Series(np.round(rng.gamma(2.0, 1.7, n_rows), 3)), share=0.12),
        "rating": _missing(rng, pl.Series(rng.integers(1, 6, n_rows)), share=0.4),
        "distance_km": rng.exponential(120.0, n_rows),
        "score": rng.normal(0.0, 1.0, n_rows),
        "payment": _missing(rng, pl.Series(rng.choice(_PAYMENTS, n_rows)), share=0.1),
        "channel": rng.choice(_CHANNELS, n_rows, p=[0.5, 0.3, 0.15, 0.05]),
        "is_member": rng.random(n_rows) < 0.4,
        "comment": _missing(rng, _texts(rng, vocabulary, n_rows, n_words=10), share=0.6),
    }
    return pl.DataFrame(columns)


def _falling(size: int) -> np.ndarray[Any, Any]:
    weights = 1.0 / np.arange(1, size + 1)
    return np.asarray(weights / weights.sum())


def _missing(rng: np.random.Generator, values: Any, *, share: float) -> Any:
    import polars as pl

    return pl.select(pl.when(pl.Series(rng.random(len(values)) >= share)).then(values)).to_series()


def _codes(rng: np.random.Generator, n_rows: int) -> Any:
    import polars as pl

    return pl.Series(rng.integers(1, 100_000, n_rows)).cast(pl.String).str.zfill(5)


def _texts(rng: np.random.Generator, vocabulary: np.ndarray[Any, Any], n_rows: int, *, n_words: int) -> Any:
    """Return texts of 2 to ``n_words`` words, common words often."""
    import polars as pl

    places = (rng.pareto(0.8, (n_words, n_rows)) * 15).astype(int) % len(vocabulary)
    n_used = rng.integers(2, n_words + 1, n_rows)
    words = pl.Series(vocabulary)
    columns = [
        pl.select(pl.when(pl.Series(n_used > place)).then(words.gather(chosen))).to_series().alias(str(place))
        for place, chosen in enumerate(places)
    ]
    return pl.DataFrame(columns).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
