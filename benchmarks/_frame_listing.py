"""Made-up shop listings, and the forms that programs hold them in: what benchmarks/frame.py measures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks._frame_code import STOP
from litmus_core.types import Column

_NOUNS = [
    "fridge", "freezer", "lamp", "chair", "table", "phone", "case", "cover", "charger", "cable",
    "kettle", "pan", "knife", "shelf", "drawer", "mirror", "washing", "machine", "dryer", "oven",
    "hob", "grill", "toaster", "blender", "mixer", "radio", "speaker", "screen", "laptop", "café",
    "naïve", "größe", "señor", "ñandú", "piñata", "garçon", "smörgås", "冷蔵庫", "лампа",
]  # fmt: skip
_MARKS = ["", "", "", "", ",", ".", "!", " -", " (new)", "/", "'s", " &", " 100%", " 2,5L", "..."]
_EPOCH = datetime(2015, 1, 1)


def _column(name: str, kind: Any, storage: str) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage=storage)


COLUMNS = (
    _column("title", "text", "VARCHAR"),
    _column("about", "text", "VARCHAR"),
    _column("price", "number", "DOUBLE"),
    _column("weight", "number", "DOUBLE"),
    _column("brand", "category", "VARCHAR"),
    _column("colour", "category", "VARCHAR"),
    _column("listed", "date", "TIMESTAMP"),
)


def listings(n_rows: int, *, seed: int = 7) -> dict[str, list[Any]]:
    """Return n rows as lists of Python values: one in twenty is missing, one text in ten is not ASCII."""
    rng = np.random.default_rng(seed)
    return {
        "title": _with_gaps(rng, _texts(rng, n_rows, n_words=7)),
        "about": _with_gaps(rng, _texts(rng, n_rows, n_words=12)),
        "price": _with_gaps(rng, np.round(rng.lognormal(4, 1, n_rows), 2).tolist()),
        "weight": _with_gaps(rng, np.round(rng.gamma(2, 3, n_rows), 3).tolist()),
        "brand": _with_gaps(rng, [f"brand {at}" for at in rng.zipf(1.3, n_rows) % 400]),
        "colour": _with_gaps(rng, rng.choice(["red", "blue", "Grün", "black", "white"], n_rows).tolist()),
        "listed": _with_gaps(
            rng, [_EPOCH + timedelta(minutes=int(each)) for each in rng.integers(0, 5_000_000, n_rows)]
        ),
    }


def _texts(rng: np.random.Generator, n_rows: int, *, n_words: int) -> list[str]:
    weights = np.array([0.4 if each.isascii() else 0.02 for each in _NOUNS])
    words = np.array([*_NOUNS, *STOP], dtype=object)
    odds = np.concatenate((weights / weights.sum() * 0.6, np.full(len(STOP), 0.4 / len(STOP))))
    counts = rng.integers(n_words // 2, n_words * 3 // 2 + 1, n_rows)
    chosen = words[rng.choice(len(words), counts.sum(), p=odds / odds.sum())]
    marked = chosen + np.array(_MARKS, dtype=object)[rng.integers(0, len(_MARKS), len(chosen))]
    ends = np.cumsum(counts)
    texts = [" ".join(marked[end - n : end]) for end, n in zip(ends, counts, strict=True)]
    return [text.capitalize() if at % 2 else text.title() for at, text in enumerate(texts)]


def _with_gaps(rng: np.random.Generator, values: list[Any]) -> list[Any]:
    return [None if gap else value for gap, value in zip(rng.random(len(values)) < 0.05, values, strict=True)]


def in_form(values: dict[str, list[Any]], form: str) -> Any:
    """Return listings as a program that has chosen a layout holds them."""
    if form == "records":
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    numbers = {name: np.array(values[name], dtype=np.float64) for name in ("price", "weight")}
    numbers["listed"] = np.array(values["listed"], dtype="datetime64[us]")
    if form == "columns":
        return values | numbers
    if form == "polars":
        texts = {
            name: pl.Series(each, dtype=pl.String) for name, each in values.items() if name not in numbers
        }
        return pl.DataFrame(
            texts | {name: pl.Series(values=each, nan_to_null=True) for name, each in numbers.items()}
        )
    objects = {name: pd.Series(each, dtype=object) for name, each in values.items() if name not in numbers}
    return pd.DataFrame(objects | numbers)
