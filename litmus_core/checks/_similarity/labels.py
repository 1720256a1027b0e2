"""Labels that a model confuses although it distinguishes others well: one class with two names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.quick_model import quick_model
from litmus_core.checks._context.row_order import find_followers
from litmus_core.data import UnivariateScorer
from litmus_core.runtime import label_text

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext

_FEWEST_ROWS = 8  # of the rarer label: fewer prove nothing
_MOST_ROWS = 1_500  # of each label
_OTHER_PAIRS = 6  # other pairs, to show how well labels can be distinguished
# skill below which two labels are one, and above which others are well distinguished
_CONFUSED, _DISTINGUISHED = 0.3, 0.6


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How well a quick model distinguishes two labels: ``separation`` from 0 (not at all) to 1 (always).

    ``usual`` is the same for other pairs of the table (their median). ``is_known`` is False if the rarer
    label has too few rows.
    """

    first: Any
    second: Any
    separation: float
    usual: float
    is_known: bool

    @property
    def is_confusable(self) -> bool:
        """Whether the two are confused far more than others."""
        return (
            self.is_known
            and self.separation <= _CONFUSED
            and self.usual >= _DISTINGUISHED
            and self.separation <= self.usual / 2
        )


def confusable(table: CheckContext, pairs: Sequence[tuple[Any, Any]]) -> tuple[LabelAgreement, ...]:
    """Return how well a quick model distinguishes each pair of labels (as in ``table.labels``).

    Two names of one class look alike in all other columns: the model does no better than guessing. Columns
    that follow the row order, ids and leaks are left out.
    """
    rows = _rows_by_label(table)
    names = [label for label, places in rows.items() if len(places) >= _FEWEST_ROWS]
    wanted = {frozenset(pair) for pair in pairs}
    rng = np.random.default_rng([table.seed, 29])
    others = [
        (first, second)
        for place, first in enumerate(names)
        for second in names[place + 1 :]
        if frozenset((first, second)) not in wanted
    ]
    drawn = [others[place] for place in rng.permutation(len(others))[:_OTHER_PAIRS]]
    usual = (
        float(np.median([_skill_between(table, rows, *pair) for pair in drawn])) if drawn and pairs else 0.0
    )
    agreements = []
    for first, second in pairs:
        n_rows = min(len(rows.get(label, ())) for label in (first, second))
        is_frequent = n_rows >= _FEWEST_ROWS
        skill = _skill_between(table, rows, first, second) if is_frequent else 0.0
        agreements.append(LabelAgreement(first, second, skill, usual, is_frequent))
    return tuple(agreements)


def _rows_by_label(table: CheckContext) -> dict[Any, np.ndarray[Any, Any]]:
    import pandas as pd

    codes, labels = pd.factorize(table.labels, use_na_sentinel=True)
    order = np.argsort(codes, kind="stable")
    cuts = np.searchsorted(codes[order], np.arange(len(labels) + 1))
    return {label: order[cuts[place] : cuts[place + 1]] for place, label in enumerate(labels.tolist())}


def _skill_between(
    table: CheckContext, rows: dict[Any, np.ndarray[Any, Any]], first: Any, second: Any
) -> float:
    """Return a quick model's skill in distinguishing rows of two labels."""
    rng = np.random.default_rng([table.seed, 31])
    few = min(len(rows[first]), len(rows[second]))
    most = max(10 * few, 100)  # a label with many more rows is sampled
    chosen = [rng.permutation(rows[label])[: min(most, _MOST_ROWS)] for label in (first, second)]
    frame: pd.DataFrame = table.sample.iloc[np.concatenate(chosen)].reset_index(drop=True)
    labels = np.repeat(
        np.array([label_text(first), label_text(second)], dtype=object), [len(c) for c in chosen]
    )
    import pandas as pd

    scorer = UnivariateScorer.of(pd.Series(labels), "binary", seed=table.seed, merge=False)
    hidden = table.once(find_leaks).columns | set(table.once(find_followers))
    columns = [table.version.column(name) for name in table.suggestion.features if name not in hidden]
    model = quick_model(frame, columns, scorer, seed=table.seed)
    return float(np.clip(abs(model.skill), 0.0, 1.0))
