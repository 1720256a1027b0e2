"""Feature crosses: pairs of columns, and numbers read as categories, that explain errors of the surrogate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from litmus_core.advice._surrogate import Floats, Ints, Surrogate, parts_of

Group = tuple[str, ...]  # the positions of one numeric column read as a category, or of a pair of columns
_MOST_COLUMNS = 14  # columns with the highest gain in trees, among which pairs are searched
_FEWEST_NAMES, _MOST_LEVELS = 10, 400  # distinct values of a number as a name; of each column of a pair
_MOST_SHARE = 0.5  # distinct values as a share of the rows: with more, a value says nothing about other rows
_MOST_GROUPS, _SURE = 3, 2.5  # standard deviations, since a hundred groups are tried
_MOST_ROWS = 10_000
_MISSING = -1.0e300
_PRIOR = 10.0  # strength of the shrinkage of a value's mean to the overall mean, in rows
_PRIORS = (10.0, 40.0)  # the better of these strengths counts for a group


def strongest_groups(surrogate: Surrogate, learn: Ints, *, seed: int) -> tuple[Group, ...]:
    """Return the groups whose values explain most of the surrogate's errors on ``learn``, best first.

    Each row is explained by the other rows with its values, so that many values are no advantage. What one
    group explains is removed before the next is chosen.
    """
    parts = parts_of(learn, seed=seed)
    samples = [part[: _MOST_ROWS // len(parts)] for part in parts]
    rows = np.concatenate(samples)
    unseen = [
        _unseen_predictions(surrogate, learn, stop, few) for stop, few in zip(parts, samples, strict=True)
    ]
    left = _predictions(surrogate)[rows] - np.concatenate(unseen)
    codes = {group: _codes(surrogate, group, rows) for group in _candidates(surrogate, learn, parts[0])}
    codes = {group: at for group, at in codes.items() if len(np.unique(at)) <= _MOST_SHARE * len(rows)}
    groups: list[Group] = []
    while codes and len(groups) < _MOST_GROUPS:
        explained = {group: _residuals(at, left) for group, at in codes.items()}
        best = min(explained, key=lambda group: float(np.sum(explained[group] ** 2)))
        if explained[best] is left:
            break
        groups.append(best)
        left = explained[best]
        del codes[best]
    return tuple(groups)


def with_groups(surrogate: Surrogate, groups: Sequence[Group], learn: Ints, *, seed: int) -> Surrogate:
    """Return the surrogate with each group's mean target as an additional column.

    Boosted trees encode categories like this: by means over the rows ``learn``, each of these rows left out
    of its own mean. The column replaces the category itself, which the surrogate's trees use poorly.
    """
    predictions = _predictions(surrogate)
    columns = []
    for group in groups:
        codes = _codes(surrogate, group, np.arange(len(surrogate.matrix)))
        means = _means(codes, predictions, learn)[codes]
        for part in parts_of(learn, seed=seed):
            means[part] = _means(codes, predictions, np.setdiff1d(learn, part, assume_unique=True))[
                codes[part]
            ]
        columns.append(means)
    return surrogate.with_columns(np.hstack(columns))


def _unseen_predictions(surrogate: Surrogate, learn: Ints, stop: Ints, rows: Ints) -> Floats:
    """Return the surrogate's predictions, as numbers, for a part of ``stop`` that it did not learn from."""
    predictions = surrogate.fit(np.setdiff1d(learn, stop, assume_unique=True), stop, rows)
    return (
        predictions[:, None]
        if predictions.ndim == 1
        else predictions[:, 1:]
        if predictions.shape[1] == 2
        else predictions
    )


def _predictions(surrogate: Surrogate) -> Floats:
    """Return the targets as numbers, (n, 1), or (n, k) with more than two classes."""
    n_classes = len(surrogate.data.classes)
    if n_classes <= 2:
        return np.asarray(surrogate.target[:, None], dtype=np.float64)
    return np.asarray(surrogate.target[:, None] == np.arange(n_classes), dtype=np.float64)


def _candidates(surrogate: Surrogate, learn: Ints, stop: Ints) -> Iterator[Group]:
    kinds = {column.name: column.traits for column in surrogate.data.columns}
    levels, whole_numbers = {}, set()
    for name, values in zip(surrogate.names, surrogate.matrix.T, strict=True):
        present = values[~np.isnan(values)]
        if not kinds[name].is_moment and len(present) and (present == np.floor(present)).all():
            levels[name] = len(np.unique(present))
            whole_numbers |= {name} if kinds[name].is_quantity else set()
    yield from ((name,) for name in levels if name in whole_numbers and levels[name] >= _FEWEST_NAMES)
    gains = dict(
        zip(
            surrogate.names, surrogate.gains(np.setdiff1d(learn, stop, assume_unique=True), stop), strict=True
        )
    )
    few = sorted(
        (name for name, n in levels.items() if 2 <= n <= _MOST_LEVELS), key=lambda name: -gains[name]
    )
    chosen = [name for name in surrogate.names if name in few[:_MOST_COLUMNS]]
    yield from combinations(chosen, 2)


def _codes(surrogate: Surrogate, group: Group, rows: Ints) -> Ints:
    """Return codes (m,) of the combined values of each of the ``rows``."""
    codes = np.zeros(len(rows), dtype=np.int64)
    for name in group:
        values = np.nan_to_num(surrogate.matrix[rows, surrogate.names.index(name)], nan=_MISSING)
        distinct, codes_here = np.unique(values, return_inverse=True)
        codes = np.unique(codes * len(distinct) + codes_here, return_inverse=True)[1]
    return codes


def _sums(codes: Ints, values: Floats, n_codes: int) -> tuple[Floats, Floats]:
    """Return the number of rows (m, 1) and the sum of the values (m, k) of each code."""
    sums = [np.bincount(codes, weights=column, minlength=n_codes) for column in values.T]
    return np.bincount(codes, minlength=n_codes)[:, None].astype(np.float64), np.column_stack(sums)


def _means(codes: Ints, values: Floats, rows: Ints) -> Floats:
    """Return the mean of the values (m, k) of each code among ``rows``, shrunk to the overall mean."""
    counts, sums = _sums(codes[rows], values[rows], int(codes.max()) + 1)
    drawn: Floats = (sums + _PRIOR * values[rows].mean(axis=0)) / (counts + _PRIOR)
    return drawn


def _residuals(codes: Ints, left: Floats) -> Floats:
    """Return the residuals (n, k) after subtracting the mean of the other rows with the same code.

    The means are shrunk to 0. Nothing is subtracted if the group explains no more than chance: for unrelated
    rows the sum of pairwise products has a known spread.
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
