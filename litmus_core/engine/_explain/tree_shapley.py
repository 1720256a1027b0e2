"""Exact Shapley values of scikit-learn's trees, for all rows at once.

If a column on a leaf's path is known, a row goes its own way there. If not, it goes every way in the shares
of the training rows. Over all orders in which columns may become known, a leaf's contribution to column j
is ``v (o_j - z_j) I``. I is the integral over t from 0 to 1 of the product of ``z_i (1 - t) + o_i t`` over
the other columns i. There o is whether the row goes that way (0 or 1), z the share. The integrand is a
polynomial, so the Gauss-Legendre rule is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_CELLS = 4_000_000  # rows x leaves x columns at a time


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """The m leaves of a tree, each with the columns on its path (m, d): -1 where a path has fewer.

    A row goes a leaf's way where ``low`` < its value <= ``high`` (m, d); ``share`` (m, d) of the training
    rows did. ``values`` is (m, k).
    """

    column: Array
    low: Array
    high: Array
    share: Array
    values: Array


def tree_shapley(tree: Any, X: NDArray[np.float32], values: Array) -> tuple[Array, Array]:
    """Return contributions (n, columns, k) to a tree's predictions, and the prediction (k,) without any.

    ``tree`` is scikit-learn's ``tree_``, ``values`` (nodes, k) are its nodes' predictions.
    """
    paths = _paths(tree, values)
    cover = tree.weighted_n_node_samples
    leaves = tree.children_left < 0
    base = (cover[leaves, np.newaxis] * values[leaves]).sum(axis=0) / cover[0]
    added = np.zeros((len(X), X.shape[1], values.shape[1]))
    depth = paths.column.shape[1]
    if not depth:
        return added, base
    n_rows = max(1, _CELLS // paths.column.size)
    nodes, weights = np.polynomial.legendre.leggauss(depth // 2 + 1)
    for start in range(0, len(X), n_rows):
        rows = slice(start, start + n_rows)
        added[rows] = _leaf_contributions(paths, X[rows], (nodes + 1) / 2, weights / 2)
    return added, base


def _leaf_contributions(paths: _Paths, X: NDArray[np.float32], nodes: Array, weights: Array) -> Array:
    at = np.maximum(paths.column, 0)
    value = X[:, at]  # (n, m, d)
    goes = (paths.low < value) & (value <= paths.high) | (paths.column < 0)
    ratio = np.zeros(goes.shape)
    for node, weight in zip(nodes, weights, strict=True):
        factors = paths.share * (1 - node) + goes * node
        ratio += weight * factors.prod(axis=2)[:, :, np.newaxis] / factors
    part = (goes - paths.share) * ratio  # (n, m, d): of a leaf's value
    added = np.zeros((len(X), X.shape[1], paths.values.shape[1]))
    for column in np.unique(paths.column[paths.column >= 0]).tolist():
        column_part = np.where(paths.column == column, part, 0.0).sum(axis=2)
        added[:, column] = column_part @ paths.values
    return added


def _paths(tree: Any, values: Array) -> _Paths:
    """Walk the tree, and return the conditions for reaching each leaf."""
    left, right, feature = tree.children_left, tree.children_right, tree.feature
    cover, threshold = tree.weighted_n_node_samples, tree.threshold
    leaves: list[tuple[int, dict[int, tuple[float, float, float]]]] = []
    pending: list[tuple[int, dict[int, tuple[float, float, float]]]] = [(0, {})]
    while pending:
        node, path = pending.pop()
        if left[node] < 0:
            leaves.append((node, path))
            continue
        column, cut = int(feature[node]), float(threshold[node])
        low, high, share = path.get(column, (-np.inf, np.inf, 1.0))
        for child, ends in (
            (left[node], (low, min(high, cut))),
            (right[node], (max(low, cut), high)),
        ):
            pending.append((int(child), {**path, column: (*ends, share * cover[child] / cover[node])}))
    depth = max(len(path) for _, path in leaves)
    columns = np.full((len(leaves), depth), -1)
    lows, highs, shares = np.zeros((3, len(leaves), depth))
    shares[:] = 1.0
    for at, (_, path) in enumerate(leaves):
        for place, (name, (start, end, part)) in enumerate(path.items()):
            columns[at, place], lows[at, place] = name, start
            highs[at, place], shares[at, place] = end, part
    return _Paths(columns, lows, highs, shares, values[[node for node, _ in leaves]])
