"""Linear models of words and letters: TF-IDF of n-grams times weights, without building a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Outputs, by_chunks
from litmus_core.compiled._columns import Columns
from litmus_core.compiled._links import link_of
from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features, Ngrams, char_ngrams, word_ngrams

Array = np.ndarray[Any, Any]
_CHUNK_ROWS = 500
_CUTS: dict[str, Callable[..., Ngrams]] = {"char": char_ngrams, "word": word_ngrams}


class TextLinear:
    """A linear model of texts' n-grams and of other columns.

    ``settings``: those of :class:`Columns` for the other columns, ``link``, and ``vocabularies``. A
    vocabulary names its ``text`` (position among the features' texts), its ``cut`` ("char" or "word"), and
    the ``orders`` of its n-grams. It also says how many ``characters`` of a text are read, and the prefix
    ``name`` of its arrays (see :class:`Vocabulary`).
    """

    def __init__(self, step: PlanStep) -> None:
        self._columns = Columns(step.settings, step.arrays)
        self._link = link_of(step.settings["link"])
        self._vocabularies = [Vocabulary(facts, step.arrays) for facts in step.settings["vocabularies"]]

    def run(self, features: Features, outputs: Outputs) -> Array:
        """Return (n,) or (n, k) float32, as AutoGluon does."""
        return by_chunks(self._run, features, outputs, n_rows=_CHUNK_ROWS)

    def _run(self, features: Features, outputs: Outputs) -> Array:
        total = self._columns.margins(features, outputs)
        for vocabulary in self._vocabularies:
            vocabulary.add(features.texts, total)
        return self._link(total)


class Vocabulary:
    """The n-grams of one text column: ``keys`` (m,) ascending, ``idf`` (m,), ``weights`` (m, h)."""

    def __init__(self, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        name = facts["name"]
        self._text, self._characters = facts["text"], facts["characters"]
        self._cut = partial(_CUTS[facts["cut"]], orders=tuple(facts["orders"]))
        self._keys = Keys(arrays[f"{name}.keys"])
        self._idf = arrays[f"{name}.idf"].astype(np.float64)
        self._weights = arrays[f"{name}.weights"].astype(np.float64)

    def add(self, texts: Sequence[Sequence[str]], total: Array) -> None:
        """Add to ``total`` (n, h) the weights of the texts' n-grams; each text's vector has length 1."""
        ngrams = self._cut([text[: self._characters] for text in texts[self._text]])
        place, exact = self._keys.places(ngrams.key)
        if len(total) == 1:
            place.sort()
            place, count = runs(place)
            value = (1.0 + np.log(count)) * self._idf[place]
            length = np.sqrt(value @ value)
            if length:
                total[0] += value @ self._weights.take(place, axis=0) / length
        elif place.size:
            self._add_many(ngrams.row[exact], place, total)

    def _add_many(self, row: Array, place: Array, total: Array) -> None:
        both = row * self._idf.size + place
        both.sort()
        both, count = runs(both)
        row, place = np.divmod(both, self._idf.size)
        value = (1.0 + np.log(count)) * self._idf[place]
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        row = row[starts]
        length = np.sqrt(np.add.reduceat(value * value, starts))
        for column, weights in zip(total.T, self._weights.T, strict=True):
            column[row] += np.add.reduceat(value * weights[place], starts) / length


class Keys:
    """Looks up 64-bit keys, whose leading bits are spread evenly, among ``keys`` (m,) ascending."""

    def __init__(self, keys: Array) -> None:
        bits = int(keys.size).bit_length() + 1
        self._shift = np.uint64(64 - bits)
        bucket = (keys >> self._shift).astype(np.intp)
        self._start = np.searchsorted(bucket, np.arange(1 << bits))
        self._most = int(np.bincount(bucket, minlength=1).max())
        self._keys = np.append(keys, np.uint64(2**64 - 1))  # so that every position can be read

    def places(self, wanted: Array) -> tuple[Array, Array]:
        """Return the positions (k,) of the keys among ``wanted`` (n,) that exist, and their indexes (k,)."""
        place = self._start.take((wanted >> self._shift).view(np.int64))
        for _ in range(self._most):
            place += self._keys.take(place) < wanted
        exact = (self._keys.take(place) == wanted).nonzero()[0]
        place = place.take(exact)
        return place, exact


def runs(ordered: Array) -> tuple[Array, Array]:
    """Return the distinct values of an ascending array, and how often each occurs."""
    edge = np.ones(ordered.size + 1, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=edge[1:-1])
    at = edge.nonzero()[0]
    return ordered[at[:-1]], at[1:] - at[:-1]


RUNNER = TextLinear
