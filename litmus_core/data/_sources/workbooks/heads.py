"""The head of a sheet's table: one row of names, or several that merged cells tie together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_MOST_ROWS = 4  # a cell merged over more is a label beside the table


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The rows of a sheet that name the columns, counted from 1, and a name for each place of a row."""

    first: int
    last: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class HeadFinder:
    """Finds a head in the ``rows`` at a sheet's start, by their numbers; ``merged`` cells count from 0.

    ``left`` is the column of the rows' first cells.
    """

    rows: Mapping[int, Sequence[str | None]]
    merged: Merged
    left: int

    def head(self, row: int, *, is_given: bool) -> SheetHead:
        """Return the head that has ``row``.

        The row above belongs to it if it tells equal names apart, unless a person chose the row.
        """
        first = row if is_given or not self._tells_apart(row) else row - 1
        last = row
        while last + 1 in self.rows and last - first < _MOST_ROWS - 1 and self._goes_on(first, last):
            last += 1
        return SheetHead(first, last, self._names(range(first, last + 1)))

    def _names(self, numbers: Sequence[int]) -> list[str]:
        wide = {number: self._wide(number) for number in numbers}
        names = []
        for place in range(len(self.rows[numbers[0]])):
            texts = [self.rows[number][wide[number].get(place, place)] or "" for number in numbers]
            names.append(" ".join(dict.fromkeys(filter(None, map(str.strip, texts)))))
        return names

    def _wide(self, number: int) -> dict[int, int]:
        """Return, by place, the first place of the cell that is merged over columns of a row."""
        return {
            place: left - self.left
            for (top, left), (bottom, right) in self.merged
            if top == bottom == number - 1 and left >= self.left
            for place in range(left - self.left, right - self.left + 1)
        }

    def _tells_apart(self, number: int) -> bool:
        """Return whether names of a row repeat, and merged cells above it say whose they are."""
        names = [cell for cell in self.rows[number] if cell]
        above, wide = self.rows.get(number - 1, ()), self._wide(number - 1)
        return len({*names}) < len(names) and any(cell and place in wide for place, cell in enumerate(above))

    def _goes_on(self, first: int, last: int) -> bool:
        """Return whether the row after ``last`` is one more row of the head, by cells merged in it."""
        row, above = self.rows[last + 1], self._wide(last)
        tall = {
            place - self.left
            for (top, left), (bottom, right) in self.merged
            if first - 1 <= top < last <= bottom < top + _MOST_ROWS
            for place in range(left, right + 1)
        }
        under = [row[place] for place in above if place < len(row)]
        others = [cell for place, cell in enumerate(row) if place not in above and place not in tall]
        if tall:
            return all(not cell or _is_word(cell) for cell in others)
        is_named = any(self.rows[last][place] for place in above.values())
        is_apart = bool(others) or all(map(_is_word, filter(None, under)))
        return is_named and all(under) and not any(others) and is_apart


def _is_word(cell: str) -> bool:
    return any(character.isalpha() for character in cell) or not any(map(str.isdigit, cell))
