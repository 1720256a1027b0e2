"""scikit-learn's forests: float32 inputs, category codes as numbers, missing ones as zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.trees import (
    RIGHT,
    Array,
    ColumnsAndCuts,
    TreeColumns,
    TreeMember,
    Trees,
    cuts_of_float32,
    trees_of_nodes,
)
from litmus_core.engine._explain.parts import forest_parts
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, read_constraints, sklearn_values
from litmus_core.engine._families.spaces import LEAF_ROWS, TREE_LEAVES, integers, one_of
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType


def compile_forest(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model`` (random forest, extremely random trees) over ``sources``.

    For two classes only the second is kept. Raises NotCompilableError for a forest of another library.
    """
    forest = model.model
    if not hasattr(forest, "estimators_") or forest.n_outputs_ != 1:
        raise NotCompilableError("its forest is not scikit-learn's")
    classes = get_task_type(model.problem_type).has_classes
    trees = _trees([estimator.tree_ for estimator in forest.estimators_], sources, classes=classes)
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
        decisions = _of_codes if sources[at][0] == "category" else _of_numbers
        column[here], cut[here] = decisions(columns, sources[at], threshold[here], cut[here])
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
    """Return (n, w) values of all nodes: class shares (of two, the second's), or means."""
    values: Array = tree.value[:, 0, :]
    if not classes:
        return values
    shares = values / values.sum(axis=1, keepdims=True)
    shares_of: Array = shares[:, 1:] if shares.shape[1] == 2 else shares
    return shares_of


def _of_numbers(columns: TreeColumns, source: Source, threshold: Array, cuts: Array) -> ColumnsAndCuts:
    return columns.numbers(source, cuts, missing_left=threshold >= 0)


def _of_codes(columns: TreeColumns, source: Source, threshold: Array, cuts: Array) -> ColumnsAndCuts:
    """Return the column and cut of a category whose codes are compared as numbers."""
    floor = np.floor(threshold)
    column = columns.ranked(source, range(max(0, int(floor.max())) + 2))
    return np.full(len(floor), column), np.where(threshold < 0, RIGHT, floor)


def _read_hyperparameters(kind: str) -> Callable[[ProblemType], LibraryHyperparameter]:
    def read(problem_type: ProblemType) -> LibraryHyperparameter:
        from sklearn import ensemble

        estimator = getattr(ensemble, f"{kind}{MODEL_OUTPUTS.of(problem_type).role}")
        return read_constraints(estimator._parameter_constraints)

    return read


def _monotone_class(name: str) -> Callable[[Mapping[str, Any]], type | None]:
    def model_class(settings: Mapping[str, Any]) -> type | None:
        if "monotone_constraints" not in settings:
            return None
        from litmus_core.engine._autogluon import monotone_models

        model: type = getattr(monotone_models, name)
        return model

    return model_class


_SPACE = SearchSpace(
    meanings={
        "max_leaf_nodes": TREE_LEAVES,
        "min_samples_leaf": LEAF_ROWS,
        "max_features": ("How many columns each cut may choose from: a share of them, or their square root."),
    },
    hyperparameters=(
        integers("max_leaf_nodes", 100, 1000, log=True, default=1000),
        integers("min_samples_leaf", 1, 20, log=True, default=1),
        one_of("max_features", "sqrt", 0.25, 0.5, 0.75, 1.0, default="sqrt"),
    ),
    values={("regression", "max_features"): 1.0},
)

FOREST = ModelFamily(
    key="forest",
    title="Random forest",
    when="Steady on small tables; its trees are kept small so that it stays quick and light.",
    about=(
        "It grows many decision trees side by side, each on a random part of the rows. The answer "
        "is their average, so one odd row has little weight."
    ),
    kind="forest",
    aliases=("rf", "randomforest", "randomforests"),
    chosen=AutomaticChoice(rank=60, cells_per_s=25_000, from_s=60, few_rows_from_s=10, heavy=True),
    training=AutoGluonSettings(
        model="RF",
        priority=70,
        seed_name="random_state",
        hyperparameters={"n_estimators": 100, "max_leaf_nodes": 1000},
        few_rows=({"min_samples_leaf": 5},),
        model_class=_monotone_class("MonotoneForestModel"),
    ),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters("RandomForest"),
        bounds={"max_features": None},
        monotone={},
    ),
    space=replace(_SPACE, starts=({"max_features": 0.5, "min_samples_leaf": 2},)),
    compiled=CompiledForm(
        contributions=forest_parts,
        compile=compile_forest,
        classes=(
            "autogluon.tabular.models.rf.rf_model.RFModel",
            "litmus_core.engine._autogluon.monotone_models.MonotoneForestModel",
        ),
        trees=True,
    ),
    library=FamilyLibrary(packages=("scikit-learn",), module="sklearn", values=sklearn_values),
)

EXTRA_TREES = replace(
    FOREST,
    key="extra_trees",
    title="Extremely random trees",
    when="Like the forest, with more chance in it; good in ensembles.",
    about=(
        "It is a forest whose trees cut at random places. Each tree is weaker for it, and their "
        "average is steadier."
    ),
    aliases=("xt", "et", "extratrees"),
    chosen=AutomaticChoice(rank=70, cells_per_s=60_000, from_s=60, few_rows_from_s=10, heavy=True),
    training=AutoGluonSettings(
        model="XT",
        priority=65,
        seed_name="random_state",
        hyperparameters={"n_estimators": 100, "max_leaf_nodes": 1000},
        few_rows=({"min_samples_leaf": 3},),
        model_class=_monotone_class("MonotoneExtraTreesModel"),
    ),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters("ExtraTrees"),
        bounds={"max_features": None},
        monotone={},
    ),
    space=replace(_SPACE, starts=({"max_features": 0.75, "min_samples_leaf": 2},)),
    compiled=CompiledForm(
        contributions=forest_parts,
        compile=compile_forest,
        classes=(
            "autogluon.tabular.models.xt.xt_model.XTModel",
            "litmus_core.engine._autogluon.monotone_models.MonotoneExtraTreesModel",
        ),
        trees=True,
    ),
)
