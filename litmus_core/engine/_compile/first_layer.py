"""The first layer of linear models and networks, as settings and arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.inputs import Inputs

Array = np.ndarray[Any, Any]


class FirstLayer:
    """Collects, part by part, what columns add to h values; see ``compiled._columns`` for the form.

    Weights are (columns of the part, h).
    """

    def __init__(self, offset: Array) -> None:
        self.settings: dict[str, Any] = {}
        self.arrays: dict[str, Array] = {"offset": np.array(offset, dtype=np.float64)}

    def shift(self, by: Array) -> None:
        """Add ``by`` (h,) to the offset."""
        self.arrays["offset"] = self.arrays["offset"] + by

    def numbers(
        self,
        sources: Sequence[Source],
        weights: Array,
        *,
        center: Array,
        scale: Array,
        fill: Array,
        limit: float | None = None,
    ) -> None:
        """Add ``(x - center) / scale`` of numbers, with ``fill`` for a missing x, clipped at ``limit``."""
        more = {} if limit is None else {"limit": limit * scale}
        scaled = weights / scale[:, np.newaxis]
        self._add_part("number", sources, center=center, fill=fill - center, weights=scaled, **more)

    def skewed(
        self, sources: Sequence[Source], weights: Array, *, quantiles: Array, references: Array, fill: Array
    ) -> None:
        """Add the normal deviates of numbers by their ``quantiles`` (m, columns) at ``references`` (m,)."""
        parts = [_knots(quantile, references) for quantile in quantiles.T]
        start = np.cumsum([0, *(part[0].size for part in parts)])
        knots, at, uppers, slope = (np.concatenate([part[place] for part in parts]) for place in range(4))
        joined = {"knots": knots, "at": at, "after": uppers, "slope": slope}
        self._add_part("skewed", sources, start=start, fill=fill, weights=weights, **joined)

    def values(self, sources: Sequence[Source], weights: Array, *, values: Array) -> None:
        """Add the weights of those positions whose column has exactly the position's value."""
        self._add_part("value", sources, values=values, weights=weights)

    def flags(self, sources: Sequence[Source], weights: Array, *, center: Array, scale: Array) -> None:
        """Add ``(x - center) / scale`` of columns that are never missing; fast for 0/1 columns."""
        scaled = weights / scale[:, np.newaxis]
        tokens = np.array([block == "token" for block, _ in sources])
        if tokens.any():
            ordered = [source for source in sources if source[0] == "token"]
            self._add_part("token", ordered, weights=scaled[tokens])
            self.shift(-(center[tokens] @ scaled[tokens]))
        if not tokens.all():
            ordered = [source for source in sources if source[0] != "token"]
            rest = ~tokens
            missing = np.full(rest.sum(), np.nan)
            self.numbers(ordered, weights[rest], center=center[rest], scale=scale[rest], fill=missing)

    def categories(self, sources: Sequence[Source], tables: Sequence[Array]) -> None:
        """Add a row of each column's table (codes, h) by the column's code."""
        levels, rows = [], []
        n_rows = 0
        for table in tables:
            distinct, level = np.unique(table, axis=0, return_inverse=True)
            levels.append(level.ravel() + n_rows)
            rows.append(distinct)
            n_rows += len(distinct)
        start = np.cumsum([0, *(len(table) for table in tables)])[:-1]
        level = np.concatenate(levels).astype(np.int32)
        self._add_part("category", sources, start=start, level=level, table=np.concatenate(rows))

    def _add_part(self, part: str, sources: Sequence[Source], **arrays: Array) -> None:
        if part in self.settings:
            raise ValueError(f"the part '{part}' is there already")
        if sources:
            self.settings[part] = [list(source) for source in sources]
            self.arrays |= {f"{part}.{name}": array for name, array in arrays.items()}


def _knots(quantiles: Array, references: Array) -> tuple[Array, Array, Array, Array]:
    """Return distinct quantiles, the share at each, the share right of it, and the slope from there."""
    knots, first, n_same = np.unique(quantiles, return_index=True, return_counts=True)
    before, uppers = references[first], references[first + n_same - 1]
    slope = np.zeros(knots.size)
    slope[:-1] = (before[1:] - uppers[:-1]) / np.diff(knots)
    return knots, 0.5 * (before + uppers), uppers, slope


def imputed(imputer: Any, columns: Sequence[str]) -> tuple[list[str], Array]:
    """Return the columns that the imputer keeps (not those empty in fit), and its fill values."""
    fill = np.asarray(imputer.statistics_, dtype=np.float64)
    present = ~np.isnan(fill)
    return [name for name, keep in zip(columns, present, strict=True) if keep], fill[present]


def add_skewed(
    layer: FirstLayer, transformer: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    """Add an imputer and a quantile transformer to the normal distribution."""
    names, fill = imputed(transformer.named_steps["imputer"], columns)
    quantile = transformer.named_steps["quantile"]
    layer.skewed(
        inputs.sources(names),
        weights,
        quantiles=quantile.quantiles_,
        references=quantile.references_,
        fill=fill,
    )
