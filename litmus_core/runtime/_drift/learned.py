"""What a model learned of a column's values: categories or a range, and values of its example rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import column_reader, encoding_of

if TYPE_CHECKING:
    from litmus_core.types import Column

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedCategories:
    """The categories that a model knows, in their order, and those of the example rows that have one."""

    column: Column
    vocabulary: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedNumbers:
    """The finite range of the training rows, and the numbers of the example rows that have one."""

    column: Column
    low: float
    high: float
    examples: Floats


LearnedColumn = LearnedCategories | LearnedNumbers


def learned_columns(
    columns: Sequence[Column], state: Mapping[str, Any], examples: Sequence[Mapping[str, Any]]
) -> tuple[LearnedColumn, ...]:
    """Return what a pipeline's ``state`` says of ``columns``, without identifiers, dates, texts and yes/no.

    Example rows show what to expect of rows that no training saw: without any, nothing is returned. So new
    values are expected where the examples have them, and columns that custom pre-processing changes are left
    out.
    """
    if not examples:
        return ()
    by_name = {column.name: column for column in columns if not column.traits.is_identifier}
    learned: list[LearnedColumn] = []
    for encoder in state.get("encoders", ()):
        column = by_name.get(encoder["column"]["name"])
        if column is None or encoding_of(column) != encoder["kind"]:
            continue
        raw = [row.get(column.name) for row in examples]
        if (vocabulary := encoder.get("vocabulary")) is not None:
            words = tuple(read_values(raw, column))
            learned.append(LearnedCategories(column=column, vocabulary=tuple(vocabulary), examples=words))
        elif "low" in encoder:
            low, high, numbers = float(encoder["low"]), float(encoder["high"]), read_values(raw, column)
            learned.append(LearnedNumbers(column=column, low=low, high=high, examples=numbers))
    return tuple(learned)


def read_values(raw: Any, column: Column) -> Any:
    """Return the present values of a column as texts or finite doubles."""
    values = column_reader(column)(raw)
    if isinstance(values, np.ndarray):
        return values[np.isfinite(values)]
    return [value for value in values if value is not None]
