"""Whether rows are sorted by the target, and which columns follow their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data import follows_row_order, may_follow

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

SORTED = 0.9  # rank correlation with the row number, or share of rows, that counts as sorted
# blocks of rows, and the rank correlation needed in each: a trend alone is not enough
_LOCAL, _LOCALLY = 12, 0.6
_IN_BLOCKS = 0.8  # share of rows that keep their place if each label forms one block


def find_followers(table: CheckContext) -> tuple[str, ...]:
    """Return the columns, without the target, that rise or fall with the row number."""
    return tuple(
        column.name
        for column in table.columns
        if may_follow(column, n_rows=table.n_rows)
        and follows_row_order(column, table.sample[column.name].to_numpy(), table.rows)
    )


def is_sorted(table: CheckContext) -> bool:
    """Return whether the rows are sorted by the target: label by label, or by rising or falling numbers."""
    scorer = table.scorer
    places = table.rows[scorer.rows]
    if len(places) < 2:
        return False
    if not scorer.n_classes:
        in_order = scorer.target[np.argsort(places, kind="stable")]
        blocks = [np.arange(len(in_order)), *np.array_split(np.arange(len(in_order)), _LOCAL)]
        locally = [_rises(in_order[part]) for part in blocks if len(part) > 2]
        pairs = [pair for pair in locally if pair is not None]
        if not pairs or locally[0] is None:
            return False  # all values are equal
        return abs(locally[0]) >= SORTED and abs(float(np.mean(pairs))) >= _LOCALLY
    in_order = scorer.target[np.argsort(places, kind="stable")]
    counts = np.bincount(in_order, minlength=scorer.n_classes)
    sums = np.bincount(in_order, weights=np.arange(len(in_order)), minlength=scorer.n_classes)
    by_place = np.argsort(sums / np.maximum(counts, 1), kind="stable")
    return float((np.repeat(by_place, counts[by_place]) == in_order).mean()) >= _IN_BLOCKS


def are_in_order(table: CheckContext) -> bool:
    """Return whether a numeric target rises or falls with the row number: sorted, or a trend."""
    scorer = table.scorer
    if scorer.n_classes or len(scorer.rows) < 3:
        return False
    rises = _rises(scorer.target[np.argsort(table.rows[scorer.rows], kind="stable")])
    return rises is not None and abs(rises) >= SORTED


def _rises(predictions: np.ndarray[Any, np.dtype[Any]]) -> float | None:
    """Return the rank correlation of numbers with their positions; None if all are equal."""
    from scipy.stats import spearmanr

    if (predictions == predictions[0]).all():
        return None
    return float(spearmanr(np.arange(len(predictions)), predictions).statistic)
