"""The graph's inputs: one for each raw column, of shape (n, 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from litmus_core.frame import stored_as_number
from litmus_core.types import Column

MISSING_TEXT = ""
MISSING_MOMENT = -(2**63)  # NumPy's NaT
_NUMBER = "a number; NaN is missing"
_BOOLEAN = "1 for true, 0 for false; NaN is missing"
_DATE = "microseconds since 1970-01-01 00:00 UTC; -9223372036854775808 is missing"
_CATEGORY = 'a text as the training data has it; "" is missing'


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A raw column as the graph takes it; ``description`` is about its values."""

    name: str
    type: Literal["double", "int64", "string"]
    description: str


def input_of(column: Column, vocabulary: Sequence[str] | None) -> Input:
    """Return how the graph takes a column; a category has its ``vocabulary``."""
    if vocabulary is not None and not are_numbers(column, vocabulary):
        return Input(name=column.name, type="string", description=_CATEGORY)
    if column.traits.is_moment:
        return Input(name=column.name, type="int64", description=_DATE)
    return Input(name=column.name, type="double", description=_BOOLEAN if column.traits.is_truth else _NUMBER)


def are_numbers(column: Column, vocabulary: Sequence[str]) -> bool:
    """Return whether a category's words are numbers that doubles distinguish as well as texts do."""
    if not stored_as_number(column):
        return False
    try:
        return all(_spell_number(float(word)) == word for word in vocabulary)
    except ValueError:
        return False


def _spell_number(number: float) -> str:
    """Return a number as a file would write it."""
    return str(int(number)) if abs(number) < 1e15 and number.is_integer() else str(number)
