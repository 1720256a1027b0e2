"""scikit-learn's forests: float32 inputs, category codes as numbers, missing ones as zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._trees import RIGHT, Array, TreeMember, TreesBuilder, cuts_of_float32
from litmus_core.errors import NotCompilableError


def compile_forest(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model`` (random forest, extremely random trees) over ``sources``.

    The last of two classes alone is kept. Raises NotCompilableError for a forest of another library.
    """
    forest = model.model
    if not hasattr(forest, "estimators_") or forest.n_outputs_ != 1:
        raise NotCompilableError("its forest is not scikit-learn's")
    highest = _highest_cuts(forest, sources)
    builder = TreesBuilder()
    for tree in forest.estimators_:
        _add_tree(builder, tree.tree_, sources, highest, classes=model.problem_type != "regression")
    trees = builder.trees()
    return TreeMember(
        trees=trees,
        base=np.zeros(trees.leaves.shape[1]),
        scale=1.0 / len(forest.estimators_),
        off_edges=bool(model.normalize_pred_probas) and model.problem_type != "regression",
        temperature=model.temperature_scalar,
    )


def _highest_cuts(forest: Any, sources: Sequence[Source]) -> list[int]:
    """Return, of each column, the highest whole number it is compared with; codes beyond are alike."""
    highest = [0] * len(sources)
    for tree in forest.estimators_:
        inner = tree.tree_.children_left >= 0
        for column, cut in zip(
            tree.tree_.feature[inner].tolist(), tree.tree_.threshold[inner].tolist(), strict=True
        ):
            highest[column] = max(highest[column], math.floor(cut))
    return highest


def _add_tree(
    builder: TreesBuilder, tree: Any, sources: Sequence[Source], highest: Sequence[int], *, classes: bool
) -> None:
    left, right = tree.children_left.tolist(), tree.children_right.tolist()
    feature, threshold = tree.feature.tolist(), tree.threshold.tolist()
    cuts = cuts_of_float32(tree.threshold, inclusive=True).tolist()
    cover, values = tree.weighted_n_node_samples.tolist(), _leaves(tree, classes=classes).tolist()
    places = []
    for at, branch in enumerate(left):
        if branch < 0:
            places.append(builder.leaf(values[at], cover[at]))
        else:
            source = sources[feature[at]]
            if source[0] == "category":
                told = _of_codes(builder, source, threshold[at], highest[feature[at]])
            else:
                told = builder.number(source, cuts[at], missing_left=threshold[at] >= 0)
            places.append(builder.decision(told))
    for at, branch in enumerate(left):
        if branch >= 0:
            builder.branch(places[at], left=places[branch], right=places[right[at]])
    builder.tree(places[0])


def _leaves(tree: Any, *, classes: bool) -> Array:
    """Return (n, w) values of all nodes: shares of the classes (of two, the second's), or means."""
    values: Array = tree.value[:, 0, :]
    if not classes:
        return values
    shares = values / values.sum(axis=1, keepdims=True)
    kept: Array = shares[:, 1:] if shares.shape[1] == 2 else shares
    return kept


def _of_codes(builder: TreesBuilder, source: Source, threshold: float, highest: int) -> tuple[int, float]:
    """Return the column and cut of a category whose codes are compared as numbers."""
    column, cut = builder.ranked(source, range(highest + 2), math.floor(threshold))
    return column, RIGHT if threshold < 0 else cut
