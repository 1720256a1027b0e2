"""Nearest texts: predicts from the most similar known texts, weighted by similarity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Outputs
from litmus_core.compiled._plan import PlanStep
from litmus_core.compiled._steps.text_linear import Keys, runs
from litmus_core.frame import Features, word_ngrams

Array = np.ndarray[Any, Any]


class TextNearest:
    """A weighted mean of the targets of the most similar known texts.

    ``settings``: ``texts``, ``neighbours``, ``sharpness`` and ``doubt``. An entry of ``texts`` has its
    position among the features' texts (``text``), how many ``characters`` are read, and the prefix ``name``
    of its arrays (see :class:`Index`). The m known texts have ``codes`` (m,), with the classes' ``prior``
    (k,), or ``values`` (m,), with a ``prior`` (1,); either may have ``weights`` (m,). A neighbour's weight
    is its similarity, 0 to 1, to the power of ``sharpness``; the prior's is ``doubt``. Far from all known
    texts the prediction is the prior.
    """

    def __init__(self, step: PlanStep) -> None:
        settings, arrays = step.settings, step.arrays
        self._indexes = [Index(facts, arrays) for facts in settings["texts"]]
        self._most, self._sharpness = int(settings["neighbours"]), float(settings["sharpness"])
        self._doubt = float(settings["doubt"])
        self._prior = arrays["prior"].astype(np.float64)
        self._is_value = "values" in arrays
        self._known = arrays["values" if self._is_value else "codes"]
        self._weights = arrays.get("weights")
        self._is_one = self._is_value or len(self._prior) == 2

    def run(self, features: Features, outputs: Outputs) -> Array:
        """Return (n,) or (n, k) float32; each row is computed separately."""
        answer = np.stack([self._answer(features.texts, row) for row in range(features.n_rows)])
        return (answer[:, -1] if self._is_one else answer).astype(np.float32)

    def _answer(self, texts: Sequence[Sequence[str]], row: int) -> Array:
        near, votes = self._neighbours([texts[index.text][row] for index in self._indexes])
        if self._is_value:
            total: Array = votes @ self._known[near] + self._doubt * self._prior
        else:
            votes_by_label = np.bincount(self._known[near], weights=votes, minlength=len(self._prior))
            total = votes_by_label + self._doubt * self._prior
        answer: Array = total / (votes.sum() + self._doubt)
        return answer

    def _neighbours(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Return the positions of the nearest known texts, in order, and their weights."""
        neighbours = [index.similar(text) for index, text in zip(self._indexes, texts, strict=True)]
        rows, share = (
            np.concatenate([neighbour[0] for neighbour in neighbours]),
            np.concatenate([neighbour[1] for neighbour in neighbours]),
        )
        similar = np.bincount(rows, weights=share, minlength=len(self._known))
        near = np.flatnonzero(similar > 0.0)  # of booleans: doubles take three times as long
        if near.size > self._most:
            # Ties at the last position all count, so that their order does not matter.
            least = np.partition(similar.take(near), -self._most)[-self._most]
            near = near[similar.take(near) >= least]
        votes = np.minimum(similar.take(near) / len(texts), 1.0) ** self._sharpness
        return near, votes if self._weights is None else votes * self._weights[near]


class Index:
    """The words of one text column of all known rows: which rows contain a word, and its share of each.

    ``keys`` (m,) ascending, ``idf`` (m,); word i is in the rows ``rows[start[i]:start[i + 1]]``, and its
    shares of their vectors, each of length 1, are ``shares[start[i]:start[i + 1]]``.
    """

    def __init__(self, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        name = facts["name"]
        self.text, self._characters = facts["text"], facts["characters"]
        self._keys = Keys(arrays[f"{name}.keys"])
        self._idf = arrays[f"{name}.idf"].astype(np.float64)
        self._start = arrays[f"{name}.start"].astype(np.int64)
        self._rows = arrays[f"{name}.rows"].astype(np.int64)
        self._shares = arrays[f"{name}.shares"].astype(np.float64)

    def similar(self, text: str) -> tuple[Array, Array]:
        """Return rows, some more than once, and each entry's part of their similarity to ``text``."""
        ngrams = word_ngrams([text[: self._characters]], orders=(1,))
        place, _ = self._keys.places(ngrams.key)
        place.sort()
        word, count = runs(place)
        weight = (1.0 + np.log(count)) * self._idf[word]
        length = np.sqrt(weight @ weight)
        if not length:
            return np.empty(0, dtype=np.int64), np.empty(0)
        parts = [slice(self._start[letter], self._start[letter + 1]) for letter in word]
        rows = np.concatenate([self._rows[part] for part in parts])
        sizes = [part.stop - part.start for part in parts]
        return rows, np.concatenate([self._shares[part] for part in parts]) * np.repeat(
            weight / length, sizes
        )


RUNNER = TextNearest
