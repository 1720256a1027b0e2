"""Test rows of many targets: the same for all, with a fair share of each label."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def joint_test_rows(labels: Array, *, fraction: float, seed: int) -> NDArray[np.int64]:
    """Return the ascending places of the rows that judge, of ``labels`` (n, k): whether each is yes.

    The rarest label is dealt first, by its share, then the next among the rows that are left: no label can
    end up on one side by chance. Without labels (k = 0) rows are drawn at random.

    >>> labels = np.arange(100)[:, None] % 10 == [0, 1]
    >>> labels[joint_test_rows(labels, fraction=0.2, seed=0)].sum(axis=0)
    array([2, 2])
    """
    rng = np.random.default_rng([seed, 1])
    n_rows, n_labels = labels.shape
    is_open, is_test = np.ones(n_rows, dtype=bool), np.zeros(n_rows, dtype=bool)
    for label in np.argsort(labels.sum(axis=0), kind="stable") if n_labels else ():
        wanted = round(fraction * int(labels[:, label].sum())) - int((is_test & labels[:, label]).sum())
        _deal(np.flatnonzero(is_open & labels[:, label]), wanted, is_open, is_test, rng)
    rest = np.flatnonzero(is_open)
    _deal(rest, round(fraction * n_rows) - int(is_test.sum()), is_open, is_test, rng)
    return np.flatnonzero(is_test)


def _deal(
    rows: NDArray[np.int64], wanted: int, is_open: Array, is_test: Array, rng: np.random.Generator
) -> None:
    """Put ``wanted`` of ``rows`` into the test part, and close all of them."""
    is_open[rows] = False
    is_test[rng.permutation(rows)[: max(wanted, 0)]] = True
