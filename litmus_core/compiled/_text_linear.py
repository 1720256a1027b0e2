"""Words and letters, linear: TF-IDF of n-grams times weights, without building a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Answers, by_chunks
from litmus_core.compiled._columns import Columns
from litmus_core.compiled._links import link_of
from litmus_core.compiled._plan import Step
from litmus_core.frame import Features, Ngrams, char_ngrams, word_ngrams

Array = np.ndarray[Any, Any]
_CHUNK_ROWS = 2_000
_CUTS: dict[str, Callable[..., Ngrams]] = {"char": char_ngrams, "word": word_ngrams}


class TextLinear:
    """``settings``: what :class:`Columns` takes for the other columns, ``link``, and ``vocabularies``.

    Each of these names its ``text`` (place among the features' texts), its ``cut`` ("char" or "word"), the
    ``orders`` of its n-grams, how many ``characters`` of a text are read, and the prefix ``name`` of its
    arrays (see :class:`Vocabulary`).
    """

    def __init__(self, step: Step) -> None:
        self._columns = Columns(step.settings, step.arrays)
        self._link = link_of(step.settings["link"])
        self._vocabularies = [Vocabulary(facts, step.arrays) for facts in step.settings["vocabularies"]]

    def run(self, features: Features, answers: Answers) -> Array:
        """Return (n,) or (n, k) float32, as AutoGluon does."""
        return by_chunks(self._run, features, answers, n_rows=_CHUNK_ROWS)

    def _run(self, features: Features, answers: Answers) -> Array:
        total = self._columns.margins(features, answers)
        for vocabulary in self._vocabularies:
            vocabulary.add(features.texts, total)
        return self._link(total)


class Vocabulary:
    """The n-grams of one text column: ``keys`` (m,) ascending, ``idf`` (m,), ``weights`` (m, h)."""

    def __init__(self, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        name = facts["name"]
        self._text, self._characters = facts["text"], facts["characters"]
        self._cut = partial(_CUTS[facts["cut"]], orders=tuple(facts["orders"]))
        self._keys = arrays[f"{name}.keys"]
        self._idf = arrays[f"{name}.idf"].astype(np.float64)
        self._weights = arrays[f"{name}.weights"].astype(np.float64)

    def add(self, texts: Sequence[Sequence[str]], total: Array) -> None:
        """Add to ``total`` (n, h) what the texts' n-grams weigh together, each text's vector of length 1."""
        if not self._keys.size:
            return
        found = self._cut([text[: self._characters] for text in texts[self._text]])
        if len(total) == 1:
            self._add_one(found.key, total)
        else:
            self._add_many(found, total)

    def _add_one(self, key: Array, total: Array) -> None:
        key = np.sort(key)
        place = self._keys.searchsorted(key)
        place = place[self._keys.take(place, mode="clip") == key]
        if not place.size:
            return
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        place, count = place[starts], np.diff(starts, append=place.size)
        value = (1.0 + np.log(count)) * self._idf[place]
        total[0] += value @ self._weights[place] / np.sqrt(value @ value)

    def _add_many(self, found: Ngrams, total: Array) -> None:
        place = self._keys.searchsorted(found.key)
        known = self._keys.take(place, mode="clip") == found.key
        both, count = np.unique(found.row[known] * self._keys.size + place[known], return_counts=True)
        if not both.size:
            return
        row, place = np.divmod(both, self._keys.size)
        value = (1.0 + np.log(count)) * self._idf[place]
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        length = np.sqrt(np.add.reduceat(value * value, starts))
        weighed = np.add.reduceat(value[:, np.newaxis] * self._weights[place], starts, axis=0)
        total[row[starts]] += weighed / length[:, np.newaxis]
