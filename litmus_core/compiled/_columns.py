"""Columns as linear models and networks read them, times the weights of the first layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled._inputs import Picker, Source, gather, output_sources, places_of
from litmus_core.compiled._native import NativeFacts, check_within, field
from litmus_core.compiled._quantiles import EDGES, Quantiles
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]


class Columns:
    """Sums of the columns' contributions to each of h first-layer values, for n rows.

    ``settings`` name each part's columns as sources, ``arrays`` hold the weights; a missing part adds
    nothing. The parts' classes list their arrays.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        self._offset = _doubles(arrays["offset"])
        self._sources: dict[str, list[Source]] = {
            name: [(block, place) for block, place in settings[name]] for name in _PARTS if settings.get(name)
        }
        self._output_sources = output_sources(
            [part for name, of in self._sources.items() if name not in _PLACES for part in of]
        )
        self._parts = [_PARTS[name](of, _part_arrays(arrays, name)) for name, of in self._sources.items()]

    @property
    def width(self) -> int:
        """The number of first-layer values."""
        return self._offset.size

    def facts(self) -> NativeFacts:
        """Return the struct from which machine code computes the same for one row."""
        parts = {type(part): part for part in self._parts}
        counts: list[int] = []
        fields: list[Any] = []
        for part, n_fields in _FIELDS.items():
            part_facts = (
                parts[part].fields(self.width, self._output_sources)
                if part in parts
                else [np.empty(0)] * n_fields
            )
            counts.append(part_facts[0].size)
            fields += part_facts
        limited = NumberColumns in parts and parts[NumberColumns].is_limited
        offset = field(self._offset, np.float64, self.width)
        return NativeFacts(self.width, *counts, int(limited), offset, *fields, *EDGES)

    def with_earlier_outputs(self, features: Features, outputs: Outputs) -> Features:
        """Return the features, with the earlier outputs that this step reads before their numbers."""
        if not self._output_sources:
            return features
        sources = gather(self._output_sources, features, outputs, np.float64)
        numbers = np.concatenate([sources, features.numbers], axis=1)
        return Features(numbers, features.tokens, features.categories)

    def widths(self) -> tuple[int, int, int]:
        """Return how many numbers, 0/1 inputs and categories of a row are read at most."""
        read = {"number": len(self._output_sources), "token": 0, "category": 0}
        for part, sources in self._sources.items():
            if part in _PLACES:
                places = np.array([place for _, place in sources])
            else:
                part, places = "number", places_of(sources, self._output_sources)
            check_within(places, 2**31)
            read[part] = max(read[part], int(places.max()) + 1)
        return read["number"], read["token"], read["category"]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        """Return (n, h) doubles."""
        if not self._parts:
            return np.tile(self._offset, (features.n_rows, 1))
        first, *others = self._parts
        total: Array = first.margins(features, outputs)
        total += self._offset
        for part in others:
            total += part.margins(features, outputs)
        return total


class NumberColumns:
    """Numbers minus ``center``, with missing ones replaced by ``fill``, clipped to ±``limit``.

    ``center``, ``fill`` (after centring), ``limit`` (p,); ``weights`` (p, h).
    """

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        self._center, self._fill = _doubles(arrays["center"]), _doubles(arrays["fill"])
        self._limit = _doubles(arrays["limit"]) if "limit" in arrays else None
        self._weights = _doubles(arrays["weights"])

    @property
    def is_limited(self) -> bool:
        """Whether numbers are clipped."""
        return self._limit is not None

    def fields(self, width: int, sources: Sequence[Source]) -> list[Array]:
        """Return the columns' positions, and the fields for rows.c."""
        places = places_of(self._pick.sources, sources)
        n = places.size
        limit = self._fill if self._limit is None else self._limit
        vectors = [field(array, np.float64, n) for array in (self._center, self._fill, limit)]
        return [places, *vectors, field(self._weights, np.float64, n, width)]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        values = self._pick.doubles(features, outputs)
        values -= self._center
        if len(values) == 1:
            total = self._weighted(values)
            if total.item(0) == total.item(0):  # no number is missing; one would make every sum NaN
                return total
        np.copyto(values, self._fill, where=np.isnan(values))
        return self._weighted(values)

    def _weighted(self, values: Array) -> Array:
        if self._limit is not None:
            values = np.minimum(np.maximum(values, -self._limit), self._limit)
        total: Array = values @ self._weights
        return total


class SkewedColumns:
    """Numbers mapped to normal deviates: ``start`` (p + 1,) splits the quantiles by column; ``weights`` (p,
    h).
    """

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        names = ("knots", "at", "after", "slope")
        starts, fills = arrays["start"].tolist(), arrays["fill"].tolist()
        self._columns = [
            Quantiles(*(_doubles(arrays[name][start:stop]) for name in names), fill=fill)
            for start, stop, fill in zip(starts[:-1], starts[1:], fills, strict=True)
        ]
        self._fills = _doubles(arrays["fill"])
        self._weights = _doubles(arrays["weights"])

    def fields(self, width: int, sources: Sequence[Source]) -> list[Array]:
        """Return the columns' positions, and the fields for rows.c."""
        places = places_of(self._pick.sources, sources)
        n, sizes = places.size, [column.arrays[0].size for column in self._columns]
        check_within(sizes, 2**31, start=1)
        parts = zip(*(column.arrays for column in self._columns), strict=True)
        joined = [
            np.concatenate([field(array, np.float64, size) for array, size in zip(part, sizes, strict=True)])
            for part in parts
        ]
        ends = field(np.cumsum(sizes), np.int64, n)
        weights = field(self._weights, np.float64, n, width)
        return [places, ends, field(self._fills, np.float64, n), *joined, weights]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        values = self._pick.doubles(features, outputs)
        if len(values) == 1:
            row = [
                column.deviate(value) for column, value in zip(self._columns, values[0].tolist(), strict=True)
            ]
            return np.array([row]) @ self._weights
        for place, column in enumerate(self._columns):
            values[:, place] = column.deviates(values[:, place])
        return values @ self._weights


class ValueColumns:
    """Whether a column has a given value: ``values`` (p,), ``weights`` (p, h)."""

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._pick = Picker(sources)
        self._values, self._weights = _doubles(arrays["values"]), _doubles(arrays["weights"])

    def fields(self, width: int, sources: Sequence[Source]) -> list[Array]:
        """Return the columns' positions, and the fields for rows.c."""
        places = places_of(self._pick.sources, sources)
        n = places.size
        weights = field(self._weights, np.float64, n, width)
        return [places, field(self._values, np.float64, n), weights]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        same = self._pick.doubles(features, outputs) == self._values
        total: Array = same.astype(np.float64) @ self._weights
        return total


class Tokens:
    """0/1 columns, few of which are 1 in any row: ``weights`` (p, h)."""

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._weights = np.zeros((max(place for _, place in sources) + 1, arrays["weights"].shape[1]))
        self._places = np.array([place for _, place in sources], dtype=np.int64)
        self._weights[self._places] = arrays["weights"]

    def fields(self, width: int, sources: Sequence[Source]) -> list[Array]:
        """Return the columns' positions, and the fields for rows.c."""
        weights = field(self._weights[self._places], np.float64, self._places.size, width)
        return [self._places, weights]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        tokens = features.tokens[:, : len(self._weights)]
        if len(tokens) == 1:
            return np.add.reduce(self._weights.take(tokens[0].nonzero()[0], axis=0), axis=0, keepdims=True)
        return tokens.astype(np.float64) @ self._weights


class Categories:
    """Categories by code: ``level`` (all codes of all columns) maps a code to its row of ``table`` (l, h).

    ``start`` (p,) is where each column's codes begin in ``level``.
    """

    def __init__(self, sources: Sequence[Source], arrays: Mapping[str, Array]) -> None:
        self._places = np.array([place for _, place in sources], dtype=np.intp)
        self._start = arrays["start"].astype(np.int32)
        self._level = arrays["level"].astype(np.intp)
        self._table = _doubles(arrays["table"])

    def fields(self, width: int, sources: Sequence[Source]) -> list[Array]:
        """Return the columns' positions, and the fields for rows.c."""
        n, n_levels = self._places.size, self._level.size
        starts = field(np.append(self._start, n_levels), np.int64, n + 1)
        check_within(np.diff(starts), 2**31, start=1)
        check_within(starts, n_levels + 1)
        check_within(self._level, len(self._table))
        table = field(self._table, np.float64, len(self._table), width)
        return [field(self._places, np.int64, n), starts, field(self._level, np.int64, n_levels), table]

    def margins(self, features: Features, outputs: Outputs) -> Array:
        if features.n_rows == 1:
            code = features.categories[0].take(self._places)
            code += self._start
            rows = self._table.take(self._level.take(code), axis=0)
            total: Array = np.add.reduce(rows, axis=0, keepdims=True)
            return total
        level = self._level[features.categories[:, self._places] + self._start]
        total = self._table[level[:, 0]]
        for place in range(1, level.shape[1]):
            total += self._table[level[:, place]]
        return total


def _doubles(array: Array) -> Array:
    return np.ascontiguousarray(array, dtype=np.float64)


def _part_arrays(arrays: Mapping[str, Array], part: str) -> dict[str, Array]:
    return {name.split(".", 1)[1]: array for name, array in arrays.items() if name.startswith(f"{part}.")}


_PARTS: dict[str, Any] = {
    "number": NumberColumns,
    "skewed": SkewedColumns,
    "value": ValueColumns,
    "token": Tokens,
    "category": Categories,
}
_PLACES = ("token", "category")  # parts whose sources all come from one block
_FIELDS = {
    NumberColumns: 5,
    SkewedColumns: 8,
    ValueColumns: 3,
    Tokens: 2,
    Categories: 4,
}  # of rows.c's Columns, in order
