"""Tags in one column: which separator parts them, and which tags occur often enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError
from litmus_core.many_targets._texts import say
from litmus_core.text import format_count, join_names

SEPARATORS = (",", ";", "|")
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TagTable:
    """The tags of a column: ``present`` (n, k) says which rows have which of ``names``."""

    names: tuple[str, ...]
    present: NDArray[np.bool_]
    separator: str
    notes: tuple[str, ...]


def read_tags(values: Sequence[Any], column: str, *, separator: str | None, fewest: int) -> TagTable:
    """Return the tags of each of ``values`` (n,); none for None.

    Tags in fewer than ``fewest`` rows, or missing in fewer, are left out, and the notes say so. Raises
    DataError where the separator is not clear, or fewer than two tags are left.
    """
    texts = ["" if _is_missing(value) else str(value) for value in values]
    mark = separator or _find_separator(texts, column)
    rows = [{tag for part in text.split(mark) if (tag := part.strip())} for text in texts]
    counts = Counter(tag for row in rows for tag in row)
    names = sorted(tag for tag, n in counts.items() if fewest <= n <= len(rows) - fewest)
    if len(names) < 2:
        common = [f"{tag} ({n})" for tag, n in counts.most_common(_MOST_SHOWN)]
        raise DataError(
            say("tags", column=column, n=len(names), fewest=fewest), hint=say("tags hint", common=common)
        )
    places = {name: place for place, name in enumerate(names)}
    present = np.zeros((len(rows), len(names)), dtype=bool)
    for row, tags in enumerate(rows):
        present[row, [places[tag] for tag in tags if tag in places]] = True
    return TagTable(
        names=tuple(names), present=present, separator=mark, notes=_notes(rows, counts, column, mark, fewest)
    )


def _notes(
    rows: Sequence[set[str]], counts: Counter[str], column: str, separator: str, fewest: int
) -> tuple[str, ...]:
    rare = sorted(tag for tag, n in counts.items() if n < fewest)
    common = sorted(tag for tag, n in counts.items() if n > len(rows) - fewest)
    n_empty = sum(not row for row in rows)
    notes = [say("note tags", n=len(counts), column=column, separator=separator, empty=n_empty)]
    if rare:
        notes.append(say("note rare", n=len(rare), fewest=fewest, tags=rare))
    if common:
        notes.append(say("note common", n=len(common), fewest=fewest, tags=common))
    return tuple(notes)


def _find_separator(texts: Sequence[str], column: str) -> str:
    """Return the only mark that parts the texts; raises DataError where it is none, or not one alone."""
    counts = {mark: sum(mark in text for text in texts) for mark in SEPARATORS}
    used = sorted((mark for mark, n in counts.items() if n), key=lambda mark: -counts[mark])
    if not used:
        raise DataError(say("no separator", column=column), hint=say("no separator hint", column=column))
    if len(used) > 1:
        shown = join_names([f"'{mark}' in {format_count(counts[mark], 'row')}" for mark in used])
        raise DataError(
            say("separators", column=column, counts=shown), hint=say("separators hint", nearest=used[0])
        )
    return used[0]


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value)))
