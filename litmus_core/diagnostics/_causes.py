"""Why a deployed model got worse: which of its rows changed, and where its predictions got worse.

Three explanations are tried for each column, with the part of the fall that each accounts for. *Values
changed*: with the column's values mapped back to where they were (quantile by quantile; new categories to
those that vanished), the predictions are better again, as after a change of unit. *Group worse*: one group's
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

from litmus_core.diagnostics._cell_values import plain_text
from litmus_core.diagnostics._parts import parts_of
from litmus_core.types import Cause, Column

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Losses = Callable[["pd.DataFrame"], Floats]
FEWEST_JUDGED = 100
_MISSING, _NEW_VALUES = "missing", "new"
_KINDS: dict[str, Any] = {_MISSING: "values missing", _NEW_VALUES: "values new"}
_FEWEST_IN_GROUP = 20
_FALL_ERRORS = 2.0  # with fewer there is nothing to explain
_ERRORS = 2.0  # for rows that moved; the limit for other rows depends on the number of groups
_SHARE_ERRORS = 5.0  # of a group's share of the rows: beyond, it moved
_LEAST_SHARE = 0.2  # of the fall
_MOST_CAUSES = 3
_INTERVALS = 12  # of a number, and how many of them a group may span
_WIDEST, _FEW_VALUES = 8, 6
_WIDEST_SHARE = 0.75  # of the rows: a wider group is nearly all of them
_FELL_TOO = 0.25  # of the fall: rows whose loss rose by more fell as well
_FEW_OTHERS = 0.1  # of the rows: with fewer others, a group that grew is not compared with them
_UNMOVED = 0.5  # weight of groups that did not move
_HARDLY_THERE = 0.25  # of its share now: a group with a smaller share before is new
_MOST_MAPPED = 30  # columns mapped back, those that moved most
_MOVED_DISTANCE = 0.1  # largest distance between the distributions (Kolmogorov and Smirnov)
_NORMAL = NormalDist()


@dataclass(frozen=True, eq=False, kw_only=True)
class RowLosses:
    """Rows (n) as the model reads them, and the loss (n,) of each prediction."""

    frame: pd.DataFrame
    losses: Floats

    def __len__(self) -> int:
        return len(self.losses)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """An explanation: the loss that it accounts for, with its standard error, and whether rows moved.

    ``distance`` is the change in the share of the group, or of all groups (0 to 1); None if values changed.
    """

    cause: Cause
    explained: float
    error: float
    has_moved: bool
    distance: float | None = None

    def weight(self, farthest: float) -> float:
        """Return the loss times its certainty: a wide group has more loss, the right one more certainty.

        If one column's groups grew, so did those of related columns, but less. A group that did not move may
        have got worse because another column moved.
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

    ``losses_of`` returns the losses of ``now``'s rows in another frame, from new predictions. Causes that
    could be chance, given the number of tries, are left out. The result is empty if the loss did not
    certainly rise, or if it rose in all groups alike. Both need 100 rows.
    """
    if min(len(before), len(now)) < FEWEST_JUDGED or not has_fallen(before, now):
        return ()
    fall, _ = _rise(before.losses, now.losses)
    claims = [
        claim
        for column in columns
        if column.name in before.frame and column.name in now.frame
        for claim in (*_group_claims(before, now, column), *_share_claims(before, now, column))
    ]
    claims += _value_claims(before, now, columns, losses_of)
    least = {True: _ERRORS, False: _NORMAL.inv_cdf(1 - 0.05 / max(1, len(claims)))}
    likely = [
        claim
        for claim in claims
        if claim.explained > max(least[claim.has_moved] * claim.error, _LEAST_SHARE * fall)
    ]
    farthest = max((claim.distance or 0.0 for claim in likely if claim.has_moved), default=1.0) or 1.0
    return _one_a_column(sorted(likely, key=lambda claim: -claim.weight(farthest)), fall)


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
    """The rows (n,) of both that are in one group of a column."""

    label: str
    earlier: NDArray[np.bool_]
    here: NDArray[np.bool_]

    @property
    def shares(self) -> tuple[float, float]:
        return float(self.earlier.mean()), float(self.here.mean())

    @property
    def has_grown(self) -> bool:
        """Whether its share of the rows certainly rose."""
        (before, now), sizes = self.shares, (len(self.earlier), len(self.here))
        share = (self.earlier.sum() + self.here.sum()) / sum(sizes)
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
    """Yield the rows with values that did not occur before, as one group."""
    if not column.traits.is_vocabulary:
        return
    values = now.frame[column.name]
    here = (values.notna() & ~values.isin(before.frame[column.name].unique())).to_numpy()
    if here.any():
        yield _Group(_NEW_VALUES, np.zeros(len(before), dtype=bool), np.asarray(here))


def _with_ranges(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Group]:
    """Yield the groups of a column; for a number also unions of adjacent intervals."""
    groups = list(_groups(before, now, column))
    yield from groups
    yield from _new_values(before, now, column)
    if not column.traits.is_quantity or len(groups) <= _FEW_VALUES:
        return
    values = [frame[column.name].to_numpy(dtype=np.float64) for frame in (before.frame, now.frame)]
    intervals = [group for group in groups if group.label != _MISSING]
    for first in range(len(intervals)):
        earlier, here = intervals[first].earlier, intervals[first].here
        for last in intervals[first + 1 : first + _WIDEST]:
            earlier, here = earlier | last.earlier, here | last.here
            inside = np.concatenate([values[0][earlier], values[1][here]])
            yield _Group(
                f"{plain_text(float(inside.min()))} to {plain_text(float(inside.max()))}", earlier, here
            )


def _group_claims(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Claim]:
    """Yield the claim of each group of a column that it got worse; none if all others fell nearly as far."""
    parts, (fall, _) = list(_groups(before, now, column)), _rise(before.losses, now.losses)
    for group in _with_ranges(before, now, column):
        if group.here.sum() < _FEWEST_IN_GROUP or not (group.has_grown or group.shares[1] <= _WIDEST_SHARE):
            continue
        explained, error = _excess_rise(before, now, group)
        if not group.has_grown and explained <= fall and _others_fell(before, now, group, parts):
            continue
        earlier, here = group.shares
        yield _Claim(
            cause=Cause(
                kind=_KINDS.get(group.label, "group worse"),
                column=column.name,
                group=group.label,
                share_before=earlier,
                share_now=here,
            ),
            explained=here * explained,
            error=here * error,
            has_moved=group.has_grown,
            distance=here - earlier,
        )


def _others_fell(before: RowLosses, now: RowLosses, group: _Group, parts: Sequence[_Group]) -> bool:
    """Return whether nearly all rows outside ``group`` are in parts of the column that fell as well."""
    least = _FELL_TOO * _rise(before.losses, now.losses)[0]
    n_others = n_fell = 0
    for part in parts:
        earlier, here = part.earlier & ~group.earlier, part.here & ~group.here
        n_others += int(here.sum())
        if earlier.any() and here.any() and _rise(before.losses[earlier], now.losses[here])[0] > least:
            n_fell += int(here.sum())
    return 0 < _WIDEST_SHARE * n_others <= n_fell


def _excess_rise(before: RowLosses, now: RowLosses, group: _Group) -> tuple[float, float]:
    """Return the rise of a group's loss beyond that of the other rows, and its standard error.

    A group with hardly any earlier rows is compared with all earlier rows.
    """
    earlier, here = group.earlier, group.here
    is_new = group.has_grown and group.shares[0] < _HARDLY_THERE * group.shares[1]
    is_known = earlier.sum() >= _FEWEST_IN_GROUP and not is_new
    rise, error = _rise(before.losses[earlier] if is_known else before.losses, now.losses[here])
    few = _FEW_OTHERS * len(here) if group.has_grown else 0.0
    if min((~earlier).sum(), (~here).sum()) < max(_FEWEST_IN_GROUP, few):
        return rise, error
    other, other_error = _rise(before.losses[~earlier], now.losses[~here])
    if group.has_grown:  # the other rows are few, so their rise counts only as far as it is certain
        certainty = max(0.0, 1.0 - (other_error / other) ** 2) if other else 0.0
        other, other_error = certainty * other, certainty * other_error
    return rise - other, math.hypot(error, other_error)


def _rise(before: Floats, now: Floats) -> tuple[float, float]:
    return float(now.mean() - before.mean()), math.hypot(_error(before), _error(now))


def _share_claims(before: RowLosses, now: RowLosses, column: Column) -> Iterator[_Claim]:
    """Yield the claim that a column's hard groups have more rows, and its other groups fewer."""
    mix, variance, distance, largest = 0.0, 0.0, 0.0, (0.0, "", 0.0, 0.0)
    mean_before = float(before.losses.mean())
    expected = np.full(len(now), mean_before)
    has_grown = False
    for group in _groups(before, now, column):
        if group.earlier.sum() < _FEWEST_IN_GROUP:
            continue
        share_before, share_now = group.shares
        hard = float(before.losses[group.earlier].mean()) - mean_before
        expected[group.here] += hard
        change = share_now - share_before
        mix += change * hard
        variance += change**2 * _error(before.losses[group.earlier]) ** 2
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


def _value_claims(
    before: RowLosses, now: RowLosses, columns: Sequence[Column], losses_of: Losses
) -> Iterator[_Claim]:
    """Yield the claims of the columns whose values moved most."""
    moved = []
    for column in columns:
        if column.name in before.frame and column.name in now.frame and not column.traits.is_prose:
            put_back = _mapped_back(before.frame[column.name], now.frame[column.name], column)
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


def _mapped_back(before: pd.Series[Any], now: pd.Series[Any], column: Column) -> tuple[float, Any] | None:
    """Return how far a column moved, and its values mapped back; None if it did not move."""
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
    if distance < _MOVED_DISTANCE:
        return None
    middle = (np.searchsorted(ranked, new, "left") + np.searchsorted(ranked, new, "right")) / 2
    values = now.to_numpy(dtype=np.float64, copy=True)
    values[present] = np.quantile(old, np.clip(middle / len(ranked), 0.0, 1.0), method="nearest")
    return distance, values


def _names_back(before: pd.Series[Any], now: pd.Series[Any]) -> tuple[float, Any] | None:
    """Replace new categories by vanished ones of similar frequency."""
    old, new = before.value_counts(normalize=True), now.value_counts(normalize=True)
    added, gone = new[~new.index.isin(old.index)], old[~old.index.isin(new.index)]
    if not len(gone) or added.sum() < _MOVED_DISTANCE:
        return None
    names = dict(zip(added.index, gone.index, strict=False))
    return float(added.sum()), now.map(lambda value: names.get(value, value), na_action="ignore")
