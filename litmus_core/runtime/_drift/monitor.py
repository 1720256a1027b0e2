"""Watch the rows that a model predicts, batch by batch, for columns unlike those that it learned from."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import to_plain_format
from litmus_core.runtime._drift.categories import category_note
from litmus_core.runtime._drift.learned import LearnedCategories, LearnedColumn, LearnedNumbers, read_values
from litmus_core.runtime._drift.numbers import number_note

if TYPE_CHECKING:
    from litmus_core.types import Column

FEWEST_ROWS = 30  # of a batch: below, a share says nothing, and production answers single rows
_MOST_ROWS = 2_000  # of a whole file
_ROWS_PER_BATCH, _CELLS_PER_BATCH = 256, 10_000


@dataclass(slots=True)
class DriftMonitor:
    """Counts the values of the columns that ``learned`` returns, in some rows of each batch, evenly spread.

    >>> DriftMonitor(tuple).notes()
    ()
    """

    learned: Callable[[], Sequence[LearnedColumn]]
    _n_checked: int = 0
    _texts: dict[str, Counter[str]] = field(default_factory=dict)
    _numbers: dict[str, array[float]] = field(default_factory=dict)
    _notes: tuple[int, dict[str, str]] = field(default_factory=lambda: (0, {}))

    def observe(self, rows: Any, n_rows: int) -> None:
        """Count a batch that was predicted: dicts, or values by column name as a pipeline reads them."""
        if self._n_checked >= _MOST_ROWS or not n_rows:
            return
        learned = self.learned()
        most = min(_ROWS_PER_BATCH, max(FEWEST_ROWS, _CELLS_PER_BATCH // max(1, len(learned))))
        places = np.linspace(0, n_rows - 1, min(n_rows, most)).astype(np.intp)
        self._n_checked += len(places)
        for one in learned:
            raw = _sample(rows, one.column, places)
            if raw is None:
                continue
            values = read_values(raw, one.column)
            if isinstance(one, LearnedCategories):
                self._texts.setdefault(one.column.name, Counter()).update(values)
            else:
                self._numbers.setdefault(one.column.name, array("d")).extend(values)

    def notes(self) -> tuple[str, ...]:
        """Return a note for each column that hardly any row of the batches has as the model learned it."""
        return tuple(self.by_column().values())

    def by_column(self) -> dict[str, str]:
        """Return the notes by the name of their column."""
        if self._n_checked < FEWEST_ROWS:
            return {}
        if self._notes[0] != self._n_checked:
            notes = {one.column.name: self._note(one) for one in self.learned()}
            self._notes = self._n_checked, {name: note for name, note in notes.items() if note}
        return self._notes[1]

    def _note(self, learned: LearnedColumn) -> str:
        name = learned.column.name
        if isinstance(learned, LearnedNumbers):
            numbers = np.array(self._numbers.get(name, ()), dtype=np.float64)
            return number_note(learned, numbers) if len(numbers) >= FEWEST_ROWS else ""
        texts = self._texts.get(name, Counter())
        return category_note(learned, texts) if texts.total() >= FEWEST_ROWS else ""


def is_batch(rows: Any) -> bool:
    """Return whether rows may be enough to compare them with what a model learned; a path may have many."""
    return isinstance(rows, str | Path) or not hasattr(rows, "__len__") or len(rows) >= FEWEST_ROWS


def _sample(rows: Any, column: Column, places: np.ndarray[Any, np.dtype[np.intp]]) -> Any:
    """Return the plain values of the rows at ``places``; None if the model does not read the column."""
    name = column.name
    if isinstance(rows, (list, tuple)):
        return to_plain_format([rows[place].get(name) for place in places.tolist()], column)
    if name not in rows:
        return None
    values = rows[name]
    if isinstance(values, list):
        return [values[place] for place in places.tolist()]
    return values.iloc[places] if hasattr(values, "iloc") else values[places]
