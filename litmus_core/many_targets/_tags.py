"""Tags in one column: which separator they have, and which tags occur often enough."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import RemediableError
from litmus_core.many_targets._texts import say
from litmus_core.text import format_count, join_names

SEPARATORS = (",", ";", "|")
FEWEST = 10  # rows that a label has to have, and to lack
_OTHERS = ("/", "+", "&", "#", " ")  # that may separate tags, and more often do not
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class TagColumn:
    """A column of tags, separated by ``separator`` (None: detected) or held as lists.

    Tags of fewer than ``fewest`` rows are left out.
    """

    column: str
    _: KW_ONLY
    separator: str | None = None
    fewest: int = FEWEST


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TagTable:
    """The tags of a column: ``present`` (n, k) says which rows have which of ``names``.

    ``separator`` is "" for lists.
    """

    names: tuple[str, ...]
    present: NDArray[np.bool_]
    separator: str
    notes: tuple[str, ...]


def read_tags(values: Sequence[Any], column: str, *, separator: str | None, fewest: int) -> TagTable:
    """Return the tags of each of ``values`` (n,); none for None.

    Tags that differ only in case are one, in the commonest spelling. Tags in fewer than ``fewest`` rows, or
    missing in fewer, are left out, and the notes say so. Raises RemediableError where the separator is not
    clear, or fewer than two tags are left.
    """
    texts = ["" if _is_missing(value) else str(value) for value in values]
    filled = [text for text in texts if text]
    plain = [text for text in filled if _listed(text) is None]
    is_listed = len(plain) < len(filled)
    mark = "" if is_listed and not plain else separator or _find_separator(plain, column, is_listed=is_listed)
    parts = [split_tags(text, mark) for text in texts]
    spelt = _spellings(parts)
    rows = [{spelt[tag] for tag in row} for row in parts]
    counts = Counter(tag for row in rows for tag in row)
    names = sorted(tag for tag, n in counts.items() if fewest <= n <= len(rows) - fewest)
    if len(names) < 2:
        common = [f"{tag} ({n})" for tag, n in counts.most_common(_MOST_SHOWN)]
        lower = _fewer(counts, len(rows), fewest)
        raise RemediableError(
            say("tags", column=column, n=len(names), fewest=fewest),
            hint=say("tags hint", common=common, rows=len(rows), lower=bool(lower)),
            remedies=lower,
        )
    places = {name: place for place, name in enumerate(names)}
    present = np.zeros((len(rows), len(names)), dtype=bool)
    for row, tags in enumerate(rows):
        present[row, [places[tag] for tag in tags if tag in places]] = True
    notes = _notes(rows, counts, column, mark, fewest)
    if merged := sorted(tag for tag, spelling in spelt.items() if tag != spelling):
        notes = (*notes, say("note spellings", n=len(merged), tags=merged))
    return TagTable(names=tuple(names), present=present, separator=mark, notes=notes)


def _spellings(rows: Sequence[set[str]]) -> dict[str, str]:
    """Return the commonest spelling of each tag, of those that differ from it only in case."""
    counts = Counter(tag for row in rows for tag in row)
    spelt: dict[str, str] = {}
    for tag, _ in counts.most_common():
        spelt.setdefault(tag.casefold(), tag)
    return {tag: spelt[tag.casefold()] for tag in counts}


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


def split_tags(text: str, separator: str) -> set[str]:
    """Return the tags of one text; those of a list are its items, whatever they hold.

    >>> sorted(split_tags("worn, loud,", ",")), sorted(split_tags('["hot, dry","new"]', ","))
    (['loud', 'worn'], ['hot, dry', 'new'])
    """
    parts = _listed(text)
    if parts is None:
        parts = text.split(separator) if separator else [text]
    return {tag for part in parts if (tag := part.strip())}


def _listed(text: str) -> list[str] | None:
    """Return the items of a list that import wrote as JSON, or that Python printed; None for other texts."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        try:
            items = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):  # MemoryError: nested too deeply
            return None
        if repr(items) != text:
            return None  # an array that NumPy printed has no commas
    return [str(item) for item in items if not _is_missing(item)]


def _fewer(counts: Counter[str], n_rows: int, fewest: int) -> list[dict[str, int]]:
    """Return the highest limit that leaves two tags, if there is one."""
    reached = sorted((min(n, n_rows - n) for n in counts.values()), reverse=True)
    return [{"fewest": reached[1]}] if len(reached) > 1 and 2 <= reached[1] < fewest else []


def _find_separator(texts: Sequence[str], column: str, *, is_listed: bool) -> str:
    """Return the only mark that separates tags in the texts, "" for none beside lists.

    Raises RemediableError where it is not exactly one.
    """
    counts = {mark: sum(mark in text for text in texts) for mark in SEPARATORS}
    used = sorted((mark for mark, n in counts.items() if n), key=lambda mark: -counts[mark])
    if not used and is_listed:
        return ""
    if not used:
        raise RemediableError(
            say("no separator", column=column),
            hint=say("no separator hint", column=column),
            remedies=[{"separator": mark} for mark in _OTHERS if any(mark in text for text in texts)],
        )
    if len(used) > 1:
        shown = join_names([f"'{mark}' in {format_count(counts[mark], 'row')}" for mark in used])
        raise RemediableError(
            say("separators", column=column, counts=shown),
            hint=say("separators hint", nearest=used[0]),
            remedies=[{"separator": mark} for mark in used],
        )
    return used[0]


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value)))
