"""scikit-learn's forests: float32 inputs, category codes as numbers, missing ones as zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._trees import (
    RIGHT,
    Array,
    Told,
    TreeColumns,
    TreeMember,
    Trees,
    cuts_of_float32,
    trees_of_nodes,
)
from litmus_core.errors import NotCompilableError


def compile_forest(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model`` (random forest, extremely random trees) over ``sources``.

    The last of two classes alone is kept. Raises NotCompilableError for a forest of another library.
    """
    forest = model.model
    if not hasattr(forest, "estimators_") or forest.n_outputs_ != 1:
        raise NotCompilableError("its forest is not scikit-learn's")
    classes = model.problem_type != "regression"
    trees = _trees([each.tree_ for each in forest.estimators_], sources, classes=classes)
    return TreeMember(
        trees=trees,
        base=np.zeros(trees.leaves.shape[1]),
        scale=1.0 / len(forest.estimators_),
        off_edges=bool(model.normalize_pred_probas) and classes,
        temperature=model.temperature_scalar,
    )


def _trees(trees: Sequence[Any], sources: Sequence[Source], *, classes: bool) -> Trees:
    feature, threshold, left, right, cover = (
        np.concatenate([getattr(tree, name) for tree in trees])
        for name in ("feature", "threshold", "children_left", "children_right", "weighted_n_node_samples")
    )
    columns = TreeColumns()
    column, cut = np.zeros(len(left), dtype=np.int64), cuts_of_float32(threshold, inclusive=True)
    for at in np.unique(feature[left >= 0]).tolist():
        here = (left >= 0) & (feature == at)
        tell = _of_codes if sources[at][0] == "category" else _of_numbers
        column[here], cut[here] = tell(columns, sources[at], threshold[here], cut[here])
    return trees_of_nodes(
        columns,
        (column, cut),
        left=left,
        right=right,
        sizes=np.array([tree.node_count for tree in trees]),
        values=np.concatenate([_leaves(tree, classes=classes) for tree in trees]),
        cover=cover,
        target=np.zeros(len(trees), dtype=np.int64),
    )


def _leaves(tree: Any, *, classes: bool) -> Array:
    """Return (n, w) values of all nodes: shares of the classes (of two, the second's), or means."""
    values: Array = tree.value[:, 0, :]
    if not classes:
        return values
    shares = values / values.sum(axis=1, keepdims=True)
    kept: Array = shares[:, 1:] if shares.shape[1] == 2 else shares
    return kept


def _of_numbers(columns: TreeColumns, source: Source, threshold: Array, cuts: Array) -> Told:
    return columns.numbers(source, cuts, missing_left=threshold >= 0)


def _of_codes(columns: TreeColumns, source: Source, threshold: Array, cuts: Array) -> Told:
    """Return the column and cuts of a category whose codes are compared as numbers."""
    whole = np.floor(threshold)
    column = columns.ranked(source, range(max(0, int(whole.max())) + 2))
    return np.full(len(whole), column), np.where(threshold < 0, RIGHT, whole)
