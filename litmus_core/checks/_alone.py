"""What each column says alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data import text_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from litmus_core.checks._table import Table
    from litmus_core.types import Column, ColumnKind

_MOST_COLUMNS = 1_000


def scores_alone(table: Table) -> dict[str, float]:
    """Return the out-of-fold score of each column but texts; of a very wide table, of its first 1,000."""
    used = [each for each in table.columns if each.kind != "text" and each.n_missing < table.n_rows]
    return {each.name: table.question.told_by(*_said(table, each)) for each in used[:_MOST_COLUMNS]}


def _said(table: Table, column: Column) -> tuple[NDArray[Any], ColumnKind]:
    """Return a column's values and kind; of texts that follow the row order, their places in it."""
    if column.storage == "VARCHAR" and column.name in table.followers:
        order = text_order(table.sample[column.name], column.name)
        if order is not None:
            return order.numbers, "number"
    return np.asarray(table.sample[column.name]), column.kind
