"""Columns as linear models and networks read them, times the weights of their first layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled._inputs import Source, gather
from litmus_core.compiled._quantiles import Quantiles
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
Answers = Mapping[str, Array]


class Columns:
    """Sums, for n rows, what each column adds to each of h first-layer values.

    ``settings`` name the columns of each part as sources, ``arrays`` hold the weights; a part that is not
    there adds nothing. See the parts' classes for what each needs.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        self._offset = _doubles(arrays["offset"])
        self._parts = [
            part([(block, place) for block, place in settings[name]], _of(arrays, name))
            for name, part in _PARTS.items()
            if settings.get(name)
        ]

    def margins(self, features: Features, answers: Answers) -> Array:
        """Return (n, h) doubles."""
        total = np.empty((features.n_rows, self._offset.size))
        total[:] = self._offset
        for part in self._parts:
            total += part.margins(features, answers)
        return total


class Numbers:
    """Numbers less their ``center``, a missing one being ``fill``, cut at ``limit`` to both sides.

    ``center``, ``fill`` (after centring), ``limit`` (p,); ``weights`` (p, h).
    """

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        self._center, self._fill = _doubles(arrays["center"]), _doubles(arrays["fill"])
        self._limit = _doubles(arrays["limit"]) if "limit" in arrays else None
        self._weights = _doubles(arrays["weights"])

    def margins(self, features: Features, answers: Answers) -> Array:
        values = self._pick.doubles(features, answers)
        values -= self._center
        missing = values != values
        if missing.any():
            np.copyto(values, self._fill, where=missing)
        if self._limit is not None:
            np.minimum(np.maximum(values, -self._limit, out=values), self._limit, out=values)
        return values @ self._weights


class Skewed:
    """Numbers as normal deviates. ``start`` (p + 1,) parts the knots' arrays by column; ``weights`` (p, h)."""

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        names = ("knots", "at", "after", "slope")
        starts, fills = arrays["start"].tolist(), arrays["fill"].tolist()
        self._columns = [
            Quantiles(*(_doubles(arrays[name][start:stop]) for name in names), fill=fill)
            for start, stop, fill in zip(starts[:-1], starts[1:], fills, strict=True)
        ]
        self._weights = _doubles(arrays["weights"])

    def margins(self, features: Features, answers: Answers) -> Array:
        values = self._pick.doubles(features, answers)
        if len(values) == 1:
            row = [column.one(value) for column, value in zip(self._columns, values[0].tolist(), strict=True)]
            return np.array([row]) @ self._weights
        for place, column in enumerate(self._columns):
            values[:, place] = column.many(values[:, place])
        return values @ self._weights


class Values:
    """Whether a column has one certain value: ``values`` (p,), ``weights`` (p, h); a column may come often."""

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        self._values, self._weights = _doubles(arrays["values"]), _doubles(arrays["weights"])

    def margins(self, features: Features, answers: Answers) -> Array:
        same = self._pick.doubles(features, answers) == self._values
        return same.astype(np.float64) @ self._weights


class Tokens:
    """0/1 columns, few of them 1 in a row: ``weights`` (p, h)."""

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._weights = np.zeros((max(place for _, place in sources) + 1, arrays["weights"].shape[1]))
        self._weights[[place for _, place in sources]] = arrays["weights"]

    def margins(self, features: Features, answers: Answers) -> Array:
        tokens = features.tokens[:, : len(self._weights)]
        if len(tokens) == 1:
            return self._weights[tokens[0].nonzero()[0]].sum(axis=0, keepdims=True)
        total = np.zeros((len(tokens), self._weights.shape[1]))
        row, column = tokens.nonzero()
        if row.size:
            starts = np.flatnonzero(np.diff(row, prepend=-1))
            total[row[starts]] = np.add.reduceat(self._weights[column], starts, axis=0)
        return total


class Categories:
    """Categories by code: ``level`` (all codes of all columns) says which row of ``table`` (l, h) counts.

    ``start`` (p,) is where each column's codes begin in ``level``.
    """

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._places = np.array([place for _, place in sources], dtype=np.intp)
        self._start = arrays["start"].astype(np.intp)
        self._level = arrays["level"].astype(np.intp)
        self._table = _doubles(arrays["table"])

    def margins(self, features: Features, answers: Answers) -> Array:
        level = self._level[features.categories[:, self._places] + self._start]
        if len(level) == 1:
            return np.add.reduce(self._table[level[0]], axis=0, keepdims=True)
        total = self._table[level[:, 0]]
        for place in range(1, level.shape[1]):
            total += self._table[level[:, place]]
        return total


class Picker:
    """Gathers certain columns as doubles; quickly where all are numbers of the features."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._numbers: Array | None = None
        if all(block == "number" for block, _ in sources):
            self._numbers = np.array([place for _, place in sources], dtype=np.intp)

    def doubles(self, features: Features, answers: Answers) -> Array:
        """Return a new (n, p) array."""
        if self._numbers is not None:
            return features.numbers.take(self._numbers, axis=1)
        return gather(self._sources, features, answers, np.float64)


def _doubles(array: Array) -> Array:
    return np.ascontiguousarray(array, dtype=np.float64)


def _of(arrays: Mapping[str, Array], part: str) -> dict[str, Array]:
    return {name.split(".", 1)[1]: array for name, array in arrays.items() if name.startswith(f"{part}.")}


_PARTS: dict[str, Any] = {
    "number": Numbers,
    "skewed": Skewed,
    "value": Values,
    "token": Tokens,
    "category": Categories,
}
