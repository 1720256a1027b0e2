"""What each column says alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from litmus_core.checks._table import Table

_MOST_COLUMNS = 1_000


def scores_alone(table: Table) -> dict[str, float]:
    """Return the out-of-fold score of each column but texts; of a very wide table, of its first 1,000."""
    used = [each for each in table.columns if each.kind != "text" and each.n_missing < table.n_rows]
    return {
        each.name: table.question.told_by(np.asarray(table.sample[each.name]), each.kind)
        for each in used[:_MOST_COLUMNS]
    }
