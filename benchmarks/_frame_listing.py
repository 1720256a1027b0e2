"""Made-up shop listings, and pre-processing of them in plain pandas: what benchmarks/frame.py measures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from litmus_core.types import Column

_STOP = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but",
    "by", "can", "do", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if",
    "in", "into", "is", "it", "its", "more", "no", "not", "of", "on", "one", "or", "our", "out",
    "she", "so", "some", "than", "that", "the", "their", "them",
]  # fmt: skip
STOP_WORDS = rf"\b(?:{'|'.join(_STOP)})\b"
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
    words = np.array([*_NOUNS, *_STOP], dtype=object)
    odds = np.concatenate((weights / weights.sum() * 0.6, np.full(len(_STOP), 0.4 / len(_STOP))))
    counts = rng.integers(n_words // 2, n_words * 3 // 2 + 1, n_rows)
    chosen = words[rng.choice(len(words), counts.sum(), p=odds / odds.sum())]
    marked = chosen + np.array(_MARKS, dtype=object)[rng.integers(0, len(_MARKS), len(chosen))]
    ends = np.cumsum(counts)
    texts = [" ".join(marked[end - n : end]) for end, n in zip(ends, counts, strict=True)]
    return [text.capitalize() if at % 2 else text.title() for at, text in enumerate(texts)]


def _with_gaps(rng: np.random.Generator, values: list[Any]) -> list[Any]:
    return [None if gap else value for gap, value in zip(rng.random(len(values)) < 0.05, values, strict=True)]


class Listings:
    """Pre-processing as people write it in pandas; it runs unchanged on a frame of pandas and of Litmus."""

    def fit(self, frame: Any) -> Listings:
        self.price_, self.weight_ = frame["price"].median(), frame["weight"].median()
        price, weight = self._prices(frame), frame["weight"].fillna(self.weight_)
        self.mean_, self.std_ = price.mean(), price.std()
        self.weight_mean_, self.weight_std_ = weight.mean(), weight.std()
        self.brands_ = _places(frame["brand"].value_counts(), 100)
        self.colours_ = _places(frame["colour"].value_counts(), 10)
        return self

    def transform(self, frame: Any) -> Any:
        text = (clean(frame["title"]) + " " + clean(frame["about"])).str.replace(STOP_WORDS, "", regex=True)
        text = text.str.split().str.join(" ").str.slice(0, 80)
        made = frame[["price"]].copy()
        made["text"] = text
        made["n_letters"] = text.str.len()
        made["n_words"] = text.str.split().str.len()
        made["n_digits"] = frame["title"].str.count(r"\d")
        made["n_marks"] = frame["title"].str.count("!")
        listed = frame["listed"].dt
        made["year"], made["month"], made["weekday"] = listed.year, listed.month, listed.dayofweek
        made["hour"] = listed.hour
        made["price"] = (self._prices(frame) - self.mean_) / self.std_
        made["weight"] = (frame["weight"].fillna(self.weight_) - self.weight_mean_) / self.weight_std_
        made["brand"] = frame["brand"].map(self.brands_).fillna(-1)
        made["colour"] = frame["colour"].map(self.colours_).fillna(-1)
        return made

    def _prices(self, frame: Any) -> Any:
        return np.log1p(frame["price"].fillna(self.price_).clip(0, 1000))


def clean(texts: Any) -> Any:
    """Return texts in lower case, without punctuation, one blank between words."""
    return texts.str.lower().str.replace(r"[^\w\s]", "", regex=True).str.split().str.join(" ")


def _places(counts: Any, most: int) -> dict[str, int]:
    """Return the most frequent values and their places; ties by the value."""
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {value: place for place, (value, _) in enumerate(common)}
