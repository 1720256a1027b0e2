"""The input columns of a step: from blocks of the features, or from earlier steps' outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled._native import check_within
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
# ("number", 3), ("token", 0), ("category", 1), or (id of an earlier step, column of its output)
Source = tuple[str, int]


def gather(
    sources: Sequence[Source], features: Features, predictions: Mapping[str, Array], dtype: Any
) -> Array:
    """Return (n, len(sources)) columns of ``dtype``; category codes become numbers.

    This is the simple way; steps that predict single rows may have a faster one.
    """
    out = np.empty((features.n_rows, len(sources)), dtype=dtype)
    blocks: dict[str, Array] = {
        "number": features.numbers,
        "token": features.tokens,
        "category": features.categories,
    }
    for at, (block, place) in enumerate(sources):
        if block in blocks:
            out[:, at] = blocks[block][:, place]
        else:
            answer = predictions[block]
            out[:, at] = answer if answer.ndim == 1 else answer[:, place]
    return out


def output_sources(sources: Sequence[Source]) -> list[Source]:
    """Return the distinct sources other than numbers of the features."""
    return list(dict.fromkeys(source for source in sources if source[0] != "number"))


def places_of(sources: Sequence[Source], some_sources: Sequence[Source]) -> Array:
    """Return each source's position if the sources ``sources`` come before the features' numbers.

    Raises BundleError for an invalid source.
    """
    place = {source: at for at, source in enumerate(some_sources)}
    check_within([source[1] for source in sources if source not in place], 2**31)
    places = [place.get(source, len(some_sources) + source[1]) for source in sources]
    return np.array(places, dtype=np.int64)


class Picker:
    """Gathers given columns as doubles; fast if all are numbers of the features."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self._numbers = None if output_sources(sources) else places_of(sources, ())

    def doubles(self, features: Features, predictions: Mapping[str, Array]) -> Array:
        """Return a new (n, p) array."""
        if self._numbers is not None:
            return features.numbers.take(self._numbers, axis=1)
        return gather(self.sources, features, predictions, np.float64)
