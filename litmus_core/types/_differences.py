"""Differences between two versions of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MatchedBy = Literal["key", "position", "content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChange:
    """Cells of one column that differ in rows that both versions have.

    ``examples`` are (row, before, after) as text; ``row`` is the key's value, or the position from 1.
    """

    name: str
    n_cells: int
    examples: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDifference:
    """Columns that only one version has; ``retyped`` are (name, before, after) with DuckDB types."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retyped: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether both versions have the same columns."""
        return not (self.added or self.removed or self.retyped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How ``after_id`` differs from ``before_id``.

    Rows are matched by the column ``key``, by their position, or by all their values (``content``: a
    changed row then counts as removed and added). ``added`` and ``removed`` show some rows as texts under
    ``header``.
    """

    before_id: str
    after_id: str
    matched_by: MatchedBy
    key: str | None
    n_before: int
    n_after: int
    n_added: int
    n_removed: int
    n_changed: int
    columns: ColumnDifference = ColumnDifference()
    changes: tuple[ColumnChange, ...] = ()
    header: tuple[str, ...] = ()
    added: tuple[tuple[str, ...], ...] = ()
    removed: tuple[tuple[str, ...], ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether both versions have the same contents."""
        rows = self.n_added or self.n_removed or self.n_changed
        return not rows and self.columns.is_none
