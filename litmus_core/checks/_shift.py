"""Test rows that differ from the table: columns by which a model distinguishes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.quick_model import quick_model
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.univariate import univariate_scores
from litmus_core.checks._format import short_cell
from litmus_core.data import UnivariateScorer, as_numbers
from litmus_core.text import format_score, format_share, join_names
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_FEWEST_ROWS = 20
_MOST_ROWS = 6_000  # of each side
_REPORTED, _STRONG = 0.60, 0.65  # AUC of distinguishing them
_ERRORS = 3.0  # standard errors of the model's AUC beyond 0.5
_BY_CHANCE = 0.0005  # probability that any column reaches its AUC by chance
_MOST_COLUMNS = 150  # tried alone: those with the largest difference in mean
_DISTINGUISHES = 0.1  # skill of a single column in distinguishing them
_MATTERS = 0.03  # skill of a single column in predicting the target
_SHOWN = 5


def shift(table: CheckContext) -> Iterator[Finding]:
    """Yield one finding if a quick model distinguishes test rows from the table's."""
    columns = [
        column
        for column in table.columns
        if not column.traits.is_identifier
        and column.name not in table.once(find_followers)
        and column.name in table.test_sample.columns
    ]
    here, test = _sample(table.sample, table.seed), _sample(table.test_sample, table.seed)
    if min(len(here), len(test)) < _FEWEST_ROWS or not columns:
        return
    import pandas as pd
    from scipy.stats import norm

    names = [column.name for column in columns]
    both = pd.concat([here[names], test[names]], ignore_index=True)
    side = pd.Series(["table"] * len(here) + ["test"] * len(test))
    scorer = UnivariateScorer.of(side, "binary", seed=table.seed, merge=False)
    distinguishing = _distinguishing_columns(both, columns, scorer, table.seed)
    model = quick_model(both, columns, scorer, seed=table.seed)
    best = max((difference for _, difference in distinguishing), default=0.5)
    # The standard error of an AUC of 0.5, which randomly drawn rows give.
    error = float(np.sqrt((len(both) + 1) / (12 * len(here) * len(test))))
    far = float(norm.isf(_BY_CHANCE / len(columns)))
    if model.score < 0.5 + _ERRORS * error and best < 0.5 + far * error:
        return
    score = max(model.score, best)
    if score >= _REPORTED:
        yield _finding(table, distinguishing, score, here, test)


def _finding(
    table: CheckContext,
    distinguishing: list[tuple[Column, float]],
    score: float,
    here: pd.DataFrame,
    test: pd.DataFrame,
) -> Finding:
    matters = [column for column, _ in distinguishing if _predicts_target(table, column)]
    names = tuple(column.name for column, _ in distinguishing)
    return Finding(
        kind="shift",
        severity="harmful" if score >= _STRONG and matters else "warning",
        columns=names,
        statement=Statement.of("shift", "unlike", columns=names, score=float(score)),
        evidence=_evidence(matters, table),
        table=EvidenceTable(
            header=("column", "tells them apart (AUC)", "in the table", "in the test rows"),
            rows=tuple(
                (
                    column.name,
                    format_score(difference),
                    _typical(here[column.name], column),
                    _typical(test[column.name], column),
                )
                for column, difference in distinguishing
            ),
        ),
        fix=_fix(distinguishing, matters),
        score=score,
    )


def _sample(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame if len(frame) <= _MOST_ROWS else frame.sample(_MOST_ROWS, random_state=seed)


def _distinguishing_columns(
    both: pd.DataFrame, columns: list[Column], scorer: UnivariateScorer, seed: int
) -> list[tuple[Column, float]]:
    """Return the columns that distinguish test rows from the others on their own, best first."""
    distinguishing = []
    for column in _candidates(both, columns, scorer):
        score = (
            quick_model(both, [column], scorer, seed=seed).score
            if column.traits.is_prose
            else scorer.column_score(both[column.name].to_numpy(), column.kind)
        )
        if scorer.skill(score) >= _DISTINGUISHES:
            distinguishing.append((column, score))
    return sorted(distinguishing, key=lambda pair: -pair[1])[:_SHOWN]


def _candidates(both: pd.DataFrame, columns: list[Column], scorer: UnivariateScorer) -> list[Column]:
    """Return the columns to try: all, or if there are many, those with the largest difference in mean."""
    if len(columns) <= _MOST_COLUMNS:
        return columns
    is_test = scorer.target == int(scorer.classes.index("test"))
    gaps = []
    for column in columns:
        if not column.traits.is_ordered:
            gaps.append(np.inf)
            continue
        values = as_numbers(both[column.name].to_numpy())[scorer.rows]
        present = ~np.isnan(values)
        sides = [values[present & side] for side in (is_test, ~is_test)]
        spread = float(values[present].std()) if present.any() else 0.0
        gaps.append(
            abs(sides[0].mean() - sides[1].mean()) / spread if spread and all(map(len, sides)) else 0.0
        )
    order = np.argsort(-np.asarray(gaps), kind="stable")[:_MOST_COLUMNS]
    return [columns[place] for place in sorted(order)]


def _predicts_target(table: CheckContext, column: Column) -> bool:
    if table.target is None:
        return False
    score = (
        quick_model(table.sample, [column], table.scorer, seed=table.seed).score
        if column.traits.is_prose
        else table.once(univariate_scores).get(column.name, table.scorer.chance)
    )
    return table.scorer.skill(score) >= _MATTERS


def _evidence(matters: list[Column], table: CheckContext) -> tuple[Statement, ...]:
    if table.target is None:
        return ()
    names = [column.name for column in matters]
    key = "matters" if names else "harmless"
    return (Statement.of("shift", key, columns=names, target=table.target.name),)


def _fix(distinguishing: list[tuple[Column, float]], matters: list[Column]) -> Fix | None:
    """Leave out columns that only distinguish the rows; people decide about those that predict the target."""
    names = tuple(column.name for column, _ in distinguishing if column not in matters)
    if not names or matters:
        return None
    return Fix(kind="leave_out", columns=names)


def _typical(values: pd.Series[float], column: Column) -> str:
    """Describe a column's typical values: quartiles of numbers and dates, else the two commonest values."""
    present = values.dropna()
    if not len(present):
        return "nothing"
    if column.traits.is_ordered:
        low, high = (
            # The middle of two dates would have a time of day.
            present.quantile(share, interpolation="nearest" if column.traits.is_moment else "linear")
            for share in (0.25, 0.75)
        )
        phrase = f"{short_cell(low)} to {short_cell(high)} (middle half)"
        n_missing = len(values) - len(present)
        return phrase + (f", {format_share(n_missing / max(1, len(values)))} missing" if n_missing else "")
    common = present.astype(str).value_counts().head(2)
    return join_names(
        [f"{short_cell(name)} ({format_share(int(n) / max(1, len(values)))})" for name, n in common.items()]
    )
