"""Large trees as arrays for machine code: eight bytes per decision or leaf, the likely branch next."""

from __future__ import annotations

import numpy as np

from litmus_core.compiled import COLUMN_BITS
from litmus_core.engine._compile._tree_shape import TreeShape
from litmus_core.engine._compile.trees import Array

_MOST_NODES = 2**22  # 32 MB; larger trees are no faster than memory access
_FURTHEST = 2 ** (32 - COLUMN_BITS) - 1


def pack_trees(shape: TreeShape) -> tuple[Array, Array] | None:
    """Return (nodes, 2) int32 and the positions of the roots (trees,), or None for trees that do not fit.

    A node is its cut, and its column, counted from 1, with the distance to its "yes"; its "no" is the next
    node. A leaf is its number, with column 0 and no distance.
    """
    levels = _levels(shape)
    n_nodes = len(shape.yes) + len(shape.leaf)
    sizes = np.ones(len(shape.yes), dtype=np.int64)
    for level in reversed(levels):
        sizes[level] = 1 + _size(sizes, shape.yes[level]) + _size(sizes, shape.no[level])
    far = 1 + _size(sizes, shape.no)
    if n_nodes > _MOST_NODES or far.max() > _FURTHEST or shape.column.max() >= 2**COLUMN_BITS - 1:
        return None
    roots = np.flatnonzero(np.diff(shape.tree, prepend=-1))
    places, of_leaf = np.zeros(len(shape.yes), dtype=np.int64), np.zeros(len(shape.leaf), dtype=np.int64)
    places[roots] = np.cumsum(sizes[roots]) - sizes[roots]
    for level in levels:
        for branch, on in ((shape.no[level], 1), (shape.yes[level], far[level])):
            where = places[level] + on
            inner = branch >= 0
            places[branch[inner]] = where[inner]
            of_leaf[~branch[~inner]] = where[~inner]
    nodes = np.zeros((n_nodes, 2), dtype=np.int64)
    nodes[places, 0], nodes[places, 1] = shape.cut, shape.column + 1 + (far << COLUMN_BITS)
    nodes[of_leaf, 0] = np.arange(len(of_leaf))
    return nodes.astype(np.uint32).view(np.int32), places[roots].astype(np.int32)


def _levels(shape: TreeShape) -> list[Array]:
    """Return the decisions of each level, of all trees together."""
    levels = [np.flatnonzero(np.diff(shape.tree, prepend=-1))]
    while True:
        below = np.concatenate([shape.no[levels[-1]], shape.yes[levels[-1]]])
        below = below[below >= 0]
        if not below.size:
            return levels
        levels.append(below)


def _size(sizes: Array, branch: Array) -> Array:
    """Return the number of nodes of each branch; a leaf is one."""
    sizes_below: Array = np.where(branch < 0, 1, sizes[np.maximum(branch, 0)])
    return sizes_below
