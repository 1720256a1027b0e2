"""Feature crosses: columns that are informative together, or as names, beyond what the surrogate found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from litmus_core.advice._surrogate import Floats, Ints, Surrogate, parts_of

Group = tuple[str, ...]  # one numeric column of names, or two columns that belong together
_MOST_COLUMNS = 14  # with the highest gain in trees, for the search of pairs
_FEWEST_NAMES, _MOST_LEVELS = 10, 400  # distinct values of a number as a name; of each column of a pair
_MOST_SHARE = 0.5  # of the rows: with more distinct values, each says nothing about others
_MOST_GROUPS, _SURE = 3, 2.5  # standard deviations: a hundred groups are tried
_MOST_ROWS = 10_000
_MISSING = -1.0e300
_PRIOR = 10.0  # rows by which a value's mean is shrunk to the overall mean
_PRIORS = (10.0, 40.0)  # a group is compared with others using the better of these


def strongest_groups(probe: Surrogate, learn: Ints, *, seed: int) -> tuple[Group, ...]:
    """Return the groups whose values explain most of the surrogate's errors on ``learn``, best first.

    Each row is explained by the other rows with its values, so that many values are no advantage; what one
    group explains is removed for the next.
    """
    parts = parts_of(learn, seed=seed)
    samples = [part[: _MOST_ROWS // len(parts)] for part in parts]
    rows = np.concatenate(samples)
    unseen = [_answered(probe, learn, stop, few) for stop, few in zip(parts, samples, strict=True)]
    left = _predictions(probe)[rows] - np.concatenate(unseen)
    codes = {group: _codes(probe, group, rows) for group in _candidates(probe, learn, parts[0])}
    codes = {group: at for group, at in codes.items() if len(np.unique(at)) <= _MOST_SHARE * len(rows)}
    groups: list[Group] = []
    while codes and len(groups) < _MOST_GROUPS:
        explained = {group: _explained(at, left) for group, at in codes.items()}
        best = min(explained, key=lambda group: float(np.sum(explained[group] ** 2)))
        if explained[best] is left:
            break
        groups.append(best)
        left = explained[best]
        del codes[best]
    return tuple(groups)


def with_groups(probe: Surrogate, groups: Sequence[Group], learn: Ints, *, seed: int) -> Surrogate:
    """Return the surrogate with each group's mean target as an extra column.

    That is how boosters encode a category: means over the rows ``learn``, leaving each of these rows out of
    its own mean. It replaces the category itself, which the surrogate's trees use poorly.
    """
    predictions = _predictions(probe)
    columns = []
    for group in groups:
        codes = _codes(probe, group, np.arange(len(probe.matrix)))
        means = _means(codes, predictions, learn)[codes]
        for part in parts_of(learn, seed=seed):
            means[part] = _means(codes, predictions, np.setdiff1d(learn, part, assume_unique=True))[
                codes[part]
            ]
        columns.append(means)
    return probe.beside(np.hstack(columns))


def _answered(probe: Surrogate, learn: Ints, stop: Ints, rows: Ints) -> Floats:
    """Return the surrogate's predictions, as numbers, for part of ``stop``, from which it did not learn."""
    predictions = probe.fit(np.setdiff1d(learn, stop, assume_unique=True), stop, rows)
    return (
        predictions[:, None]
        if predictions.ndim == 1
        else predictions[:, 1:]
        if predictions.shape[1] == 2
        else predictions
    )


def _predictions(probe: Surrogate) -> Floats:
    """Return the targets as numbers, (n, 1), or (n, k) with more than two classes."""
    n_classes = len(probe.data.classes)
    if n_classes <= 2:
        return np.asarray(probe.target[:, None], dtype=np.float64)
    return np.asarray(probe.target[:, None] == np.arange(n_classes), dtype=np.float64)


def _candidates(probe: Surrogate, learn: Ints, stop: Ints) -> Iterator[Group]:
    kinds = {column.name: column.traits for column in probe.data.columns}
    levels, whole_numbers = {}, set()
    for name, values in zip(probe.names, probe.matrix.T, strict=True):
        present = values[~np.isnan(values)]
        if not kinds[name].is_moment and len(present) and (present == np.floor(present)).all():
            levels[name] = len(np.unique(present))
            whole_numbers |= {name} if kinds[name].is_quantity else set()
    yield from ((name,) for name in levels if name in whole_numbers and levels[name] >= _FEWEST_NAMES)
    gains = dict(
        zip(probe.names, probe.gains(np.setdiff1d(learn, stop, assume_unique=True), stop), strict=True)
    )
    few = sorted(
        (name for name, n in levels.items() if 2 <= n <= _MOST_LEVELS), key=lambda name: -gains[name]
    )
    chosen = [name for name in probe.names if name in few[:_MOST_COLUMNS]]
    yield from combinations(chosen, 2)


def _codes(probe: Surrogate, group: Group, rows: Ints) -> Ints:
    """Return a code of each row's combined values, (m,) for ``rows``."""
    codes = np.zeros(len(rows), dtype=np.int64)
    for name in group:
        values = np.nan_to_num(probe.matrix[rows, probe.names.index(name)], nan=_MISSING)
        distinct, codes_here = np.unique(values, return_inverse=True)
        codes = np.unique(codes * len(distinct) + codes_here, return_inverse=True)[1]
    return codes


def _sums(codes: Ints, values: Floats, n_codes: int) -> tuple[Floats, Floats]:
    """Return the number of rows of each code (m, 1), and the sums of their values (m, k)."""
    sums = [np.bincount(codes, weights=column, minlength=n_codes) for column in values.T]
    return np.bincount(codes, minlength=n_codes)[:, None].astype(np.float64), np.column_stack(sums)


def _means(codes: Ints, values: Floats, rows: Ints) -> Floats:
    """Return the mean values (m, k) of each code among ``rows``, shrunk to the overall mean for few rows."""
    counts, sums = _sums(codes[rows], values[rows], int(codes.max()) + 1)
    drawn: Floats = (sums + _PRIOR * values[rows].mean(axis=0)) / (counts + _PRIOR)
    return drawn


def _explained(codes: Ints, left: Floats) -> Floats:
    """Return what is left (n, k) after subtracting the mean of the other rows with the same code, shrunk to
    0.

    Everything, if the group explains no more than chance: for unrelated rows the sum of pairwise products has
    a known spread.
    """
    counts, sums = _sums(codes, left, int(codes.max()) + 1)
    best = left
    for prior in _PRIORS:
        means = (sums[codes] - left) / (counts[codes] - 1 + prior)
        shared = float(np.sum(counts * (counts - 1) / (counts - 1 + prior) ** 2))
        spread = float(np.sqrt(2 * shared * np.sum(np.mean(left**2, axis=0) ** 2)))
        if np.sum(left * means) > _SURE * spread and np.sum((left - means) ** 2) < np.sum(best**2):
            best = left - means
    return best
