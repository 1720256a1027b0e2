"""Trees arranged for fast evaluation: integers to compare, the likely branch next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from litmus_core.engine._compile._tree_inputs import Axes
from litmus_core.engine._compile.trees import LEFT, RIGHT, Array, Column, Trees

RunSources = dict[
    tuple[Column | None, bool], int
]  # a column's position in the graph's input; True: its negative


@dataclass(frozen=True, slots=True, eq=False)
class TreeShape:
    """Trees as an executor evaluates them, each tree's decisions together, root first; every tree has some.

    A decision tests whether ``column`` of a graph's input is at most ``cut`` (integers), then continues at
    ``yes``, else at ``no``. A branch >= 0 is the index of a decision, a negative one ``~index`` in ``leaf``,
    which holds indexes of the trees' leaves. ``tree`` and ``leaf_tree`` are the tree of each.
    """

    column: Array
    cut: Array
    yes: Array
    no: Array
    tree: Array
    leaf: Array
    leaf_tree: Array


def shape_of(trees: Trees, axes: Axes, places: RunSources) -> TreeShape:
    """Return ``trees`` with each decision's likelier branch as its "no", next to it in memory.

    Columns that are read are added to ``places``.
    """
    cut = axes.whole_cuts(trees)
    left, right, roots = straight(trees)
    lone = np.flatnonzero(roots < 0)  # trees of a single leaf get a decision with two equal ends
    decisions = len(cut) + np.arange(len(lone))
    left, right = np.concatenate([left, roots[lone]]), np.concatenate([right, roots[lone]])
    column = np.concatenate([trees.column, np.full(len(lone), -1)])
    cut = np.concatenate([cut, np.zeros(len(lone))])
    roots = roots.copy()
    roots[lone] = decisions
    levels = levels_of(left, right, roots)
    next_nodes, astray = _covers(levels, left, right, trees.cover)
    turned = next_nodes > astray  # value <= cut is the same as -value > -cut - 1
    reached = np.zeros(len(cut), dtype=np.bool_)
    reached[np.concatenate([level for level, _ in levels])] = True
    placed = np.zeros(len(cut), dtype=np.int64)
    for at, negative in np.unique(np.stack([column, turned])[:, reached], axis=1).T.tolist():
        key = (trees.columns[at] if at >= 0 else None, bool(negative))
        placed[(column == at) & (turned == negative)] = places.setdefault(key, len(places))
    cut[turned] = -cut[turned] - 1
    yes, no = np.where(turned, right, left), np.where(turned, left, right)
    return _laid(levels, placed, cut, yes, no)


def straight(trees: Trees) -> tuple[Array, Array, Array]:
    """Return branches and roots that skip decisions with a fixed outcome."""
    cut = trees.cut
    ends = np.arange(len(cut))
    ends[cut == LEFT] = trees.left[cut == LEFT]
    ends[cut == RIGHT] = trees.right[cut == RIGHT]
    branches = [trees.left, trees.right, trees.roots]
    while len(ends):
        moved = [np.where(branch >= 0, ends[np.maximum(branch, 0)], branch) for branch in branches]
        if all((new == old).all() for new, old in zip(moved, branches, strict=True)):
            break
        branches = moved
    return branches[0], branches[1], branches[2]


def levels_of(left: Array, right: Array, roots: Array) -> list[tuple[Array, Array]]:
    """Return the decisions of each level and their trees; trees of one leaf have none."""
    levels = [(roots[roots >= 0], np.flatnonzero(roots >= 0))]
    while True:
        decisions, tree = levels[-1]
        below = np.concatenate([left[decisions], right[decisions]])
        inner = below >= 0
        if not inner.any():
            return levels
        levels.append((below[inner], np.concatenate([tree, tree])[inner]))


def _covers(
    levels: Sequence[tuple[Array, Array]], left: Array, right: Array, cover: Array
) -> tuple[Array, Array]:
    """Return how many training rows went left and right at each decision."""
    of_decision, of_side = np.zeros(len(left)), np.zeros((2, len(left)))
    for decisions, _ in reversed(levels):
        for side, branches in zip(of_side, (left, right), strict=True):
            branch = branches[decisions]
            side[decisions] = np.where(
                branch < 0, cover[np.maximum(~branch, 0)], of_decision[np.maximum(branch, 0)]
            )
        of_decision[decisions] = of_side[0, decisions] + of_side[1, decisions]
    return of_side[0], of_side[1]


def _laid(
    levels: Sequence[tuple[Array, Array]], column: Array, cut: Array, yes: Array, no: Array
) -> TreeShape:
    """Return the reachable decisions, tree by tree, with leaves renumbered."""
    decisions, tree = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    order = np.argsort(tree, kind="stable")
    decisions, tree = decisions[order], tree[order]
    place = np.zeros(len(column), dtype=np.int64)
    place[decisions] = np.arange(len(decisions))
    ends = np.stack([yes[decisions], no[decisions]], axis=1)
    is_leaf = ends < 0
    leaf, leaf_tree = ~ends[is_leaf], np.repeat(tree, 2).reshape(-1, 2)[is_leaf]
    ends = np.where(is_leaf, 0, place[np.maximum(ends, 0)])
    ends[is_leaf] = ~np.arange(len(leaf))
    return TreeShape(column[decisions], cut[decisions], ends[:, 0], ends[:, 1], tree, leaf, leaf_tree)
