"""Tables of Python's result for each letter, for the kernel."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from litmus_core.frame._kernel._bytes_ops import (
    BLANK,
    CAPITAL,
    DECIMAL,
    DIGIT,
    DROPPED,
    LETTER,
    N_LETTERS,
    NOT_IN_TABLE,
    SPACE,
    WORD,
)
from litmus_core.frame._operations.registry import OPERATIONS

Classes = np.ndarray[Any, np.dtype[np.uint8]]
Table = np.ndarray[Any, np.dtype[np.uint32]]

_LETTERS = "".join(map(chr, range(N_LETTERS)))
_BETWEEN = ("a", "a ", " a")  # for letters that may depend on a neighbour on both sides, or on one
# Operations that change each letter by itself, except letters found to depend on their neighbours.
CHANGES = ("lower", "upper", "strip punctuation", "collapse blanks")
COLLAPSE = "collapse blanks"
# What split() and re's \\s, \\w and \\d match.
_KINDS: dict[int, Callable[[str], bool]] = {
    BLANK: str.isspace,
    DIGIT: str.isdigit,
    CAPITAL: str.isupper,
    WORD: str.isalnum,
    DECIMAL: str.isdecimal,
}


@lru_cache(maxsize=1)
def classes() -> Classes:
    """Return the kinds of each letter, as bits."""
    classes_of = np.zeros(N_LETTERS, dtype=np.uint8)
    for bit, is_one in _KINDS.items():
        classes_of |= np.fromiter(map(is_one, _LETTERS), np.uint8, N_LETTERS) * np.uint8(bit)
    classes_of[ord("_")] |= WORD
    return classes_of


def follows(change: str, *, next_words: tuple[str, ...]) -> bool:
    """Return whether one table can do ``next_words`` and then ``change``.

    Dropping letters after whitespace was collapsed may bring whitespace together.
    """
    return not (COLLAPSE in next_words and change == "strip punctuation")


@lru_cache(maxsize=64)
def table_of(changes: tuple[str, ...]) -> tuple[Table, float]:
    """Return what ``changes`` (of CHANGES, in order) make of each letter.

    Also the factor by which a text can grow in bytes.
    """
    table = np.arange(N_LETTERS, dtype=np.uint32)
    marks = np.zeros(N_LETTERS, dtype=np.uint32)  # dropped, or not in the table
    for change in changes:
        if change == COLLAPSE:
            table[(classes()[table] & BLANK) > 0] = ord(" ")
        else:
            letter_table = _letter_table(change)[table]
            marks |= letter_table & ~np.uint32(LETTER)
            table = letter_table & np.uint32(LETTER)
    growth = _n_bytes(table) / _n_bytes(np.arange(N_LETTERS, dtype=np.uint32))
    marks |= ((classes()[table] & BLANK > 0) & (marks == 0)).astype(np.uint32) << np.uint32(SPACE)
    return table | marks, float(growth.max())


@lru_cache(maxsize=len(CHANGES))
def _letter_table(name: str) -> Table:
    """Return what an operation makes of each single letter: another, nothing, or not in the table."""
    change: Callable[[str], str] = OPERATIONS[name].bind()["change"]
    letters = [change(letter) for letter in _LETTERS]
    codes = [ord(one) if len(one) == 1 else 1 << (NOT_IN_TABLE if one else DROPPED) for one in letters]
    table = np.array(codes, dtype=np.uint32)
    for first in range(0, N_LETTERS, 256):
        here, expected = _LETTERS[first : first + 256], letters[first : first + 256]
        if all(change(by.join(here)) == change(by).join(expected) for by in _BETWEEN):
            continue
        for code, letter, itself in zip(range(first, first + 256), here, expected, strict=True):
            sides = ((one, letter, two) for one in ("", "a") for two in ("", "a"))
            if any(change("".join(side)) != change(side[0]) + itself + change(side[2]) for side in sides):
                table[code] = 1 << NOT_IN_TABLE  # depends on its neighbours
    return table


def _n_bytes(letters: Table) -> Any:
    return 1 + (letters >= 0x80) + (letters >= 0x800) + (letters >= 0x10000).astype(np.float64)
