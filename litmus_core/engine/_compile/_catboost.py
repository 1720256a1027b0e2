"""CatBoost's trees: float32 inputs, and categories by their statistics, which are tables of the codes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._catboost_hash import hash_of_code, hash_of_combination
from litmus_core.engine._compile._trees import (
    LEFT,
    Array,
    Link,
    Symmetric,
    TreeMember,
    Trees,
    TreesBuilder,
    cuts_of_float32,
)
from litmus_core.errors import NotCompilableError

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
_LEVELS = 8  # of trees that need not be walked
_NO_ROW = 2**64 - 1  # the key of an empty place in CatBoost's tables
_Told = tuple[int, float]


def compile_catboost(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model``, which reads ``sources``.

    Raises NotCompilableError for statistics of several columns together and for losses not known here.
    """
    exported = _exported(model.model)
    link = _link(exported["model_info"]["params"]["loss_function"]["type"])
    scale, base = exported["scale_and_bias"]
    builder = TreesBuilder()
    sizes = [len(model._category_mapping[name]) for name in model._category_features or ()]
    told = _Splits(builder, exported, sources, sizes).told()
    return TreeMember(
        trees=_trees(builder, exported, told),
        base=np.array(base, dtype=np.float64),
        scale=float(scale),
        link=link,
        off_edges=bool(model.normalize_pred_probas) and model.problem_type != "regression",
        temperature=model.temperature_scalar,
    )


def _exported(model: Any) -> dict[str, Any]:
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
    builder: TreesBuilder, exported: Mapping[str, Any], told: Callable[[int], _Told]
) -> Trees | Symmetric:
    symmetric = exported.get("oblivious_trees") or ()
    if symmetric and all(len(tree["splits"] or ()) <= _LEVELS for tree in symmetric):
        return _symmetric(builder, symmetric, told)
    for tree in symmetric:
        _add_symmetric(builder, tree, told)
    for tree in exported.get("trees") or ():
        builder.tree(_add_branch(builder, tree, told))
    return builder.trees()


def _symmetric(
    builder: TreesBuilder, trees: Sequence[Mapping[str, Any]], told: Callable[[int], _Told]
) -> Symmetric:
    first: list[int] = []
    leaves: list[Sequence[float]] = []
    for tree in trees:
        splits = [told(split["split_index"]) for split in tree["splits"] or ()]
        for split in [*splits, *[(0, LEFT)] * (_LEVELS - len(splits))]:
            builder.decision(split)
        first.append(len(leaves))
        leaves += np.array(tree["leaf_values"], dtype=np.float64).reshape(1 << len(splits), -1).tolist()
    return builder.symmetric(first, leaves)


def _add_symmetric(builder: TreesBuilder, tree: Mapping[str, Any], told: Callable[[int], _Told]) -> None:
    """Add a tree whose decisions are the same across a level; the first one is the leaf's lowest bit."""
    splits = [told(split["split_index"]) for split in tree["splits"] or ()]
    n_leaves = 1 << len(splits)
    values = np.array(tree["leaf_values"], dtype=np.float64).reshape(n_leaves, -1).tolist()
    weights = tree.get("leaf_weights") or [1.0] * n_leaves

    def branch(level: int, leaf: int) -> int:
        if level < 0:
            return builder.leaf(values[leaf], weights[leaf])
        place = builder.decision(splits[level])
        left, right = branch(level - 1, leaf), branch(level - 1, leaf | (1 << level))
        builder.branch(place, left=left, right=right)
        return place

    builder.tree(branch(len(splits) - 1, 0))


def _add_branch(builder: TreesBuilder, node: Mapping[str, Any], told: Callable[[int], _Told]) -> int:
    if "split" not in node:
        values = node["value"] if isinstance(node["value"], list) else [node["value"]]
        return builder.leaf(values, float(node.get("weight", 1.0)))
    place = builder.decision(told(node["split"]["split_index"]))
    left, right = (_add_branch(builder, node[side], told) for side in ("left", "right"))
    builder.branch(place, left=left, right=right)
    return place


class _Splits:
    """All splits that trees name by a number: of floats, then of single categories, then of statistics."""

    def __init__(
        self,
        builder: TreesBuilder,
        exported: Mapping[str, Any],
        sources: Sequence[Source],
        sizes: Sequence[int],
    ) -> None:
        self._builder, self._tables = builder, exported.get("ctr_data") or {}
        features = exported["features_info"]
        self._floats = features.get("float_features") or []
        self._categories = features.get("categorical_features") or []
        self._statistics = features.get("ctrs") or []
        self._sources = sources
        self._hashes = [[hash_of_code(code) for code in range(size)] for size in sizes]

    def told(self) -> Callable[[int], _Told]:
        """Return what gives the column and cut of a split's number: left where it is not so."""
        makers = [*self._of_floats(), *self._of_categories(), *self._of_statistics()]
        done: dict[int, _Told] = {}

        def told(number: int) -> _Told:
            if number not in done:
                done[number] = makers[number]()
            return done[number]

        return told

    def _of_floats(self) -> list[Callable[[], _Told]]:
        makers: list[Callable[[], _Told]] = []
        for each in self._floats:
            source = self._sources[each["flat_feature_index"]]
            left = each["nan_value_treatment"] != "AsTrue"
            borders = np.array(each["borders"] or (), dtype=np.float32)
            for cut in cuts_of_float32(borders, inclusive=True).tolist():
                makers.append(partial(self._builder.number, source, cut, missing_left=left))
        return makers

    def _of_categories(self) -> list[Callable[[], _Told]]:
        makers: list[Callable[[], _Told]] = []
        for each in self._categories:
            source = self._sources[each["flat_feature_index"]]
            hashes = self._hashes[each["feature_index"]]
            for value in each.get("values") or ():
                lefts = [own != value & 0xFFFFFFFF for own in hashes]
                makers.append(partial(self._builder.table, source, lefts=lefts))
        return makers

    def _of_statistics(self) -> list[Callable[[], _Told]]:
        makers: list[Callable[[], _Told]] = []
        for each in self._statistics:
            borders = np.array(each["borders"], dtype=np.float32)
            for place in range(len(borders)):
                makers.append(partial(self._of_statistic, each, borders, place))
        return makers

    def _of_statistic(self, statistic: Mapping[str, Any], borders: Array, place: int) -> _Told:
        parts = statistic["elements"]
        if len(parts) != 1 or parts[0]["combination_element"] != "cat_feature_value":
            raise NotCompilableError("it keeps statistics of several categories together")
        category = self._categories[parts[0]["cat_feature_index"]]
        hashes = self._hashes[category["feature_index"]]
        values = _values_of(statistic, self._tables[statistic["identifier"]], hashes)
        entries = np.searchsorted(borders, values, side="left").tolist()
        return self._builder.ranked(self._sources[category["flat_feature_index"]], entries, place)


def _values_of(statistic: Mapping[str, Any], table: Mapping[str, Any], hashes: Sequence[int]) -> Array:
    """Return the statistic of each category, in float32 as CatBoost computes it."""
    rows, stride = table["hash_map"], table["hash_stride"]
    counts = {int(rows[at]): rows[at + 1 : at + stride] for at in range(0, len(rows), stride)}
    counts.pop(_NO_ROW, None)
    kind = statistic["ctr_type"]
    pairs = [
        _good_and_total(kind, counts.get(hash_of_combination(own)), statistic, table["counter_denominator"])
        for own in hashes
    ]
    good, total = np.array(pairs, dtype=np.float32).T
    prior, weight = np.float32(statistic["prior_numerator"]), np.float32(statistic["prior_denomerator"])
    shift, scale = np.float32(statistic["shift"]), np.float32(statistic["scale"])
    values: Array = ((good + prior) / (total + weight) + shift) * scale
    return values


def _good_and_total(
    kind: str, counts: Sequence[float] | None, statistic: Mapping[str, Any], denominator: float
) -> tuple[float, float]:
    if kind in ("Counter", "FeatureFreq"):
        return (counts[0] if counts else 0.0), denominator
    if counts is None:
        return 0.0, 0.0
    border = statistic["target_border_idx"]
    if kind == "Borders":
        return sum(counts[border + 1 :]), sum(counts)
    if kind == "Buckets":
        return counts[border], sum(counts)
    if kind == "BinarizedTargetMeanValue":
        return counts[0], counts[1]
    raise NotCompilableError(f"CatBoost's statistic '{kind}' has no compiler")
