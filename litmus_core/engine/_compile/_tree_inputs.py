"""The axes that trees of several models share; see ``compiled._tree_inputs`` for what an axis is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.compiled import TOKEN_GROUP, Source
from litmus_core.engine._compile.trees import Array, Column, Number, Symmetric, Trees

_ZERO = (np.nextafter(0.0, -np.inf).item(), 0.0)  # only zeros lie between these cuts
BLOCKS = ("number", "token", "category")


@dataclass(frozen=True, slots=True)
class Axes:
    """``cuts`` are sorted doubles by number, ``n_codes`` by category, ``tokens`` the 0/1 inputs."""

    cuts: Mapping[Source, Array]
    n_codes: Mapping[int, int]
    tokens: tuple[int, ...]

    @classmethod
    def of(cls, models: Iterable[Trees | Symmetric]) -> Axes:
        """Return the axes that all ``models`` need."""
        cuts: dict[Source, list[Array]] = {}
        n_codes: dict[int, int] = {}
        tokens: set[int] = set()
        for trees in models:
            for place, column in enumerate(trees.columns):
                block, at = column.source
                if isinstance(column, Number):
                    cuts_of = cuts.setdefault(column.source, [np.empty(0)])
                    cuts_of.append(trees.cut[trees.column == place])
                    if column.zero is not None:
                        cuts_of.append(np.array(_ZERO))
                elif block == "token":
                    tokens.add(at)
                else:
                    n_codes[at] = max(n_codes.get(at, 0), len(column.entries))
        unique = {source: np.unique(np.concatenate(parts)) for source, parts in cuts.items()}
        numbers = sorted(unique, key=lambda source: (source[0] != "number", source))
        return cls(
            cuts={source: unique[source][np.isfinite(unique[source])] for source in numbers},
            n_codes=dict(sorted(n_codes.items())),
            tokens=tuple(sorted(tokens)),
        )

    @property
    def n_ranks(self) -> list[int]:
        """Return the number of ranks of each axis."""
        n_groups = -(-len(self.tokens) // TOKEN_GROUP)
        numbers = [len(cuts) + 2 for cuts in self.cuts.values()]
        return [*numbers, *self.n_codes.values(), *[1 << TOKEN_GROUP] * n_groups] or [1]

    def axis_of(self, column: Column) -> int:
        """Return the index of the column's axis."""
        block, at = column.source
        if isinstance(column, Number):
            return list(self.cuts).index(column.source)
        if block == "token":
            return len(self.cuts) + len(self.n_codes) + self.tokens.index(at) // TOKEN_GROUP
        return len(self.cuts) + list(self.n_codes).index(at)

    def values(self, column: Column) -> Array:
        """Return the integer value of ``column`` at each rank of its axis."""
        if isinstance(column, Number):
            ranks = np.arange(len(self.cuts[column.source]) + 2)
            ranks[-1] = self.side(column, column.missing)
            if column.zero is not None:
                ranks[self.zero_rank(column)] = self.side(column, column.zero)
            return ranks
        entries = np.array(column.entries, dtype=np.int64)
        block, at = column.source
        if block == "token":
            bits = np.arange(1 << TOKEN_GROUP) >> self.tokens.index(at) % TOKEN_GROUP & 1
            return entries.take(bits, mode="clip")
        return entries.take(np.arange(self.n_codes[at]), mode="clip")

    def side(self, column: Number, side: str) -> int:
        """Return the integer below all cuts of a number, or above them."""
        return 0 if side == "low" else len(self.cuts[column.source])

    def zero_rank(self, column: Number) -> int:
        """Return the rank of zeros."""
        return int(np.searchsorted(self.cuts[column.source], 0.0))

    def whole_cuts(self, trees: Trees | Symmetric) -> Array:
        """Return each decision's cut as a rank or an entry; LEFT and RIGHT unchanged."""
        cuts = trees.cut.copy()
        for place, column in enumerate(trees.columns):
            if isinstance(column, Number):
                is_of_column = (trees.column == place) & np.isfinite(trees.cut)
                cuts[is_of_column] = np.searchsorted(self.cuts[column.source], trees.cut[is_of_column])
        return cuts

    def settings(self) -> dict[str, Any]:
        """Return the axes as settings for a runner."""
        return {
            "numbers": [list(source) for source in self.cuts],
            "categories": list(self.n_codes),
            "tokens": list(self.tokens),
        }

    def arrays(self) -> dict[str, Array]:
        """Return their cuts and numbers of codes."""
        cuts: Sequence[Array] = list(self.cuts.values())
        return {
            "cuts": np.concatenate([*cuts, np.empty(0)]),
            "n_cuts": np.array([len(cut) for cut in cuts], dtype=np.int64),
            "n_codes": np.array(list(self.n_codes.values()), dtype=np.int64),
        }
