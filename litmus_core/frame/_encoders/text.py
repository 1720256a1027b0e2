"""Text features for models that read columns: shape, frequent phrases, and the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._encoders.encoder import Expressed, Outputs
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._encoders.ngrams import word_ngrams, words
from litmus_core.frame._encoders.phrases import ORDERS, READ_CHARACTERS
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values import raw_values
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values.raw_values import Raw

RAW_TEXT_SUFFIX = " (raw text)"
_SHAPE = (" length", " words", " digit share", " upper share")
_SYMBOLS = "!?@%$*&#^.,:;/-=+\"'()"
# Longer texts contain more useful phrases, but every column costs time in a one-row prediction.
_PHRASES_PER_WORD, _MIN_PHRASES, _MAX_PHRASES = 20, 300, 1_500
_MAX_CELLS = 60_000_000  # phrases times rows of the training data: what tree models can hold
_LEARN_CHARACTERS = 6_000_000


class TextEncoder:
    """Length in characters, words, shares of digits and capitals, counts of symbols, phrases as 0/1 columns.

    A phrase is one to three neighbouring words (lower-cased runs of letters and digits) that occur in enough
    texts; a symbol is counted if it occurs in at least one text in a hundred. Shape and counts are NaN where
    the text is missing. The raw text is passed on under the column's name plus ``RAW_TEXT_SUFFIX`` ("" where
    missing), for models that read text.
    """

    kind = "text"
    reads: Dtype = "text"

    def __init__(self, column: Column, *, phrases: Sequence[str], symbols: str) -> None:
        self.column, self.phrases, self.symbols = column, tuple(phrases), symbols

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> TextEncoder:
        """Learn the phrases and symbols that occur in enough texts, but not in nearly all."""
        values = raw_values.texts(raw, column)
        texts = [value for value in values if value]
        n_words = sum(text.count(" ") + 1 for text in texts) / max(1, len(texts))
        wanted = min(max(int(_PHRASES_PER_WORD * n_words), _MIN_PHRASES), _MAX_PHRASES)
        most = min(wanted, _MAX_CELLS // max(1, len(values)))
        return cls(column, phrases=_frequent_phrases(texts, most=most), symbols=_frequent_symbols(texts))

    @property
    def outputs(self) -> Outputs:
        """Shape and symbols, phrases, raw text."""
        return Outputs(
            numbers=_SHAPE + tuple(f" count of {symbol}" for symbol in self.symbols),
            tokens=tuple(f" has {phrase}" for phrase in self.phrases),
            text=RAW_TEXT_SUFFIX,
        )

    def express(self, raw: Lazy) -> Expressed:
        """Return shape and counts as doubles, and the text."""
        length = raw.str.len()
        letters = length.clip(low=1.0)
        shape = (
            length,
            raw.str.count_words(),
            raw.str.count_digits() / letters,
            raw.str.count_capitals() / letters,
        )
        counts = tuple(raw.str.count(symbol) for symbol in self.symbols)
        return Expressed(numbers=shape + counts, text=raw.fillna(""))

    def marks(self, raw: Lazy, places: Sequence[int]) -> Lazy:
        """Return which of the phrases at ``places`` a text contains."""
        return raw.str.phrases([self.phrases[place] for place in places])

    def state(self) -> dict[str, Any]:
        """Return the phrases and symbols."""
        return {"phrases": list(self.phrases), "symbols": self.symbols}


def _read(texts: Sequence[str]) -> list[str]:
    return [text[:READ_CHARACTERS] for text in texts]


def _frequent_phrases(texts: Sequence[str], *, most: int) -> list[str]:
    """Return at most ``most`` phrases in alphabetical order: those that occur in most texts."""
    texts = _every_kth(_read(texts))
    least, much = max(3, min(30, len(texts) // 200)), 0.98 * len(texts)
    counted: list[tuple[int, str]] = []
    for order in ORDERS:
        ngrams = word_ngrams(texts, orders=[order])
        keys, first, key = np.unique(ngrams.key, return_index=True, return_inverse=True)
        pairs = np.unique(ngrams.row * max(1, keys.size) + key)
        n_texts = np.bincount(pairs % max(1, keys.size), minlength=keys.size)
        frequent = np.flatnonzero((n_texts >= least) & (n_texts <= much))
        for place in frequent[np.argsort(-n_texts[frequent], kind="stable")][:most].tolist():
            text = int(ngrams.row[first[place]])
            start = int(first[place] - np.searchsorted(ngrams.row, text))
            phrase = " ".join(words(texts[text])[start : start + order])
            counted.append((-int(n_texts[place]), phrase))
    return sorted(phrase for _, phrase in sorted(counted)[:most])


def _frequent_symbols(texts: Sequence[str]) -> str:
    texts = _every_kth(texts)
    least = max(3, len(texts) // 100)
    return "".join(symbol for symbol in _SYMBOLS if sum(symbol in text for text in texts) >= least)


def _every_kth(texts: Sequence[str]) -> Sequence[str]:
    """Return every k-th text, so that their total length is small enough to learn from."""
    n_characters = sum(map(len, texts))
    return texts[:: n_characters // _LEARN_CHARACTERS + 1]
