"""Text for models that read columns: its shape, which frequent words are there, and the text itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import _values
from litmus_core.frame._encoder import Encoded, Outputs
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values import Raw

RAW_TEXT_SUFFIX = " (raw text)"
_SHAPE = (" length", " words", " digit share", " upper share")
_MAX_TOKENS = 300
_WORD = re.compile(r"\w+")


class TextEncoder:
    """Length in characters, words, shares of digits and capitals; a 0/1 column for each frequent word.

    The raw text passes through under the column's name plus ``RAW_TEXT_SUFFIX`` ("" where missing), for
    models that read text. Words are lower-cased runs of letters and digits. Shape is NaN where missing.
    """

    kind = "text"

    def __init__(self, column: Column, *, words: Sequence[str]) -> None:
        self.column = column
        self.words = tuple(words)
        self._place = {word: place for place, word in enumerate(self.words)}

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> TextEncoder:
        """Learn the words that enough rows have, and not nearly all."""
        values = [each for each in _values.texts(raw, column) if each]
        rows_with: Counter[str] = Counter()
        for value in values:
            rows_with.update(set(_words(value)))
        least = max(3, len(values) // 500)
        frequent = [(n, word) for word, n in rows_with.items() if least <= n <= 0.98 * len(values)]
        frequent.sort(key=lambda each: (-each[0], each[1]))
        return cls(column, words=sorted(word for _, word in frequent[:_MAX_TOKENS]))

    @property
    def outputs(self) -> Outputs:
        """Shape, words, raw text."""
        return Outputs(
            numbers=_SHAPE, tokens=tuple(f" has {word}" for word in self.words), text=RAW_TEXT_SUFFIX
        )

    def encode(self, raw: Raw) -> Encoded:
        """Return shape as doubles, words as uint8, text as str."""
        values = _values.texts(raw, self.column)
        shape = np.array([_shape(each) for each in values], dtype=np.float64).reshape(len(values), 4)
        text = np.empty(len(values), dtype=object)
        text[:] = [each or "" for each in values]
        return Encoded(numbers=list(shape.T), tokens=self._presence(values), text=text)

    def _presence(self, values: Iterable[str | None]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        rows, places = [], []
        n_rows = 0
        for row, value in enumerate(values):
            n_rows += 1
            if value:
                found = [self._place[word] for word in set(_words(value)) if word in self._place]
                rows += [row] * len(found)
                places += found
        presence = np.zeros((n_rows, len(self.words)), dtype=np.uint8)
        presence[rows, places] = 1
        return presence

    def state(self) -> dict[str, Any]:
        """Return the words."""
        return {"words": list(self.words)}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shape(text: str | None) -> tuple[float, float, float, float]:
    if text is None:
        return (np.nan, np.nan, np.nan, np.nan)
    length = len(text)
    digits = sum(map(str.isdigit, text))
    upper = sum(map(str.isupper, text))
    return (length, len(text.split()), digits / max(length, 1), upper / max(length, 1))
