"""CatBoost's trees: float32 inputs, and categories by their statistics, which are tables of the codes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._catboost_hash import hash_of_code, hash_of_combination
from litmus_core.engine._compile._trees import (
    LEFT,
    Array,
    Columns,
    Link,
    Symmetric,
    Told,
    TreeMember,
    Trees,
    cuts_of_float32,
    trees_of_nodes,
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
_Maker = Callable[[], tuple[int, float]]
_NO_ROW = 2**64 - 1  # the key of an empty place in CatBoost's tables


def compile_catboost(model: Any, sources: Sequence[Source]) -> TreeMember:
    """Return the trees of AutoGluon's ``model``, which reads ``sources``.

    Raises NotCompilableError for statistics of several columns together and for losses not known here.
    """
    exported = _exported(model.model)
    link = _link(exported["model_info"]["params"]["loss_function"]["type"])
    scale, base = exported["scale_and_bias"]
    columns = Columns()
    sizes = [len(model._category_mapping[name]) for name in model._category_features or ()]
    splits = _Splits(columns, exported, sources, sizes)
    return TreeMember(
        trees=_trees(columns, exported, splits.tell),
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


def _trees(columns: Columns, exported: Mapping[str, Any], tell: Callable[[Array], Told]) -> Trees | Symmetric:
    symmetric = exported.get("oblivious_trees")
    if symmetric:
        return _symmetric(columns, symmetric, tell)
    nodes: list[tuple[int, int, int]] = []  # split, left, right; they count from the tree's root
    leaves: list[tuple[Any, float]] = []
    sizes = []
    for tree in exported["trees"]:
        before = len(nodes)
        _add_nodes(nodes, leaves, tree, before)
        sizes.append(len(nodes) - before)
    split, left, right = np.array(nodes, dtype=np.int64).T
    values = np.array([value for value, _ in leaves], dtype=np.float64).reshape(len(nodes), -1)
    return trees_of_nodes(
        columns,
        tell(split),
        left=left,
        right=right,
        sizes=np.array(sizes),
        values=values,
        cover=np.array([cover for _, cover in leaves]),
        target=np.zeros(len(sizes), dtype=np.int64),
    )


def _add_nodes(
    nodes: list[tuple[int, int, int]], leaves: list[tuple[Any, float]], node: Mapping[str, Any], first: int
) -> int:
    """Add a node and those below it and return its place in the tree; ``leaves`` get something for each."""
    place = len(nodes)
    nodes.append((-1, -1, -1))
    if "split" not in node:
        leaves.append((node["value"], float(node.get("weight", 1.0))))
        return place - first
    leaves.append((None, 0.0))
    left, right = (_add_nodes(nodes, leaves, node[side], first) for side in ("left", "right"))
    nodes[place] = (node["split"]["split_index"], left, right)
    return place - first


def _symmetric(
    columns: Columns, trees: Sequence[Mapping[str, Any]], tell: Callable[[Array], Told]
) -> Symmetric:
    splits = [[split["split_index"] for split in tree["splits"] or ()] for tree in trees]
    depths = np.array([len(each) for each in splits])
    there = np.arange(max(1, depths.max())) < depths[:, np.newaxis]
    column, cut = np.zeros(there.shape, dtype=np.int64), np.full(there.shape, LEFT)
    column[there], cut[there] = tell(np.array([number for each in splits for number in each], dtype=np.int64))
    leaves = np.array([value for tree in trees for value in tree["leaf_values"]], dtype=np.float64)
    first = np.cumsum(1 << depths) - (1 << depths)
    return Symmetric(columns.all(), column, cut, leaves.reshape(int((1 << depths).sum()), -1), first)


class _Splits:
    """All splits that trees name by a number: of floats, then of single categories, then of statistics."""

    def __init__(
        self,
        columns: Columns,
        exported: Mapping[str, Any],
        sources: Sequence[Source],
        sizes: Sequence[int],
    ) -> None:
        self._columns, self._tables = columns, exported.get("ctr_data") or {}
        features = exported["features_info"]
        self._floats = features.get("float_features") or []
        self._categories = features.get("categorical_features") or []
        self._statistics = features.get("ctrs") or []
        self._sources = sources
        self._hashes = [[hash_of_code(code) for code in range(size)] for size in sizes]

    def tell(self, numbers: Array) -> Told:
        """Return the columns and cuts of splits by number (n,), any for those below 0: left where not so."""
        makers = [*self._of_floats(), *self._of_categories(), *self._of_statistics()]
        used, places = np.unique(np.maximum(numbers, 0), return_inverse=True)
        told = [makers[number]() for number in used.tolist()] if makers else [(0, LEFT)]
        column = np.array([each for each, _ in told], dtype=np.int64)
        return column[places], np.array([cut for _, cut in told], dtype=np.float64)[places]

    def _of_floats(self) -> Iterator[_Maker]:
        for each in self._floats:
            source = self._sources[each["flat_feature_index"]]
            left = np.array([each["nan_value_treatment"] != "AsTrue"])
            borders = np.array(each["borders"] or (), dtype=np.float32)
            for cut in cuts_of_float32(borders, inclusive=True):
                yield partial(self._of_float, source, cut, left)

    def _of_float(self, source: Source, cut: float, missing_left: Array) -> tuple[int, float]:
        column, cuts = self._columns.numbers(source, np.array([cut]), missing_left=missing_left)
        return int(column[0]), float(cuts[0])

    def _of_categories(self) -> Iterator[_Maker]:
        for each in self._categories:
            source = self._sources[each["flat_feature_index"]]
            hashes = self._hashes[each["feature_index"]]
            for value in each.get("values") or ():
                lefts = [own != value & 0xFFFFFFFF for own in hashes]
                yield partial(self._columns.table, source, lefts=lefts)

    def _of_statistics(self) -> Iterator[_Maker]:
        for each in self._statistics:
            borders = np.array(each["borders"], dtype=np.float32)
            column = lru_cache(maxsize=1)(partial(self._of_statistic, each, borders))
            for place in range(len(borders)):
                yield partial(_at, column, place)

    def _of_statistic(self, statistic: Mapping[str, Any], borders: Array) -> int:
        parts = statistic["elements"]
        if len(parts) != 1 or parts[0]["combination_element"] != "cat_feature_value":
            raise NotCompilableError("it keeps statistics of several categories together")
        category = self._categories[parts[0]["cat_feature_index"]]
        hashes = self._hashes[category["feature_index"]]
        values = _values_of(statistic, self._tables[statistic["identifier"]], hashes)
        entries = np.searchsorted(borders, values, side="left").tolist()
        return self._columns.ranked(self._sources[category["flat_feature_index"]], entries)


def _at(column: Callable[[], int], cut: int) -> tuple[int, float]:
    return column(), float(cut)


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
