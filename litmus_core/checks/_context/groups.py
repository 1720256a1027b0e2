"""Columns that name things with several rows each: patients, shops, the numbers of chicks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.quick_model import quick_model
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.time_drift import find_times
from litmus_core.checks._context.whole_groups import sample_whole_groups
from litmus_core.data import identifier, looks_like_id, moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litmus_core.checks._context.quick_model import Floats, Ints
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_ENTITIES = re.compile(
    r"account|animal|author|batch|block|building|buyer|case|cluster|client|clinic|company|customer|device|donor"
    r"|driver|employee|engine|entity|family|farm|firm|group|hospital|house|household|machine|member|merchant"
    r"|owner|participant|patient|person|plant|player|respondent|school|seller|sensor|serial|session|shop|site"
    r"|store|student|subject|supplier|teacher|team|tenant|user|vehicle|vendor|visitor|worker",
    re.IGNORECASE,
)
_KINDS = re.compile(r"species|genus|type|kind|categor|status|level|currency|language", re.IGNORECASE)
_FEWEST_GROUPS = 12
_FEWEST_PER_GROUP = 1.7
_MOST_MISSING = 0.5
# a category with as many values, and as few rows each, identifies things
_MANY_GROUPS, _SMALL_GROUPS = 40, 50
_MANY_CODES = 100  # a number with as many values may identify things without a name that says so
_INTERVALS, _BEYOND_INTERVALS = 20, 0.05  # skill beyond that of the intervals
_SIMILAR = 0.05  # skill of a group's own average in predicting the target
_CLEARLY = 0.2  # share of what the other columns leave open
_FULL = 0.8  # share of the pairs of two columns' values that have a row
_NEARLY = 1.02  # pairs of values for each thing
_MOST_MODELLED = 3  # columns of which a model of the others is asked what it leaves open


@dataclass(frozen=True)
class ThingGroup:
    """A column that names things, and how far the average of a thing predicts the target.

    ``alike`` is the skill of that average. Where it is too small, ``beyond`` is the share that the average
    explains of what a model of the other columns leaves open. ``same`` are other columns that name the same
    things.
    """

    column: Column
    alike: float
    beyond: float = 0.0
    same: tuple[str, ...] = ()

    @property
    def is_hidden(self) -> bool:
        """Whether rows of one thing are alike only beyond what the other columns say."""
        return self.beyond >= _SIMILAR

    @property
    def is_clear(self) -> bool:
        """Whether the averages explain so much of what the others leave open that no doubt is left."""
        return self.beyond >= _CLEARLY


def find_groups(table: CheckContext) -> tuple[ThingGroup, ...]:
    """Return the columns that identify things with several rows each, if such rows have similar targets."""
    possible = [column for column in table.columns if _may_be_group(table, column)]
    if not possible:
        return ()
    same = table.once(find_leaks).same  # finding leaks is slow, so it comes last
    possible = [column for column in possible if column.name not in same and _has_several_rows(table, column)]
    groups: list[ThingGroup] = []
    unlike: list[ThingGroup] = []
    for column in possible:
        sample = table.once(whole_groups, column)
        alike = _group_skill(sample, group_codes(sample, column))
        order = _interval_skill(sample, column) + _BEYOND_INTERVALS if _is_unnamed_number(column) else 0.0
        (groups if alike >= max(_SIMILAR, order) else unlike).append(ThingGroup(column, alike))
    looked_at = [_look_beyond(table, group) for group in unlike[:_MOST_MODELLED]]
    hidden = [group for group in looked_at if group.is_hidden]
    columns = [group.column for group in (*groups, *hidden)]
    chosen = [group for group in groups if not _is_trait_of_groups(table, group, columns)]
    chosen.sort(key=lambda group: (-round(group.alike, 2), group.column.n_missing))
    hidden.sort(key=lambda group: -group.beyond)
    return _without_repeats(table, [*chosen, *hidden])


def whole_groups(table: CheckContext, column: Column) -> CheckContext:
    """Return the table with all rows of each group in its sample, where groups are small."""
    if table.n_rows > _SMALL_GROUPS * column.n_distinct:
        return table
    return sample_whole_groups(table, [column.name])


def group_codes(table: CheckContext, column: Column) -> Ints:
    """Return each row's group; a row without one is its own group."""
    import pandas as pd

    codes = pd.factorize(table.sample[column.name])[0].astype(np.int64)
    is_missing = codes < 0
    codes[is_missing] = codes.max(initial=-1) + 1 + np.arange(int(is_missing.sum()))
    return np.asarray(codes)


def names_entity(column: Column) -> bool:
    """Return whether the column's name says that it identifies things, not kinds of things."""
    name = column.name
    return bool((looks_like_id(name) and not _KINDS.search(name)) or _ENTITIES.search(name))


def is_beyond_order(table: CheckContext, group: ThingGroup) -> bool:
    """Return whether a group predicts better than the groups whose numbers are near, as no time would."""
    sample = table.once(whole_groups, group.column)
    places = moments(sample.sample, (group.column.name,))
    return group.alike >= _group_skill(sample, _bins(places)) + _BEYOND_INTERVALS


def numbers_panel(table: CheckContext, column: Column) -> bool:
    """Return whether the column names things that all have rows of the same kinds, so it counts no rows."""
    return names_entity(column) and crosses_another(table, column)


def crosses_another(table: CheckContext, column: Column) -> bool:
    """Return whether nearly each value meets each value of another column in one row.

    So do the numbers of chicks that were weighed on the same days, but hardly amounts.
    """
    return any(_crosses(table, column, other) for other in table.columns if other is not column)


def _crosses(table: CheckContext, column: Column, other: Column) -> bool:
    n_cells = column.n_distinct * other.n_distinct
    if other.n_distinct < 2 or not _FULL * n_cells <= table.n_rows <= n_cells:
        return False
    pair = ", ".join(map(identifier, (column.name, other.name)))
    n_pairs = table.query(f"SELECT count(*) FROM (SELECT DISTINCT {pair} FROM rows)")[0][0]  # noqa: S608 - quoted
    return bool(n_pairs == table.n_rows)


def _may_be_group(table: CheckContext, column: Column) -> bool:
    if (
        column.traits.is_moment
        or column.traits.is_truth
        or column.traits.units
        or column.stores_fractions
        or (column.name in table.once(find_followers) and not numbers_panel(table, column))
    ):
        return False
    if column.n_distinct < _FEWEST_GROUPS or column.n_missing > _MOST_MISSING * table.n_rows:
        return False
    per_value = table.n_rows / column.n_distinct
    many = _MANY_CODES if column.traits.is_quantity else _MANY_GROUPS
    if names_entity(column) or (column.n_distinct >= many and per_value <= _SMALL_GROUPS):
        return True
    return column.traits.is_quantity and not _is_time(table, column) and crosses_another(table, column)


def _is_time(table: CheckContext, column: Column) -> bool:
    return any(column.name in time.names and time.is_sure for time in table.once(find_times))


def _has_several_rows(table: CheckContext, column: Column) -> bool:
    codes = group_codes(table.once(whole_groups, column), column)
    n_groups = len(np.unique(codes))
    return n_groups >= _FEWEST_GROUPS and len(codes) / n_groups >= _FEWEST_PER_GROUP


def _is_unnamed_number(column: Column) -> bool:
    return column.traits.is_quantity and not names_entity(column)


def _is_trait_of_groups(table: CheckContext, group: ThingGroup, others: Sequence[Column]) -> bool:
    """Return whether a number is constant in all rows of a finer group and predicts as well as its interval.

    A person's years of schooling look like a group, since all rows of a person have them.
    """
    column = group.column
    if not column.traits.is_quantity or group.alike >= _interval_skill(table, column) + _BEYOND_INTERVALS:
        return False
    codes = group_codes(table, column)
    return any(_determines(group_codes(table, other), codes) for other in others if other is not column)


def _determines(finer: Ints, coarser: Ints) -> bool:
    n_finer = len(np.unique(finer))
    return n_finer == _n_pairs(finer, coarser) > len(np.unique(coarser))


def _n_pairs(first: Ints, second: Ints) -> int:
    return len(np.unique(np.stack([first, second]), axis=1)[0])


def _without_repeats(table: CheckContext, groups: Sequence[ThingGroup]) -> tuple[ThingGroup, ...]:
    """Return the groups without those that name the same things as an earlier one, which lists them.

    A column whose own name says that it identifies things stays.
    """
    chosen: list[ThingGroup] = []
    for group in groups:
        twin = next(
            (at for at, other in enumerate(chosen) if _are_same(table, other.column, group.column)), None
        )
        if twin is None or names_entity(group.column):
            chosen.append(group)
        else:
            chosen[twin] = replace(chosen[twin], same=(*chosen[twin].same, group.column.name))
    return tuple(chosen)


def _are_same(table: CheckContext, first: Column, second: Column) -> bool:
    """Return whether both columns name the same things, but for a few that have several names."""
    frame = table.sample[[first.name, second.name]].dropna()
    pairs = frame.drop_duplicates()
    return len(frame) >= _FULL * len(table.sample) and len(pairs) <= _NEARLY * min(pairs.nunique())


def _look_beyond(table: CheckContext, group: ThingGroup) -> ThingGroup:
    """Return the group with the share that it explains of what a model of the other columns leaves open."""
    column = group.column
    sample = table.once(whole_groups, column)
    rest = _left_open(sample, column)
    beyond = _share_explained(rest, group_codes(sample, column)[sample.scorer.rows])
    if _is_unnamed_number(column):
        order = _share_explained(rest, _intervals(sample, column)[sample.scorer.rows])
        beyond = 0.0 if beyond < order + _BEYOND_INTERVALS else beyond
    return replace(group, beyond=beyond)


def _left_open(table: CheckContext, column: Column) -> Floats:
    """Return how far a quick model of the other columns is off, (n, k)."""
    gone = {column.name, *table.once(find_leaks).columns}
    features = [table.version.column(name) for name in table.suggestion.features if name not in gone]
    predictions = quick_model(table.sample, features, table.scorer, seed=table.seed)
    scorer = table.scorer
    truth = np.eye(scorer.n_classes)[scorer.target] if scorer.n_classes else scorer.target
    return np.asarray(truth - predictions.prediction).reshape(len(scorer.rows), -1)


def _share_explained(rest: Floats, codes: Ints) -> float:
    """Return the share of the squares of ``rest`` (n, k) that the other rows of a row's group explain."""
    codes = np.unique(codes, return_inverse=True)[1]
    counts = np.bincount(codes)[codes][:, None]
    sums = np.column_stack([np.bincount(codes, weights=part)[codes] for part in rest.T])
    others = (sums - rest) / counts  # one row of the overall average, 0, counts as well
    return float(1 - np.square(rest - others).sum() / max(np.square(rest).sum(), 1e-12))


def _group_skill(table: CheckContext, codes: Ints) -> float:
    """Return the skill of a group's own average in predicting the target."""
    return table.scorer.skill(table.scorer.column_score(codes.astype(object), "category"))


def _interval_skill(table: CheckContext, column: Column) -> float:
    """Return the skill of a number's interval.

    For amounts, but not for ids, the bin predicts as well as the value.
    """
    return _group_skill(table, _intervals(table, column))


def _intervals(table: CheckContext, column: Column) -> Ints:
    import pandas as pd

    return _bins(pd.to_numeric(table.sample[column.name], errors="coerce").to_numpy(dtype=np.float64))


def _bins(numbers: Floats) -> Ints:
    import pandas as pd

    ranks = pd.Series(numbers).rank(pct=True).fillna(0.0)
    return np.asarray(np.ceil(_INTERVALS * ranks.to_numpy()).astype(np.int64))
