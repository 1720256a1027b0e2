"""Word and character n-grams of many texts at once, each n-gram as a 64-bit key.

Texts are lower-cased and their whitespace collapsed. A word is a run of letters, digits and underscores, and
every character beyond ASCII except typographic punctuation. Character n-grams run across words, and include
one space before and after each text. All arithmetic is NumPy's on code points: no loop over characters, no
regular expression, the same keys on every machine. Two n-grams share a key with odds of 2**-64 a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Keys = np.ndarray[Any, np.dtype[np.uint64]]
RunSources = np.ndarray[Any, np.dtype[np.int64]]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)
_ASCII_WORD = np.array([chr(index).isalnum() or chr(index) == "_" for index in range(128)])


@dataclass(frozen=True, slots=True)
class Ngrams:
    """n-grams in text order: ``row`` is the text's position, ``key`` names the n-gram, both (m,)."""

    row: RunSources
    key: Keys


def char_ngrams(texts: Sequence[str], *, orders: Sequence[int]) -> Ngrams:
    """Return all runs of ``orders`` characters within each of n texts.

    >>> char_ngrams(["ab"], orders=[2]).row.size   # " a", "ab", "b "
    3
    """
    code, row = _code_points(texts)
    rows, keys = [], []
    for order in orders:
        n = code.size - order + 1
        if n <= 0:
            continue
        inside = row[:n] == row[order - 1 :]
        key = np.full(n, order, dtype=np.uint64)
        for step in range(order):
            key = key * _BASE + code[step : step + n]
        rows.append(row[:n][inside])
        keys.append(_spread(key[inside]))
    return _concatenated(rows, keys)


def word_ngrams(texts: Sequence[str], *, orders: Sequence[int]) -> Ngrams:
    """Return all runs of ``orders`` neighbouring words within each of n texts.

    >>> word_ngrams(["red fridge", "fridge, red!"], orders=[1, 2]).row.tolist()
    [0, 0, 1, 1, 0, 1]
    """
    code, row = _code_points(texts)
    word, row = _words(code, row)
    rows, keys = [], []
    for order in orders:
        n = word.size - order + 1
        if n <= 0:
            continue
        inside = row[:n] == row[order - 1 :]
        key = np.full(n, order, dtype=np.uint64)
        for step in range(order):
            key = _spread(key + word[step : step + n])
        rows.append(row[:n][inside])
        keys.append(key[inside])
    return _concatenated(rows, keys)


def words(text: str) -> list[str]:
    """Return the words of one text as :func:`word_ngrams` sees them.

    >>> words("A red, RED fridge")
    ['a', 'red', 'red', 'fridge']
    """
    code, _ = _code_points([text])
    clean = _padded(text)
    starts, ends = _word_edges(code)
    return [clean[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _padded(text: str) -> str:
    return f" {' '.join(text.lower().split())} "


def _code_points(texts: Sequence[str]) -> tuple[Keys, RunSources]:
    """Return the code point and the text's position of every character, texts padded with one space."""
    padded = [_padded(text) for text in texts]
    data = "".join(padded).encode("utf-32-le", "surrogatepass")
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    code = np.frombuffer(data, dtype="<u4").astype(np.uint64)
    return code, np.repeat(np.arange(len(padded), dtype=np.int64), lengths)


def _words(code: Keys, row: RunSources) -> tuple[Keys, RunSources]:
    """Return the key and the text's position of every word. Each text ends in a space, so none runs over."""
    starts, ends = _word_edges(code)
    # A word's key is the difference of prefix sums of code * base**position, shifted to position 0.
    power = np.cumprod(np.full(code.size + 1, _BASE, dtype=np.uint64), dtype=np.uint64)
    prefix = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(code * power[:-1], dtype=np.uint64)))
    return (prefix[ends] - prefix[starts]) * _inverse_power(power, starts), row[starts]


def _word_edges(code: Keys) -> tuple[RunSources, RunSources]:
    """Return where words start and the positions after their last characters."""
    inside = _is_word(code)
    before = np.concatenate(([False], inside[:-1]))
    return np.flatnonzero(inside & ~before), np.flatnonzero(~inside & before)


def _inverse_power(power: Keys, places: RunSources) -> Keys:
    """Return the inverses modulo 2**64 of ``power[places]`` (odd numbers), by Newton's iteration."""
    wanted = power[places]
    inverse = wanted.copy()
    for _ in range(5):
        inverse = inverse * (np.uint64(2) - wanted * inverse)
    return inverse


def _is_word(code: Keys) -> np.ndarray[Any, np.dtype[np.bool_]]:
    typographic = ((code >= 0x2000) & (code <= 0x206F)) | ((code >= 0x3000) & (code <= 0x303F))
    beyond = (code >= 0xC0) & ~typographic
    return np.where(code < 128, _ASCII_WORD[np.minimum(code, 127).astype(np.int64)], beyond)


def _spread(key: Keys) -> Keys:
    key = (key ^ (key >> _SHIFT)) * _SPREAD
    return key ^ (key >> _SHIFT)


def _concatenated(rows: list[RunSources], keys: list[Keys]) -> Ngrams:
    if not rows:
        return Ngrams(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64))
    return Ngrams(np.concatenate(rows), np.concatenate(keys))
