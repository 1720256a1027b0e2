"""Combinations of several inputs, looked up by a hash as CatBoost does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import by_chunks
from litmus_core.compiled._inputs import Picker
from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]
MIX = 0x4906BA494954CB65
_CHUNK_ROWS = 500
_MIX = np.uint64(MIX)


class Combinations:
    """Outputs (n, s) float32: small whole numbers, the statistics of the row's combinations.

    A *part* is a whole number computed from one input: the entry of a category's code, or for a number 1
    above a cut, else 0. A combination hashes its parts in turn, and last its own number; its hash is looked
    up in ``keys`` (k,), sorted, which gives the position in ``flat`` where its statistics start; ``unknown``
    (c,) is the position for hashes that are not found.

    ``settings``: ``numbers`` are sources, ``categories`` positions. ``arrays``: ``cuts``, ``missing``
    (numbers,), whether a missing value lies above its cut; ``entries``, category after category,
    ``n_entries`` of each, the last one for all unknown codes. Parts are those of numbers, then of categories.
    ``parts`` (m,) are the ones that the combinations hash, all first ones, then all second ones and so on;
    ``n_parts`` (c,) never increases. For statistic i, ``combination`` (s,) is its combination and ``column``
    (s,) its position there.
    """

    def __init__(self, step: PlanStep) -> None:
        settings, arrays = step.settings, step.arrays
        self._numbers = Picker([(block, place) for block, place in settings["numbers"]])
        self._cuts, self._missing = arrays["cuts"].astype(np.float64), arrays["missing"].astype(np.bool_)
        self._categories = np.array(settings["categories"], dtype=np.intp)
        n_entries = arrays["n_entries"].astype(np.intp)
        self._first, self._last = np.cumsum(n_entries) - n_entries, n_entries - 1
        self._entries = arrays["entries"].astype(np.int64).view(np.uint64)
        n_parts = arrays["n_parts"].astype(np.intp)
        sizes = [int((n_parts > turn).sum()) for turn in range(int(n_parts.max()))]
        self._turns = np.split(arrays["parts"].astype(np.intp), np.cumsum(sizes)[:-1])
        self._own = np.arange(1, n_parts.size + 1, dtype=np.uint64) * _MIX
        self._keys, self._places = arrays["keys"].astype(np.uint64), arrays["places"].astype(np.intp)
        self._unknown = arrays["unknown"].astype(np.intp)
        self._flat = arrays["flat"].astype(np.float32)
        self._combination, self._column = (arrays[name].astype(np.intp) for name in ("combination", "column"))

    def run(self, features: Features, outputs: Outputs) -> Array:
        """Return the statistics."""
        return by_chunks(self._run, features, outputs, n_rows=_CHUNK_ROWS)

    def _run(self, features: Features, outputs: Outputs) -> Array:
        parts = self._parts(features, outputs)
        hashed = np.zeros((len(parts), self._unknown.size), dtype=np.uint64)
        for turn in self._turns:
            _mix(hashed[:, : turn.size], parts.take(turn, axis=1) * _MIX)
        _mix(hashed, self._own)
        nearest = np.minimum(np.searchsorted(self._keys, hashed), self._keys.size - 1)
        places = np.where(self._keys.take(nearest) == hashed, self._places.take(nearest), self._unknown)
        statistics: Array = self._flat.take(places.take(self._combination, axis=1) + self._column)
        return statistics

    def _parts(self, features: Features, outputs: Outputs) -> Array:
        """Return (n, parts) whole numbers; they wrap around to negative ones."""
        blocks: list[Array] = []
        if self._cuts.size:
            values = self._numbers.doubles(features, outputs)
            blocks.append(((values > self._cuts) | (np.isnan(values) & self._missing)).astype(np.uint64))
        if self._categories.size:
            codes = features.categories.take(self._categories, axis=1)
            blocks.append(self._entries.take(np.minimum(codes, self._last) + self._first))
        return np.concatenate(blocks, axis=1) if len(blocks) > 1 else blocks[0]


def _mix(hashed: Array, parts: Array) -> None:
    """Hash the multiplied parts in place; everything wraps around at 64 bits."""
    hashed += parts
    hashed *= _MIX


RUNNER = Combinations
