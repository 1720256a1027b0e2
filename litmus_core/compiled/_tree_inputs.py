"""Tree inputs as ranks: every input becomes a small whole number, and trees compare only these.

Each input, or small group of 0/1 inputs, is an *axis*. A number's rank is how many of its cuts lie below it;
missing values have the rank after all others. A code is its own rank; all unknown codes share the last rank.
Up to ``TOKEN_GROUP`` 0/1 inputs form one axis, whose rank is made of their bits.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from litmus_core.compiled._inputs import Source
from litmus_core.compiled._native import NativeFacts, check_within, field
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]
TOKEN_GROUP = 6


class TreeInputs:
    """Ranks of rows on all axes: numbers, then categories, then groups of 0/1 inputs; zeros if there are
    none.

    ``settings["numbers"]`` are sources, ``settings["categories"]`` and ``settings["tokens"]`` positions.
    ``arrays``: ``cuts`` of all numbers, concatenated; ``n_cuts`` per number; ``n_codes`` per category.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        self._sources: list[Source] = [(block, place) for block, place in settings["numbers"]]
        ends = np.cumsum(arrays["n_cuts"]).tolist()
        self._cuts = [
            np.append(arrays["cuts"][start:end], np.inf) for start, end in zip([0, *ends], ends, strict=False)
        ]
        self._lists = [array("d", cuts) for cuts in self._cuts]
        self._pick = _picker([place for block, place in self._sources if block == "number"])
        outputs_read = [source for source in self._sources if source[0] != "number"]
        self.n_answered = len(outputs_read)
        self._answered = [
            (name, np.array([place for _, place in of], dtype=np.intp))
            for name, of in groupby(outputs_read, key=itemgetter(0))
        ]
        last_codes = (arrays["n_codes"] - 1).tolist()
        self._categories = list(zip(settings["categories"], last_codes, strict=True))
        self._tokens = np.array(settings["tokens"], dtype=np.intp)
        self._groups = np.arange(0, self._tokens.size, TOKEN_GROUP)
        self._bits = np.left_shift(1, np.arange(self._tokens.size) % TOKEN_GROUP)
        sizes = [
            *(len(cuts) + 1 for cuts in self._cuts),
            *(last + 1 for last in last_codes),
            *(1 << TOKEN_GROUP for _ in self._groups),
        ]
        self.n_ranks = np.array(sizes or [1], dtype=np.intp)
        self._cut_ends = ends
        self._all_cuts = np.ascontiguousarray(arrays["cuts"], dtype=np.float64)

    def facts(self) -> NativeFacts:
        """Return what machine code needs to compute ranks."""
        ends = field(self._cut_ends, np.int64, len(self._sources))
        blocks = [block != "number" for block, _ in self._sources]
        check_within(blocks != sorted(blocks), 1)  # numbers before outputs
        check_within(np.diff(ends, prepend=0), self._all_cuts.size + 1)
        check_within(ends, self._all_cuts.size + 1)
        check_within(self.n_ranks, 2**31, start=1)
        return NativeFacts(
            len(self._sources),
            len(self._categories),
            self._tokens.size,
            self.n_answered,
            self.n_ranks.size,
            np.array([place for _, place in self._sources], dtype=np.int64),
            ends,
            field(self._all_cuts, np.float64, self._all_cuts.size),
            np.array([place for place, _ in self._categories], dtype=np.int64),
            np.array([last for _, last in self._categories], dtype=np.int64),
            self._tokens.astype(np.int64),
        )

    def widths(self) -> tuple[int, int, int]:
        """Return how many numbers, 0/1 inputs and categories of the features are read at most."""
        plain = [place for block, place in self._sources if block == "number"]
        return _past(plain), _past(self._tokens), _past([place for place, _ in self._categories])

    def outputs_read(self, outputs: Outputs) -> Array | None:
        """Return (n, n_answered) of earlier steps' outputs, in the precision that AutoGluon passes on."""
        if not self._answered:
            return None
        parts = [_columns(outputs[name], places) for name, places in self._answered]
        joined = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        return joined.astype(np.float32, copy=False).astype(np.float64)

    def rank_few_rows(self, features: Features, outputs: Outputs) -> Array:
        """Return (n, axes) ranks; fast for one row."""
        if features.n_rows > 1:
            return np.stack(self.rank_many_rows(features, outputs), axis=1)
        values = self._pick(features.numbers[0].tolist()) if self._sources else ()
        number_values = self.outputs_read(outputs)
        if number_values is not None:
            values = [*values, *number_values[0].tolist()]
        ranks = list(map(bisect_left, self._lists, values))
        total = sum(values)
        if total != total:  # a value is missing, or two infinities cancel
            for place, value in enumerate(values):
                if value != value:
                    ranks[place] = len(self._lists[place])
        if self._categories:
            codes = features.categories[0].tolist()
            ranks += [min(codes[place], last) for place, last in self._categories]
        if self._groups.size:
            bits = features.tokens[0].take(self._tokens) * self._bits
            ranks += np.add.reduceat(bits, self._groups).tolist()
        return np.array([ranks or [0]], dtype=np.intp)

    def rank_many_rows(self, features: Features, outputs: Outputs) -> list[Array]:
        """Return (n,) ranks of each axis."""
        numbers = [features.numbers[:, place] for block, place in self._sources if block == "number"]
        values = self.outputs_read(outputs)
        columns = numbers if values is None else [*numbers, *values.T]
        ranks: list[Array] = [
            np.searchsorted(cuts, np.ascontiguousarray(column))  # a missing value sorts after infinity
            for column, cuts in zip(columns, self._cuts, strict=True)
        ]
        for place, last in self._categories:
            ranks.append(np.minimum(features.categories[:, place], last).astype(np.intp))
        if self._groups.size:
            bits = features.tokens.take(self._tokens, axis=1) * self._bits
            ranks += list(np.add.reduceat(bits, self._groups, axis=1).T)
        return ranks or [np.zeros(features.n_rows, dtype=np.intp)]


def _columns(answer: Array, places: Array) -> Array:
    """Return (n, positions) columns of an output; (n,) is a single column."""
    if answer.ndim == 1:
        return answer[:, np.newaxis].repeat(places.size, axis=1)
    return answer.take(places, axis=1)


def _past(places: Sequence[int] | Array) -> int:
    """Return the position after the last."""
    check_within(np.array(places), 2**31)
    return max(places, default=-1) + 1


def _picker(places: Sequence[int]) -> Callable[[Sequence[float]], Sequence[float]]:
    """Return a function that picks ``places`` from a list."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: [values[place] for place in places]
