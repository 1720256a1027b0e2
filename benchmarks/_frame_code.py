"""Pre-processing as people write it in pandas. Imports NumPy alone: other environments run it, too."""

from __future__ import annotations

from typing import Any

import numpy as np

STOP = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but",
    "by", "can", "do", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if",
    "in", "into", "is", "it", "its", "more", "no", "not", "of", "on", "one", "or", "our", "out",
    "she", "so", "some", "than", "that", "the", "their", "them",
]  # fmt: skip
STOP_WORDS = rf"\b(?:{'|'.join(STOP)})\b"


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
