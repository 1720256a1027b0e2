"""The text families' view of a frame: sparse blocks of characters, of words, and of the other columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._text_models.tfidf import NgramTfidf
from litmus_core.frame import RAW_TEXT_SUFFIX, char_ngrams, word_ngrams

if TYPE_CHECKING:
    import pandas as pd

_FEW_ROWS = 300  # below, n-grams of a single text are kept
CHARACTERS = 4_000  # of a text are read
SPREAD = 3.0  # standard deviations at which numbers are clipped


@dataclass(frozen=True, slots=True)
class Blocks:
    """Three CSR matrices over the same n rows; each row of a text column's block has length 1."""

    characters: Any
    words: Any
    columns: Any

    def joined(self, *, word_weight: float) -> Any:
        """Return them side by side as CSR, words scaled by ``word_weight``."""
        from scipy import sparse

        return sparse.hstack([self.characters, self.words * word_weight, self.columns], format="csr")

    def times(self, weights: Any, *, word_weight: float) -> Any:
        """Return ``joined(...) @ weights`` (n, k) without joining."""
        first, second = self.characters.shape[1], self.characters.shape[1] + self.words.shape[1]
        by_words = self.words @ weights[first:second] * word_weight
        return self.characters @ weights[:first] + by_words + self.columns @ weights[second:]

    def rows(self, places: Any) -> Blocks:
        """Return the blocks of some rows."""
        return Blocks(self.characters[places], self.words[places], self.columns[places])


class TextAndColumns:
    """Learns vocabularies and scales; turns frames of the pipeline's columns into :class:`Blocks`."""

    def __init__(self, *, use_columns: bool, max_features: int, seed: int) -> None:
        self.use_columns, self.max_features, self.seed = use_columns, max_features, seed

    @staticmethod
    def texts_of(frame: pd.DataFrame) -> list[str]:
        """Return the names of the raw text columns."""
        named = [(str(name), dtype) for name, dtype in frame.dtypes.items()]
        return [name for name, dtype in named if dtype == "object" and name.endswith(RAW_TEXT_SUFFIX)]

    def characters(self, frame: pd.DataFrame) -> int:
        """Return the total number of characters of text."""
        return sum(len(text) for name in self.texts_of(frame) for text in _strings(frame[name]))

    def fit(self, frame: pd.DataFrame) -> TextAndColumns:
        """Learn from ``frame`` (n rows)."""
        self.texts_ = self.texts_of(frame)
        self.vectors_ = {name: self._fit_text(_strings(frame[name])) for name in self.texts_}
        kinds = frame.dtypes if self.use_columns else frame.dtypes[:0]
        self.numbers_ = [str(name) for name, dtype in kinds.items() if dtype == "float64"]
        self.categories_ = [str(name) for name, dtype in kinds.items() if dtype == "category"]
        values = frame[self.numbers_].to_numpy(dtype=float)
        finite = np.isfinite(values)
        count = np.maximum(finite.sum(axis=0), 1)
        self.mean_ = np.where(finite, values, 0.0).sum(axis=0) / count
        spread = np.where(finite, values - self.mean_, 0.0)
        deviation = np.sqrt((spread**2).sum(axis=0) / count)
        self.scale_ = np.where(deviation > 0, deviation, 1.0)
        return self

    def _fit_text(self, texts: Sequence[str]) -> tuple[NgramTfidf, NgramTfidf]:
        least = 1 if len(texts) < _FEW_ROWS else 2
        cuts = (partial(char_ngrams, orders=(2, 3, 4)), partial(word_ngrams, orders=(1, 2)))
        characters, words = (
            NgramTfidf(cut, min_rows=least, max_features=self.max_features, seed=self.seed).fit(texts)
            for cut in cuts
        )
        return characters, words

    def transform(self, frame: pd.DataFrame) -> Blocks:
        """Return the blocks of n rows, each computed separately."""
        from scipy import sparse

        characters, words = [], []
        for name, (of_characters, of_words) in self.vectors_.items():
            texts = _strings(frame[name])
            characters.append(of_characters.transform(texts))
            words.append(of_words.transform(texts))
        columns = [self._number_block(frame), *self._category_blocks(frame)]
        return Blocks(
            *(
                sparse.hstack(block, format="csr") if len(block) > 1 else block[0]
                for block in (characters, words, columns)
            )
        )

    def _number_block(self, frame: pd.DataFrame) -> Any:
        from scipy import sparse

        values = (frame[self.numbers_].to_numpy(dtype=float) - self.mean_) / self.scale_
        values = np.clip(np.nan_to_num(values, nan=0.0), -SPREAD, SPREAD)
        return sparse.csr_matrix(values / np.sqrt(max(len(self.numbers_), 1)))

    def _category_blocks(self, frame: pd.DataFrame) -> list[Any]:
        from scipy import sparse

        blocks = []
        for name in self.categories_:
            codes = frame[name].cat.codes.to_numpy()
            row = np.flatnonzero(codes >= 0)
            value = np.full(row.size, 1.0 / np.sqrt(len(self.categories_)))
            shape = (len(frame), len(frame[name].cat.categories))
            blocks.append(sparse.csr_matrix((value, (row, codes[row])), shape=shape))
        return blocks


def _strings(column: Any) -> list[str]:
    return [cell[:CHARACTERS] if isinstance(cell, str) else "" for cell in column.to_numpy(dtype=object)]
