"""Ways to split off a share of rows: at random by class, by time, by group. Positions in, positions out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError

Ints = NDArray[np.int64]
_GROUP_DRAWS = 30
_FEWEST_SHARED = 5  # a class with this many rows has at least one in each part


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Ascending row positions: ``remaining`` for the other parts, ``selected`` for the current one."""

    remaining: Ints
    selected: Ints


def cut_at_random(
    rows: Ints, *, classes: Ints | None, n_wanted: int, n_parts_left: int, rng: np.random.Generator
) -> Cut:
    """Take ``n_wanted`` of ``rows``; with ``classes`` (codes, one per row) each class in its share.

    Every class keeps at least one row for each of the ``n_parts_left`` parts still to be filled.
    """
    if classes is None:
        shuffled = rng.permutation(rows)
        return _cut(rows, chosen=shuffled[:n_wanted])
    order = rng.permutation(len(rows))
    by_class = order[np.argsort(classes[order], kind="stable")]
    counts = np.bincount(classes)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    quotas = _quotas(counts, n_wanted=n_wanted, n_min=n_parts_left)
    parts = [by_class[start : start + quota] for start, quota in zip(starts, quotas, strict=True)]
    return _cut(rows, chosen=rows[np.concatenate(parts)])


def _quotas(counts: Ints, *, n_wanted: int, n_min: int) -> Ints:
    """Return how many rows of each class to take: its share, rounded so that the sum is exact."""
    shares = counts * (n_wanted / max(1, counts.sum()))
    quotas: Ints = np.floor(shares).astype(np.int64)
    quotas[(quotas == 0) & (counts >= _FEWEST_SHARED)] = 1
    most = np.maximum(counts - n_min, 0)
    quotas = np.minimum(quotas, most)
    for at in np.argsort(-(shares - quotas), kind="stable"):
        if quotas.sum() >= n_wanted:
            break
        quotas[at] += int(quotas[at] < most[at])
    return quotas


def cut_by_time(
    rows: Ints, *, times: NDArray[np.float64], n_wanted: int, n_parts_left: int, column: str
) -> Cut:
    """Take about ``n_wanted`` of the latest ``rows``; rows with the same time stay together.

    ``times`` (one per row) are NaN where unknown: such rows are kept. At least two distinct times are taken
    if there are enough. Raises DataError if there are too few to leave one for each of the ``n_parts_left``
    parts still to be filled.
    """
    timed = np.flatnonzero(~np.isnan(times))
    order = timed[np.argsort(times[timed], kind="stable")]
    ordered = times[order]
    begins = np.flatnonzero(np.diff(ordered)) + 1  # where a new time starts
    n_units = _fewest_units(len(begins) + 1, n_parts_left=n_parts_left)
    begins = begins[n_parts_left - 1 : len(begins) + 1 - n_units]
    if not len(begins):
        raise DataError(
            f"'{column}' has too few different times to split by.",
            hint="Choose a column with more of them, or split at random.",
        )
    start = begins[np.argmin(np.abs(begins - (len(ordered) - n_wanted)))]
    return _cut(rows, chosen=rows[order[start:]])


def cut_by_group(
    rows: Ints,
    *,
    groups: Ints,
    classes: Ints | None,
    n_wanted: int,
    n_parts_left: int,
    column: str,
    rng: np.random.Generator,
) -> Cut:
    """Take whole groups (codes, one per row) with about ``n_wanted`` of ``rows``.

    Of several draws the one with the closest size and mix of ``classes`` is used. At least two groups are
    taken if there are enough. Raises DataError if there are too few groups to leave one for each of the
    ``n_parts_left`` parts still to be filled.
    """
    _, groups = np.unique(groups, return_inverse=True)
    sizes = np.bincount(groups)
    most = len(sizes) - n_parts_left
    if most < 1:
        raise DataError(
            f"'{column}' has too few different values to split by: {len(sizes)} groups.",
            hint="Choose a column with more of them, or split at random.",
        )
    fewest = _fewest_units(len(sizes), n_parts_left=n_parts_left)
    best: tuple[float, Ints] | None = None
    for _ in range(_GROUP_DRAWS):
        drawn = rng.permutation(len(sizes))
        reached = np.cumsum(sizes[drawn])[fewest - 1 : most]
        chosen = drawn[: int(np.argmin(np.abs(reached - n_wanted))) + fewest]
        is_chosen = np.isin(groups, chosen)
        cost = abs(is_chosen.sum() - n_wanted) / n_wanted + _mix_cost(classes, is_chosen)
        if best is None or cost < best[0]:
            best = (float(cost), np.flatnonzero(is_chosen))
    assert best is not None  # noqa: S101 - at least one draw was made
    return _cut(rows, chosen=rows[best[1]])


def _fewest_units(n_units: int, *, n_parts_left: int) -> int:
    """Return how many groups or times a part needs: two, since a single one may be untypical.

    One, if the parts still to be filled would otherwise have no more than one each.
    """
    return 2 if n_units - 2 > n_parts_left else 1


def _mix_cost(classes: Ints | None, is_chosen: NDArray[np.bool_]) -> float:
    """Return how far the taken rows' class mix is from all rows' (0 to 1), more if a class is used up."""
    if classes is None:
        return 0.0
    counts = np.bincount(classes)
    counts_of = np.bincount(classes[is_chosen], minlength=len(counts))
    distance = np.abs(counts_of / max(1, counts_of.sum()) - counts / counts.sum()).sum() / 2
    return float(distance + ((counts_of == counts) & (counts > 0)).sum() / len(counts))


def _cut(rows: Ints, *, chosen: Ints) -> Cut:
    return Cut(remaining=np.setdiff1d(rows, chosen, assume_unique=True), selected=np.sort(chosen))
