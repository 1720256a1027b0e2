"""CatBoost: trees over float32, and categories by their statistics, which are tables of the codes."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.catboost_hash import hash_of_code, hash_of_combination, signed
from litmus_core.engine._compile.catboost_statistics import (
    CodePart,
    CombinationStatistics,
    NumberPart,
    StatisticsTable,
)
from litmus_core.engine._compile.trees import (
    LEFT,
    Array,
    ColumnsAndCuts,
    Link,
    Symmetric,
    TreeColumns,
    TreeMember,
    Trees,
    cuts_of_float32,
    trees_of_nodes,
)
from litmus_core.engine._explain.parts import catboost_parts
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    BoosterRows,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import LibraryHyperparameter, check_types, documented_types
from litmus_core.engine._families.spaces import PENALTY, TREE_DEPTH, TREE_STEP, floats, integers
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import Facet, get_task_type
from litmus_core.types import ProblemType

_LINKS: dict[str, Link] = {
    "Logloss": "sigmoid",
    "CrossEntropy": "sigmoid",
    "MultiClass": "softmax",
    "RMSE": "identity",
    "MAE": "identity",
    "MAPE": "identity",
    "Quantile": "identity",
    "Huber": "identity",
    "Expectile": "identity",
    "LogCosh": "identity",
    "Poisson": "exp",
    "Tweedie": "exp",
}
_Maker = Callable[[], tuple[int, float]]


def compile_catboost(model: Any, sources: Sequence[Source], *, name: str) -> TreeMember:
    """Return the trees of AutoGluon's ``model`` over ``sources``; a step before them starts with ``name``.

    Raises NotCompilableError for statistics and losses that are not supported.
    """
    exported = _export_model(model.model)
    link = _link(exported["model_info"]["params"]["loss_function"]["type"])
    scale, base = exported["scale_and_bias"]
    columns = TreeColumns()
    sizes = [len(model._category_mapping[name]) for name in model._category_features or ()]
    combined = CombinationStatistics(f"{name}.combinations")
    splits = _Splits(columns, exported, sources, sizes, combined)
    return TreeMember(
        trees=_trees(columns, exported, splits.decisions),
        before=combined.step(),
        base=np.array(base, dtype=np.float64),
        scale=float(scale),
        link=link,
        off_edges=bool(model.normalize_pred_probas) and get_task_type(model.problem_type).has_classes,
        temperature=model.temperature_scalar,
    )


def _export_model(model: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="litmus-") as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        exported: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return exported


def _link(loss: str) -> Link:
    if loss not in _LINKS:
        raise NotCompilableError(f"CatBoost's loss '{loss}' has no compiler")
    return _LINKS[loss]


def _trees(
    columns: TreeColumns, exported: Mapping[str, Any], decisions: Callable[[Array], ColumnsAndCuts]
) -> Trees | Symmetric:
    symmetric = exported.get("oblivious_trees")
    if symmetric:
        return _symmetric(columns, symmetric, decisions)
    nodes: list[tuple[int, int, int]] = []  # split, left, right; they count from the tree's root
    leaves: list[tuple[Any, float]] = []
    nothing = [0.0] * len(exported["scale_and_bias"][1])
    sizes = []
    for tree in exported["trees"]:
        before = len(nodes)
        _add_nodes(nodes, leaves, tree, before, nothing)
        sizes.append(len(nodes) - before)
    split, left, right = np.array(nodes, dtype=np.int64).T
    values = np.array([value for value, _ in leaves], dtype=np.float64).reshape(len(nodes), -1)
    return trees_of_nodes(
        columns,
        decisions(split),
        left=left,
        right=right,
        sizes=np.array(sizes),
        values=values,
        cover=np.array([cover for _, cover in leaves]),
        target=np.zeros(len(sizes), dtype=np.int64),
    )


def _add_nodes(
    nodes: list[tuple[int, int, int]],
    leaves: list[tuple[Any, float]],
    node: Mapping[str, Any],
    first: int,
    nothing: Sequence[float],
) -> int:
    """Add a node with its subtree and return its index in the tree; ``leaves`` get an entry for each leaf."""
    place = len(nodes)
    nodes.append((-1, -1, -1))
    if "split" not in node:
        values = node["value"] if isinstance(node["value"], list) else [node["value"]]
        leaves.append((values, float(node.get("weight", 1.0))))
        return place - first
    leaves.append((nothing, 0.0))
    left, right = (_add_nodes(nodes, leaves, node[side], first, nothing) for side in ("left", "right"))
    nodes[place] = (node["split"]["split_index"], left, right)
    return place - first


def _symmetric(
    columns: TreeColumns, trees: Sequence[Mapping[str, Any]], decisions: Callable[[Array], ColumnsAndCuts]
) -> Symmetric:
    splits = [[split["split_index"] for split in tree["splits"] or ()] for tree in trees]
    depths = np.array([len(split) for split in splits])
    is_used = np.arange(max(1, depths.max())) < depths[:, np.newaxis]
    column, cut = np.zeros(is_used.shape, dtype=np.int64), np.full(is_used.shape, LEFT)
    column[is_used], cut[is_used] = decisions(
        np.array([number for split in splits for number in split], dtype=np.int64)
    )
    leaves = np.array([value for tree in trees for value in tree["leaf_values"]], dtype=np.float64)
    first = np.cumsum(1 << depths) - (1 << depths)
    return Symmetric(columns.all(), column, cut, leaves.reshape(int((1 << depths).sum()), -1), first)


class _Splits:
    """All splits by the numbers that trees use: of floats, then of single categories, then of statistics."""

    def __init__(
        self,
        columns: TreeColumns,
        exported: Mapping[str, Any],
        sources: Sequence[Source],
        sizes: Sequence[int],
        combined: CombinationStatistics,
    ) -> None:
        self._columns, self._combined = columns, combined
        self._exported_tables, self._tables = exported.get("ctr_data") or {}, dict[str, StatisticsTable]()
        features = exported["features_info"]
        self._floats = features.get("float_features") or []
        self._categories = features.get("categorical_features") or []
        self._statistics = features.get("ctrs") or []
        self._sources = sources
        self._hashes = [[hash_of_code(code) for code in range(size)] for size in sizes]

    def decisions(self, numbers: Array) -> ColumnsAndCuts:
        """Return the columns and cuts of splits by number (n,), any for those below 0: left if not true."""
        makers = [*self._of_floats(), *self._of_categories(), *self._of_statistics()]
        used, places = np.unique(np.maximum(numbers, 0), return_inverse=True)
        sources = [makers[number]() for number in used.tolist()] if makers else [(0, LEFT)]
        column = np.array([source for source, _ in sources], dtype=np.int64)
        return column[places], np.array([cut for _, cut in sources], dtype=np.float64)[places]

    def _of_floats(self) -> Iterator[_Maker]:
        for number in self._floats:
            source = self._sources[number["flat_feature_index"]]
            left = np.array([number["nan_value_treatment"] != "AsTrue"])
            borders = np.array(number["borders"] or (), dtype=np.float32)
            for cut in cuts_of_float32(borders, inclusive=True):
                yield partial(self._of_float, source, cut, left)

    def _of_float(self, source: Source, cut: float, missing_left: Array) -> tuple[int, float]:
        column, cuts = self._columns.numbers(source, np.array([cut]), missing_left=missing_left)
        return int(column[0]), float(cuts[0])

    def _of_categories(self) -> Iterator[_Maker]:
        for category in self._categories:
            source = self._sources[category["flat_feature_index"]]
            hashes = self._hashes[category["feature_index"]]
            for value in category.get("values") or ():
                lefts = [hash_ != value & 0xFFFFFFFF for hash_ in hashes]
                yield partial(self._columns.table, source, lefts=lefts)

    def _of_statistics(self) -> Iterator[_Maker]:
        for statistic in self._statistics:
            single = [part["combination_element"] for part in statistic["elements"]] == ["cat_feature_value"]
            statistic_of = lru_cache(maxsize=1)(
                partial(self._of_single if single else self._of_several, statistic)
            )
            for place in range(len(statistic["borders"])):
                yield partial(_cut_of, statistic_of, place)

    def _of_single(self, statistic: Mapping[str, Any]) -> int:
        (part,) = statistic["elements"]
        source, hashes = self._category(part)
        keys = np.array([hash_of_combination(hash_) for hash_ in hashes], dtype=np.uint64)
        entries = self._table(statistic).ranks(statistic, keys).tolist()
        return self._columns.ranked(source, entries)

    def _of_several(self, statistic: Mapping[str, Any]) -> int:
        parts = [self._part(part) for part in statistic["elements"]]
        source = self._combined.add(statistic, self._table(statistic), parts)
        column, _ = self._columns.numbers(source, np.zeros(1), missing_left=np.ones(1, dtype=np.bool_))
        return int(column[0])

    def _part(self, part: Mapping[str, Any]) -> NumberPart | CodePart:
        """Return the hashed part of an input: a category, an indicator of one category, or a bit."""
        if part["combination_element"] == "float_feature":
            feature = self._floats[part["float_feature_index"]]
            (cut,) = cuts_of_float32([part["border"]], inclusive=True).tolist()
            return (
                self._sources[feature["flat_feature_index"]],
                cut,
                feature["nan_value_treatment"] == "AsTrue",
            )
        source, hashes = self._category(part)
        if part["combination_element"] == "cat_feature_value":
            return source, tuple(signed(hash_) for hash_ in hashes)
        return source, tuple(int(hash_ == part["value"] & 0xFFFFFFFF) for hash_ in hashes)

    def _category(self, part: Mapping[str, Any]) -> tuple[Source, Sequence[int]]:
        category = self._categories[part["cat_feature_index"]]
        return self._sources[category["flat_feature_index"]], self._hashes[category["feature_index"]]

    def _table(self, statistic: Mapping[str, Any]) -> StatisticsTable:
        name = statistic["identifier"]
        if name not in self._tables:
            self._tables[name] = StatisticsTable.of(self._exported_tables[name])
        return self._tables[name]


def _cut_of(column: Callable[[], int], cut: int) -> tuple[int, float]:
    return column(), float(cut)


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    import catboost
    from catboost.core import _process_synonyms_groups

    kinds = documented_types(catboost.CatBoostClassifier)
    main = {}
    for name in kinds:
        defaults = {name: 1}
        _process_synonyms_groups(defaults)  # the library moves it to its main name
        main[name] = next(iter(defaults))
    return LibraryHyperparameter(
        main=main, problem=check_types({name: kind and (kind, type(None)) for name, kind in kinds.items()})
    )


def _fitted_values(model: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {**model.get_params(), **model.get_all_params(), "iterations": model.tree_count_}


def grow_catboost(before: Any, rows: BoosterRows) -> Any:
    """Return a CatBoost model: the trees of ``before``, and more (``init_model``)."""
    from autogluon.tabular.models.catboost.callbacks import EarlyStoppingCallback, TimeCheckCallback
    from catboost import Pool

    params = before.model.get_params() | {"thread_count": rows.n_cpus}
    categories = list(before._category_features or ())
    callbacks = [EarlyStoppingCallback(stopping_rounds=rows.patience, eval_metric=params["eval_metric"])]
    if rows.limit_s is not None:
        callbacks.append(TimeCheckCallback(time_start=time.time(), time_limit=rows.limit_s))
    grown = type(before.model)(**params)
    grown.fit(
        Pool(rows.X, label=rows.y, cat_features=categories),
        eval_set=Pool(rows.X_val, label=rows.y_val, cat_features=categories),
        use_best_model=True,
        init_model=before.model,
        callbacks=callbacks,
        verbose=False,
    )
    return grown


def _model_class(settings: Mapping[str, Any]) -> type | None:
    if "monotone_constraints" not in settings:
        return None
    from litmus_core.engine._autogluon.monotone_models import MonotoneCatBoostModel

    return MonotoneCatBoostModel


CATBOOST = ModelFamily(
    key="catboost",
    title="Boosted trees for categories (CatBoost)",
    when="When columns hold categories with many values; slower to train, often the most exact.",
    about=(
        "It grows trees one after the other; each corrects what the trees before it got wrong. "
        "Categories become numbers by how rows with the same value were answered, so rare values "
        "mislead it less."
    ),
    kind="boosting",
    aliases=("cat", "cb", "cbm"),
    chosen=AutomaticChoice(rank=40, cells_per_s=6_000, from_s=30, few_rows_from_s=10),
    training=AutoGluonSettings(
        model="CAT",
        priority=75,
        many_classes_priority=56,
        seed_name="random_seed",
        # One category at a time: its tables shrink from hundreds to a few, at no measured loss.
        hyperparameters={"max_ctr_complexity": 1, "ag.max_time_limit_ratio": 0.6},
        learning_schedule={"learning_rate": 0.15, "iterations": 700},
        pace_of_several={"learning_rate": 0.2, "iterations": 500},
        patient_schedule={"learning_rate": 0.07, "iterations": 1500},
        patient_pace_of_several={"learning_rate": 0.1, "iterations": 1000},
        few_rows=({"depth": 4, "l2_leaf_reg": 6.0}, {"learning_rate": 0.08, "iterations": 1200}),
        model_class=_model_class,
        grow=grow_catboost,
    ),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters,
        losses={"poisson": {"loss_function": "Poisson", "eval_metric": "Poisson"}},
        refused={"thread_count", "use_best_model"},
        objectives=Facet(
            "objective",
            {
                "binary": {"Logloss", "CrossEntropy"},
                "multiclass": {"MultiClass", "MultiClassOneVsAll"},
                "regression": {
                    *("RMSE", "MAE", "MAPE", "Poisson", "Huber", "Tweedie", "LogCosh", "Lq", "Expectile"),
                },
            },
        ),
        objective_name=lambda objective: objective.partition(":")[0],
        # its own limits
        monotone={
            "loss_function": {"LogCosh"},
            "objective": {"LogCosh"},
            "grow_policy": {"Depthwise", "Lossguide"},
        },
    ),
    space=SearchSpace(
        meanings={
            "learning_rate": TREE_STEP,
            "depth": TREE_DEPTH,
            "l2_leaf_reg": PENALTY,
        },
        hyperparameters=(
            floats("learning_rate", 0.01, 0.3, log=True, default=0.15),
            integers("depth", 4, 8, default=6),
            floats("l2_leaf_reg", 1.0, 20.0, log=True, default=3.0),
        ),
        values={("multiclass", "learning_rate"): 0.2},
        starts=({"learning_rate": 0.03, "depth": 8}, {"learning_rate": 0.08, "depth": 4}),
    ),
    compiled=CompiledForm(
        contributions=catboost_parts,
        compile=compile_catboost,
        classes=(
            "autogluon.tabular.models.catboost.catboost_model.CatBoostModel",
            "litmus_core.engine._autogluon.monotone_models.MonotoneCatBoostModel",
        ),
        trees=True,
        named=True,
        onnx={
            "combinations": "it reads categories together by their hashes, which standard ONNX has no "
            "operators for"
        },
    ),
    library=FamilyLibrary(packages=("catboost",), module="catboost", values=_fitted_values),
    counts_categories=True,
)
