"""Why a deployed model got worse: what moved in its rows, and where its answers are worse than they were.

Three explanations are tried for each column, and each says by how much of the fall it accounts. *Values
changed*: with the column's values put back to where they were (quantile by quantile; new categories to those
that vanished), the model's answers are better again, as after a change of unit. *Group worse*: one group's
loss rose more than that of the others. *Group grew*: there are more rows of a group that was always hard.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.diagnostics._parts import parts_of
from litmus_core.diagnostics._plain import spoken
from litmus_core.types import Cause, Column

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Losses = Callable[["pd.DataFrame"], Floats]
FEWEST_JUDGED = 100
_MISSING, _NEW_VALUES = "missing", "new"
_KINDS: dict[str, Any] = {_MISSING: "values missing", _NEW_VALUES: "values new"}
_FEWEST_IN_GROUP = 20
_FALL_ERRORS = 2.0  # below which there is nothing to explain
_ERRORS = 2.0  # of what rows that moved account for; rows that did not must stand out among all groups
_SHARE_ERRORS = 5.0  # of a group's share of the rows: then it moved
_LEAST_SHARE = 0.2  # of the fall
_MOST_CAUSES = 3
_INTERVALS = 12  # of a number, and how many of them a group may span
_WIDEST, _FEW_VALUES = 8, 6
_WIDEST_SHARE = 0.75  # of the rows: a wider group is everything
_FEW_OTHERS = 0.1  # of the rows: what the others do says nothing about a group that has grown to nearly all
_UNMOVED = 0.5  # weight of what did not move
_NEW = 0.25  # of its share now: a group that had less before was hardly there
_MOST_MAPPED = 30  # columns put back, those that moved most
_MOVED = 0.1  # largest distance between the distributions (Kolmogorov and Smirnov)
_NORMAL = NormalDist()


@dataclass(frozen=True, eq=False, kw_only=True)
class RowLosses:
    """Rows (n) as the model reads them, and the loss (n,) of its answer to each."""

    frame: pd.DataFrame
    losses: Floats

    def __len__(self) -> int:
        return len(self.losses)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """An explanation: the loss that it accounts for, the standard error of that, and whether rows moved.

    ``distance`` is by how much the share of the group, or of all groups, changed (0 to 1); None: values did.
    """

    cause: Cause
    explained: float
    error: float
    has_moved: bool
    distance: float | None = None

    def weight(self, farthest: float) -> float:
        """Return the loss times its certainty: a wide group has more of the loss, the right one is surer.

        Where one column's groups grew, those of others that go with it grew as well, but less. What did not
        move may have got worse because another column did.
        """
        weight = self.explained * self.explained / max(self.error, 1e-12)
        if not self.has_moved:
            return weight * _UNMOVED
        return weight if self.distance is None else weight * self.distance / farthest


def has_fallen(before: RowLosses, now: RowLosses) -> bool:
    """Return whether the mean loss certainly rose."""
    rise, error = _rise(before.losses, now.losses)
    return rise > _FALL_ERRORS * error


def find_causes(
    before: RowLosses, now: RowLosses, columns: Sequence[Column], losses_of: Losses
) -> tuple[Cause, ...]:
    """Return at most three causes of the fall from ``before`` to ``now``, the largest first.

    ``losses_of`` returns the losses of ``now``'s rows in another frame: the model answers again. What could
    be chance among all that was tried is left out. Nothing is returned if the loss did not certainly rise, or
    if it rose in all groups alike. Both need 100 rows.
    """
    if min(len(before), len(now)) < FEWEST_JUDGED or not has_fallen(before, now):
        return ()
    fall, _ = _rise(before.losses, now.losses)
    claims = [
        claim
        for column in columns
        if column.name in before.frame and column.name in now.frame
        for claim in (*_of_groups(before, now, column), *_of_shares(before, now, column))
    ]
    claims += _of_values(before, now, columns, losses_of)
    least = {True: _ERRORS, False: _NORMAL.inv_cdf(1 - 0.05 / max(1, len(claims)))}
    likely = [
        one for one in claims if one.explained > max(least[one.has_moved] * one.error, _LEAST_SHARE * fall)
    ]
    farthest = max((one.distance or 0.0 for one in likely if one.has_moved), default=1.0) or 1.0
    return _one_a_column(sorted(likely, key=lambda one: -one.weight(farthest)), fall)


def _one_a_column(claims: Sequence[_Claim], fall: float) -> tuple[Cause, ...]:
    from dataclasses import replace

    causes: dict[str, Cause] = {}
    for claim in claims:
        share = min(1.0, claim.explained / fall)
        causes.setdefault(claim.cause.column, replace(claim.cause, share=share))
    return tuple(causes.values())[:_MOST_CAUSES]


def _error(values: Floats) -> float:
    return float(values.std() / math.sqrt(len(values))) if len(values) else math.inf


@dataclass(frozen=True, eq=False)
class _Group:
    """Which rows (n,) of both are in a group of a column."""

    label: str
    then: NDArray[np.bool_]
    here: NDArray[np.bool_]

    @property
    def shares(self) -> tuple[float, float]:
        return float(self.then.mean()), float(self.here.mean())

    @property
    def has_grown(self) -> bool:
        """Whether its share of the rows certainly rose."""
        (before, now), sizes = self.shares, (len(self.then), len(self.here))
        share = (self.then.sum() + self.here.sum()) / sum(sizes)
        error = math.sqrt(share * (1 - share) * (1 / sizes[0] + 1 / sizes[1]))
        return bool(now - before > _SHARE_ERRORS * error)


def _groups(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Group]:
    import pandas as pd

    both = pd.concat([before.frame[column.name], now.frame[column.name]], ignore_index=True)
    for label, places in parts_of(both, column, n_intervals=_INTERVALS):
        inside = np.zeros(len(both), dtype=bool)
        inside[places] = True
        yield _Group(label, inside[: len(before)], inside[len(before) :])


def _new_values(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Group]:
    """Yield the rows whose value was never there before, all as one group."""
    if not column.traits.is_vocabulary:
        return
    values = now.frame[column.name]
    here = (values.notna() & ~values.isin(before.frame[column.name].unique())).to_numpy()
    if here.any():
        yield _Group(_NEW_VALUES, np.zeros(len(before), dtype=bool), np.asarray(here))


def _with_ranges(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Group]:
    """Yield the groups of a column, and of a number's intervals all that lie side by side as well."""
    groups = list(_groups(before, now, column))
    yield from groups
    yield from _new_values(before, now, column)
    if not column.traits.is_quantity or len(groups) <= _FEW_VALUES:
        return
    values = [frame[column.name].to_numpy(dtype=np.float64) for frame in (before.frame, now.frame)]
    intervals = [group for group in groups if group.label != _MISSING]
    for first in range(len(intervals)):
        then, here = intervals[first].then, intervals[first].here
        for last in intervals[first + 1 : first + _WIDEST]:
            then, here = then | last.then, here | last.here
            inside = np.concatenate([values[0][then], values[1][here]])
            yield _Group(f"{spoken(float(inside.min()))} to {spoken(float(inside.max()))}", then, here)


def _of_groups(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Claim]:
    """Yield what each group of a column explains by being worse."""
    for group in _with_ranges(before, now, column):
        if group.here.sum() < _FEWEST_IN_GROUP or not (group.has_grown or group.shares[1] <= _WIDEST_SHARE):
            continue
        explained, error = _worse(before, now, group)
        then, here = group.shares
        yield _Claim(
            cause=Cause(
                kind=_KINDS.get(group.label, "group worse"),
                column=column.name,
                group=group.label,
                share_before=then,
                share_now=here,
            ),
            explained=here * explained,
            error=here * error,
            has_moved=group.has_grown,
            distance=here - then,
        )


def _worse(before: RowLosses, now: RowLosses, group: _Group) -> tuple[float, float]:
    """Return by how much a group's loss rose beyond that of the other rows, and the error of that.

    A group that was hardly there is compared with all earlier rows: few of its own say little.
    """
    then, here = group.then, group.here
    is_new = group.has_grown and group.shares[0] < _NEW * group.shares[1]
    is_known = then.sum() >= _FEWEST_IN_GROUP and not is_new
    rise, error = _rise(before.losses[then] if is_known else before.losses, now.losses[here])
    few = _FEW_OTHERS * len(here) if group.has_grown else 0.0
    if min((~then).sum(), (~here).sum()) < max(_FEWEST_IN_GROUP, few):
        return rise, error
    other, other_error = _rise(before.losses[~then], now.losses[~here])
    if group.has_grown:  # few other rows say little, and there is reason enough to look at these
        certainty = max(0.0, 1.0 - (other_error / other) ** 2) if other else 0.0
        other, other_error = certainty * other, certainty * other_error
    return rise - other, math.hypot(error, other_error)


def _rise(before: Floats, now: Floats) -> tuple[float, float]:
    return float(now.mean() - before.mean()), math.hypot(_error(before), _error(now))


def _of_shares(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Claim]:
    """Yield what is explained by there being more rows of a column's hard groups, and fewer of others."""
    mix, variance, distance, largest = 0.0, 0.0, 0.0, (0.0, "", 0.0, 0.0)
    mean_before = float(before.losses.mean())
    expected = np.full(len(now), mean_before)
    has_grown = False
    for group in _groups(before, now, column):
        if group.then.sum() < _FEWEST_IN_GROUP:
            continue
        share_before, share_now = group.shares
        hard = float(before.losses[group.then].mean()) - mean_before
        expected[group.here] += hard
        change = share_now - share_before
        mix += change * hard
        variance += change**2 * _error(before.losses[group.then]) ** 2
        distance += abs(change) / 2
        has_grown |= group.has_grown
        if change > 0 and change * hard > largest[0]:
            largest = (change * hard, group.label, share_before, share_now)
    _, label, share_before, share_now = largest
    if label:
        yield _Claim(
            cause=Cause(
                kind=_KINDS.get(label, "group grew"),
                column=column.name,
                group=label,
                share_before=share_before,
                share_now=share_now,
            ),
            explained=mix,
            error=math.sqrt(variance + _error(expected) ** 2 * (1 + len(now) / len(before))),
            has_moved=has_grown,
            distance=distance,
        )


def _of_values(
    before: RowLosses, now: RowLosses, columns: Sequence[Column], losses_of: Losses
) -> Iterator[_Claim]:
    """Yield what is explained by a column whose values moved, for those that moved most."""
    moved = []
    for column in columns:
        if column.name in before.frame and column.name in now.frame and not column.traits.is_prose:
            put_back = _put_back(before.frame[column.name], now.frame[column.name], column)
            if put_back is not None:
                moved.append((*put_back, column))
    moved.sort(key=lambda entry: -entry[0])
    for _, values, column in moved[:_MOST_MAPPED]:
        regained = now.losses - losses_of(now.frame.assign(**{column.name: values}))
        yield _Claim(
            cause=Cause(kind="values changed", column=column.name),
            explained=float(regained.mean()),
            error=_error(regained),
            has_moved=True,
        )


def _put_back(before: pd.Series[Any], now: pd.Series[Any], column: Column) -> tuple[float, Any] | None:
    """Return how far a column moved, and its values where they were; None if it did not move."""
    if column.traits.is_identifier:
        return None
    if column.traits.is_quantity:
        return _quantiles_back(before, now)
    return _names_back(before, now)


def _quantiles_back(before: pd.Series[Any], now: pd.Series[Any]) -> tuple[float, Any] | None:
    old = np.sort(before.dropna().to_numpy(dtype=np.float64))
    present = now.notna().to_numpy()
    new = now[present].to_numpy(dtype=np.float64)
    if min(len(old), len(new)) < _FEWEST_IN_GROUP:
        return None
    ranked = np.sort(new)
    grid = np.concatenate([old, ranked])
    cumulative = [np.searchsorted(values, grid, side="right") / len(values) for values in (old, ranked)]
    distance = float(np.abs(cumulative[0] - cumulative[1]).max())
    if distance < _MOVED:
        return None
    middle = (np.searchsorted(ranked, new, "left") + np.searchsorted(ranked, new, "right")) / 2
    values = now.to_numpy(dtype=np.float64, copy=True)
    values[present] = np.quantile(old, np.clip(middle / len(ranked), 0.0, 1.0), method="nearest")
    return distance, values


def _names_back(before: pd.Series[Any], now: pd.Series[Any]) -> tuple[float, Any] | None:
    """Put categories that were never there in place of those that are gone, by how frequent they are."""
    old, new = before.value_counts(normalize=True), now.value_counts(normalize=True)
    added, gone = new[~new.index.isin(old.index)], old[~old.index.isin(new.index)]
    if not len(gone) or added.sum() < _MOVED:
        return None
    names = dict(zip(added.index, gone.index, strict=False))
    return float(added.sum()), now.map(lambda value: names.get(value, value), na_action="ignore")
