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

    Example rows show what to expect of rows that no training saw. So new values are expected where the
    examples have them, and columns that custom pre-processing changes are left out.
    """
    by_name = {column.name: column for column in columns if not column.traits.is_identifier}
    learned: list[LearnedColumn] = []
    for encoder in state.get("encoders", ()):
        column = by_name.get(encoder["column"]["name"])
        kind = encoder["kind"]
        if column is None or kind not in ("category", "number") or encoding_of(column) != kind:
            continue
        values = read_values([row.get(column.name) for row in examples], column)
        if kind == "category":
            vocabulary = tuple(encoder["vocabulary"])
            learned.append(LearnedCategories(column=column, vocabulary=vocabulary, examples=tuple(values)))
        else:
            low, high = float(encoder["low"]), float(encoder["high"])
            learned.append(LearnedNumbers(column=column, low=low, high=high, examples=np.asarray(values)))
    return tuple(learned)


def read_values(raw: Any, column: Column) -> Any:
    """Return the present values of a column as texts or finite doubles."""
    values = column_reader(column)(raw)
    if isinstance(values, np.ndarray):
        return values[np.isfinite(values)]
    return [value for value in values if value is not None]
