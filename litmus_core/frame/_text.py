"""Text for models that read columns: its shape, which frequent phrases are there, and the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import _values
from litmus_core.frame._encoder import Encoded, Outputs
from litmus_core.frame._ngrams import Keys, word_ngrams, words
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values import Raw

RAW_TEXT_SUFFIX = " (raw text)"
_SHAPE = (" length", " words", " digit share", " upper share")
_SYMBOLS = "!?@%$*&#^.,:;/-=+\"'()"
_ORDERS = (1, 2, 3)  # words in a phrase
# Texts of more words hold more phrases that matter; every column costs time in a one-row answer.
_PHRASES_PER_WORD, _MIN_PHRASES, _MAX_PHRASES = 20, 300, 1_500
_MAX_CELLS = 60_000_000  # phrases times rows of the training part: what tree models can hold
_LEARN_CHARACTERS = 6_000_000
_READ_CHARACTERS = 4_000  # of a text; what comes after is not looked at for phrases
_CHUNK_ROWS = 4_000

Flags = np.ndarray[Any, np.dtype[np.uint8]]


class TextEncoder:
    """Length in characters, words, shares of digits and capitals, counts of symbols, phrases as 0/1 columns.

    A phrase is one to three neighbouring words (lower-cased runs of letters and digits) that enough texts
    have; a symbol is counted when at least one text in a hundred has it. Shape and counts are NaN where
    the text is missing. The raw text passes through under the column's name plus ``RAW_TEXT_SUFFIX`` (""
    where missing), for models that read text.
    """

    kind = "text"

    def __init__(self, column: Column, *, phrases: Sequence[str], symbols: str) -> None:
        self.column, self.phrases, self.symbols = column, tuple(phrases), symbols
        keys = _keys_of(self.phrases)
        self._order = np.argsort(keys)  # the place among phrases of each sorted key
        self._keys = keys[self._order]

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> TextEncoder:
        """Learn the phrases and symbols that enough texts have, and not nearly all."""
        values = _values.texts(raw, column)
        texts = [each for each in values if each]
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

    def encode(self, raw: Raw) -> Encoded:
        """Return shape and counts as doubles, phrases as uint8, text as str."""
        values = _values.texts(raw, self.column)
        shape = np.array([self._shape(each) for each in values], dtype=np.float64)
        shape = shape.reshape(len(values), len(_SHAPE) + len(self.symbols))
        text = np.empty(len(values), dtype=object)
        text[:] = [each or "" for each in values]
        return Encoded(numbers=list(shape.T), tokens=self._presence(text.tolist()), text=text)

    def _presence(self, texts: Sequence[str]) -> Flags:
        presence = np.zeros((len(texts), len(self.phrases)), dtype=np.uint8)
        if not self.phrases:
            return presence
        for start in range(0, len(texts), _CHUNK_ROWS):
            found = word_ngrams(_read(texts[start : start + _CHUNK_ROWS]), orders=_ORDERS)
            place = np.minimum(np.searchsorted(self._keys, found.key), self._keys.size - 1)
            known = self._keys[place] == found.key
            presence[found.row[known] + start, self._order[place[known]]] = 1
        return presence

    def _shape(self, text: str | None) -> list[float]:
        if text is None:
            return [np.nan] * (len(_SHAPE) + len(self.symbols))
        length = len(text)
        digits = sum(map(str.isdigit, text)) / max(length, 1)
        upper = sum(map(str.isupper, text)) / max(length, 1)
        return [length, len(text.split()), digits, upper, *(text.count(symbol) for symbol in self.symbols)]

    def state(self) -> dict[str, Any]:
        """Return the phrases and symbols."""
        return {"phrases": list(self.phrases), "symbols": self.symbols}


def _read(texts: Sequence[str]) -> list[str]:
    return [text[:_READ_CHARACTERS] for text in texts]


def _keys_of(phrases: Sequence[str]) -> Keys:
    """Return the key of each phrase as a text that holds it has it."""
    keys = np.empty(len(phrases), dtype=np.uint64)
    n_words = np.array([phrase.count(" ") + 1 for phrase in phrases], dtype=np.int64)
    for order in _ORDERS:
        places = np.flatnonzero(n_words == order).tolist()
        keys[places] = word_ngrams([phrases[place] for place in places], orders=[order]).key
    return keys


def _frequent_phrases(texts: Sequence[str], *, most: int) -> list[str]:
    """Return at most ``most`` phrases in alphabetical order: the ones that most of the texts have."""
    texts = _evenly(_read(texts))
    least, much = max(3, min(30, len(texts) // 200)), 0.98 * len(texts)
    counted: list[tuple[int, str]] = []
    for order in _ORDERS:
        found = word_ngrams(texts, orders=[order])
        keys, first, key = np.unique(found.key, return_index=True, return_inverse=True)
        pairs = np.unique(found.row * max(1, keys.size) + key)
        n_texts = np.bincount(pairs % max(1, keys.size), minlength=keys.size)
        frequent = np.flatnonzero((n_texts >= least) & (n_texts <= much))
        for place in frequent[np.argsort(-n_texts[frequent], kind="stable")][:most].tolist():
            text = int(found.row[first[place]])
            start = int(first[place] - np.searchsorted(found.row, text))
            phrase = " ".join(words(texts[text])[start : start + order])
            counted.append((-int(n_texts[place]), phrase))
    return sorted(phrase for _, phrase in sorted(counted)[:most])


def _frequent_symbols(texts: Sequence[str]) -> str:
    texts = _evenly(texts)
    least = max(3, len(texts) // 100)
    return "".join(symbol for symbol in _SYMBOLS if sum(symbol in text for text in texts) >= least)


def _evenly(texts: Sequence[str]) -> Sequence[str]:
    """Return every k-th text, so that all together are not longer than can be learned from."""
    n_characters = sum(map(len, texts))
    return texts[:: n_characters // _LEARN_CHARACTERS + 1]
