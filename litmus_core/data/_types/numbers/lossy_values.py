"""Notes on values that are stored differently from the file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litmus_core.text import format_count


def infinite_note(n: int, name: str) -> str:
    """Return the note on infinite numbers, which become missing."""
    return f"{format_count(n, 'infinite value')} in '{name}' became missing."


def n_infinite_in(notes: Iterable[str], name: str) -> int:
    """Return how many numbers of a column were infinite before import, by the notes of its version.

    >>> n_infinite_in([infinite_note(1_200, "paid")], "paid"), n_infinite_in([], "paid")
    (1200, 0)
    """
    pattern = re.compile(rf"([\d,]+) infinite values? in '{re.escape(name)}' became missing")
    matches = (pattern.search(note) for note in notes)
    return sum(int(match[1].replace(",", "")) for match in matches if match)


def rounded_note(n: int, name: str) -> str:
    """Return the note on numbers with more digits than a double keeps."""
    were = "was" if n == 1 else "were"
    return f"{format_count(n, 'number')} in '{name}' {were} rounded to about 16 digits."


def lossy_note(name: str, *, n_infinite: int, n_rounded: int) -> str:
    """Return the note on numbers that are stored less precisely than written; "" if there are none."""
    notes = ((infinite_note, n_infinite), (rounded_note, n_rounded))
    return " ".join(note(n, name) for note, n in notes if n)


def zeros_note(n: int, name: str) -> str:
    """Return the note on texts that held the letter NUL."""
    return f"{format_count(n, 'text')} in '{name}' lost the letter NUL."


def binary_note(n: int, name: str) -> str:
    """Return the note on binary data among other values, which becomes missing."""
    return f"{format_count(n, 'binary value')} in '{name}' became missing."


def undecoded_note(n: int, name: str) -> str:
    """Return the note on texts whose bytes are not letters."""
    return f"{format_count(n, 'text')} in '{name}' had invalid bytes, which were replaced."
