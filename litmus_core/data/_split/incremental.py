"""Split a table that has grown: old rows keep their parts, and new rows are split separately."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._split.cutters import Ints

_PARTS = ("train", "validation", "test")
_FEWEST = 5  # of fewer new rows none is used for testing
_FEWEST_UNITS = 3  # groups or times: one for each part


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendedRows:
    """A frame's rows: ``old`` existed before the last append, ``new`` were added by it; ascending.

    Separate validation and test rows, which follow the main table's, are old.
    """

    old: Ints
    new: Ints

    @classmethod
    def of(cls, n_rows: int, n_before: int, files: Ints) -> AppendedRows:
        """Divide ``n_rows``; ``files`` (maybe empty) are the positions of separate files' rows."""
        n_main = int(files.min()) if len(files) else n_rows
        new = np.arange(min(n_before, n_main), n_main)
        return cls(old=np.setdiff1d(np.arange(n_rows), new), new=new)

    def among_old(self, rows: Ints) -> Ints:
        """Return the indexes among the old rows of those of ``rows`` that are old."""
        return np.searchsorted(self.old, rows[np.isin(rows, self.old)])


def can_be_cut(n_rows: int, units: NDArray[np.generic] | None) -> bool:
    """Return whether that many new rows, with these groups or times (None: neither), can make three parts."""
    return n_rows >= _FEWEST and (units is None or len(np.unique(units)) >= _FEWEST_UNITS)


def follow_groups(rows: Ints, *, groups: Ints, parts: dict[str, Ints]) -> tuple[dict[str, Ints], Ints]:
    """Put new ``rows`` of known groups into their group's part; return the parts, and the rest.

    ``groups`` has a code for every row of the frame.
    """
    earlier = {name: rows[np.isin(groups[rows], groups[parts[name]])] for name in _PARTS}
    placed = {name: np.union1d(parts[name], earlier[name]) for name in _PARTS}
    return placed, np.setdiff1d(rows, np.concatenate(list(earlier.values())))


def added_note(n_before: int, added: dict[str, int]) -> str:
    """Describe how the new rows were split."""
    total = sum(added.values())
    return (
        f"{total:,} newer rows were split by themselves ({added['train']:,} train, "
        f"{added['validation']:,} validate, {added['test']:,} test); the first {n_before:,} keep their parts."
    )
